"""What a run of a procedure does: the executions of its stages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.model.plan import Effect
from komodo_sync.operations import executions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_KINDS = {
    "stops": re.compile(r"(?:Batch)?(?:Stop|Pause|Destroy)|RemoveSwarm(?:Nodes|Services|Stacks)"),
    "loses": re.compile(r"Prune|Delete|Remove"),
}
"""Effects that answer what stops and what cannot be undone, by the names of the operations."""

_NAMING = frozenset(("container", "pattern"))
"""Parameters beside references that say what it is done to."""


def stage_effects(config: Mapping[str, Any]) -> Iterator[Effect]:
    """One effect for each kind: `executes: RunBuild api, DeployStack web`. Of what a stage runs in its turn (a
    procedure, an action) the name alone is told."""
    told: dict[str, dict[str, None]] = {}
    for stage in _enabled(config.get("stages", ())):
        for item in _enabled(stage.get("executions", ())):
            name, params = item["execution"]["type"], item["execution"].get("params", {})
            if name in executions() and name not in ("None", "Sleep"):
                kind = next((kind for kind, names in _KINDS.items() if names.match(name)), "executes")
                told.setdefault(kind, {})[" ".join([name, *_named(name, params)])] = None
    for kind in (*_KINDS, "executes"):
        if kind in told:
            yield Effect(kind, "", ", ".join(told[kind]))


def _enabled(items: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    return (item for item in items if item.get("enabled", True))


def _named(name: str, params: Mapping[str, Any]) -> Iterator[str]:
    """What it is done to; what is a secret here or not known is no text."""
    for param in executions()[name].params.values():
        value = params.get(param.name)
        if param.refers_to or param.name in _NAMING:
            yield from (
                each for each in (value if isinstance(value, list | tuple) else [value]) if isinstance(each, str)
            )
