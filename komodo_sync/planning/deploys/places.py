"""Two that would run under one name on one host: each deploy takes the other down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Action, Finding
from komodo_sync.planning.deploys.subject import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.model.plan import Payload, Step
    from komodo_sync.planning.deploys.subject import Subject, World

    Place = tuple[str, Address, str]


def taken_places(deployed: Iterable[Subject], world: World) -> Iterator[Finding]:
    """A refusal for each that is deployed where something else runs, anybody's, also what is deleted afterwards. What
    manifests alone show is an error of theirs already; this knows of projects that were kept, and of what others made.
    """
    subjects = list(deployed)
    if not subjects:
        return
    holders: dict[Place, set[Address]] = {}
    for address in world.addresses():
        place = _place(address, world)
        if place is not None:
            holders.setdefault(place, set()).add(address)
    for subject in subjects:
        place = _place(subject.address, world)
        others = sorted(holders.get(place, set()) - {subject.address}) if place else []
        if place and others:
            names = " and ".join(map(str, others))
            yield Finding(
                "runs-twice",
                "refusal",
                f"{subject.address} would be deployed as {place[2]} on {place[1]}, as {names}: each deploy or delete "
                "of one takes the other down",
                "",
                (subject.address, *others),
                f"give one of them another {subject.spec.runs_as}",
            )


def _place(address: Address, world: World) -> Place | None:
    """Its kind, its host, and the name under which it runs there."""
    spec = KINDS[address.kind]
    if not spec.runs_as:
        return None
    config = world.config_of(address)
    host = host_of(spec, config)
    name = config.get(spec.runs_as) or address.name
    if host is None or not isinstance(name, str) or world.is_template(address):
        return None
    return (address.kind, host, name)


def taken_along(payloads: Mapping[Step, Payload], observed: Observed) -> Iterator[Finding]:
    """A refusal for each that is taken down where something else runs under the same name, and is to go on: it would be
    taken down with it."""
    ids = {sent.id for step, sent in payloads.items() if step.action is Action.DESTROY}
    if not ids:
        return
    there: dict[Place, list[ObservedResource]] = {}
    for item in observed.resources.values():
        place = _live_place(item)
        if place is not None:
            there.setdefault(place, []).append(item)
    for place, items in sorted(there.items()):
        going = [item for item in items if item.id in ids]
        staying = sorted(item.address for item in items if item.id not in ids and item.state in KINDS[place[0]].up)
        for item in going if staying else ():
            names = " and ".join(map(str, staying))
            yield Finding(
                "runs-twice",
                "refusal",
                f"{item.address} would be taken down as {place[2]} on {place[1]}, and {names} with it, which is called "
                "so there too",
                "",
                (item.address, *staying),
                f"give one of them another {KINDS[place[0]].runs_as} and deploy it first",
            )


def _live_place(item: ObservedResource) -> Place | None:
    spec = KINDS[item.address.kind]
    host = host_of(spec, item.config)
    if not spec.runs_as or host is None or item.template:
        return None
    return (item.address.kind, host, item.project or str(item.config.get(spec.runs_as) or item.address.name))
