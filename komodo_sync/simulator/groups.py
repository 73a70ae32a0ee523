"""User groups, and permissions of users and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import users
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import id_error, looks_like_id, new_id
from komodo_sync.simulator.permissions import COLLECTION, as_answered, forget_holder, grant, require_admin
from komodo_sync.simulator.resources import id_of
from komodo_sync.simulator.storage import TakenError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

Group = dict[str, Any]
ADMIN_ONLY = "This call is admin only"
NO_GROUP = "no user group with given id"
_WORDS = {"ResourceSync": "resource sync"}


def _lookup(call: Call, reference: str) -> Group | None:
    by_id = looks_like_id(reference)
    found: Group | None = call.storage.get("UserGroup", reference, by="id" if by_id else "name")
    return found


def _save(call: Call, group: Group, error: str = "failed to update UserGroup on db") -> Group:
    """Stores it. No change but its creation touches `updated_at`."""
    try:
        call.storage.put("UserGroup", group["_id"]["$oid"], group["name"], group)
    except TakenError:
        raise RefusalError(error, f"E11000 duplicate key error: name {group['name']!r}") from None
    return group


def _get(call: Call) -> Group:
    group = _lookup(call, call.params["user_group"])
    if group is None or not (call.user.admin or call.user.id in group["users"]):
        raise RefusalError("no UserGroup found with given name or id")
    return group


def shown_groups(call: Call) -> list[Group]:
    """The groups that the user may see: an admin all of them."""
    groups = call.storage.all("UserGroup")
    return groups if call.user.admin else [group for group in groups if call.user.id in group["users"]]


def create(call: Call) -> Group:
    """A new group. 500 when its name is taken."""
    require_admin(call, ADMIN_ONLY)
    group = {
        "_id": {"$oid": new_id()},
        "name": call.params["name"],
        "everyone": False,
        "users": [],
        "all": {},
        "updated_at": call.now(),
    }
    return _save(call, group, "failed to create UserGroup on db")


def _by_id(call: Call, context: str, missing: str, words: str) -> Group:
    require_admin(call, ADMIN_ONLY)
    key = call.params["id"]
    if not looks_like_id(key):
        raise RefusalError(context, words, id_error(key))
    group: Group | None = call.storage.get("UserGroup", key.lower())
    if group is None:
        raise RefusalError(missing)
    return group


def _rename(call: Call) -> Group:
    error = "failed to rename UserGroup on db"
    return _save(call, _by_id(call, error, NO_GROUP, "id is not valid ObjectId") | {"name": call.params["name"]}, error)


def delete(call: Call) -> Group:
    """Deletes a group, by id alone, and answers what it was."""
    group = _by_id(call, "failed to query db for UserGroups", "no UserGroup found with given id", "id is not ObjectId")
    call.storage.remove("UserGroup", group["_id"]["$oid"])
    forget_holder(call, "UserGroup", group["_id"]["$oid"])
    return group


def _changed(call: Call) -> Group:
    """The group of a request that changes it, by id or name."""
    group = _lookup(call, call.params["user_group"])
    if group is None:
        raise RefusalError(NO_GROUP)
    return group


def set_users(call: Call) -> Group:
    """Makes these users, by id or name, the members; names that do not exist are left out without a word."""
    require_admin(call, ADMIN_ONLY)
    # usernames that do not exist are left out without a word, ids are not looked at
    known = ((reference, users.find(call.storage, reference)) for reference in call.params["users"])
    chosen = [id_of(user) if user else reference for reference, user in known if user or looks_like_id(reference)]
    return _save(call, _changed(call) | {"users": chosen})


def _member(*, belongs: bool) -> Handler:
    def handler(call: Call) -> Group:
        require_admin(call, ADMIN_ONLY)
        user = users.find(call.storage, call.params["user"])
        if user is None:
            raise RefusalError("no matching user found")
        group, key = _changed(call), id_of(user)
        if belongs and key not in group["users"]:
            group["users"].append(key)
        elif not belongs:
            group["users"] = [one for one in group["users"] if one != key]
        return _save(call, group)

    return handler


def set_everyone(call: Call) -> Group:
    """Whether everybody counts as a member."""
    require_admin(call, ADMIN_ONLY)
    return _save(call, _changed(call) | {"everyone": call.params["everyone"]})


def _holder(call: Call) -> tuple[dict[str, str], Group]:
    """The user or group that a permission is for, by id or name."""
    target = call.params["user_target"]
    if target["type"] == "UserGroup":
        group = _lookup(call, target["id"])
        if group is None:
            raise RefusalError("No matching user_group found")
        return {"type": "UserGroup", "id": id_of(group)}, group
    user = users.existing(call, target["id"])
    if user["admin"]:
        raise RefusalError("cannot use this method to update other admins permissions")
    if not user["enabled"]:
        raise RefusalError("user not enabled")
    return {"type": "User", "id": id_of(user)}, user


def set_on_type(call: Call) -> Group:
    """What a user or group may do with every resource of a kind."""
    require_admin(call, "this method is admin only", 500)
    target, holder = _holder(call)
    permission = call.params["permission"]
    holder["all"][call.params["resource_type"]] = as_answered(permission["level"], permission["specific"])
    if target["type"] == "UserGroup":
        _save(call, holder)
    else:
        users.save(call.storage, holder)
    return {}


def set_on_target(call: Call) -> Group:
    """What a user or group may do with one resource."""
    require_admin(call, "this method is admin only", 500)
    user_target, _ = _holder(call)
    target, permission = call.params["resource_target"], call.params["permission"]
    core, key = target["type"], target["id"]
    if core != "System":
        by_id = looks_like_id(key)
        resource = call.storage.get(core, key.lower() if by_id else key, by="id" if by_id else "name")
        if resource is None:
            raise RefusalError(f"No matching {_WORDS.get(core, core.lower())} found")
        key = id_of(resource)
    grant(call, user_target, core, key, permission["level"], permission["specific"])
    return {}


def _permissions_of(call: Call) -> list[Group]:
    require_admin(call, "this method is admin only", 500)
    target = call.params["user_target"]
    return [row for row in call.storage.all(COLLECTION) if row["user_target"] == target]


def _own_permissions(call: Call) -> list[Group]:
    target = {"type": "User", "id": call.user.id}
    return [row for row in call.storage.all(COLLECTION) if row["user_target"] == target]


HANDLERS: Mapping[str, Handler] = {
    "GetUserGroup": _get,
    "ListUserGroups": shown_groups,
    "CreateUserGroup": create,
    "RenameUserGroup": _rename,
    "DeleteUserGroup": delete,
    "SetUsersInUserGroup": set_users,
    "AddUserToUserGroup": _member(belongs=True),
    "RemoveUserFromUserGroup": _member(belongs=False),
    "SetEveryoneUserGroup": set_everyone,
    "UpdatePermissionOnResourceType": set_on_type,
    "UpdatePermissionOnTarget": set_on_target,
    "ListUserTargetPermissions": _permissions_of,
    "ListPermissions": _own_permissions,
}
