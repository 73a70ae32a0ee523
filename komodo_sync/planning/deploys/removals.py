"""What runs is taken down before it is deleted: Core deletes it even when that fails, and orphans the containers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Action, Change, Effect, Execution, Finding, Payload
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.texts.services import services_of
from komodo_sync.planning.deploys.traces import NO_CONTAINER, Trace, shows_nothing
from komodo_sync.planning.timeouts import timeout_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import Live


def removal(live: ObservedResource, stay: str, lead: str = "") -> Effect:
    """What taking `live` down does to what is there of it: it stops, or is removed where it does not run. `stay`: what
    stays, for the end of the sentence; `lead`: its beginning."""
    spec = KINDS[live.address.kind]
    stopped = spec.lifecycle is not None and live.state in spec.lifecycle.stopped
    kind, does = ("removes", "its containers are removed") if stopped else ("stops", spec.stops)
    return Effect(kind, services_of(live), f"{lead}{does}{stay}")


def taken_down(live: ObservedResource, timeouts: Mapping[str, float]) -> tuple[Change, Payload]:
    """The step before the delete of `live`, of which something is there."""
    lifecycle = KINDS[live.address.kind].lifecycle
    assert lifecycle is not None
    change = Change(Action.DESTROY, "before it is deleted: only when this succeeds")
    execution = Execution(lifecycle.destroy, lifecycle.subject, timeout=timeout_of(live.address, timeouts))
    return change, Payload(live.address, Action.DESTROY, live.id, execution=execution)


def detached(live: ObservedResource, trace: Trace) -> Effect:
    """What `delete: keep_running` means for what is there, or may be."""
    what = "its containers run" if trace is Trace.THERE else "what may run of it runs"
    detail = f"it is taken off its server first; {what} on, unmanaged (delete: keep_running)"
    return Effect("leaves", services_of(live) if trace is Trace.THERE else "", detail)


def left_running(doubtful: Iterable[ObservedResource], known: Live) -> Iterator[Finding]:
    """A refusal for each host on which what is to be deleted may run, and cannot be taken down."""
    hosts: dict[Address, list[Address]] = {}
    for live in doubtful:
        host = host_of(KINDS[live.address.kind], live.config)
        assert host is not None
        hosts.setdefault(host, []).append(live.address)
    for host, addresses in sorted(hosts.items()):
        places = tuple(sorted(addresses))
        told, it = (f"{places[0]}", "it") if len(places) == 1 else (f"{len(places)} resources", "them")
        why = NO_CONTAINER if shows_nothing(host, known) else ""
        message = (
            f"{told} would be deleted where the Core can neither tell what of {it} runs nor take it down: {host}{why}"
        )
        hint = f"bring {host} back first; or allow that what runs there is left behind, unmanaged"
        yield Finding("delete-unreachable", "refusal", message, "--abandon-old", places, hint)
