"""What moves is one unit of work: it is taken down where it was, written, and deployed where it goes to, before others
are done that come after it. Nothing is down for longer than its own move takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.plan import Action, Step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import Observed

    Steps = Mapping[Address, Sequence[Step]]


def moves_of(steps: Steps) -> dict[Step, tuple[Step, ...]]:
    """By the step that takes a resource down where it was, the steps of it that follow at once."""
    found = {}
    for own in steps.values():
        for index, step in enumerate(own):
            rest = tuple(own[index + 1 :])
            if step.action is Action.DESTROY and any(each.action is Action.UPDATE for each in rest):
                found[step] = rest
    return found


def left_hosts(
    moves: Iterable[Step], observed: Observed, renames: Mapping[Address, Address]
) -> dict[Address, list[Step]]:
    """By each host, what moves away from it."""
    found: dict[Address, list[Step]] = {}
    for step in moves:
        live = observed.resources.get(renames.get(step.address, step.address))
        spec = KINDS[step.address.kind]
        for name in spec.hosts if live else ():
            value = live.config.get(name) if live else None
            if isinstance(value, str) and value:
                found.setdefault(Address(spec.fields()[name].ref, value), []).append(step)
    return found


def taken_hosts(address: Address, desired: Desired) -> Iterator[Address]:
    """Where it is declared to run."""
    item, hosts = desired.resources.get(address), KINDS[address.kind].hosts
    return (each.target for each in (item.references if item else ()) if each.pointer.partition("/")[0] in hosts)


def makes_room(runs: Iterable[Step], left: Mapping[Address, Sequence[Step]], desired: Desired) -> dict[Step, set[Step]]:
    """By each of `runs`, what had better be gone first from where it comes to: it may hold a port or a name there.
    Hosts between which things move to and fro have no such order."""
    onward: dict[Address, set[Address]] = {
        host: {to for step in steps for to in taken_hosts(step.address, desired)} for host, steps in left.items()
    }
    reach = {host: _reached(host, onward) for host in left}
    origin = {step.address: host for host, steps in left.items() for step in steps}
    found: dict[Step, set[Step]] = {}
    for step in runs:
        for host in taken_hosts(step.address, desired):
            away = (each for each in left.get(host, ()) if each.address != step.address)
            if origin.get(step.address) not in reach.get(host, ()):
                found.setdefault(step, set()).update(away)
    return found


def _reached(host: Address, onward: Mapping[Address, Collection[Address]]) -> set[Address]:
    found: set[Address] = set()
    waiting = [host]
    while waiting:
        fresh = set(onward.get(waiting.pop(), ())) - found
        found |= fresh
        waiting += fresh
    return found


def behind(address: Address, desired: Desired) -> set[Address]:
    """All that it rests on, over however many others."""
    item = desired.resources.get(address)
    found: set[Address] = set()
    waiting = [item] if item else []
    while waiting:
        fresh = {each.target for each in waiting.pop().references} - found
        found |= fresh
        waiting += [desired.resources[each] for each in fresh if each in desired.resources]
    return found


def behind_step(step: Step, needs: Mapping[Step, Sequence[Step]]) -> set[Step]:
    """All that is done before it, over however many others."""
    found: set[Step] = set()
    waiting = [step]
    while waiting:
        fresh = set(needs.get(waiting.pop(), ())) - found
        found |= fresh
        waiting += fresh
    return found
