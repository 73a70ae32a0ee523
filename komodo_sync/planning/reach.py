"""What is on a server that a plan switches off, or looks for elsewhere: Komodo can do nothing with it from then on, nor
delete it cleanly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action, Effect, Finding, Step
from komodo_sync.planning.deploys.subject import host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from komodo_sync.model.observed import Observed
    from komodo_sync.model.plan import Payload, Resource


def cut_off(deletes: Iterable[Address], observed: Observed, payloads: Mapping[Step, Payload]) -> Iterator[Finding]:
    """A refusal for each delete that stops or removes something on a server which this plan switches off before: Core
    would delete the resource and leave its containers running."""
    for address in deletes:
        live, spec = observed.resources[address], KINDS[address.kind]
        if not spec.stops or (spec.states and live.state not in spec.up):
            continue
        for item in spec.fields().values():
            flag = KINDS[item.ref].reach if item.ref in KINDS else ""
            host = Address(item.ref, str(live.config.get(item.name, "")))
            update = payloads.get(Step(host, Action.UPDATE))
            if flag and update is not None and update.config.get(flag) is False:
                yield Finding(
                    "delete-unreachable",
                    "refusal",
                    f"{address} would be deleted after {host} is switched off ({flag}: false), and what runs of it "
                    f"there would be left behind; delete it first, and switch {host} off in a second apply",
                    "",
                    (address, host),
                    f"leave `{flag}: true` on {host} until {address} is gone",
                )


def switched_off(payloads: Mapping[Step, Payload]) -> frozenset[Address]:
    """What Core does not speak to any more once all this is written."""
    return frozenset(
        step.address
        for step, sent in payloads.items()
        if (flag := KINDS[step.address.kind].reach)
        and step.action is Action.UPDATE
        and sent.config.get(flag) is False
        and sent.seen is not None
        and sent.seen.config.get(flag)
    )


def sought_elsewhere(payloads: Mapping[Step, Payload]) -> frozenset[Address]:
    """What Core looks for at another place once all this is written."""
    return frozenset(
        step.address
        for step, sent in payloads.items()
        if (field := KINDS[step.address.kind].machine)
        and step.action is Action.UPDATE
        and sent.seen is not None
        and field in sent.config
        and sent.config[field] != sent.seen.config.get(field, "")
    )


def with_disconnected(
    resource: Resource, referers: Collection[Address], observed: Observed, payloads: Mapping[Step, Payload]
) -> Resource:
    """A resource that is switched off, or sought elsewhere, and says what is on it: those of its `referers` that say
    where they run."""
    there = sorted(address for address in referers if KINDS[address.kind].hosts)
    if resource.address not in switched_off(payloads):
        return _with(
            resource, [each for each in there if _is_on(resource.address, each, observed, payloads)], _elsewhere
        )
    return _with(resource, there, _off)


def _with(resource: Resource, there: Sequence[Address], detail: Callable[[Address, bool], str]) -> Resource:
    if not there:
        return resource
    many = len(there) > 1
    names = ", ".join(map(str, there))
    subject = f"{len(there)} resources ({names})" if many else names
    effect = Effect("disconnects", subject, detail(resource.address, many))
    changes = (
        replace(change, effects=(*change.effects, effect)) if change.action is Action.UPDATE else change
        for change in resource.changes
    )
    return replace(resource, changes=tuple(changes))


def _off(host: Address, many: bool) -> str:
    are = "they are" if many else "it is"
    return f"{are} left as {are} there, and can neither be watched, deployed nor stopped until {host} is enabled again"


def _elsewhere(host: Address, many: bool) -> str:
    return (
        f"{host} is looked for at another {KINDS[host.kind].machine}: where that is another machine, what "
        f"{'they have' if many else 'it has'} on the one of before stays there, unmanaged"
    )


def _is_on(host: Address, address: Address, observed: Observed, payloads: Mapping[Step, Payload]) -> bool:
    """Whether something of it is, or may be, on the host already."""
    renamed = payloads.get(Step(address, Action.RENAME))
    live = observed.resources.get(address._replace(name=renamed.previous) if renamed else address)
    spec = KINDS[address.kind]
    down = spec.lifecycle.down if spec.lifecycle else frozenset()
    return live is not None and host_of(spec, live.config) == host and live.state not in down
