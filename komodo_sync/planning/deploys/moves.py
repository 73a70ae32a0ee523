"""What leaves a host is taken down there first: Core would leave it running, unmanaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Action, Change, Finding, Step
from komodo_sync.planning.deploys.choice import HELD
from komodo_sync.planning.deploys.losses.moved import left_on
from komodo_sync.planning.deploys.losses.volumes import deployed_config
from komodo_sync.planning.deploys.removals import removal
from komodo_sync.planning.deploys.texts.interpolated import interpolated
from komodo_sync.planning.deploys.traces import NO_CONTAINER, shows_nothing
from komodo_sync.planning.ownership import owners

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import Live
    from komodo_sync.planning.deploys.subject import Subject, World
    from komodo_sync.planning.options import Options


def may_leave(
    desired: Desired, resources: Mapping[Address, ObservedResource], options: Options
) -> Iterator[ObservedResource]:
    """What is live and may be about to leave its host, deleted or moved, or to be left there, forgotten, so that it is
    worth asking what is there."""
    gone = {item.address for item in desired.absent}
    yield from (resources[address] for address in gone if address in resources)
    forgotten = (resources[item.address] for item in desired.forget if item.address in resources)
    yield from (live for live in forgotten if options.owner in owners(live.tags) and live.address not in gone)
    if options.prune and options.owner:
        for address, live in resources.items():
            if address not in gone and address not in desired.resources and options.owner in owners(live.tags):
                yield live
    for address, item in desired.resources.items():
        spec = KINDS[address.kind]
        if spec.lifecycle is None or not spec.lifecycle.destroy or not options.selects(address):
            continue
        old = address._replace(name=item.renamed_from) if item.renamed_from else address
        held = resources.get(address) or resources.get(old)
        keeps = (item.omitted_fields or options.omitted_fields) == "keep"
        if held is not None and any(
            held.config.get(name) and item.config.get(name, held.config[name] if keeps else "") != held.config[name]
            for name in spec.hosts
            if f"config.{name}" not in item.ignore
        ):
            yield held


def leaving(subject: Subject, world: World) -> Change | None:
    """The step that takes down on its old host what is there."""
    assert subject.live is not None
    assert subject.old_host is not None
    stay = left_on(subject.spec, deployed_config(interpolated(subject, world)), subject.old_host)
    to = f" for {subject.host}" if subject.host else ""
    return Change(Action.DESTROY, f"it leaves {subject.old_host}{to}", effects=(removal(subject.live, stay),))


def cannot_leave(subject: Subject, known: Live) -> Finding:
    """A refusal where what may run on the old host cannot be taken down."""
    old = subject.old_host
    assert old is not None
    message = f"{subject.address} would leave {old}, where the Core can neither tell what of it runs nor take it down"
    hint = f"bring {old} back first; or allow that what runs there is left behind, unmanaged"
    if shows_nothing(old, known):
        message += NO_CONTAINER
    return Finding("move-unreachable", "refusal", message, "--abandon-old", (subject.address,), hint)


def nowhere_to_go(subject: Subject, why: str) -> Finding:
    """A refusal where it would be taken down, and could not be deployed where it moves to."""
    return Finding(
        "move-unreachable",
        "refusal",
        f"{subject.address} would be taken down on {subject.old_host}, and could not be deployed again: {why}",
        "",
        (subject.address,),
        f"see to that first, and move it then; or declare it on {subject.old_host}, where it is, until then",
    )


def is_not_connected(host: Address | None, world: World) -> bool:
    """Whether this plan makes it one of which the Core does not know where it is: its agent has to connect."""
    field = KINDS[host.kind].machine if host else ""
    if host is None or not field or world.config_of(host).get(field):
        return False
    update = world.payloads.get(Step(host, Action.UPDATE))
    return world.writes(host, Action.CREATE) or (update is not None and field in update.config)


def not_connected(found: Mapping[str, Sequence[Address]]) -> Iterator[Finding]:
    """A warning for each such host to which something moves."""
    for host, addresses in sorted(found.items()):
        places = tuple(sorted(addresses))
        told = f"{places[0]} moves" if len(places) == 1 else f"{len(places)} resources move"
        message = (
            f"{told} to {host}, to which this plan gives no address: the Core reaches it only once its agent has "
            "connected by itself; where it has not, nothing is taken down, and apply fails"
        )
        hint = f"apply {host} alone first, see that it is reached, and move in a second apply"
        yield Finding("move-unreachable", "warning", message, "", places, hint)


def not_started(subject: Subject) -> Iterator[Finding]:
    """A warning where it is taken down, and this plan starts it nowhere; not where that is what is declared."""
    item, old, new = subject.item, subject.old_host, subject.host
    if item.state in HELD:
        return
    hosts = " or ".join(name.removesuffix("_id") for name in reversed(subject.spec.hosts))
    then = f"nothing starts it on {new}" if new else f"has no {hosts} any more"
    stopped = "what somebody stopped is not started: declare `state: running` to have it run there"
    never = "declare `deploy: true` or `state: running` to have it started there"
    ways = [(stopped if item.deploy else never)] if new else []
    hint = "; or ".join([*ways, f"leave it running on {old} with --abandon-old, unmanaged"])
    yield Finding(
        "not-started", "warning", f"{item.address} is taken down on {old}, and {then}", "", (item.address,), hint
    )
