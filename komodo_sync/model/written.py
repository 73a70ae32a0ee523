"""A text as tools write it: in base64, and quoted for an address, JSON, HTML, YAML, a shell or compose, which is read
back here."""

from __future__ import annotations

import base64
import html
import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_ENCODED = 8
"""How long a text in base64 must be to be no accident."""
_URL_SAFE = str.maketrans("+/", "-_")
_DEEPEST = 3
"""How often a text may have been quoted: JSON in a text of TOML in JSON."""
_MOST = 1 << 15
"""How many letters are read at most of one text in ways beyond the first few: some are as long as a file."""

_NEXT = "[89abAB][0-9a-fA-F]"


def _utf8(lead: str) -> str:
    """One character of UTF-8 whose bytes are written in hexadecimal, each behind `lead`."""
    after = lead + _NEXT
    return (
        f"{lead}[0-7][0-9a-fA-F]|{lead}[cdCD][0-9a-fA-F]{after}|{lead}[eE][0-9a-fA-F]{after}{after}"
        f"|{lead}[fF][0-7]{after}{after}{after}"
    )


_SIGNS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def _unescaped(found: str) -> str:
    kind = found[1:2]
    if kind == "x":
        return bytes.fromhex(found.replace("\\x", "")).decode(errors="replace")
    if kind == "u":
        return bytes.fromhex(found.replace("\\u", "")).decode("utf-16-be", errors="replace")
    return _SIGNS.get(kind, kind)


_WAYS: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (re.compile(_utf8("%")), unquote),
    (
        re.compile(
            r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}"
            rf"|{_utf8(chr(92) * 2 + 'x')}|\\[^ux]",
        ),
        _unescaped,
    ),
    (re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});"), html.unescape),
    (re.compile(r"'\\''|'\"'\"'|''"), lambda _: "'"),
    (re.compile(r"\\[\"']"), lambda found: found[1]),
    (re.compile(r"\$\$"), lambda _: "$"),
    (re.compile(r"(?<=[^\s+])\+(?=[^\s+])"), lambda _: " "),
)
"""Of an address; of JSON, a shell, Python and the like; of HTML; a quote in quotes, in a shell and in YAML; of what
escapes quotes alone; of compose; of a form."""
_QUOTED = re.compile(r"[%\\&]|''|\$\$|'\"'|[^\s+]\+[^\s+]")


class Reading(NamedTuple):
    """What a text says once it is read in one way. `places`: where each of its characters, and its end, stands in the
    text itself."""

    text: str
    places: Sequence[int]


def is_quoted(text: str) -> bool:
    """Whether some of it may be."""
    return _QUOTED.search(text) is not None


def readings(text: str) -> list[Reading]:
    """The text as it is, and as it reads in whatever ways it may have been quoted, also one after another."""
    found = [Reading(text, range(len(text) + 1))]
    if not is_quoted(text):
        return found
    seen, last, letters, most = {text}, [found[0]], 0, max(_MOST, len(_WAYS) * len(text))
    for _ in range(_DEEPEST):
        before, last = last, []
        for each in before:
            for pattern, read in _WAYS:
                again = _read(each, pattern, read) if letters < most else None
                if again is not None and again.text not in seen:
                    seen.add(again.text)
                    last.append(again)
                    letters += len(again.text)
        found += last
    return found


def _read(reading: Reading, pattern: re.Pattern[str], read: Callable[[str], str]) -> Reading | None:
    text, places = reading
    told: list[str] = []
    at: list[int] = []
    end = 0
    for found in pattern.finditer(text):
        said = read(found[0])
        told += (text[end : found.start()], said)
        at += places[end : found.start()]
        at += [places[found.start()]] * len(said)
        end = found.end()
    return Reading("".join((*told, text[end:])), [*at, *places[end:]]) if told else None


def encoded(text: str) -> Iterator[str]:
    """A text in base64, alone or behind something else: the characters that it alone decides, whatever stands before
    and behind it."""
    raw = text.encode(errors="replace")
    for before in range(3):
        whole = base64.b64encode(bytes(before) + raw).decode()
        sure = whole[(before * 4 + 2) // 3 : (before + len(raw)) * 8 // 6]
        if len(sure) >= _ENCODED:
            yield from (sure, sure.translate(_URL_SAFE))
