"""The events of an apply, written as they happen: to stdout with `--format ndjson`, to a file with `--report`."""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, TextIO, cast

from komodo_sync.cli.known import Discreet
from komodo_sync.cli.writing import check_reports
from komodo_sync.errors import KomodoSyncError
from komodo_sync.report.events import (
    finding_event,
    finished_event,
    note_event,
    outcome_event,
    plan_events,
    started_event,
    waiting_event,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.cli.options import OutputOptions
    from komodo_sync.cli.progress import Progress
    from komodo_sync.model.outcome import Outcome, StepOutcome, Wait
    from komodo_sync.model.plan import Plan, Step

EVENTS = "ndjson"
"""The format that is written while an apply goes on."""


class Events:
    """A listener that passes on what it hears to another one, and writes it down before. Where nobody reads any more,
    it goes on without: what is told is no reason to end an apply."""

    def __init__(self, streams: tuple[TextIO, ...]) -> None:
        self._streams = streams
        self._lock = threading.Lock()
        self._behind: Progress | None = None
        self._planned = False

    def before(self, progress: Progress) -> Events:
        """This listener, in front of another."""
        self._behind = progress
        return self

    def plan(self, plan: Plan) -> None:
        """What is to be done."""
        self._planned = True
        for line in plan_events(plan) if self._streams else ():
            self._write(line)

    def refused(self, outcome: Outcome) -> None:
        """Nothing of it is done, and why."""
        if not self._planned:
            self.plan(outcome.plan)
        for finding in outcome.refused:
            if finding not in outcome.plan.findings:
                self._write(finding_event(finding))

    def outcome(self, outcome: Outcome) -> None:
        """How it ended."""
        self._write(outcome_event(outcome))

    def started(self, step: Step) -> None:
        """Passed on."""
        self._write(started_event(step))
        if self._behind:
            self._behind.started(step)

    def waiting(self, step: Step, wait: Wait) -> None:
        """Passed on."""
        self._write(waiting_event(step, wait))
        if self._behind:
            self._behind.waiting(step, wait)

    def finished(self, outcome: StepOutcome) -> None:
        """Passed on."""
        self._write(finished_event(outcome))
        if self._behind:
            self._behind.finished(outcome)

    def note(self, text: str) -> None:
        """Passed on."""
        self._write(note_event(text))
        if self._behind:
            self._behind.note(text)

    def _write(self, line: str) -> None:
        with self._lock:
            for stream in self._streams:
                with suppress(OSError, ValueError):
                    stream.write(line)
                    stream.flush()


@contextmanager
def open_events(output: OutputOptions, formats: tuple[str, ...]) -> Iterator[Events]:
    """Where the events go, for as long as the block runs. Raises KomodoSyncError for a file that cannot be written."""
    with ExitStack() as stack:
        streams: list[TextIO] = [sys.stdout] if output.format == EVENTS else []
        for name, path in check_reports(output, formats):
            if name == EVENTS:
                try:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    file = stack.enter_context(path.open("w", encoding="utf-8"))
                    streams.append(cast("TextIO", Discreet(file)))
                except OSError as error:
                    reason = error.strerror or ""
                    raise KomodoSyncError(
                        f"{path} cannot be written", detail=reason, hint="name another file"
                    ) from None
        yield Events(tuple(streams))
