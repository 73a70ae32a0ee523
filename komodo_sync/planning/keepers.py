"""Ports and names of a host that a deploy of this plan needs, and that something else has there and keeps: the deploy
cannot succeed, however often it is tried, and what ran of it before is down by then."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.masking.mask import shown_text
from komodo_sync.model.data import Data, replace
from komodo_sync.model.plan import Action, Finding, Step
from komodo_sync.planning.deploys.condition import Condition, condition_of
from komodo_sync.planning.deploys.losses.volumes import deployed_config
from komodo_sync.planning.deploys.projects import other_project
from komodo_sync.planning.deploys.subject import host_of, listing
from komodo_sync.planning.deploys.texts.compose import compose_of
from komodo_sync.planning.deploys.texts.filled import as_read
from komodo_sync.planning.deploys.texts.interpolated import (
    config_interpolated,
    deployed_interpolated,
    interpolated,
    live_interpolated,
)
from komodo_sync.planning.deploys.texts.services import services_after, sweeps
from komodo_sync.planning.renames.holdings import What, called, held_by_service, held_of, in_ranges
from komodo_sync.planning.units import behind_step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.plan import Resource
    from komodo_sync.model.running import History
    from komodo_sync.planning.deploys.subject import World
    from komodo_sync.planning.renames.holdings import Held

    Place = tuple[Address | None, What, str]
    _Holding = tuple[Address, "_How", Iterable[Held]]

_FREES = (Action.DESTROY, Action.STOP)


class _How(Enum):
    """How it comes that something is there, for people; what is surest first."""

    RUNS = "runs on there"
    STARTED = "is started there"
    STOPPED = "is stopped there"
    GOES = "is deleted only after that, and runs until then"
    LEAVES = "leaves a service running there, which it no longer has,"
    DEPLOYED = "is deployed there too"


class _Keeper(Data, frozen=True):
    """Who has something, and how that comes."""

    address: Address
    how: _How
    held: Held


def kept_by_others(resources: Iterable[Resource], world: World, told: Iterable[Finding]) -> Iterator[Finding]:
    """A refusal for each deploy that needs what another one keeps. `resources` with the needs of their changes; `told`:
    the findings so far; what is refused already is not told twice.

    Only what is new for it at that place counts: what ran beside another one until now does so again."""
    world = replace(world, live=world.observed.live or world.live)
    needs = {Step(item.address, each.action): each.needs for item in resources for each in item.changes}
    wanted: dict[Address, list[Held]] = {}
    for step in sorted(needs, key=lambda step: step.address):
        # what a procedure does before it may make room
        if step.action is Action.DEPLOY and not any(each.action is Action.RUN for each in behind_step(step, needs)):
            wanted[step.address] = list(_new(step.address, world))
    hosts = {address: host_of(KINDS[address.kind], world.config_of(address)) for address, new in wanted.items() if new}
    places: set[Place] = {(hosts[address], each.what, each.name) for address in hosts for each in wanted[address]}
    there = _there(places, world) if places else {}
    refused = {frozenset(item.addresses) for item in told if item.severity == "refusal"}
    for address, host in hosts.items() if there else ():
        if host is None:
            continue
        found: dict[Address, list[Held]] = {}
        how: dict[Address, _How] = {}
        for mine in wanted[address]:
            for keeper in there.get((host, mine.what, mine.name), ()):
                if keeper.address != address and mine.clashes(keeper.held):
                    found.setdefault(keeper.address, []).append(mine)
                    how[keeper.address] = keeper.how
                    break
        for other, both in sorted(found.items()):
            pair = {address, other}
            if how[other] is _How.GOES and _replaces(address, found[other]):
                continue
            if not any(each.issuperset(pair) for each in refused):
                refused.add(frozenset(pair))
                yield _refusal(address, other, how[other], host, both, world)


def _new(address: Address, world: World) -> Iterator[Held]:
    """What its deploy needs of its host that it does not have there itself."""
    spec, live = KINDS[address.kind], world.observed.resources.get(world.old(address))
    config = config_interpolated(address, world)
    host, lifecycle = host_of(spec, config), spec.lifecycle
    if host is None or lifecycle is None or not _counts(spec, host):
        return
    facts = world.live.resources.get(live.address) if live else None
    history = facts.history if facts else None
    before = deployed_interpolated(live, world) if live else {}
    own: list[Held] = []
    if live is not None and host_of(spec, live.config) == host and live.state in spec.up:
        runs = live.state not in lifecycle.stopped
        if (history is not None and history.changed is None) or (runs and before == config):
            return  # what it has is not known, or the same
        # a deploy that failed may have come so far
        texts = (before, live_interpolated(live, world)) if _is_unsure(history) else (before,)
        had = (each for text in texts for each in (*_has(spec, text), *called(spec, text, live.address.name)))
        # what does not run has a name all the same
        own = [each for each in had if runs or each.what is What.CONTAINER]
    same = {(each.what, each.name, each.ip) for each in own}
    for each in (*_has(spec, as_read(spec, before, config)), *called(spec, config, address.name)):
        if (each.what, each.name, each.ip) not in same:
            yield each


def _is_unsure(history: History | None) -> bool:
    """Whether what was deployed last is not sure to be what there is: it was changed in what is not told, or a deploy
    of the change failed, which may have come far."""
    return history is not None and (history.changed is None or history.failed is not None)


def _there(places: set[Place], world: World) -> dict[Place, list[_Keeper]]:
    """Who has each of these places once all is done that this plan does before; first where that is surest."""
    hosts = {host for host, _, _ in places}
    given: list[tuple[Address, _Holding]] = []
    for address in sorted(world.addresses()):
        spec = KINDS[address.kind]
        if spec.lifecycle is not None and (spec.compose or spec.publishes) and not world.is_template(address):
            given += ((address, each) for each in _keeps(address, spec, world, hosts))
    found: dict[Place, list[_Keeper]] = {}
    rank = list(_How)
    for address, (host, how, held) in sorted(given, key=lambda each: rank.index(each[1][1])):
        for each in held:
            place = (host, each.what, each.name)
            if place in places:
                found.setdefault(place, []).append(_Keeper(address, how, each))
    return found


def _keeps(address: Address, spec: KindSpec, world: World, hosts: set[Address | None]) -> Iterator[_Holding]:
    """Where it is, how, and what it has there."""
    live, lifecycle = world.observed.resources.get(world.old(address)), spec.lifecycle
    config = config_interpolated(address, world)
    assert lifecycle is not None
    deploys = world.writes(address, Action.DEPLOY)
    host = host_of(spec, config)
    # a single container has its new name at once
    names = list(called(spec, config, address.name))
    if deploys and host is not None and host in hosts:
        before = live.config if live else {}
        yield host, _How.DEPLOYED, (*_lasting(spec, as_read(spec, before, config)), *names)
    host = host_of(spec, live.config) if live else None
    if live is None or host is None or host not in hosts:
        return
    # what is deleted is so after all deploys
    goes = world.writes(address, Action.DELETE) and world.writes(address, Action.DESTROY)
    if any(world.writes(address, each) for each in _FREES) and not goes:
        return
    facts = world.live.resources.get(live.address)
    history = facts.history if facts else None
    if _is_unsure(history):
        return
    if deploys:
        yield host, _How.LEAVES, _left(address, live, world)
        return
    held = [*_lasting(spec, deployed_interpolated(live, world)), *names]
    if goes:
        if live.state in lifecycle.running | lifecycle.paused:
            yield host, _How.GOES, held
    elif world.writes(address, Action.START):
        yield host, _How.STARTED, held
    elif live.state in lifecycle.running | lifecycle.paused:
        yield host, _How.RUNS, held
    elif live.state in lifecycle.stopped:
        yield host, _How.STOPPED, (each for each in held if each.what is What.CONTAINER)


def _left(address: Address, live: ObservedResource, world: World) -> Iterator[Held]:
    """What services have that its deploy leaves as they are, because its text no longer has them."""
    declared = world.desired.resources.get(address)
    known = world.subject(declared, live) if declared else None
    subject = interpolated(known, world) if known else None
    if subject is None or not subject.spec.compose or condition_of(subject) is not Condition.RUNNING:
        return
    if subject.lifecycle.takes_down(subject.config) or sweeps(subject.spec, subject.config) or other_project(subject):
        return
    found, was = services_after(subject), compose_of(subject.spec, deployed_config(subject))
    gone = {was.service_of(name) for name in found.gone} if found and was else set()
    yield from _lasting(subject.spec, deployed_config(subject), gone) if gone else ()


def _has(spec: KindSpec, config: Mapping[str, Any]) -> Iterator[Held]:
    """The ports and names that its text or its fields say of its host, as far as that is known."""
    return (each for each in held_of(spec, config) if each.what is not What.VOLUME)


def _lasting(spec: KindSpec, config: Mapping[str, Any], services: Collection[str] | None = None) -> Iterator[Held]:
    """The same, but for the ports of what may end by itself. `services`: of these alone."""
    if not spec.compose:
        yield from _has(spec, config)
        return
    uncounted = spec.lifecycle.may_end(config) if spec.lifecycle else None
    for service, held in held_by_service(spec, config).items():
        if services is None or service in services:
            lasts = uncounted is not None and service not in uncounted
            yield from (each for each in held if lasts or each.what is What.CONTAINER)


def _counts(spec: KindSpec, host: Address) -> bool:
    """Whether what it has of a host is had once: what a swarm publishes depends on how, and on which node."""
    return bool(spec.compose or spec.publishes) and not KINDS[host.kind].all_or_nothing


def _replaces(address: Address, both: Iterable[Held]) -> bool:
    """Whether its deploy removes the other container, as that has its name, and gets all that it has."""
    return KINDS[address.kind].publishes is not None and any(each.what is What.CONTAINER for each in both)


def _refusal(address: Address, other: Address, how: _How, host: Address, both: Sequence[Held], world: World) -> Finding:
    # ports are many, and hide nothing
    names = {each: shown_text(each.name) for each in both if each.what is What.CONTAINER}
    things = listing(in_ranges(f"{each.what.value} {names.get(each, each.name)}" for each in both))
    kinds = [f"another {what.value}" for what in What if any(each.what is what for each in both)]
    ends = "the deploy would fail, and so would every later one"
    if how is _How.DEPLOYED:
        ends = "one of the two would fail, and so would every later deploy of it"
    if KINDS[address.kind].publishes and all(each.what is What.CONTAINER for each in both):
        ends = "each deploy of it would remove that container first"
    go = f"or, if {other} is to give way, take it down first, in Komodo"
    if how is _How.GOES:
        ends = "the deploy would fail, and neither runs until the next apply"
        way = f"in Komodo, or declared with `state: down` and named in `after` of {address}"
        go = f"or, if {other} is to go, take it down first: {way}"
    if how is _How.LEAVES:
        spec, host_kind = KINDS[other.kind], KINDS[host.kind]
        swept = spec.lifecycle.swept_by[0] if spec.lifecycle else ""
        go = f"or have {other} remove it first: `{swept}: [{host_kind.sweeps[0]}]`, and {other} in `after` of {address}"
    elif other in world.desired.resources:
        go = f"or, if {other} is to give way, declare it with `state: down`, and name it in `after` of {address}"
    return Finding(
        "no-room",
        "refusal",
        f"{address} would be deployed on {host} with the {things}, while {other} {how.value} with the same: {ends}",
        "",
        (address, other),
        f"give one of them {listing(kinds)}; {go}",
    )
