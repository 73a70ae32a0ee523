"""References that go round in a circle: which ones are written late, once everything that they name is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import Tagged
from komodo_sync.model.data import replace
from komodo_sync.model.graph import CycleError, waves
from komodo_sync.planning.compare import created

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired, DesiredResource
    from komodo_sync.planning.compare import Comparison


def late_fields(creates: Mapping[Address, DesiredResource]) -> dict[Address, frozenset[str]]:
    """The config fields without which each of these is created, so that the rest has an order. Of a ring it is the
    resource whose kind comes first, then whose name does, that waits for what it names."""
    named = {address: _named(item, creates) for address, item in creates.items()}
    named = {address: fields for address, fields in named.items() if fields}
    late: dict[Address, frozenset[str]] = {}
    while True:
        needs = {
            address: {
                target for name, targets in fields.items() if name not in late.get(address, ()) for target in targets
            }
            for address, fields in named.items()
        }
        loops = [address for address, targets in needs.items() if address in targets]
        try:
            if not loops:
                waves(named, needs)
                return late
            ring: tuple[Address, ...] = (loops[0], loops[0])
        except CycleError as error:
            ring = error.cycle
        source = min(ring, key=lambda address: (KINDS[address.kind].order, address))
        target = ring[(ring.index(source) + 1) % len(ring)]
        fields = {name for name, targets in named[source].items() if target in targets}
        late[source] = late.get(source, frozenset()) | fields


def ring_fields(address: Address, desired: Desired) -> frozenset[str]:
    """The config fields in which a resource names what, over however many others, names it."""
    named = _named(desired.resources[address], desired.resources)
    return frozenset(name for name, targets in named.items() if any(_leads(each, address, desired) for each in targets))


def without(item: DesiredResource, late: frozenset[str]) -> DesiredResource:
    """What is created to begin with."""
    return replace(item, config={name: value for name, value in item.config.items() if name not in late})


def written_late(item: DesiredResource, late: frozenset[str]) -> Comparison:
    """What is written once everything is there."""
    rest = {name: value for name, value in item.config.items() if name in late}
    made = created(KINDS[item.address.kind], replace(item, config=rest, description=None, template=None), frozenset())
    return replace(made, config={name: value for name, value in made.config.items() if name in late})


def late_reason(item: DesiredResource, late: frozenset[str]) -> str:
    """Why it is not written at once."""
    named = sorted({each.target for each in item.references if each.pointer.partition("/")[0] in late})
    others = [str(target) for target in named if target != item.address] or ["itself"]
    return f"names {' and '.join(others)}, which must be there first"


def _named(item: DesiredResource, known: Mapping[Address, DesiredResource]) -> dict[str, set[Address]]:
    """What each config field names. A config with a type is always written whole."""
    found: dict[str, set[Address]] = {}
    if not isinstance(KINDS[item.address.kind].config, Tagged):
        for reference in item.references:
            if reference.target in known:
                found.setdefault(reference.pointer.partition("/")[0], set()).add(reference.target)
    return found


def _leads(start: Address, end: Address, desired: Desired) -> bool:
    seen: set[Address] = set()
    waiting = [start]
    while waiting:
        at = waiting.pop()
        if at == end:
            return True
        if at not in seen and at in desired.resources:
            seen.add(at)
            waiting += [reference.target for reference in desired.resources[at].references]
    return False
