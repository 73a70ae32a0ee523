"""What comes to a host while a port or a name that it needs is held there by something that goes only afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Action, Finding, Step
from komodo_sync.planning.deploys.subject import host_of, listing
from komodo_sync.planning.deploys.texts.interpolated import config_interpolated, live_interpolated
from komodo_sync.planning.renames.holdings import What, clashing, held_of, in_ranges
from komodo_sync.planning.units import behind_step, moves_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.plan import Resource
    from komodo_sync.planning.deploys.subject import World


def without_room(resources: Iterable[Resource], world: World) -> Iterator[Finding]:
    """A refusal for each deploy that cannot succeed, however often it is tried: what holds its port or its name moves
    away only after it. `resources` with the needs of their changes."""
    changed = [item for item in resources if item.changes]
    steps = {item.address: [Step(item.address, change.action) for change in item.changes] for item in changed}
    needs = {Step(item.address, change.action): change.needs for item in changed for change in item.changes}
    for step in sorted(moves_of(steps), key=lambda step: step.address):
        live = world.observed.resources.get(step.address)
        if live is None or live.state not in KINDS[step.address.kind].up:
            continue
        for need in sorted(behind_step(step, needs), key=lambda need: need.address):
            if need.action is Action.DEPLOY and need.address != step.address:
                both = _both(need.address, live, world)
                if both:
                    yield _refusal(need.address, live, both)


def _both(coming: Address, live: ObservedResource, world: World) -> list[str]:
    """What both would have of the host at once."""
    spec, theirs = KINDS[coming.kind], KINDS[live.address.kind]
    config, host = config_interpolated(coming, world), host_of(theirs, live.config)
    if not spec.hosts or host is None or host_of(spec, config) != host:
        return []
    stopped = theirs.lifecycle is not None and live.state in theirs.lifecycle.stopped
    # what does not run has a name all the same
    kinds = (What.CONTAINER,) if stopped else (What.PORT, What.CONTAINER)
    there = [each for each in held_of(theirs, live_interpolated(live, world)) if each.what in kinds]
    return in_ranges(f"{each.what.value} {each.name}" for each in clashing(held_of(spec, config), there))


def _refusal(coming: Address, live: ObservedResource, both: list[str]) -> Finding:
    host = host_of(KINDS[live.address.kind], live.config)
    return Finding(
        "no-room",
        "refusal",
        f"{coming} would be deployed on {host} while {live.address} still has the {listing(both)} there, and "
        f"{live.address} moves away only after it: the deploy would fail, and so would every later one",
        "",
        (coming, live.address),
        f"take {coming} out of what {live.address} comes `after`, so that {live.address} goes first; or move "
        f"{live.address} first, in an apply of its own",
    )
