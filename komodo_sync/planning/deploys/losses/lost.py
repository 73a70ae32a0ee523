"""Data that a service has no more once it is deployed anew: what lay at its paths, and lies at none of them now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect
from komodo_sync.planning.deploys.losses.checkouts import folder_of
from komodo_sync.planning.deploys.losses.turnover import side_of, way_of
from komodo_sync.planning.deploys.projects import place_of
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.texts.filled import as_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.losses.lain import Lain
    from komodo_sync.planning.deploys.losses.turnover import Side, Way
    from komodo_sync.planning.deploys.texts.compose import Service

    Config = Mapping[str, Any]


def lost_mounts(live: ObservedResource, before: Config, after: Config, *, later: bool) -> Iterator[Effect]:
    """What each service starts without, or finds elsewhere; `later`: by the next deploy, not by this plan."""
    spec = KINDS[live.address.kind]
    text = spec.mounts or spec.compose
    if not text or all(before.get(name) == after.get(name) for name in (text, spec.fills) if name):
        return
    old, new = _side(live, before), _side(live, as_read(spec, before, after))
    if old is None or new is None:
        return
    when = " at the next deploy" if later else ""
    way = way_of(live, before, after)
    yield from _losses(old, new, when, way)
    yield from _renewed(old, new, when, way) if way and way.renews else ()
    yield from _ended(old, new, when, way) if way else ()
    yield from _elsewhere(old, new, when)
    if host_of(spec, before) == host_of(spec, after):
        yield from _made_otherwise(old, new)


def _side(live: ObservedResource, config: Config) -> Side | None:
    spec = KINDS[live.address.kind]
    folder = folder_of(spec, live.address.name, config)
    return side_of(spec, config, place_of(live), folder.base if folder else "")


def _both(old: Side, new: Side) -> Iterator[tuple[str, Sequence[Lain], Sequence[Lain]]]:
    """What lies in each service that is there before and after, and started."""
    for name, service in new.services.items():
        if name in old.services and service.starts and not service.none and not service.more:
            yield name, old.lain[name], new.lain[name]


def _losses(old: Side, new: Side, when: str, way: Way | None) -> Iterator[Effect]:
    found: dict[tuple[str, str, str, str, str], list[str]] = {}
    for service, was, will in _both(old, new):
        unknown = any(each.is_open and not any(each.is_as(one) for one in was) for each in will)
        there_before = way is not None and not old.services[service].none
        for item in was:
            there = next((each for each in will if each.target == item.target), None)
            if item.is_unnamed:
                left = _unnamed(item)
                stays = "it stays behind unused" if there is None else f"{left} stays behind"
                lost = not unknown if there is None else not there.is_unnamed and not there.is_open
                lost = lost and there_before
            else:
                left, stays = item.told, _behind(item, there, new) if item.volume else _at_its_path(item, there, new)
                lost = item.holds_data and not (unknown or item.is_open or any(item.is_in(each) for each in will))
            if lost:
                handed = _handed(there) if way and way.hands_on and there_before else ""
                # a folder of the host stays where it was, under the name that it had
                kind = "misses" if item.path and not item.volume else "loses"
                found.setdefault((kind, left, _in_place(there, old, left), handed, stays), []).append(service)
    for (kind, left, gets, handed, stays), services in found.items():
        verb = ("get" if gets else "start") if len(services) > 1 else ("gets" if gets else "starts")
        yield Effect(kind, left, f"{_who(services)} {verb} {gets or 'without it'}{when}{handed}; {stays}")


def _handed(there: Lain | None) -> str:
    """What compose hands on all the same, whatever it was: it looks for a volume in the image, of which nothing is
    known here, and for one without a name in the text."""
    if there is None:
        return " (unless the image has a VOLUME there: then compose hands it on)"
    return " (compose mounts what was there until it is taken down)" if there.is_unnamed else ""


def _renewed(old: Side, new: Side, when: str, way: Way) -> Iterator[Effect]:
    """The volumes without a name that are there before and after, of services that may be started anew."""
    found: dict[str, list[str]] = {}
    for service, was, will in _both(old, new):
        there = {each.target for each in will if each.is_unnamed} if not old.services[service].none else set()
        for item in was:
            if item.is_unnamed and item.target in there:
                found.setdefault(_unnamed(item), []).append(service)
    for left, services in found.items():
        gets, they = ("get", "they are") if len(services) > 1 else ("gets", "it is")
        anew = f"a new and empty one{when} where {they} started anew ({way.renews})"
        yield Effect("loses", left, f"{_who(services)} {gets} {anew}; it stays behind unused")


def _ended(old: Side, new: Side, when: str, way: Way) -> Iterator[Effect]:
    """The volumes without a name of services of which no container is left, or that others take the place of."""
    found: dict[str, list[str]] = {}
    for name, was in old.services.items():
        will, had = new.services.get(name), [each for each in old.lain[name] if each.is_unnamed]
        if was.none or not was.starts:
            continue
        for item in had:
            if way.goes if will is None else (way.taken_down if will.sleeps else will.none):
                found.setdefault(_unnamed(item), []).append(name)
            elif will is None and (heirs := _heirs(item, was, old, new)):
                gets = f"{_who(heirs)} {'get' if len(heirs) > 1 else 'gets'} a new and empty one{when}"
                stays = f"it stays with {_who([name])}, which is left as it is"
                yield Effect("loses", _unnamed(item), f"{gets}; {stays}")
    for left, services in found.items():
        yield Effect("loses", left, f"no container of {_who(services)} is left{when}; it stays behind unused")


def _heirs(item: Lain, was: Service, old: Side, new: Side) -> list[str]:
    """The new services that look like what had it."""
    return [
        name
        for name, each in new.services.items()
        if name not in old.services and each.starts and not each.none and each.image == was.image
        if any(other.is_unnamed and other.target == item.target for other in new.lain[name])
    ]


def _unnamed(item: Lain) -> str:
    return f"the anonymous volume of {item.mount.target}"


def _in_place(there: Lain | None, old: Side, left: str) -> str:
    """What a service gets in the place of what it had; empty: nothing."""
    if there is None:
        return ""
    if there.told == left:
        return "another one in its place"
    if there.volume is not None:
        used = {each.name for all_of in old.lain.values() for each in all_of}
        is_new = there.volume.begins_empty and there.name not in used
        return f"the new and empty volume {there.told}" if is_new else f"the volume {there.told} in its place"
    if there.told:
        return f"{there.told} of the host in its place"
    return "what is in memory in its place" if there.mount.in_memory else "a volume without a name in its place"


def _at_its_path(item: Lain, there: Lain | None, new: Side) -> str:
    """What becomes of what is in a folder of the host that is missed."""
    if users := new.users(item):
        return _has_still(users)
    if there is None or not there.path or there.volume is not None:
        return f"its data stays at {item.told}"
    if there.told == item.told:
        return "its data stays where it was"
    return f"its data stays at {item.told}, and is at {there.told} only where somebody has brought it there"


def _has_still(users: Sequence[str]) -> str:
    return f"{_who(users)} {'has' if len(users) == 1 else 'have'} it still"


def _behind(item: Lain, there: Lain | None, new: Side) -> str:
    """What becomes of what is lost."""
    if users := new.users(item):
        return _has_still(users)
    name = f"what {item.told} was" if there is not None and there.told == item.told else item.told
    # what has a name for all may be used by others
    ours = item.volume is not None and not item.volume.external
    return f"{name} stays behind{' unused' if ours else ''}"


def _elsewhere(old: Side, new: Side, when: str) -> Iterator[Effect]:
    """What lies at another path than before."""
    for service, was, will in _both(old, new):
        for item in was:
            places = {each.target: each.mount.target for each in will if item.is_alike(each)}
            known = item.target and not item.is_open and all(places)
            if item.holds_data and places and known and item.target not in places:
                told = sorted({*places.values()} - {item.mount.target})
                where = f"{', '.join(told)} instead of {item.mount.target}" if told else "another path than before"
                who = f" in {_who([service])}" if service else ""
                yield Effect("moves", item.told, f"it is mounted at {where}{who}{when}")


def _made_otherwise(old: Side, new: Side) -> Iterator[Effect]:
    """Volumes that would be made otherwise now, and are there already."""
    was = {each.name: each for all_of in old.lain.values() for each in all_of if each.volume}
    told = set()
    for each in (each for all_of in new.lain.values() for each in all_of):
        held = was.get(each.name)
        if held is None or held.volume is None or each.volume is None or each.name in told:
            continue
        if held.volume.made != each.volume.made and not (held.volume.external or each.volume.external):
            told.add(each.name)
            detail = "the volume that is there stays as it was made: its new options take no effect until it is removed"
            yield Effect("keeps", each.told, f"{detail} by hand")


def _who(services: Iterable[str]) -> str:
    names = list(services)
    return f"the service{'s' if len(names) > 1 else ''} {', '.join(names)}" if any(names) else "it"
