"""Whether anything of what leaves its host is there: what nobody can take down is not left behind in silence."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.planning.deploys.subject import host_of

if TYPE_CHECKING:
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import Running


class Trace(Enum):
    """THERE: its containers are, in whatever state; GONE: nothing of it is; DOUBT: nobody can tell, and it was deployed
    there."""

    THERE = "there"
    GONE = "gone"
    DOUBT = "doubt"


def trace_of(live: ObservedResource, facts: Running | None = None) -> Trace:
    """What is on the host of `live`. `facts`: what else is known of it, if anybody asked."""
    spec = KINDS[live.address.kind]
    lifecycle = spec.lifecycle
    if lifecycle is None or not lifecycle.destroy or host_of(spec, live.config) is None:
        return Trace.GONE
    if live.state in spec.up:
        return Trace.THERE
    if live.state in lifecycle.down:
        return Trace.GONE
    return Trace.DOUBT if _was_deployed(live, facts) else Trace.GONE


def _was_deployed(live: ObservedResource, facts: Running | None) -> bool:
    if live.project or live.services:
        return True
    history = facts.history if facts else None
    return (facts is not None and facts.deployed is not None) or bool(history and (history.good or history.failed))
