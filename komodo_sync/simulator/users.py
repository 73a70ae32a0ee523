"""Users, service users and their API keys."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import looks_like_id, new_id, new_key, now_ms
from komodo_sync.simulator.permissions import forget_holder, require_admin
from komodo_sync.simulator.requests import User

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler
    from komodo_sync.simulator.storage import Storage

Document = dict[str, Any]
KEYS = "ApiKey"


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


def _existing(call: Call, reference: str) -> Document:
    user = find(call.storage, reference)
    if user is None:
        raise RefusalError(f"no user found with given id or username: {reference}")
    return user


def _create_service_user(call: Call) -> Document:
    require_admin(call, "Only Admins can manage Service Users")
    config = {"type": "Service", "data": {"description": call.params["description"]}}
    return _add(call, new_user(call.params["username"], config))


def _create_local_user(call: Call) -> Document:
    require_admin(call, "This method is Admin Only.")
    return _shown(_add(call, new_user(call.params["username"], {"type": "Local", "data": {"password": ""}})))


def _add(call: Call, user: Document) -> Document:
    if looks_like_id(user["username"]):
        raise RefusalError("Username cannot be valid ObjectId", status=400)
    if find(call.storage, user["username"]):
        raise RefusalError("failed to create service user on db", f"E11000 duplicate key error: {user['username']!r}")
    save(call.storage, user)
    return user


def _shown(user: Document) -> Document:
    if user["config"]["type"] != "Local":
        return user
    return user | {"config": {"type": "Local", "data": {"password": "#############"}}}


def _describe_service_user(call: Call) -> Document:
    require_admin(call, "Only Admins can manage Service Users")
    user = _service_user(call, call.params["username"])
    user["config"]["data"]["description"] = call.params["description"]
    save(call.storage, user)
    return user


def _service_user(call: Call, reference: str) -> Document:
    user = _existing(call, reference)
    if user["config"]["type"] != "Service":
        raise RefusalError("User is not service user")
    return user


def _delete(call: Call) -> Document:
    require_admin(call, "Only Admins can delete Users")
    user = _existing(call, call.params["user"])
    key = user["_id"]["$oid"]
    if key == call.user.id:
        raise RefusalError("User cannot delete themselves")
    call.storage.remove("User", key)
    for document in call.storage.all(KEYS):
        if document["user_id"] == key:
            call.storage.remove(KEYS, document["key"])
    for group in call.storage.all("UserGroup"):
        if key in group["users"]:
            group["users"].remove(key)
            call.storage.put("UserGroup", group["_id"]["$oid"], group["name"], group)
    forget_holder(call, "User", key)
    return _shown(user)


def _create_key(call: Call) -> Document:
    require_admin(call, "Only Admins can manage Service Users")
    user = _service_user(call, call.params["user_id"])
    return make_key(call, user["_id"]["$oid"], call.params["name"], call.params["expires"])


def make_key(call: Call, user_id: str, name: str, expires: int) -> Document:
    """A new credential; the only answer in which its secret can be read."""
    key, secret = new_key("K"), new_key("S")
    add_key(call.storage, user_id, key, secret, name, expires)
    return {"key": key, "secret": secret}


def _delete_key(call: Call) -> Document:
    require_admin(call, "Only Admins can manage Service Users")
    remove_key(call, call.params["key"])
    return {}


def remove_key(call: Call, key: str, owner: str = "") -> None:
    """Removes a credential (of `owner`, when given). 500 when there is none."""
    document = call.storage.get(KEYS, key)
    if document is None or (owner and document["user_id"] != owner):
        raise RefusalError("no api key found with key")
    call.storage.remove(KEYS, key)


def _keys(call: Call, user_id: str) -> list[Document]:
    return [
        document | {"secret": "#############"} for document in call.storage.all(KEYS) if document["user_id"] == user_id
    ]


def _keys_of_service_user(call: Call) -> list[Document]:
    require_admin(call, "This method is admin only")
    return _keys(call, _service_user(call, call.params["user"])["_id"]["$oid"])


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
    return _shown(_existing(call, call.params["user"]))


def _username(call: Call) -> Document:
    return {"username": _existing(call, call.params["user_id"])["username"], "avatar": None}


def _set_admin(call: Call) -> Document:
    if not call.user.document.get("super_admin"):
        raise RefusalError("Only Super Admins can call this method.", status=403)
    user = _existing(call, call.params["user_id"])
    save(call.storage, user | {"admin": call.params["admin"]})
    return {}


def _set_base(call: Call) -> Document:
    require_admin(call, "this method is admin only", 500)
    user = _existing(call, call.params["user_id"])
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


HANDLERS: Mapping[str, Handler] = {
    "CreateServiceUser": _create_service_user,
    "UpdateServiceUserDescription": _describe_service_user,
    "CreateLocalUser": _create_local_user,
    "DeleteUser": _delete,
    "CreateApiKeyForServiceUser": _create_key,
    "DeleteApiKeyForServiceUser": _delete_key,
    "ListApiKeys": lambda call: _keys(call, call.user.id),
    "ListApiKeysForServiceUser": _keys_of_service_user,
    "ListUsers": _list,
    "FindUser": _find_user,
    "GetUsername": _username,
    "UpdateUserAdmin": _set_admin,
    "UpdateUserBasePermissions": _set_base,
    "SetLastSeenUpdate": _seen,
    "PushRecentlyViewed": lambda _call: {},
}
