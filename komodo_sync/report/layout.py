"""Rows of text of a given width, in which no value can pass for a row of ours.

All text goes through `safe`: what moves a cursor, ends a line, reorders or hides is shown as its escape. Rows that a
value was folded into begin with `| `. Prose is folded at words and indented.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from itertools import islice, takewhile
from typing import TYPE_CHECKING, TypeAlias

from komodo_sync.model.sealed import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_WIDTH = 20
CONTINUED = "| "
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TOKEN = re.compile(r" +|[^ ]+")


class Style(StrEnum):
    """SGR parameters of a terminal; PLAIN writes none."""

    PLAIN = ""
    BOLD = "1"
    DIM = "2"
    RED = "31"
    GREEN = "32"
    YELLOW = "33"
    CYAN = "36"
    LOUD = "1;31"


Run: TypeAlias = tuple[str, Style]


def safe(text: str) -> str:
    r"""`text` on one line of a terminal as it reads: what is not printable (control characters, escapes, line and
    paragraph separators, marks that reorder or take no room) becomes `\n`, `\x1b`, `\u202e`. Idempotent."""
    return text if text.isprintable() else "".join(c if c.isprintable() else _escape(c) for c in text)


def _escape(char: str) -> str:
    code = ord(char)
    if char in _NAMED:
        return _NAMED[char]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def prose(text: str) -> str:
    """`text` as one sentence: every stretch of white space is one space."""
    return safe(" ".join(text.split()))


def cells(text: str) -> int:
    """The columns that printable text takes: 2 for wide characters, 0 for combining ones."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def _cell(char: str) -> int:
    if unicodedata.east_asian_width(char) in "WF":
        return 2
    return 0 if unicodedata.category(char) in ("Mn", "Me") else 1


def pad(text: str, columns: int) -> str:
    """`text` filled with spaces; longer text stays as it is."""
    return text + " " * (columns - cells(text))


