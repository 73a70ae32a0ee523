"""Listeners on stderr: lines, a live bar, silence; from many threads, on streams that may be gone."""

from __future__ import annotations

import io
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TextIO

import pytest

from komodo_sync.cli.progress import Lines, Live, Progress, Quiet, open_progress
from komodo_sync.model.address import Address
from komodo_sync.model.outcome import Status, StepOutcome, Wait
from komodo_sync.model.plan import Action, Step

WEB = Step(Address("stack", "web"), Action.CREATE)
DB = Step(Address("stack", "db\x1b[2J"), Action.DEPLOY)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Gone(Terminal):
    def write(self, text: str) -> int:
        raise BrokenPipeError


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)


def play(progress: Progress) -> None:
    progress.start(1)
    progress.start(2)  # said again when it is known better
    progress.started(WEB)
    progress.started(DB)
    progress.waiting(DB, Wait("is busy"))
    progress.waiting(DB, Wait("is busy"))
    progress.finished(StepOutcome(WEB, Status.DONE))
    progress.note("3 more failures are allowed")
    progress.finished(StepOutcome(DB, Status.FAILED, "no\nroom"))
    progress.close()


def test_in_a_pipe_each_end_is_a_line_and_each_wait_is_said_once() -> None:
    stream = io.StringIO()
    play(Lines(stream))
    assert stream.getvalue().splitlines() == [
        "waiting: stack/db\\x1b[2J is busy",
        "created stack/web (1/2)",
        "3 more failures are allowed",
        "failed: deploy stack/db\\x1b[2J: no room (2/2)",
    ]


def test_a_long_wait_says_how_long_it_has_lasted_and_may_last() -> None:
    stream = io.StringIO()
    progress = Lines(stream)
    for seconds in range(0, 96, 5):
        progress.waiting(WEB, Wait("is busy", seconds, 297.5))
    assert stream.getvalue().splitlines() == [
        "waiting: stack/web is busy (at most 4 min 58 s)",
        "waiting: stack/web is busy (30 s so far, at most 4 min 58 s)",
        "waiting: stack/web is busy (1 min so far, at most 4 min 58 s)",
        "waiting: stack/web is busy (1 min 30 s so far, at most 4 min 58 s)",
    ]


def test_what_the_core_does_is_told_once_it_takes_its_time() -> None:
    stream = io.StringIO()
    progress = Lines(stream)
    for seconds in range(0, 76, 5):
        progress.waiting(WEB, Wait("DeployStack is running", seconds, 1800.0, "6b03dd61"))
    assert stream.getvalue().splitlines() == [
        "stack/web DeployStack is running (10 s so far, at most 30 min)",
        "stack/web DeployStack is running (40 s so far, at most 30 min)",
        "stack/web DeployStack is running (1 min 10 s so far, at most 30 min)",
    ]


def test_on_a_terminal_a_wait_is_shown_as_it_grows() -> None:
    stream = Terminal()
    live = Live(stream)
    live.start(1)
    for seconds in (0, 5, 10):
        live.waiting(WEB, Wait("is busy", seconds, 300))
        live._bar.refresh()
    live.close()
    assert "is busy (10 s so far, at most 5 min)" in stream.getvalue()


def test_on_a_terminal_the_lines_stay_above_the_bar(capsys: pytest.CaptureFixture[str]) -> None:
    stream = Terminal()
    play(Live(stream))
    text = stream.getvalue()
    assert text.index("created stack/web (1/2)") < text.index("failed: deploy stack/db\\x1b[2J: no room (2/2)")
    assert "\x1b[2J" not in text
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l"), "the cursor is back"
    assert capsys.readouterr() == ("", "")


def test_stdout_is_left_alone_while_the_bar_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    stream = Terminal()
    live = Live(stream)
    live.start(1)
    sys.stdout.write("the result\n")
    live.close()
    assert capsys.readouterr().out == "the result\n"
    assert "the result" not in stream.getvalue()


@pytest.mark.parametrize("kind", [Lines, Live])
def test_a_stream_that_is_gone_does_not_stop_the_apply(kind: type[Lines] | type[Live]) -> None:
    play(kind(Gone()))
    closed = Terminal()
    progress = kind(closed)
    closed.close()
    play(progress)
    assert closed.closed


@pytest.mark.parametrize("kind", [Lines, Live])
def test_steps_end_in_many_threads_and_each_gets_its_own_number(kind: type[Lines] | type[Live]) -> None:
    stream = Terminal()
    progress = kind(stream)
    progress.start(50)
    steps = [Step(Address("stack", f"s{number}"), Action.UPDATE) for number in range(50)]

    def run(step: Step) -> None:
        progress.started(step)
        progress.finished(StepOutcome(step, Status.DONE))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(run, steps))
    progress.close()
    assert all(stream.getvalue().count(f"({number}/50)") == 1 for number in range(1, 51))


def test_quiet_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    play(Quiet())
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("stream", "quiet", "kind"), [(Terminal(), False, Live), (io.StringIO(), False, Lines), (Terminal(), True, Quiet)]
)
def test_the_listener_fits_the_stream(
    monkeypatch: pytest.MonkeyPatch, stream: TextIO, quiet: bool, kind: type[Progress]
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with open_progress(2, quiet=quiet) as progress:
        assert isinstance(progress, kind)


def test_a_dumb_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr(sys, "stderr", Terminal())
    with open_progress(1, quiet=False) as progress:
        assert isinstance(progress, Lines)


def test_the_bar_goes_when_the_apply_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with pytest.raises(KeyboardInterrupt), open_progress(1, quiet=False):
        raise KeyboardInterrupt
    assert stream.getvalue().rindex("\x1b[?25h") > stream.getvalue().rindex("\x1b[?25l")
