"""What does not run and is left so, because somebody wanted it so: said, so that green is not taken for running."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Finding
from komodo_sync.planning.deploys.condition import Condition
from komodo_sync.planning.deploys.subject import when

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.running import Event
    from komodo_sync.planning.deploys.subject import Subject, World

_UNFINISHED = (
    "where that was a move that did not finish, declare `state: running` once, or deploy it in Komodo; where it is to "
    "be down, declare `state: down`"
)


def left_alone(subject: Subject, condition: Condition, world: World) -> Iterator[Finding]:
    """A note where it is to be deployed, does not run, and no state is declared; a warning where it was deployed, and
    nobody is known to have wanted it not to run, or where it may be an apply that took it down."""
    item, live = subject.item, subject.live
    if not item.deploy or item.state or live is None:
        return
    if _ended(subject, condition):
        state = live.state.replace("_", " ")
        message = f"{item.address} was deployed and does not run: it is {state}, and nobody stopped it in Komodo"
        yield Finding("not-running", "warning", message, "", (item.address,), _hint(subject, condition))
        return
    if condition not in (Condition.STOPPED, Condition.PAUSED, Condition.DOWN):
        return
    if condition is Condition.DOWN and (ours := taken_down_by_us(subject, world)):
        who = f"{ours.user or world.observed.user}, whose key this is, took it down on {when(ours.at)}"
        yield Finding("left-stopped", "warning", f"{item.address} is down: {who}", "", (item.address,), _UNFINISHED)
        return
    message = f"{item.address} is {live.state.replace('_', ' ')} and is left so{_by(subject)}"
    hint = "what somebody stopped or took down is not started: declare `state: running`, or start it in Komodo"
    yield Finding("left-stopped", "note", message, "", (item.address,), hint)


def taken_down_by_us(subject: Subject, world: World) -> Event | None:
    """That the user of this key took it down: on purpose, or by an apply that did so for a move. They look the same."""
    stopped, me = _stopped(subject), world.observed.user_id
    return stopped if stopped and me and stopped.by == me and stopped.operation == subject.lifecycle.destroy else None


def as_left(subject: Subject) -> str:
    """How it is, of what is left so, and who wanted that."""
    state = subject.live.state.replace("_", " ") if subject.live else "not there"
    return f"it is {state} by now, and is left so{_by(subject)}"


def _by(subject: Subject) -> str:
    stopped = _stopped(subject)
    by = f", by {stopped.user}" if stopped and stopped.user else ""
    return f" ({stopped.operation}, {when(stopped.at)}{by})" if stopped else ""


def _stopped(subject: Subject) -> Event | None:
    history = subject.running.history
    return history.stopped if history else None


def _ended(subject: Subject, condition: Condition) -> bool:
    """Whether it, or a part of it, has ended by itself, and was not to."""
    history, lifecycle, live = subject.running.history, subject.lifecycle, subject.live
    if condition not in (Condition.AILING, Condition.STOPPED, Condition.DOWN) or live is None:
        return False
    if history is None or history.good is None or history.stopped is not None:
        return False
    field, once = lifecycle.once
    if field and subject.item.config.get(field) == once:
        return False
    uncounted = lifecycle.may_end(subject.config)
    return uncounted is not None and not (live.services and set(live.services) <= uncounted)


def _hint(subject: Subject, condition: Condition) -> str:
    lifecycle = subject.lifecycle
    by_itself = f"`{lifecycle.uncounted}`" if lifecycle.uncounted else "`{}: {}`".format(*lifecycle.once)
    # of what is not there Komodo has no log
    first = (
        "deploy it in Komodo, or declare `state: running`, which does"
        if condition is Condition.DOWN
        else "see its log in Komodo"
    )
    return f"{first}; {by_itself} is for what is to end by itself, `state: stopped` for what is not to run"
