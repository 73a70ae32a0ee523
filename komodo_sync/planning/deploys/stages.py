"""What a run of a procedure does: the executions of its stages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect
from komodo_sync.operations import executions
from komodo_sync.planning.deploys.nested import executed
from komodo_sync.planning.deploys.sync_runs import RUN, SYNCS, sync_effects

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.planning.deploys.nested import Executed
    from komodo_sync.planning.deploys.subject import World

_KINDS = {
    "stops": re.compile(r"(?:Batch)?(?:Stop|Pause|Destroy)|RemoveSwarm(?:Nodes|Services|Stacks)"),
    "loses": re.compile(r"Prune|Delete|Remove"),
}
"""Effects that answer what stops and what cannot be undone, by the names of the operations."""

_NAMING = frozenset(("container", "pattern"))
"""Parameters beside references that say what it is done to."""

_SCRIPTS = {
    name for spec in KINDS.values() if spec.runs and not spec.stages for name in (spec.runs, f"Batch{spec.runs}")
}
"""What runs a script: it may do anything, as every script may, and is no reason for an alarm."""


def stage_effects(address: Address, world: World) -> Iterator[Effect]:
    """One effect for each kind: `executes: RunBuild api, DeployStack web`, also of what it runs in its turn."""
    for kind, names in run_of(address, world).items():
        more = ": what that does is not seen here, and it may stop what runs" if kind == "unknown" else ""
        yield Effect(kind, "", names + more)


def run_of(address: Address, world: World) -> Mapping[str, str]:
    """What a run of it does, by the kind of effect, the gravest first; `unknown` is what nobody here can tell."""
    told: dict[str, dict[str, str]] = {}
    for each in executed(address, world):
        for kind, more in _does(each, world):
            told.setdefault(kind, {}).setdefault(_what(each), _beside(each, more))
    order = (*_KINDS, "unknown", SYNCS, "executes")
    return {kind: ", ".join(map("".join, told[kind].items())) for kind in order if kind in told}


def _does(each: Executed, world: World) -> Iterator[tuple[str, str]]:
    """The kinds of effects that it has, each with what its name alone does not say."""
    name = each.operation
    if each.unseen:
        yield "unknown", ""
    elif name == RUN:
        yield from sync_effects(each.params, world)
    elif name in executions() and name not in ("None", "Sleep"):
        yield next((kind for kind, names in _KINDS.items() if names.match(name)), "executes"), ""


def _what(each: Executed) -> str:
    """`DestroyStack web`."""
    return " ".join([each.operation, *_named(each.operation, each.params)]) if each.operation else "stages"


def _beside(each: Executed, more: str) -> str:
    said = ["a script, not looked into"] if each.operation in _SCRIPTS else []
    said += [more] if more else []
    said += [f"in {each.within}"] if each.within else []
    return f" ({'; '.join(said)})" if said else ""


def _named(name: str, params: Mapping[str, Any]) -> Iterator[str]:
    """What it is done to; what is a secret here or not known is no text."""
    for param in executions()[name].params.values():
        value = params.get(param.name)
        if param.refers_to or param.name in _NAMING:
            yield from (
                each for each in (value if isinstance(value, list | tuple) else [value]) if isinstance(each, str)
            )
