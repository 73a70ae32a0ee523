"""Terminals: there are none here, and none can be opened; a server that is not to be spoken to says so itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.containers import answers, require_host, server_of
from komodo_sync.simulator.failures import MalformedError, NotServedError, RefusalError
from komodo_sync.simulator.resources import get

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

Document = dict[str, Any]
_ON = {"Stack": "stack", "Deployment": "deployment"}
UNSERVED = frozenset({"CreateTerminal", "DeleteTerminal"})
"""Refused by a server that cannot be spoken to, and not served on one that can."""


def _require_target(call: Call, target: Any) -> None:
    """500 unless the server of a terminal can be spoken to, 400 when it is not named."""
    if not isinstance(target, dict) or "type" not in target or not isinstance(target.get("params"), dict):
        raise MalformedError("invalid type, expected adjacently tagged enum TerminalTarget")
    kind, params = target["type"], target["params"]
    if kind in ("Server", "Container"):
        if params.get("server") is None:
            raise RefusalError("Must provide 'target.params.server'", status=400)
        _require_enabled(call, get(call, "Server", params["server"], "Read", "Terminal"))
        return
    if kind not in _ON:
        raise MalformedError(f"unknown variant `{kind}`, expected one of `Server`, `Container`, `Stack`, `Deployment`")
    resource = get(call, kind, params.get(_ON[kind]) or "", "Read", "Terminal")
    require_host(call.state, resource)
    _require_enabled(call, server_of(call.state, resource))


def _require_enabled(call: Call, server: Document | None) -> None:
    if server is None or not answers(call.state, server):
        raise RefusalError("server not enabled")


def _interactive(call: Call) -> Document:
    _require_target(call, call.params["target"])
    raise NotServedError(f"{call.operation} is not served by the embedded Core")


def _delete_all(call: Call) -> Document:
    _require_enabled(call, get(call, "Server", call.params["server"], "Read", "Terminal"))
    return {}


def _list(call: Call) -> list[Document]:
    if call.params["target"] is not None:
        _require_target(call, call.params["target"])
    return []


HANDLERS: Mapping[str, Handler] = {
    "CreateTerminal": _interactive,
    "DeleteTerminal": _interactive,
    "DeleteAllTerminals": _delete_all,
    "BatchDeleteAllTerminals": lambda _call: {},
    "ListTerminals": _list,
}
