"""Where the routes of a Core and its OpenAPI document, from which the catalogue is, do not agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.operations import Operation, Param, operations

if TYPE_CHECKING:
    from collections.abc import Mapping


def _check(kind: str, *more: str) -> Operation:
    flags = {name: Param(name, "bool", False, False) for name in ("skip_auto_update", "wait_for_auto_update", *more)}
    params = {"pattern": Param("pattern", "str", True, ""), "tags": Param("tags", "list[str]", False, []), **flags}
    return Operation("write", f"BatchCheck{kind}ForUpdate", params, "Vec")


ROUTED: Mapping[str, Operation] = {
    check.name: check for check in (_check("Stack", "skip_cache_refresh"), _check("Deployment"))
}
"""Writes that a Core does, and does not document."""
NOT_ROUTED = frozenset({"InspectStackSwarmInfo"})
"""What a Core documents, and does not know when it is asked."""


def known(group: str) -> dict[str, Operation]:
    """The operations that a Core takes on a route, by name."""
    if group == "read":
        return {name: one for name, one in operations("read").items() if name not in NOT_ROUTED}
    if group == "write":
        return {**operations("write"), **ROUTED}
    return dict(operations("execute"))
