"""User groups, and permissions of users and groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import users
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import looks_like_id, new_id
from komodo_sync.simulator.permissions import COLLECTION, as_answered, forget_holder, grant, require_admin
from komodo_sync.simulator.resources import find, id_of
from komodo_sync.simulator.storage import TakenError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

Group = dict[str, Any]
ADMIN_ONLY = "This call is admin only"


def _find(call: Call, reference: str) -> Group:
    by_id = looks_like_id(reference)
    found: Group | None = call.storage.get("UserGroup", reference, by="id" if by_id else "name")
    if found is None:
        raise RefusalError("no UserGroup found with given name or id")
    return found


def _save(call: Call, group: Group, error: str = "failed to update UserGroup on db") -> Group:
    group["updated_at"] = call.now()
    try:
        call.storage.put("UserGroup", group["_id"]["$oid"], group["name"], group)
    except TakenError:
        raise RefusalError(error, f"E11000 duplicate key error: name {group['name']!r}") from None
    return group


def _get(call: Call) -> Group:
    group = _find(call, call.params["user_group"])
    if not (call.user.admin or call.user.id in group["users"]):
        raise RefusalError("no UserGroup found with given name or id")
    return group


def _list(call: Call) -> list[Group]:
    groups = call.storage.all("UserGroup")
    return groups if call.user.admin else [group for group in groups if call.user.id in group["users"]]


def _create(call: Call) -> Group:
    require_admin(call, ADMIN_ONLY)
    group = {
        "_id": {"$oid": new_id()},
        "name": call.params["name"],
        "everyone": False,
        "users": [],
        "all": {},
        "updated_at": 0,
    }
    return _save(call, group, "failed to create UserGroup on db")


def _by_id(call: Call, error: str) -> Group:
    require_admin(call, ADMIN_ONLY)
    key = call.params["id"]
    if not looks_like_id(key):
        raise RefusalError(error, "invalid ObjectId: expected 24 hexadecimal characters")
    return _find(call, key)


def _rename(call: Call) -> Group:
    error = "failed to rename UserGroup on db"
    return _save(call, _by_id(call, error) | {"name": call.params["name"]}, error)


def _delete(call: Call) -> Group:
    group = _by_id(call, "failed to delete UserGroup from db")
    call.storage.remove("UserGroup", group["_id"]["$oid"])
    forget_holder(call, "UserGroup", group["_id"]["$oid"])
    return group


def _set_users(call: Call) -> Group:
    require_admin(call, ADMIN_ONLY)
    group = _find(call, call.params["user_group"])
    # users that do not exist are left out without a word
    known = (users.find(call.storage, reference) for reference in call.params["users"])
    group["users"] = [id_of(user) for user in known if user]
    return _save(call, group)


def _member(*, belongs: bool) -> Handler:
    def handler(call: Call) -> Group:
        require_admin(call, ADMIN_ONLY)
        user = users.find(call.storage, call.params["user"])
        if user is None:
            raise RefusalError(f"no user found with given id or username: {call.params['user']}")
        group = _find(call, call.params["user_group"])
        others = [key for key in group["users"] if key != id_of(user)]
        group["users"] = [*others, id_of(user)] if belongs else others
        return _save(call, group)

    return handler


def _everyone(call: Call) -> Group:
    require_admin(call, ADMIN_ONLY)
    return _save(call, _find(call, call.params["user_group"]) | {"everyone": call.params["everyone"]})


def _holder(call: Call) -> tuple[dict[str, str], Group]:
    """The user or group that a permission is for, by id or name."""
    target = call.params["user_target"]
    if target["type"] == "UserGroup":
        holder = _find(call, target["id"])
    else:
        found = users.find(call.storage, target["id"])
        if found is None:
            raise RefusalError(f"no user found with given id or username: {target['id']}")
        if found["admin"]:
            raise RefusalError("cannot use this method to update other admins permissions")
        holder = found
    return {"type": target["type"], "id": id_of(holder)}, holder


def _on_type(call: Call) -> Group:
    require_admin(call, "this method is admin only", 500)
    target, holder = _holder(call)
    permission = call.params["permission"]
    holder["all"][call.params["resource_type"]] = as_answered(permission["level"], permission["specific"])
    if target["type"] == "UserGroup":
        _save(call, holder)
    else:
        users.save(call.storage, holder)
    return {}


def _on_target(call: Call) -> Group:
    require_admin(call, "this method is admin only", 500)
    user_target, _ = _holder(call)
    target, permission = call.params["resource_target"], call.params["permission"]
    if target["type"] == "System":
        raise RefusalError("cannot set permissions on System")
    key = id_of(find(call.state, target["type"], target["id"]))
    grant(call, user_target, target["type"], key, permission["level"], permission["specific"])
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
    "ListUserGroups": _list,
    "CreateUserGroup": _create,
    "RenameUserGroup": _rename,
    "DeleteUserGroup": _delete,
    "SetUsersInUserGroup": _set_users,
    "AddUserToUserGroup": _member(belongs=True),
    "RemoveUserFromUserGroup": _member(belongs=False),
    "SetEveryoneUserGroup": _everyone,
    "UpdatePermissionOnResourceType": _on_type,
    "UpdatePermissionOnTarget": _on_target,
    "ListUserTargetPermissions": _permissions_of,
    "ListPermissions": _own_permissions,
}
