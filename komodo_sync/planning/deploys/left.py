"""What does not run and is left so, because somebody wanted it so: said, so that green is not taken for running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Finding
from komodo_sync.planning.deploys.condition import Condition
from komodo_sync.planning.deploys.subject import when

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.planning.deploys.subject import Subject


def left_alone(subject: Subject, condition: Condition) -> Iterator[Finding]:
    """A note where it is to be deployed, does not run, and no state is declared."""
    item, live = subject.item, subject.live
    if not item.deploy or item.state or live is None:
        return
    if condition not in (Condition.STOPPED, Condition.PAUSED, Condition.DOWN):
        return
    history = subject.running.history
    stopped = history.stopped if history else None
    by = f" ({stopped.operation}, {when(stopped.at)})" if stopped else ""
    message = f"{item.address} is {live.state.replace('_', ' ')} and is left so{by}"
    hint = "what somebody stopped or took down is not started: declare `state: running`, or start it in Komodo"
    yield Finding("left-stopped", "note", message, "", (item.address,), hint)
