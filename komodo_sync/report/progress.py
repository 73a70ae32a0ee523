"""One event of an apply as one line, for a log or a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.outcome import Status
from komodo_sync.report.changes import MARKS
from komodo_sync.report.layout import prose

if TYPE_CHECKING:
    from komodo_sync.model.outcome import StepOutcome, Wait
    from komodo_sync.model.plan import Step


def started_line(step: Step) -> str:
    """`create stack/web ...`"""
    return f"{step.action} {prose(str(step.address))} ..."


def finished_line(outcome: StepOutcome, *, number: int, total: int) -> str:
    """`created stack/web (3/12)`, `failed: update stack/web: Core said no (4/12)`; the hint is left to the report."""
    step = outcome.step
    address = prose(str(step.address))
    count = f"({number}/{total})"
    if outcome.status is Status.DONE:
        return f"{MARKS[step.action].done} {address} {count}"
    message = f": {prose(outcome.message)}" if outcome.message else ""
    return f"{outcome.status}: {step.action} {address}{message} {count}"


def waiting_line(step: Step, wait: Wait) -> str:
    """`waiting: stack/web UpdateStack: another action is running on it (35 s so far, at most 5 min)`,
    `stack/web DeployStack is running (2 min so far, at most 30 min)`"""
    line = f"{'' if wait.update else 'waiting: '}{prose(str(step.address))} {prose(wait.why)}"
    if not wait.limit:
        return line
    so_far = f"{_duration(wait.seconds)} so far, " if wait.seconds else ""
    return f"{line} ({so_far}at most {_duration(wait.limit)})"


def _duration(seconds: float) -> str:
    """`35 s`, `2 min 5 s`, `5 min`"""
    minutes, rest = divmod(round(seconds), 60)
    parts = [f"{minutes} min" if minutes else "", f"{rest} s" if rest or not minutes else ""]
    return " ".join(part for part in parts if part)
