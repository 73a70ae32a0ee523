"""In what condition something is: Core's words for states, told apart by what they mean for a deploy."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from komodo_sync.planning.deploys.subject import Subject


class Condition(Enum):
    """RUNNING as declared; AILING: some of it does not run; PAUSED; STOPPED: its containers are there; DOWN: nothing of
    it is there; BUSY: something is being done to it; UNKNOWN: nobody can tell; STATELESS: it is of a kind that does not
    run (builds, repos)."""

    RUNNING = "running"
    AILING = "ailing"
    PAUSED = "paused"
    STOPPED = "stopped"
    DOWN = "down"
    BUSY = "busy"
    UNKNOWN = "unknown"
    STATELESS = "stateless"


THERE = frozenset({Condition.RUNNING, Condition.AILING, Condition.PAUSED, Condition.STOPPED})
"""Conditions in which its containers are there."""


def condition_of(subject: Subject) -> Condition:
    """The condition of what is live. What has no host has nothing that Core could stop or start."""
    lifecycle, live = subject.lifecycle, subject.live
    state = live.state if live else ""
    if state in lifecycle.busy:
        return Condition.BUSY
    if not subject.spec.states:
        return Condition.STATELESS
    if live is None or subject.old_host is None:
        return Condition.DOWN
    for condition, states in (
        (Condition.RUNNING, lifecycle.running),
        (Condition.AILING, lifecycle.ailing),
        (Condition.PAUSED, lifecycle.paused),
        (Condition.STOPPED, lifecycle.stopped),
        (Condition.DOWN, lifecycle.down),
    ):
        if state in states:
            return condition
    return Condition.UNKNOWN
