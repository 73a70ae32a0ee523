"""Texts that a text holds and that may be YAML: a config file in a block scalar or in quotes, and in a text that is no
YAML itself each mapping in braces behind a name that looks secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from komodo_sync.masking.structured import Place, moved, positions
from komodo_sync.masking.typescript.tokens import tokens_of
from komodo_sync.model.secrecy import looks_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_NAMED = re.compile(r"(?<![\w.-])(?P<quote>[\"']?)(?P<key>[A-Za-z_][\w.-]*)(?P=quote)[ \t]*:[ \t]*(?=\{(?!\{))")
_SIGN = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|(?<=[\s:{\[,])'(?:[^']++|'')*+'|[{}]")
_UNCLOSED = 8
"""How many are looked at that are closed nowhere."""
_VARIABLE = re.compile(r"\$?\$\{(?P<name>[A-Za-z_]\w*\})?(?:(?<=\})|[^{}\n]*\})")
_QUOTES = frozenset("\"'")


class Held(NamedTuple):
    """A text that stands in another one, from a line and a column of that on."""

    text: str
    line: int
    column: int = 0

    def within(self, other: Held) -> Held:
        """The same, where it stands in what holds `other`."""
        return Held(self.text, self.line + other.line, self.column + other.column * (not self.line))

    def places(self, find: Callable[[str], list[Place]]) -> list[Place]:
        """What `find` finds in it."""
        return moved(find(self.text), self.line, self.column)


def held_by(place: Place, lines: Sequence[str]) -> Held | None:
    """The text that a scalar is in YAML, if each sign of it stands there for itself."""
    if place.block:
        first, end = place.line + 1, place.end_line + (place.end_column > 0)
        return Held("\n".join(lines[first:end]), first)
    if "{" not in place.value or lines[place.line][place.column : place.column + 1] not in _QUOTES:
        return None
    written = list(lines[place.line : place.end_line + 1])
    written[-1] = written[-1][: place.end_column]
    quote, text = written[0][place.column], "\n".join(written)[place.column + 1 : -1]
    if ("\\" if quote == '"' else quote) in text:
        return None
    return Held(text, place.line, place.column + 1)


def named_braces(text: str, *, code: bool = False) -> Iterator[Held]:
    """Mappings in braces, each with the name in front of it that looks secret. `code`: those in templates alone, as the
    others are code."""
    found = [each for each in _NAMED.finditer(text) if looks_secret(each["key"])]
    if not found:
        return
    plain, position = _VARIABLE.sub(_word, text), positions(text)
    templates = list(_templates(text)) if code else [(0, len(text))]
    end = unclosed = 0
    for each in found:
        if each.start() < end or unclosed >= _UNCLOSED:
            continue
        last = next((stop for start, stop in templates if start <= each.start() < stop), 0)
        if closed := _end(plain, each.end(), last):
            end = closed
            yield Held(plain[each.start() : end], *position(each.start()))
        else:
            unclosed += last > 0


def _word(found: re.Match[str]) -> str:
    """A variable of the same length that YAML can read; another word for what may be more than a variable."""
    return ("$" if found["name"] else "x").ljust(len(found[0]), "_")


def _templates(text: str) -> Iterator[tuple[int, int]]:
    return ((start, end) for kind, piece, start, end in tokens_of(text) if kind == "text" and piece[0] == "`")


def _end(text: str, start: int, last: int) -> int:
    """Where the braces are closed that open at `start`, in front of `last`; 0 where they never are."""
    deep = 0
    for sign in _SIGN.finditer(text, start, last):
        deep += {"{": 1, "}": -1}.get(sign[0], 0)
        if not deep:
            return sign.end()
    return 0
