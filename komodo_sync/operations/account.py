"""What a Core does beside the catalogue's groups: below /auth, and GET /user.

Source: the API's facts on routes (2.0 and later) and the recorded exchanges.
"""

from __future__ import annotations

from types import MappingProxyType

from komodo_sync.operations.catalogue import Group, Operation, Param


def _operation(group: Group, name: str, returns: str, *params: Param) -> Operation:
    return Operation(group, name, MappingProxyType({param.name: param for param in params}), returns)


ACCOUNT = MappingProxyType(
    {
        operation.name: operation
        for operation in (
            _operation("login", "GetLoginOptions", "GetLoginOptionsResponse"),
            _operation("user", "GetUser", "User"),
            _operation("manage", "GetUserId", "GetUserIdResponse"),
            _operation(
                "manage",
                "CreateApiKey",
                "CreateApiKeyResponse",
                Param("name", "str", True, ""),
                Param("expires", "u64", False, 0),
            ),
            _operation("manage", "DeleteApiKey", "NoData", Param("key", "str", True, "")),
        )
    }
)
"""By name. `login` is POST /auth/login, without credentials; `manage` is POST /auth/manage; `user` is GET /user."""
