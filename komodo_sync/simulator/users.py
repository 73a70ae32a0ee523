"""Users and service users."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import id_error, looks_like_id, new_id, now_ms
from komodo_sync.simulator.names import check_username
from komodo_sync.simulator.permissions import forget_holder, require_admin
from komodo_sync.simulator.requests import User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler
    from komodo_sync.simulator.storage import Storage

Document = dict[str, Any]
KEYS = "ApiKey"
MANAGERS = "Only Admins can manage Service Users"
RECENT = 10
BUILT_IN: Mapping[str, str] = {
    f"{number:024}": name
    for number, name in enumerate(
        (
            "System",
            "Procedure",
            "Action",
            "Git Webhook",
            "Auto Redeploy",
            "Resource Sync",
            "Stack Wizard",
            "Build Manager",
            "Repo Manager",
        )
    )
}
"""Users of Core's own, by id."""


def new_user(username: str, config: Document, *, admin: bool = False, enabled: bool = True) -> Document:
    """A user as Core answers one."""
    return {
        "_id": {"$oid": new_id()},
        "username": username,
        "enabled": enabled,
        "super_admin": admin,
        "admin": admin,
        "create_server_permissions": admin,
        "create_build_permissions": admin,
        "config": config,
        "linked_logins": {},
        "totp": {"secret": "", "confirmed_at": 0, "recovery_codes": []},
        "passkey": {"passkey": None, "created_at": 0},
        "external_skip_2fa": False,
        "last_update_view": 0,
        "recents": {},
        "all": {},
        "updated_at": now_ms(),
    }


def save(storage: Storage, user: Document) -> None:
    """Stores a user."""
    storage.put("User", user["_id"]["$oid"], user["username"], user)


def find(storage: Storage, reference: str) -> Document | None:
    """A user by id or username."""
    by_id = looks_like_id(reference)
    found: Document | None = storage.get("User", reference, by="id" if by_id else "name")
    return found


def as_user(document: Document) -> User:
    """The user as the one who asks."""
    return User(document["_id"]["$oid"], document["username"], document["admin"], document)


def add_key(storage: Storage, user_id: str, key: str, secret: str, name: str, expires: int = 0) -> None:
    """A credential of a user; the secret itself is not kept."""
    document = {
        "name": name,
        "key": key,
        "secret": digest(secret),
        "user_id": user_id,
        "created_at": now_ms(),
        "expires": expires,
    }
    storage.put(KEYS, key, None, document)


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def existing(call: Call, reference: str) -> Document:
    """A user by id or username, a built-in one by its name too. 500 when there is none."""
    built_in = BUILT_IN.get(reference) or next((key for key, name in BUILT_IN.items() if name == reference), None)
    if built_in:
        name = BUILT_IN.get(reference, reference)
        key = reference if reference in BUILT_IN else built_in
        return new_user(name, {"type": "Local", "data": {"password": ""}}, admin=True) | {"_id": {"$oid": key}}
    user = find(call.storage, reference)
    if user is None:
        raise RefusalError(f"No user found matching '{reference}'")
    return user


def by_id(call: Call, key: str, query: str, missing: str) -> Document:
    """A user by id alone. 500 `query` for what is no id, `missing` when there is none."""
    if not looks_like_id(key):
        raise RefusalError(query, "id is not ObjectId", id_error(key))
    user: Document | None = call.storage.get("User", key.lower())
    if user is None:
        raise RefusalError(missing)
    return user


def _create_service_user(call: Call) -> Document:
    require_admin(call, MANAGERS)
    check_username(call.params["username"], may_be_id=True)
    user = new_user(call.params["username"], {"type": "Service", "data": {"description": call.params["description"]}})
    if find(call.storage, user["username"]):
        raise RefusalError("failed to create service user on db", f"E11000 duplicate key error: {user['username']!r}")
    save(call.storage, user)
    return user


def _create_local_user(call: Call) -> Document:
    require_admin(call, "This method is Admin Only.")
    if call.params["username"] in call.storage.names("User").values():
        raise RefusalError("Username already taken.")
    check_username(call.params["username"])
    if not call.params["password"]:
        cause = "Input too short. Must be at least 1 characters."
        raise RefusalError("Failed to validate password", cause, status=400)
    user = new_user(call.params["username"], {"type": "Local", "data": {"password": digest(call.params["password"])}})
    save(call.storage, user)
    return _shown(user)


def _shown(user: Document) -> Document:
    if user["config"]["type"] != "Local" or not user["config"]["data"]["password"]:
        return user
    return user | {"config": {"type": "Local", "data": {"password": "########"}}}


