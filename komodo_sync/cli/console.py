"""What a stream can show: colour and width; and what is told on it whatever the command."""

from __future__ import annotations

import codecs
import io
import os
import shutil
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from typing import TYPE_CHECKING, Any, TextIO, cast

import click

from komodo_sync.cli.known import Discreet, known
from komodo_sync.model.data import Data, replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.errors import KomodoSyncError
    from komodo_sync.session import Session

_PIPE_WIDTH = 120

_ASKED = 2
"""Rows that a question takes at most."""


class Style(Data, frozen=True):
    """How to write to a stream. `live`: it is a terminal whose lines may be rewritten. `height`: its rows, where it is
    one and tells them."""

    color: bool
    width: int
    live: bool = False
    height: int | None = None


def stdout_style() -> Style:
    """How to write the result."""
    return _style(sys.stdout)


def stderr_style() -> Style:
    """How to write progress and errors."""
    return _style(sys.stderr)


def error_rows(error: KomodoSyncError, width: int | None) -> list[str]:
    """What is told of it. `width`: of the terminal that shows it, which would cut words in two; None: there is none.
    What is known to be secret is taken out before: no row of it could be found."""
    hint = [f"help: {error.hint}"] if error.hint else []
    lines = [f"error: {error.summary}", *(f"  {line}" for line in error.detail.splitlines()), *hint]
    told = map(known().without_telling, lines)
    return list(told) if width is None else [row for line in told for row in _folded(line, width)]


def _folded(line: str, width: int) -> list[str]:
    """A line in rows that end at blanks; a word that is longer than a row stays whole, to be copied."""
    from textwrap import wrap

    indent = line[: len(line) - len(line.lstrip(" "))]
    if len(line) <= width:
        return [line]
    return wrap(
        line.strip(),
        width,
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def above(error: KomodoSyncError, style: Style) -> Style:
    """How to write what is to be on one screen with the error below it, as far as there is room: that has as many rows
    more as the question whose place it takes has not."""
    if style.height is None:
        return style
    rows = sum(-(-len(row) // style.width) for row in error_rows(error, style.width))
    return replace(style, height=max(style.height - max(rows - _ASKED, 0), 1))


def tell_new(session: Session, *, quiet: bool) -> None:
    """Says that an embedded Core was not there before: its path may be misspelt."""
    if session.new and not quiet:
        click.echo(f"{session.new} is new: an empty embedded Core", err=True)


def unfailing(stream: TextIO) -> TextIO:
    """`stream`, and what it cannot take any more is lost: no command is broken off because nobody reads its progress
    (Ctrl-C ends the tee of `apply 2>&1 | tee log` as well) or the disk under that log is full."""
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)  # not buffered with PYTHONUNBUFFERED
    if type(raw) is not io.FileIO or not isinstance(stream, io.TextIOWrapper):
        return stream
    lossy = io.BufferedWriter(_Lossy(raw.fileno(), "w", closefd=False))
    return io.TextIOWrapper(lossy, encoding=stream.encoding, errors=stream.errors, line_buffering=True)


def whole(stream: TextIO) -> TextIO:
    """`stream`, which writes all of a text or fails. With PYTHONUNBUFFERED Python writes straight to the descriptor,
    and drops in silence what that does not take at once: on a disk that fills up, or in a pipe that nobody reads."""
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(stream.buffer, io.RawIOBase):
        return stream
    kept = io.BufferedWriter(io.FileIO(stream.fileno(), "w", closefd=False))
    return io.TextIOWrapper(kept, encoding=stream.encoding, errors=stream.errors, line_buffering=True)


def discard_output() -> None:
    """What is still to be written to stdout goes nowhere: whoever read it has gone, or the disk under it is full."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def told_to_whoever_reads() -> Iterator[None]:
    """What was done is told by the exit code, also where nobody reads the result any more."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        discard_output()


class _Lossy(io.FileIO):
    """A file to which writing never fails."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError:
            return len(memoryview(data).cast("B"))


@contextmanager
def streams_of_run() -> Iterator[None]:
    """Nothing that the run has learned to be secret is told, whoever writes. In a log of GitHub Actions nothing on
    stderr is a command either: errors show lines of manifests, and what a Core answered."""
    error = cast("TextIO", _Inert(sys.stderr)) if os.environ.get("GITHUB_ACTIONS") == "true" else sys.stderr
    with redirect_stdout(cast("TextIO", Discreet(sys.stdout))), redirect_stderr(cast("TextIO", Discreet(error))):
        yield


def stdout_as_it_is() -> TextIO:
    """Where files are printed that somebody wrote: what stands in them stays."""
    return sys.stdout.stream if isinstance(sys.stdout, Discreet) else sys.stdout


def encodable(stream: TextIO) -> None:
    """What the encoding of `stream` does not know is shown escaped; one of ASCII alone is UTF-8, as click has it."""
    if isinstance(stream, io.TextIOWrapper):
        encoding = "utf-8" if codecs.lookup(stream.encoding).name == "ascii" else stream.encoding
        # one whose descriptor is closed shows nothing anyway
        with suppress(OSError):
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


class _Inert:
    """A stream that passes on all but commands."""

    buffer = None

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        from komodo_sync.report.github import inert

        self._stream.write(inert(text, is_json=False))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _style(stream: TextIO) -> Style:
    terminal = stream.isatty()
    dumb = os.environ.get("TERM") == "dumb"
    forced = bool(os.environ.get("FORCE_COLOR"))
    color = (terminal and not dumb and not os.environ.get("NO_COLOR")) or forced
    width, height = _size(stream) if terminal else (_PIPE_WIDTH, 0)
    return Style(color=color, width=max(width, 20), live=terminal and not dumb, height=height or None)


def _size(stream: TextIO) -> tuple[int, int]:
    """Columns and rows of a terminal; no rows where it does not tell. stdout may be another file than it."""
    try:
        own = os.get_terminal_size(stream.fileno())
    except (OSError, ValueError):
        own = os.terminal_size((0, 0))
    return shutil.get_terminal_size((own.columns or _PIPE_WIDTH, own.lines))
