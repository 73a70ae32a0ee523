"""Users that have their passwords in a table of a TOML or an INI: `[passwords]`, and below it `bob = "X"`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.structured import Place, positions
from komodo_sync.masking.users import is_of_users, places_of_table

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = r"(?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')"
_PATH = rf"{_NAME}(?:\.{_NAME})*"
_HEAD = re.compile(rf"^[ \t]*\[{{1,2}}(?P<path>{_PATH})\]{{1,2}}[ \t]*(?:[#;].*)?\r?$", re.MULTILINE)
_VALUE = r"\"(?!\"\")(?:[^\"\\\n]|\\.)*+\"|'(?!'')[^'\n]*+'"
_ENTRY = re.compile(
    rf"^[ \t]*(?P<path>{_PATH})[ \t]*=[ \t]*"
    rf"(?:(?P<value>{_VALUE})|(?P<braces>\{{.*\}})|(?P<bare>[^\s\"'\[{{#;](?:[^\s]|[ \t]+(?![#;\s]))*))",
    re.MULTILINE,
)
_INLINE = re.compile(rf"(?<=[{{,\s])(?P<path>{_PATH})[ \t]*=[ \t]*(?P<value>{_VALUE})")
_PART = re.compile(_NAME)


def table_places(text: str) -> list[Place]:
    """Where they stand in a text."""
    heads = [*_HEAD.finditer(text)] if "=" in text and "[" in text else []
    if not heads:
        return []
    position = positions(text)
    tables: dict[tuple[str, ...], list[tuple[str, Place]]] = {}
    for head, end in zip((None, *heads), (*heads, None), strict=True):
        table = _names(head["path"]) if head else ()
        for path, start, stop in _entries(text, head.end() if head else 0, end.start() if end else len(text)):
            *names, key = (*table, *path)
            if any(map(is_of_users, names)):
                place = Place(*position(start), *position(stop), False, text[start:stop].strip("\"'"))
                tables.setdefault(tuple(names), []).append((key, place))
    return [place for path, entries in tables.items() for place in places_of_table(path, entries)]


def _entries(text: str, start: int, end: int) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """The entries between two places: what leads to a value, and from where to where it stands."""
    for found in _ENTRY.finditer(text, start, end):
        path = _names(found["path"])
        if found["braces"]:
            for each in _INLINE.finditer(text, *found.span("braces")):
                yield (*path, *_names(each["path"])), *each.span("value")
        else:
            yield path, *found.span("value" if found["value"] else "bare")


def _names(path: str) -> tuple[str, ...]:
    return tuple(name.strip("\"'") for name in _PART.findall(path))
