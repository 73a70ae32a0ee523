"""The routes below /auth that a client without a browser uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.api_keys import make_key, remove_own_key
from komodo_sync.simulator.failures import MalformedError, RefusalError
from komodo_sync.simulator.names import check_username
from komodo_sync.simulator.requests import Call

if TYPE_CHECKING:
    from komodo_sync.simulator.requests import State, User

AuthHandler = Callable[["State", "User | None", Any], Any]


def _options(_state: State, _user: User | None, _params: Any) -> dict[str, bool]:
    off = dict.fromkeys(("oidc", "github", "google", "registration_disabled", "oidc_auto_redirect"), False)
    return {"local": True, **off}


def _require(params: Any, *names: str) -> None:
    for name in names:
        if name not in params:
            raise MalformedError(f"missing field `{name}`")


def _login(_state: State, _user: User | None, params: Any) -> Any:
    _require(params, "username", "password")
    # nobody has a password here
    check_username(str(params.get("username", "")))
    raise RefusalError("Invalid login credentials", status=401)


def _id(_state: State, user: User | None, _params: Any) -> dict[str, str]:
    assert user is not None
    return {"id": user.id}


def _create_key(state: State, user: User | None, params: Any) -> Any:
    assert user is not None
    _require(params, "name")
    call = Call(state, user, "auth", "CreateApiKey", {})
    return make_key(call, user.id, str(params.get("name", "")), int(params.get("expires", 0)))


def _delete_key(state: State, user: User | None, params: Any) -> Any:
    assert user is not None
    _require(params, "key")
    remove_own_key(Call(state, user, "auth", "DeleteApiKey", {}), str(params.get("key", "")))
    return {}


GUARDED = frozenset({"LoginLocalUser"})
"""Failures of these count against the address."""
LOGIN: Mapping[str, AuthHandler] = {"GetLoginOptions": _options, "LoginLocalUser": _login}
"""Without credentials, below /auth/login."""
MANAGE: Mapping[str, AuthHandler] = {"GetUserId": _id, "CreateApiKey": _create_key, "DeleteApiKey": _delete_key}
"""With credentials, below /auth/manage."""
