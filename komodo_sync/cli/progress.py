"""What an apply is doing, on stderr while it does it: live on a terminal, lines in a pipe, nothing when quiet.

Three listeners of one shape. Steps run in several threads, so each call is one locked piece. Progress is no reason to
fail: a stream that is closed or gone is left alone.
"""

from __future__ import annotations

import io
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Protocol, TextIO, cast

from komodo_sync.cli.console import stderr_style
from komodo_sync.report.layout import prose
from komodo_sync.report.progress import finished_line, started_line, waiting_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.outcome import StepOutcome, Wait
    from komodo_sync.model.plan import Step


AGAIN_AFTER = 30.0
"""Seconds after which a wait that goes on is told again, line by line."""
QUIETLY_FOR = 10.0
"""Seconds for which what the Core does is not worth a line."""


class Progress(Protocol):
    """A listener, from `start` with the number of steps to `close`."""

    def start(self, total: int) -> None: ...
    def started(self, step: Step) -> None: ...
    def waiting(self, step: Step, wait: Wait) -> None: ...
    def finished(self, outcome: StepOutcome) -> None: ...
    def note(self, text: str) -> None: ...
    def close(self) -> None: ...


@contextmanager
def open_progress(total: int, *, quiet: bool) -> Iterator[Progress]:
    """A listener on stderr for `total` steps, for as long as the block runs."""
    progress = _listener(quiet=quiet)
    progress.start(total)
    try:
        yield progress
    finally:
        progress.close()


def _listener(*, quiet: bool) -> Progress:
    if quiet:
        return Quiet()
    return Live(sys.stderr) if stderr_style().live else Lines(sys.stderr)


class _Lasting(io.TextIOBase):
    """A stream that takes everything, also when the one behind it is closed or its reader has gone: rich would end the
    process at a broken pipe, in the middle of an apply."""

    def __init__(self, stream: TextIO) -> None:
        self._behind = stream
        self._terminal = stream.isatty()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._behind.encoding or "utf-8"

    def isatty(self) -> bool:
        return self._terminal

    def fileno(self) -> int:
        return self._behind.fileno()

    def write(self, text: str) -> int:
        with suppress(OSError, ValueError):
            self._behind.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._behind.flush()


class Quiet:
    """Says nothing."""

    def start(self, total: int) -> None:
        """Nothing."""

    def started(self, step: Step) -> None:
        """Nothing."""

    def waiting(self, step: Step, wait: Wait) -> None:
        """Nothing."""

    def finished(self, outcome: StepOutcome) -> None:
        """Nothing."""

    def note(self, text: str) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Lines:
    """A line for each step that ended, each wait (again while it lasts) and each note; beginnings are left out."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = _Lasting(stream)
        self._lock = threading.Lock()
        self._total = 0
        self._ended = 0
        self._waits: dict[Step, Wait] = {}

    def start(self, total: int) -> None:
        """Before the first step."""
        with self._lock:
            self._total, self._ended = total, 0

    def started(self, step: Step) -> None:
        """Not worth a line of its own: its end follows."""

    def waiting(self, step: Step, wait: Wait) -> None:
        """Said once for each reason, and again now and then, however often it is tried."""
        if wait.update and wait.seconds < QUIETLY_FOR:
            return
        with self._lock:
            told = self._waits.get(step)
            if told is None or told.why != wait.why or wait.seconds - told.seconds >= AGAIN_AFTER:
                self._waits[step] = wait
                self._write(waiting_line(step, wait))

    def finished(self, outcome: StepOutcome) -> None:
        """A step ended, one way or another."""
        with self._lock:
            self._ended += 1
            self._waits.pop(outcome.step, None)
            self._write(finished_line(outcome, number=self._ended, total=self._total))

    def note(self, text: str) -> None:
        """Something about the whole run."""
        with self._lock:
            self._write(prose(text))

    def close(self) -> None:
        """After the last step."""

    def _write(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()


class Live:
    """A bar with what runs and what waits, and a line above it for each step that ended. The lines stay after
    `close`, the bar does not."""

    def __init__(self, stream: TextIO) -> None:
        # rich takes a tenth of a second to load, and only an apply on a terminal shows it
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as Bar

        self._console = Console(file=cast("TextIO", _Lasting(stream)), highlight=False, markup=False, emoji=False)
        running = TextColumn("{task.fields[running]}", markup=False)
        columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), running)
        # stdout is the result's alone, also when something is printed there meanwhile
        self._bar = Bar(*columns, console=self._console, transient=True, redirect_stdout=False)
        self._lock = threading.Lock()
        self._task: Any = None
        self._total = 0
        self._ended = 0
        self._running: dict[Step, str] = {}

    def start(self, total: int) -> None:
        """Before the first step."""
        with self._lock:
            self._total, self._ended = total, 0
            if self._task is None:
                self._task = self._bar.add_task("", total=total, running="")
                self._bar.start()
            else:
                self._bar.update(self._task, total=total, completed=0)

    def started(self, step: Step) -> None:
        """It appears beside the bar."""
        with self._lock:
            self._running[step] = started_line(step)
            self._show()

    def waiting(self, step: Step, wait: Wait) -> None:
        """What runs becomes what waits."""
        with self._lock:
            self._running[step] = waiting_line(step, wait)
            self._show()

    def finished(self, outcome: StepOutcome) -> None:
        """A line above the bar, and the bar moves."""
        with self._lock:
            self._ended += 1
            self._running.pop(outcome.step, None)
            self._print(finished_line(outcome, number=self._ended, total=self._total))
            self._show()

    def note(self, text: str) -> None:
        """A line above the bar."""
        with self._lock:
            self._print(prose(text))

    def close(self) -> None:
        """The bar goes; the cursor is back."""
        with self._lock:
            self._bar.stop()

    def _print(self, line: str) -> None:
        self._console.print(line, soft_wrap=True)

    def _show(self) -> None:
        if self._task is None:
            return
        first, *others = [*self._running.values(), ""]
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        self._bar.update(self._task, completed=self._ended, running=f"{first}{more}")
