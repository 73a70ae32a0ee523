"""Whether anything of what leaves its host is there: what nobody can take down is not left behind in silence."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.planning.deploys.subject import host_of

if TYPE_CHECKING:
    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import Live, Running


class Trace(Enum):
    """THERE: its containers are, in whatever state; GONE: nothing of it is; DOUBT: nobody can tell, and it was deployed
    there."""

    THERE = "there"
    GONE = "gone"
    DOUBT = "doubt"


NO_CONTAINER = " (it shows no container at all, as when its docker is down)"


def trace_of(live: ObservedResource, known: Live) -> Trace:
    """What is on the host of `live`, as far as is `known`. A server whose docker is down answers, and shows nothing."""
    spec, facts = KINDS[live.address.kind], known.resources.get(live.address)
    lifecycle, host = spec.lifecycle, host_of(spec, live.config)
    if lifecycle is None or not lifecycle.destroy or host is None:
        return Trace.GONE
    if live.state in spec.up:
        return Trace.THERE
    history = facts.history if facts else None
    if history is not None and history.gone:
        return Trace.GONE
    if live.state in lifecycle.down:
        ran = history is not None and history.good is not None and history.failed is None
        return Trace.DOUBT if ran and shows_nothing(host, known) else Trace.GONE
    return Trace.DOUBT if _was_deployed(live, facts) else Trace.GONE


def shows_nothing(host: Address, known: Live) -> bool:
    """Whether it is a server without any container, as far as it says."""
    return bool(KINDS[host.kind].reached) and host.name in known.bare


def _was_deployed(live: ObservedResource, facts: Running | None) -> bool:
    if live.project or live.services:
        return True
    history = facts.history if facts else None
    return (facts is not None and facts.deployed is not None) or bool(history and (history.good or history.failed))