def _describe_service_user(call: Call) -> Document:
    require_admin(call, MANAGERS)
    user: Document | None = call.storage.get("User", call.params["username"], by="name")
    if user is None:
        raise RefusalError("No user with given username")
    check_service_user(user)
    user["config"]["data"]["description"] = call.params["description"]
    save(call.storage, user)
    return user


def check_service_user(user: Document) -> None:
    """403 for somebody who logs in."""
    if user["config"]["type"] != "Service":
        raise RefusalError("Target user is not Service User", status=403)


def _delete(call: Call) -> Document:
    require_admin(call, "This method is admin-only.")
    if call.params["user"] in (call.user.id, call.user.username):
        raise RefusalError("User cannot delete themselves.")
    user = find(call.storage, call.params["user"])
    if user is None:
        raise RefusalError("No user found with given id / username")
    if user["super_admin"]:
        raise RefusalError("Cannot delete a super admin user.")
    if user["admin"] and not call.user.document.get("super_admin"):
        raise RefusalError("Only a Super Admin can delete an admin user.")
    key = user["_id"]["$oid"]
    call.storage.remove("User", key)
    for document in call.storage.all(KEYS):
        if document["user_id"] == key:
            call.storage.remove(KEYS, document["key"])
    for group in call.storage.all("UserGroup"):
        if key in group["users"]:
            group["users"].remove(key)
            call.storage.put("UserGroup", group["_id"]["$oid"], group["name"], group)
    forget_holder(call, "User", key)
    return user


def _list(call: Call) -> list[Document]:
    require_admin(call, "this route is only accessable by admins", 500)
    which = call.params["service_users"]
    return [
        _shown(user)
        for user in call.storage.all("User")
        if which == "Include" or (user["config"]["type"] == "Service") == (which == "Only")
    ]


def _find_user(call: Call) -> Document:
    require_admin(call, "This method is admin only.", 500)
    return existing(call, call.params["user"])


def _username(call: Call) -> Document:
    key = call.params["user_id"]
    if key in BUILT_IN or key in BUILT_IN.values():
        return {"username": BUILT_IN.get(key, key), "avatar": None}
    return {"username": by_id(call, key, "failed at mongo query for user", "no user found with id")["username"]} | {
        "avatar": None
    }


def _target(call: Call) -> Document:
    return by_id(call, call.params["user_id"], "failed to query mongo for user", "did not find user with given id")


def _set_admin(call: Call) -> Document:
    if not call.user.document.get("super_admin"):
        raise RefusalError("Only super admins can call this method.")
    user = _target(call)
    if not user["enabled"]:
        raise RefusalError("User is disabled. Enable user first.")
    if user["super_admin"]:
        raise RefusalError("Cannot update other super admins")
    save(call.storage, user | {"admin": call.params["admin"]})
    return {}


def _set_base(call: Call) -> Document:
    require_admin(call, "this method is admin only", 500)
    user = _target(call)
    if user["super_admin"]:
        raise RefusalError("Cannot use this method to update super admins permissions")
    if user["admin"] and not call.user.document.get("super_admin"):
        raise RefusalError("Only super admins can use this method to update other admins permissions")
    names = {
        "enabled": "enabled",
        "create_servers": "create_server_permissions",
        "create_builds": "create_build_permissions",
    }
    changed = {field: call.params[param] for param, field in names.items() if call.params[param] is not None}
    save(call.storage, user | changed)
    return {}


def _seen(call: Call) -> Document:
    save(call.storage, call.user.document | {"last_update_view": call.now()})
    return {}


def _viewed(call: Call) -> Document:
    """Puts a resource at the front of the ten of its kind that the user looked at last."""
    kind, key = call.params["resource"]["type"], call.params["resource"]["id"]
    recents = call.user.document["recents"]
    others = [item for item in recents.get(kind, ()) if item != key]
    save(call.storage, call.user.document | {"recents": recents | {kind: [key, *others][:RECENT]}})
    return {}


def forget_recent(storage: Storage, core: str, key: str) -> None:
    """Takes a resource that is no more out of what users looked at last."""
    for user in storage.all("User"):
        if key in user["recents"].get(core, ()):
            kept = [item for item in user["recents"][core] if item != key]
            save(storage, user | {"recents": user["recents"] | {core: kept}})


HANDLERS: Mapping[str, Handler] = {
    "CreateServiceUser": _create_service_user,
    "UpdateServiceUserDescription": _describe_service_user,
    "CreateLocalUser": _create_local_user,
    "DeleteUser": _delete,
    "ListUsers": _list,
    "FindUser": _find_user,
    "GetUsername": _username,
    "UpdateUserAdmin": _set_admin,
    "UpdateUserBasePermissions": _set_base,
    "SetLastSeenUpdate": _seen,
    "PushRecentlyViewed": _viewed,
}
