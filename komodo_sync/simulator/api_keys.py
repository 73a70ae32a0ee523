"""API keys of users, made by themselves or by an admin for a service user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import new_key
from komodo_sync.simulator.names import check_control_characters
from komodo_sync.simulator.permissions import require_admin
from komodo_sync.simulator.users import KEYS, MANAGERS, add_key, by_id, check_service_user, existing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

Document = dict[str, Any]
MAX_KEY_NAME = 200


def _create_key(call: Call) -> Document:
    require_admin(call, MANAGERS)
    user = by_id(call, call.params["user_id"], "Failed to query db for user", "No user found with id")
    check_service_user(user)
    return make_key(call, user["_id"]["$oid"], call.params["name"], call.params["expires"])


def make_key(call: Call, user_id: str, name: str, expires: int) -> Document:
    """A new credential; the only answer in which its secret can be read."""
    if len(name.encode()) > MAX_KEY_NAME:
        cause = f"Input too long. Must be at most {MAX_KEY_NAME} characters."
        raise RefusalError("Failed to validate api key name", cause, status=400)
    check_control_characters(name, "Failed to validate api key name")
    key, secret = new_key("K"), new_key("S")
    add_key(call.storage, user_id, key, secret, name, expires)
    return {"key": key, "secret": secret}


def _delete_key(call: Call) -> Document:
    require_admin(call, MANAGERS)
    document = call.storage.get(KEYS, call.params["key"])
    if document is None:
        raise RefusalError("did not find matching api key")
    check_service_user(by_id(call, document["user_id"], "failed to query db for user", "no user found with id"))
    call.storage.remove(KEYS, call.params["key"])
    return {}


def remove_own_key(call: Call, key: str) -> None:
    """Removes a credential of the user who asks. 404 when there is none, 403 when it is another one's."""
    document = call.storage.get(KEYS, key)
    if document is None:
        raise RefusalError("No api key with key found", status=404)
    if document["user_id"] != call.user.id:
        raise RefusalError("Api key does not belong to user", status=403)
    call.storage.remove(KEYS, key)


def _keys(call: Call, user_id: str) -> list[Document]:
    found = [document | {"secret": ""} for document in call.storage.all(KEYS) if document["user_id"] == user_id]
    return sorted(found, key=lambda document: str(document["name"]))


def _keys_of_service_user(call: Call) -> list[Document]:
    require_admin(call, "This method is admin only.", 500)
    user = existing(call, call.params["user"])
    if user["config"]["type"] != "Service":
        raise RefusalError("Given user is not service user")
    return _keys(call, user["_id"]["$oid"])


HANDLERS: Mapping[str, Handler] = {
    "CreateApiKeyForServiceUser": _create_key,
    "DeleteApiKeyForServiceUser": _delete_key,
    "ListApiKeys": lambda call: _keys(call, call.user.id),
    "ListApiKeysForServiceUser": _keys_of_service_user,
}
