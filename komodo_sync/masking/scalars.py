"""Scalars of YAML that write their text otherwise than it is, in quotes: with each quote of their own twice
(`'serve --token ''X'''`), or over several lines. Such a text is read as what it stands for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from komodo_sync.masking.in_place import replaced, stripped
from komodo_sync.masking.shell_words import ShellItems, bracketed
from komodo_sync.masking.structured import Place, positions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from komodo_sync.masking.shell import Reading

_SCALAR = re.compile(
    r"(?:(?<![\w./-])(?P<key>[\w./-]{1,99})[\"']?[ \t]*:[ \t]+|(?<!\S)-[ \t]+|[\[{,][ \t]*|^[ \t]*)"
    r"(?:[!&][\w!.-]*[ \t]+)?"
    r"(?:'(?P<single>(?:[^'\n]|''|\n(?=[ \t\r\n]))*+)'|\"(?P<double>(?:[^\"\\\n]|\\.|\\?\n(?=[ \t\r\n]))*+)\")"
    r"(?=[ \t]*(?:[,\]}]|[ \t]\#|\r?$))",
    re.MULTILINE,
)
"""One behind a key, as an item, or on a line of its own; what goes on below has blanks in front of it."""
_FOLD = r"(?P<fold>[ \t]*\n[ \t\r\n]*)"
_SINGLE = re.compile(rf"(?P<twice>'')|{_FOLD}|[^'\s]+|[\s']")
_DOUBLE = re.compile(
    r"(?P<joint>\\\r?\n[ \t]*)"
    rf"|\\(?:x(?P<x>[\da-fA-F]{{2}})|u(?P<u>[\da-fA-F]{{4}})|(?P<sign>.))|{_FOLD}|[^\\\s]+|\s|\\"
)
_SIGNS = {"0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b"}


class _Said(NamedTuple):
    """What a scalar says, and from where to where each character of it is written."""

    text: str
    spans: Sequence[tuple[int, int]]


def scalar_texts(text: str, told: Callable[[tuple[str, ...], Reading], Sequence[str]]) -> Iterator[Place]:
    """What is hidden in such scalars of `text`, of whose lines `told` gives what may be shown."""
    if "''" not in text and "\n" not in text:
        return
    position, scripts = positions(text), _scripts(text.split("\n"))
    for found in _SCALAR.finditer(text):
        kind = "double" if found["single"] is None else "single"
        if "\n" not in found[kind] and (kind == "double" or "''" not in found[kind]):
            continue
        said = _said(found[kind], found.start(kind), _DOUBLE if kind == "double" else _SINGLE)
        # the name of one is read with it
        lead = f"{found['key']}: " if found["key"] and "\n" not in said.text else ""
        line, column = position(found.start(kind) - 1)
        reading: Reading = "script" if column in scripts(line) else "text"
        for first, last in _hidden(lead + said.text, reading, told):
            start, end = max(first - len(lead), 0), last - len(lead)
            if start < end:
                at = (*position(said.spans[start][0]), *position(said.spans[end - 1][1]))
                yield Place(*at, False, stripped(said.text[start:end]))


def _scripts(lines: Sequence[str]) -> Callable[[int], Collection[int]]:
    """What gives the columns of a line at which texts begin that a shell reads."""
    of = ShellItems().in_quotes
    items = [len(line) - len(line.lstrip(" \t-")) if of(line) else -1 for line in lines]
    return lambda number: {items[number]} if items[number] >= 0 else bracketed(lines[number])


def _hidden(
    text: str, reading: Reading, told: Callable[[tuple[str, ...], Reading], Sequence[str]]
) -> Iterator[tuple[int, int]]:
    """Where in `text` stands what is not told of it."""
    at = 0
    lines = tuple(text.split("\n"))
    for line, shown in zip(lines, told(lines, reading), strict=True):
        first = at
        for lead, value in replaced(line, shown):
            first += len(lead)
            yield first, first + len(value)
            first += len(value)
        at += len(line) + 1


def _said(written: str, start: int, pieces: re.Pattern[str]) -> _Said:
    said: list[str] = []
    spans: list[tuple[int, int]] = []
    for piece in pieces.finditer(written):
        first, last = piece.start() + start, piece.end() + start
        meant = _meant(piece)
        said.append(meant)
        same = meant == piece[0]
        spans += ((first + each, first + each + 1) if same else (first, last) for each in range(len(meant)))
    return _Said("".join(said), spans)


def _meant(piece: re.Match[str]) -> str:
    """What a piece of a scalar stands for."""
    groups = piece.groupdict()
    if fold := groups["fold"]:
        return "\n" * (fold.count("\n") - 1) or " "
    if groups.get("twice"):
        return "'"
    if groups.get("joint"):
        return ""
    if code := groups.get("x") or groups.get("u"):
        return chr(int(code, 16))
    sign = groups.get("sign")
    return _SIGNS.get(sign, sign) if sign else piece[0]
