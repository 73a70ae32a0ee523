"""What is created, and called as something of ours runs already: that would be taken down, or both share one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Action, Finding
from komodo_sync.planning.deploys.places import live_place, planned_place
from komodo_sync.planning.deploys.subject import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.subject import World


def in_the_way(desired: Desired, resources: Mapping[Address, ObservedResource]) -> Iterator[ObservedResource]:
    """What is live, and called as something that is declared and not there: it is worth asking whether it runs."""
    wanted = set()
    for address, item in desired.resources.items():
        field = KINDS[address.kind].runs_as
        if field and address not in resources:
            host = host_of(KINDS[address.kind], item.config)
            name = item.config.get(field) or address.name
            if host is not None and isinstance(name, str):
                wanted.add((address.kind, host, name))
    for address, live in resources.items() if wanted else ():
        if address not in desired.resources and live_place(live) in wanted:
            yield live


def taken_over(created: Iterable[Address], left: Iterable[ObservedResource], world: World) -> Iterator[Finding]:
    """A refusal for each of `created` at the place where one of `left` runs, unless that runs on as the new one."""
    there = {live_place(item): item.address for item in left if item.state in KINDS[item.address.kind].up}
    for address in created:
        place = planned_place(address, world)
        if place is None or place not in there or world.desired.resources[address].template:
            continue
        old, field = there[place], KINDS[address.kind].runs_as
        if world.writes(old, Action.DESTROY):
            then = f"the delete of {old} takes that down, and nothing starts it again"
        elif world.writes(old, Action.DELETE):
            continue
        else:
            then = "each deploy or delete of one takes the other down"
        yield Finding(
            "runs-twice",
            "refusal",
            f"{address} would be created as {place[2]} on {place[1]}, as which {old} runs: {then}",
            "",
            (address, old),
            f"`renamed_from: {old.name}` in the manifest of {address}, if it is the same one, or rename {old} back in "
            f"Komodo; if not, give {address} another {field}, or take {old} down in Komodo first",
        )
