"""A file's text with what is needed to point into it."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from komodo_sync.model.data import Unshown
from komodo_sync.model.diagnostic import Diagnostic, Severity, Span
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.source.codes import Code
from komodo_sync.source.masking import (
    masked_line,
    masked_message,
    secret_lines,
    secret_words,
    value_words,
    without_passwords,
    without_words,
)
from komodo_sync.source.words import words_of_manifests

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_BREAKS = re.compile("\r\n|[\n\r]")
_YAMLS_OWN = re.compile("[\x85\u2028\u2029]")  # where YAML alone ends a line
_LONGEST = 300
_BEFORE = 20
"""In so many lines a command may begin that goes on in the one that is shown."""
PLACEHOLDER = re.compile(r"\$?\$\{(env|file|var|each):")
"""Where a `${...}` of ours begins, or its literal, with one `$` more."""


class SourceError(Exception):
    """A text that cannot be read at all; carries its one Diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Source(Unshown, frozen=True, dict=True):
    """`name` is the file as it is shown to the user, `text` its content without a byte order mark, `path` where it
    lies (None for a text that is in no file)."""

    name: str
    text: str
    path: Path | None = None

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends, as editors count them."""
        if self.text.isascii() and "\r" not in self.text:
            return self.text.split("\n")
        return _BREAKS.split(self.text)

    @cached_property
    def interpolates(self) -> bool:
        """Whether there may be a `${...}` of ours in it."""
        return "${" in self.text and PLACEHOLDER.search(self.text) is not None

    @cached_property
    def _secret_lines(self) -> bytes:
        if self.text.isascii():
            return secret_lines(self.lines)
        parts = [_YAMLS_OWN.split(line) for line in self.lines]
        found = iter(secret_lines([part for each in parts for part in each]))
        return bytes(max(next(found) for _ in each) for each in parts)

    @cached_property
    def _secret_words(self) -> frozenset[str]:
        """The words of what a name makes secret: whoever wrote it may have put it into another field, too."""
        inside = (
            line.partition(":")[2] or line
            for line, hidden in zip(self.lines, self._secret_lines, strict=True)
            if hidden
        )
        return frozenset((*secret_words(self.text), *value_words("\n".join(inside)))) - words_of_manifests()

    def span(self, line: int, column: int, length: int = 0) -> Span:
        """A place in this file."""
        return Span(self.name, line, column, length)

    def diagnostic(
        self,
        code: Code,
        message: str,
        line: int,
        column: int,
        *,
        help: str = "",  # noqa: A002 - the word that the user sees
        length: int = 0,
        secret: bool = False,
        severity: Severity = Severity.ERROR,
        key: str = "",
    ) -> Diagnostic:
        """A finding at a place, with the source line; `secret` hides every value on that line. What a parser finds
        missing behind the end of a line or of the file is shown at that end. `key`: a word that stands there as a key
        and is told, whatever is hidden beside it."""
        line = min(line, len(self.lines))
        column = min(column, len(self.lines[line - 1]) + 1)
        hidden = self._secret_words - {key}
        excerpt = self._excerpt(line, column, hidden, secret=secret)
        untold = "" if self.tells(line, column) else self._untold(line, column)
        message, help = (  # noqa: A001
            without_words(masked_message(text, untold, key), hidden, HIDDEN) for text in (message, help)
        )
        return Diagnostic(code.value, severity, message, self.span(line, column, length), help, excerpt)

    def error(self, code: Code, message: str, line: int, column: int, *, help: str = "") -> SourceError:  # noqa: A002
        """The same as an exception, for what makes reading on pointless."""
        return SourceError(self.diagnostic(code, message, line, column, help=help))

    def excerpt(self, line: int, column: int, *, secret: bool = False) -> str:
        """A line as it may be shown with a caret at `column`; `secret` hides every value on it."""
        return self._excerpt(line, column, self._secret_words, secret=secret)

    def _excerpt(self, line: int, column: int, words: Collection[str], *, secret: bool) -> str:
        if not 0 < line <= len(self.lines) or column > _LONGEST:
            return ""
        shown = without_words(self._shown(line, column, secret=secret), words)
        return shown if len(shown) <= _LONGEST + 100 else shown[: _LONGEST + 100] + "…"

    def tells(self, line: int, column: int) -> bool:
        """Whether a message may quote what stands at a place: it is no secret by what is in front of it."""
        written, shown = self.lines[line - 1], self._shown(line, column)
        # a star may stand for a letter, so the first one alone says nothing of an alias
        there = slice(column - 1, column + 2)
        beside = len(written) == len(shown) and written[there] == shown[there] and "*" not in shown[there]
        return beside or shown.startswith(written[: column + 2])

    def shows_key(self, line: int, key: str) -> bool:
        """Whether the line is shown with all that it has of a key, where it does not end at a caret."""
        stands = re.compile(rf"""[{{,]\s*["']?{re.escape(key)}["']?\s*[:=]""")
        written, shown = self.lines[line - 1], self._shown(line, 1)
        return len(stands.findall(shown)) == len(stands.findall(written)) > 0

    def _untold(self, line: int, column: int) -> str:
        """What is not shown of a line, and what follows it: a value may go on there."""
        written, shown = "\n".join(self.lines[line - 1 : line + _BEFORE]), self._shown(line, column)
        alike = takewhile(lambda pair: pair[0] == pair[1], zip(written, shown, strict=False))
        return written[sum(1 for _ in alike) :]

    def _shown(self, line: int, column: int, *, secret: bool = False) -> str:
        hidden = bool(self._secret_lines[line - 1])
        shown = masked_line(self.lines[line - 1], column=column, hidden=hidden, secret=secret)
        return without_passwords(shown, self.lines[max(0, line - _BEFORE) : line - 1])


def read_source(path: Path, name: str) -> Source:
    """The text of a file. Raises SourceError when it cannot be read, is binary or not UTF-8."""
    try:
        if path.exists() and not path.is_file():
            raise _whole_file(Code.UNREADABLE, name, "this is not a regular file", "name a file or a folder of files")
        data = path.read_bytes()
    except OSError as cause:
        reason = (cause.strerror or str(cause)).lower()
        raise _whole_file(Code.UNREADABLE, name, f"the file cannot be read: {reason}", _CHECK) from None
    return source_of_bytes(data, name, path)


_CHECK = "check the name and who may read it"


def source_of_bytes(data: bytes, name: str, path: Path | None = None) -> Source:
    """The same for content that was read already."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _whole_file(Code.NOT_UTF8, name, "the file is UTF-16", "save it as UTF-8")
    if b"\0" in data:
        raise _whole_file(
            Code.BINARY,
            name,
            "the file is binary, not a text",
            "leave it out of the manifests, or give it another ending",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        # the codec counts from behind the byte order mark
        before = data.removeprefix(b"\xef\xbb\xbf")[: cause.start].decode("utf-8")
        lines = _BREAKS.split(before)
        byte = data.removeprefix(b"\xef\xbb\xbf")[cause.start]
        span = Span(name, len(lines), len(lines[-1]) + 1)
        message = f"the file is not UTF-8: byte 0x{byte:02x} does not belong there"
        raise SourceError(Diagnostic(Code.NOT_UTF8, Severity.ERROR, message, span, "save it as UTF-8")) from None
    return Source(name, text, path)


def _whole_file(code: Code, name: str, message: str, help: str) -> SourceError:  # noqa: A002
    return SourceError(Diagnostic(code.value, Severity.ERROR, message, Span(name, 1, 1), help))
