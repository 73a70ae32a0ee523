"""One event of an apply as one line, for a log or a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.outcome import Status
from komodo_sync.report.changes import MARKS
from komodo_sync.report.layout import prose

if TYPE_CHECKING:
    from komodo_sync.model.outcome import StepOutcome
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


def waiting_line(step: Step, why: str) -> str:
    """`waiting: stack/web is busy`"""
    return f"waiting: {prose(str(step.address))} {prose(why)}"
