"""What a run of stages executes, also through the procedures that it runs in its turn, and who runs what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.patterns import pattern
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data
from komodo_sync.model.observed import is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from komodo_sync.planning.deploys.subject import World

_ONE = {spec.runs: spec for spec in KINDS.values() if spec.stages}
_MANY = {f"Batch{operation}": spec for operation, spec in _ONE.items()}
"""The operations that run what has stages itself: one by its name, or all whose names fit a pattern."""


_Found: TypeAlias = "tuple[str, Mapping[str, Any]]"
"""An operation with its parameters; no operation: it is not known here."""


class Executed(Data, frozen=True):
    """One execution. `within`: the procedure that does it; None: the one that is run. `unseen`: it runs more than is
    known here, and so nobody can tell what it does. No operation: that is not known either."""

    operation: str
    params: Mapping[str, Any]
    within: Address | None = None
    unseen: bool = False


def executed(address: Address, world: World) -> Iterator[Executed]:
    """All that a run of it executes once everything is written. A procedure that is met again is not gone through
    again, so a circle ends; Core would go round in it until it breaks off."""
    seen = {address}
    waiting: list[tuple[Address | None, Iterator[_Found]]] = [(None, _enabled(address, world))]
    while waiting:
        within, left = waiting[-1]
        found = next(left, None)
        if found is None:
            waiting.pop()
            continue
        called, unseen = _called(*found, world)
        yield Executed(*found, within, unseen)
        fresh = [each for each in called if each not in seen]
        seen.update(fresh)
        waiting += [(each, _enabled(each, world)) for each in reversed(fresh)]


def callers(addresses: Iterable[Address], world: World) -> Mapping[Address, frozenset[Address]]:
    """Those whose run leads to each of `addresses`, over however many others, once everything is written."""
    direct: dict[Address, set[Address]] = {}
    for address in world.addresses():
        for found in _enabled(address, world):
            for called in _called(*found, world)[0]:
                direct.setdefault(called, set()).add(address)
    return {address: _leading(address, direct) for address in addresses}


def _leading(address: Address, direct: Mapping[Address, set[Address]]) -> frozenset[Address]:
    found: set[Address] = set()
    waiting = [address]
    while waiting:
        fresh = direct.get(waiting.pop(), set()) - found
        found |= fresh
        waiting += fresh
    return frozenset(found - {address})


def _enabled(address: Address, world: World) -> Iterator[_Found]:
    """The executions of its own that are not switched off."""
    field = KINDS[address.kind].stages
    for stage in _items(world.config_of(address).get(field, ()) if field else ()):
        for item in _items(stage.get("executions", ()) if stage is not None else None):
            done = item.get("execution") if item is not None else None
            name, params = (done.get("type"), done.get("params", {})) if isinstance(done, dict) else (None, None)
            yield (name, params) if isinstance(name, str) and isinstance(params, dict) else ("", {})


def _items(value: Any) -> Iterator[Mapping[str, Any] | None]:
    """What is enabled of a list; None for what takes its value from outside."""
    for item in value if isinstance(value, list | tuple) else (None,):
        if not isinstance(item, dict):
            yield None
        elif item.get("enabled", True):
            yield item


def _called(operation: str, params: Mapping[str, Any], world: World) -> tuple[list[Address], bool]:
    """What has stages and is run by an execution, and whether there may be more of it than is seen here."""
    if operation in _MANY:
        return _fitting(_MANY[operation].name, params.get("pattern", ""), world)
    if operation not in _ONE:
        return [], not operation
    spec = _ONE[operation]
    name = params.get(spec.lifecycle.subject if spec.lifecycle else spec.name, "")
    if not isinstance(name, str):
        return [], True
    address = Address(spec.name, name)
    if world.holds(address):
        return [address], False
    # of an admin's key what has no name is gone: its run fails, and does nothing
    return [], bool(name) and not (world.observed.admin and is_unknown(name))


def _fitting(kind: str, text: Any, world: World) -> tuple[list[Address], bool]:
    if not isinstance(text, str):
        return [], True
    words = filter(None, map(str.strip, re.split(r"[,\n]", text)))
    try:
        patterns = [pattern(word) for word in words]
    except re.error:
        return [], False  # Core does not take it either
    there = (address for address in world.addresses() if address.kind == kind)
    found = sorted(address for address in there if any(each.search(address.name) for each in patterns))
    return found, bool(patterns) and not world.observed.admin
