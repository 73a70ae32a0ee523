"""Two that would run under one name on one host: each deploy takes the other down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Action, Finding
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.ownership import owners

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.model.plan import Payload, Step
    from komodo_sync.planning.deploys.subject import Subject, World

    Place = tuple[str, Address, str]


def taken_places(deployed: Iterable[Subject], world: World) -> Iterator[Finding]:
    """A refusal for each that is deployed where something else runs, anybody's, also what is deleted afterwards; and
    for each whose deploy takes down under its old name what runs there. What manifests alone show is an error of theirs
    already; this knows of projects that were kept, of what others made, and of what was renamed and not deployed since.
    """
    subjects = {subject.address: subject for subject in deployed}
    if not subjects:
        return
    holders: dict[Place, set[Address]] = {}
    for address in world.addresses():
        for place in _places(address, world):
            holders.setdefault(place, set()).add(address)
    told: set[tuple[Place, frozenset[Address]]] = set()
    for subject in subjects.values():
        for place in _reached(subject, world):
            others = sorted(
                other
                for other in holders.get(place, set()) - {subject.address}
                if other not in subjects or not _in_turn(subject, subjects[other], place, world)
            )
            same = (place, frozenset({subject.address, *others}))
            if others and same not in told:
                told.add(same)
                yield _refusal(subject, place, others, world)


def _in_turn(one: Subject, other: Subject, place: Place, world: World) -> bool:
    """Whether one of them leaves the place by its own deploy, and the other is new there and comes after it."""
    return any(
        new.live is None and old.address in new.item.after and planned_place(old.address, world) != place
        for new, old in ((one, other), (other, one))
    )


def _refusal(subject: Subject, place: Place, others: Sequence[Address], world: World) -> Finding:
    address, field = subject.address, subject.spec.runs_as
    names, where = " and ".join(map(str, others)), f"{place[2]} on {place[1]}"
    back = next((other for other in others if _may_be_renamed(subject, other, world)), None)
    told, home = ", if it is the same one", f"rename {names} back in Komodo"
    same = f"`renamed_from: {back.name}` in the manifest of {address}{told}, or {home}" if back else f"{home}{told}"
    hint = f"give one of them another {field}"
    if place != planned_place(address, world):
        message = f"the deploy of {address} would take down {where}, as which it was deployed last, and {names} with it"
        hint = f"give {names} another {field} and deploy that first"
    elif all(planned_place(other, world) != place for other in others):
        message = (
            f"{address} would be deployed as {where}, as which {names} was deployed last: each deploy or delete of one "
            "takes the other down"
        )
        hint = f"{same}; if not, give {address} another {field}"
    else:
        message = (
            f"{address} would be deployed as {where}, as {names}: each deploy or delete of one takes the other down"
        )
        if back:  # with another name it would begin without the volumes that it has
            hint = f"{same}; if not, {hint}"
    return Finding("runs-twice", "refusal", message, "", (address, *others), hint)


def _may_be_renamed(subject: Subject, other: Address, world: World) -> bool:
    """Whether the new resource may say that it is the other one."""
    live, owner = world.observed.resources.get(other), world.options.owner
    free = subject.live is None and other not in world.desired.resources and live is not None
    return free and (not owner or owner in owners(live.tags if live else frozenset()))


def _reached(subject: Subject, world: World) -> Iterator[Place]:
    """What a deploy reaches: what is called as it will be, and what is called as it was deployed last, which is taken
    down first."""
    place = planned_place(subject.address, world)
    if place is None:
        return
    yield place
    if subject.live is not None and subject.live.project not in ("", place[2]):
        yield (*place[:2], subject.live.project)


def _places(address: Address, world: World) -> Iterator[Place]:
    """Every place at which it is met: where it will be, under its name and under the one as which it was deployed last,
    and where it is until then. That it is down is no matter: Core looks for it by that name."""
    place, live = planned_place(address, world), world.observed.resources.get(world.old(address))
    if place is not None:
        yield place
    if live is None:
        return
    if place is not None and live.project:
        yield (*place[:2], live.project)
    until = live_place(live) if live.project or live.state in KINDS[address.kind].up else None
    if until is not None:
        yield until


def planned_place(address: Address, world: World) -> Place | None:
    """Its kind, its host, and the name under which its next deploy runs there."""
    spec = KINDS[address.kind]
    if not spec.runs_as:
        return None
    config = world.config_of(address)
    host = host_of(spec, config)
    name = config.get(spec.runs_as) or address.name
    if host is None or not isinstance(name, str) or world.is_template(address):
        return None
    return (address.kind, host, name)


_WORDS = {Action.DESTROY: "taken down", Action.STOP: "stopped"}


def taken_along(payloads: Mapping[Step, Payload], observed: Observed) -> Iterator[Finding]:
    """A refusal for each that is taken down or stopped where something else runs under the same name, and is to go on:
    it would go down with it."""
    done = {sent.id: step.action for step, sent in payloads.items() if step.action in _WORDS}
    if not done:
        return
    deleted = {sent.id for step, sent in payloads.items() if step.action is Action.DELETE}
    there: dict[Place, list[ObservedResource]] = {}
    for item in observed.resources.values():
        place = live_place(item)
        if place is not None:
            there.setdefault(place, []).append(item)
    for place, items in sorted(there.items()):
        field = KINDS[place[0]].runs_as
        staying = sorted(item.address for item in items if item.id not in done and item.state in KINDS[place[0]].up)
        for item in (item for item in items if item.id in done) if staying else ():
            names = " and ".join(map(str, staying))
            way = "; or set `delete: keep_running`, so that the delete takes nothing down" if item.id in deleted else ""
            yield Finding(
                "runs-twice",
                "refusal",
                f"{item.address} would be {_WORDS[done[item.id]]} as {place[2]} on {place[1]}, and {names} with it, "
                "which is called so there too",
                "",
                (item.address, *staying),
                f"give one of them another {field} and deploy it first{way}",
            )


def live_place(item: ObservedResource) -> Place | None:
    """Its kind, its host, and the name under which it is met there until it is deployed anew."""
    spec = KINDS[item.address.kind]
    host = host_of(spec, item.config)
    if not spec.runs_as or host is None or item.template:
        return None
    return (item.address.kind, host, item.project or str(item.config.get(spec.runs_as) or item.address.name))