def fold(text: str, columns: int) -> list[str]:
    """`text` in pieces of at most `columns` (at least 2), none of it lost; cut after a space where one is near."""
    if cells(text) <= columns:
        return [text]
    pieces: list[str] = []
    start = used = 0
    for index, char in enumerate(text):
        width = _cell(char)
        if used + width > columns:
            space = text.rfind(" ", start + (index - start) // 2, index)
            cut = _outside(text, start, index) if space < 0 else space + 1
            pieces.append(text[start:cut])
            start = cut
            used = cells(text[start:index])
        used += width
    pieces.append(text[start:])
    return pieces


def squeezed(text: str, columns: int) -> str:
    """`text` in at most `columns` (at least 2): where it is longer its beginning and its end, by which it is told from
    others."""
    if cells(text) <= columns:
        return text
    head, tail = "", ""
    for char in text:
        if cells(head) + _cell(char) > (columns - 1) * 2 // 5:
            break
        head += char
    for char in reversed(text):
        if cells(head) + cells(tail) + _cell(char) > columns - 1:
            break
        tail = char + tail
    while tail and not _cell(tail[0]):
        tail = tail[1:]  # a mark without its letter
    return f"{head}…{tail}"


def squeezed_words(text: str, columns: int) -> str:
    """The same for each of its words, but for those with a hidden value: a piece of that would pass for a value."""
    return " ".join(word if HIDDEN in word else squeezed(word, columns) for word in text.split(" "))


def _outside(text: str, start: int, cut: int) -> int:
    """`cut`, or the place before the hidden value that it would cut in two; a piece of that would pass for a value."""
    found = text.find(HIDDEN, max(start, cut - len(HIDDEN) + 1), cut + len(HIDDEN) - 1)
    return found if start < found < cut else cut


class Page:
    """Rows under construction. Takes any text: it is made safe here, once more if need be."""

    def __init__(self, *, width: int, color: bool) -> None:
        self.width = max(width, MIN_WIDTH)
        self.color = color
        self._rows: list[str] = []

    def text(self) -> str:
        """What was written, each row ended by a newline."""
        return "".join(f"{row}\n" for row in self._rows)

    @property
    def height(self) -> int:
        """How many rows there are by now."""
        return len(self._rows)

    def add(self, other: Page) -> None:
        """The rows of another page below."""
        self._rows += other._rows

    def blank(self) -> None:
        """An empty row, never two of them, and none at the top."""
        if self._rows and self._rows[-1]:
            self._rows.append("")

    def row(self, *runs: Run, indent: int = 0) -> None:
        """One row as it is: the caller knows that it fits (`room`)."""
        merged: list[Run] = []
        for text, style in _without_end(list(runs)):
            if merged and (style is merged[-1][1] or not text.strip()):
                merged[-1] = (merged[-1][0] + text, merged[-1][1])
            else:
                merged.append((text, style))
        painted = [self._paint(safe(text), style) for text, style in merged]
        self._rows.append(" " * indent + "".join(painted) if painted else "")

    def room(self, indent: int) -> int:
        """Columns right of `indent`."""
        return max(self.width - indent, 8)

    def say(self, *runs: Run, indent: int = 0, hang: int | None = None) -> None:
        """Prose, folded at words; rows after the first begin at `hang` (by default two columns deeper)."""
        hang = indent + 2 if hang is None else hang
        row: list[Run] = []
        used, left = 0, indent
        tokens = [(token, style) for text, style in runs for token in _TOKEN.findall(safe(text))]
        for index, (token, style) in enumerate(tokens):
            room = self.room(left)
            if row and used + _reach(tokens, index, room) > room:
                self.row(*row, indent=left)
                row, used, left = [], 0, hang
                room = self.room(left)
            if not row and token.startswith(" "):
                continue
            while cells(token) > room:
                piece = fold(token, room)[0]
                self.row((piece, style), indent=left)
                token, left = token[len(piece) :], hang
                room = self.room(left)
            row.append((token, style))
            used += cells(token)
        if row:
            self.row(*row, indent=left)

    def line(self, *runs: Run, indent: int = 0) -> None:
        """One row, whose end is cut off where it does not fit."""
        room, kept = self.room(indent), []
        for index, (text, style) in enumerate(runs):
            text = safe(text)
            if cells(text) + (index + 1 < len(runs)) > room:
                kept.append((f"{fold(text, room - 1)[0].rstrip() if room > 2 else ''}…", style))
                break
            kept.append((text, style))
            room -= cells(text)
        self.row(*kept, indent=indent)

    def names(self, names: Sequence[str], *, indent: int, rows: int, style: Style = Style.PLAIN) -> None:
        """As many of the names (one at least) as `rows` hold, and how many more there are: `a, b and 3 more`. No name
        is cut in two where a row can hold it."""
        room = self.room(indent)
        most = min(len(names), rows * room)
        shown = next((some for some in range(most, 1, -1) if len(_listing(names, some, room)) <= rows), 1)
        for row in _listing(names, shown, room):
            self.row((row, style), indent=indent)

    def value(self, lead: str, text: str, style: Style = Style.PLAIN, *, indent: int) -> None:
        """A value behind its `lead` (`+ `, `- `, `~ KEY = `); what does not fit goes on in rows beginning with `| `."""
        room = self.room(indent)
        lead = safe(lead)
        first, *rest = fold(lead + safe(text), room)
        self.row((first, style), indent=indent)
        for piece in fold("".join(rest), max(room - len(CONTINUED), 2)) if rest else ():
            self.row((CONTINUED, Style.DIM), (piece, style), indent=indent)

    def _paint(self, text: str, style: Style) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and style and text.strip() else text


def _reach(tokens: Sequence[Run], index: int, room: int) -> int:
    """The columns of a token, and of what hangs on it without a space, as a comma in another style does."""
    token, _ = tokens[index]
    if token.startswith(" ") or (index and not tokens[index - 1][0].startswith(" ")):
        return cells(token)
    hanging = takewhile(lambda run: not run[0].startswith(" "), islice(tokens, index, None))
    whole = sum(cells(text) for text, _ in hanging)
    return whole if whole <= room else cells(token)


def _listing(names: Sequence[str], shown: int, room: int) -> list[str]:
    """`a, b and 3 more` in rows that are cut between names."""
    rest = len(names) - shown
    items = [f"{safe(name)}," for name in names[: shown - 1]] + [safe(names[shown - 1])]
    rows: list[str] = []
    for item in [*items, *([f"and {rest} more"] if rest else [])]:
        if rows and cells(rows[-1]) + 1 + cells(item) <= room:
            rows[-1] += f" {item}"
        else:
            rows.append(item)
    return [piece for row in rows for piece in fold(row, room)]


def _without_end(row: list[Run]) -> list[Run]:
    """The runs without the spaces at their end."""
    while row and not row[-1][0].strip():
        row = row[:-1]
    return [*row[:-1], (row[-1][0].rstrip(), row[-1][1])] if row else row
