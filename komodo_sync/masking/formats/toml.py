"""Secrets in a text that is TOML: in the texts that it holds, and what it declares to be secret."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from komodo_sync.masking.structured import WORTH, Place, moved, positions
from komodo_sync.model.secrecy import is_reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TABLE = re.compile(r"^[ \t]*\[{1,2}[\w.\"'-]+\]{1,2}[ \t]*(?:#.*)?$", re.MULTILINE)
_DECLARED = re.compile(r"(?:^|[{,])[ \t]*is_secret[ \t]*=[ \t]*true\b", re.MULTILINE)
_VALUE = re.compile(
    r"(?:^|[{,])[ \t]*value[ \t]*=[ \t]*"
    r"(?P<text>\"{3}[\s\S]*?\"{3}|'{3}[\s\S]*?'{3}|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')",
    re.MULTILINE,
)
_HELD_TEXT = re.compile(
    r"=[ \t]*(?P<quotes>\"{3}|'{3})(?P<lines>[\s\S]*?)(?P=quotes)"
    r"|=[ \t]*\"(?P<line>(?:[^\"\\\n]|\\.)*+)\""
)
"""A text in a TOML."""


def held_places(text: str, find: Callable[[str], list[Place]]) -> Iterator[Place]:
    """What `find` finds in the YAML texts that a TOML holds."""
    if "= " not in text and '="' not in text and "='" not in text:
        return
    line = at = 0
    for found in _HELD_TEXT.finditer(text):
        start, end = found.span("lines" if found["quotes"] else "line")
        held = text[start:end]
        if not (found["quotes"] or "\\n" in held or WORTH.search(held)):
            continue
        line, at = line + text.count("\n", at, start), start
        column = start - text.rfind("\n", 0, start) - 1
        if found["quotes"]:
            yield from moved(find(held), line, column)
            continue
        decoded = _decoded(f'"{held}"', "")
        for place in find(decoded):
            # as it is written there; where that cannot be known, all of the text
            written = json.dumps(written_at(decoded.split("\n"), place), ensure_ascii=False)[1:-1]
            first = held.find(written)
            last = first + len(written) if first >= 0 else len(held)
            yield Place(line, column + max(first, 0), line, column + last, False, place.value, place.address)


def written_at(lines: list[str], place: Place) -> str:
    """The text of a place as it stands, without its quotes."""
    if place.block:
        return "\n".join(lines[place.line + 1 : place.end_line + (place.end_column > 0)])
    found = lines[place.line : place.end_line + 1]
    found[-1] = found[-1][: place.end_column]
    found[0] = found[0][place.column :]
    return "\n".join(found).strip("\"'")


def declared_places(text: str) -> Iterator[Place]:
    """The values of variables that a Resource Sync TOML declares to be secret, also where it stands inside of another
    text."""
    if "is_secret" not in text:
        return
    heads = [found.start() for found in _TABLE.finditer(text)]
    position = positions(text)
    for start, end in pairwise([*heads, len(text)]):
        if not _DECLARED.search(text, start, end):
            continue
        for found in _VALUE.finditer(text, start, end):
            quotes = 3 if found["text"][:3] in ('"""', "'''") else 1
            first, last = found.start("text") + quotes, found.end("text") - quotes
            if (value := text[first:last]) and not is_reference(value):
                yield Place(*position(first), *position(last), False, _decoded(found["text"], value))


def _decoded(written: str, otherwise: str) -> str:
    import tomllib

    try:
        return str(tomllib.loads(f"x = {written}")["x"])
    except tomllib.TOMLDecodeError:
        return otherwise
