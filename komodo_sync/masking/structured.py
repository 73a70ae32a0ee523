"""Secrets in a text that is YAML or JSON: found by what the text means, whatever the style it is written in."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Any, NamedTuple

from komodo_sync.masking.events import read_events
from komodo_sync.masking.shell import OPTION
from komodo_sync.model.data import Data, field
from komodo_sync.model.hosts import names_address
from komodo_sync.model.secrecy import is_public, is_reference, looks_secret

if TYPE_CHECKING:
    from collections.abc import Callable

WORTH = re.compile(
    r"(?<!\$)\{|(?<![\w&*])[&*]\w|\bcontent\b|\bis_secret\b"
    r"|(?m:^[ \t]*\?\s|\[[^\[\]\n]*$|-[ \t]+[|>]|![\w!]*[ \t]+[|>])"
)
"""What a line by itself does not tell: a mapping in braces, an anchor and where it is used, what a neighbour says, a
key that has a line of its own, a list in brackets over several lines, an item or a tagged value over several lines."""
_VARIABLE = re.compile(r"\[\[[ \t]*[^\[\]\s]+[ \t]*\]\]")
_GOES_ON = re.compile("_*[A-Za-z0-9]")
_OPTION = re.compile(rf"--?{OPTION}")
_PLAIN = re.compile(r"true|false|yes|no|on|off|null|none|~|", re.IGNORECASE)
_NAMES = frozenset(("name", "key", "variable"))
_HELD = "secrets"
"""Compose takes `content` of what stands below it as it stands."""
_HOSTS = "extra_hosts"
_ADDRESS = re.compile(r"[\d.]+|[\da-fA-F:]+:[\da-fA-F:.]*|host-gateway")
_DEEPEST = 64
_HOLDERS = 3


class Place(NamedTuple):
    """Where a secret value stands: lines and columns from 0, the end is behind it. `block`: it has lines of its own.
    `address`: its name says that it is an address, of which the host is told."""

    line: int
    column: int
    end_line: int
    end_column: int
    block: bool
    value: str
    address: bool = False


class _Node(Data):
    """A collection that is open. `path` are the keys that lead to it, `key` is the one whose value comes next (None in
    a list, and where a key comes next), `due`: the next item is the value of this option."""

    mapping: bool
    path: tuple[str, ...]
    secret: bool = False
    key: str | None = None
    due: str = ""
    scalars: dict[str, Place] = field(default_factory=dict)


def secret_places(text: str, depth: int = 0) -> list[Place]:
    """The secret values of a YAML text, and of those it holds (`depth`: it is held by so many); none where it is no
    YAML, or says nothing that its lines do not."""
    if not WORTH.search(text):
        return []
    read = readable(text)
    reading = _Reading(scalar_places(read))
    if (places := read_events(read, reading.read)) is None:
        return []
    lines = text.split("\n") if reading.blocks else []
    for first, end in reading.blocks if depth < _HOLDERS else ():
        places += moved(secret_places("\n".join(lines[first:end]), depth + 1), first)
    return places


def moved(places: list[Place], line: int, column: int = 0) -> list[Place]:
    """Places of a text that begins at `line` and `column` of another one."""
    return [
        place._replace(
            line=place.line + line,
            end_line=place.end_line + line,
            column=place.column + column * (not place.line),
            end_column=place.end_column + column * (not place.end_line),
        )
        for place in places
    ]


def is_host(of: str, value: str) -> bool:
    """Whether a value in the mapping called `of` is the address of a host, which may have any name."""
    return of == _HOSTS and _ADDRESS.fullmatch(value) is not None


def is_shown(value: str) -> bool:
    """Whether a value is no secret whatever its name is."""
    return not value or is_reference(value) or _PLAIN.fullmatch(value.strip()) is not None


def positions(text: str) -> Callable[[int], tuple[int, int]]:
    """What gives the line and the column of an index into `text`."""
    lines = [0, *(found.end() for found in re.finditer("\n", text))]

    def position(at: int) -> tuple[int, int]:
        line = bisect_right(lines, at) - 1
        return line, at - lines[line]

    return position


def scalar_places(text: str) -> Callable[[Any], Place]:
    """What gives the place of a scalar that a YAML parser found in `text`."""
    # not by its lines: some end with what ends no line of ours
    position, skipped = positions(text), text.startswith("\ufeff")

    def place(event: Any) -> Place:
        start, end = (position(mark.index + skipped) for mark in (event.start_mark, event.end_mark))
        return Place(*start, *end, getattr(event, "style", "") in ("|", ">"), getattr(event, "value", ""))

    return place


def readable(text: str) -> str:
    """`text` with a variable of the same length for each of Komodo's, which for YAML is a list in a list, or none."""

    def word(found: re.Match[str]) -> str:
        # what goes on behind it is no part of its name
        return ("x" if _GOES_ON.match(text, found.end()) else "$").ljust(len(found[0]), "_")

    return _VARIABLE.sub(word, text)


class _Reading:
    def __init__(self, place_of: Callable[[Any], Place]) -> None:
        self._place_of = place_of
        self.found: list[Place] = []
        self.blocks: list[tuple[int, int]] = []
        self._anchors: dict[str, Place] = {}
        self._stack: list[_Node] = []

    def read(self, next_event: Callable[[], Any]) -> list[Place]:
        """Every event in turn."""
        while (name := type(event := next_event()).__name__) != "StreamEndEvent":
            if name == "ScalarEvent":
                self._scalar(event)
            elif name in ("MappingStartEvent", "SequenceStartEvent"):
                if len(self._stack) >= _DEEPEST:
                    return self.found
                self._open(mapping=name == "MappingStartEvent")
            elif name in ("MappingEndEvent", "SequenceEndEvent"):
                self._close()
            elif name == "AliasEvent":
                self._alias(event.anchor)
        return sorted(set(self.found))

    def _open(self, *, mapping: bool) -> None:
        parent = self._stack[-1] if self._stack else None
        key = parent.key if parent and parent.mapping else ""
        path = (*parent.path, key or "") if parent else ()
        # a list behind a name that looks secret holds secrets; of a mapping each key says what its value is
        secret = not mapping and parent is not None and (looks_secret(key or "") or (parent.secret and not key))
        self._stack.append(_Node(mapping, path, secret))

    def _close(self) -> None:
        node = self._stack.pop()
        value = node.scalars.get("value")
        names = [node.scalars[name].value for name in _NAMES if name in node.scalars]
        named = any(map(looks_secret, names))
        declared = "is_secret" in node.scalars and node.scalars["is_secret"].value.lower() in ("true", "yes", "on")
        if value is not None and (named or declared):
            self._add(value, "" if declared else next(name for name in names if looks_secret(name)))
        if self._stack:
            self._stack[-1].key = None
            self._stack[-1].due = ""

    def _scalar(self, event: Any) -> None:
        place = self._place_of(event)
        if place.block and WORTH.search(place.value):
            self.blocks.append((place.line + 1, place.end_line + (place.end_column > 0)))
        if event.anchor is not None:
            self._anchors[event.anchor] = place
        if not self._stack:
            return
        node = self._stack[-1]
        if node.mapping and node.key is None:
            node.key = event.value
            return
        harmless = is_public(node.key or "", place.value) or is_host("".join(node.path[-1:]), place.value)
        if self._is_secret(node) and not harmless:
            self._add(place, _name(node))
        self._after(node, place)

    def _alias(self, anchor: str) -> None:
        place = self._anchors.get(anchor)
        if not self._stack:
            return
        node = self._stack[-1]
        if node.mapping and node.key is None:
            node.key = ""
            return
        if place is not None and self._is_secret(node):
            self._add(place, _name(node))
        self._after(node, place)

    def _is_secret(self, node: _Node) -> bool:
        if not node.mapping:
            return node.secret or bool(node.due)
        key = node.key or ""
        if "(" in key:
            return False  # a script that happens to be YAML: `f(password: string)`
        return looks_secret(key) or (key == "content" and len(node.path) >= 2 and node.path[-2] == _HELD)

    @staticmethod
    def _after(node: _Node, place: Place | None) -> None:
        if node.mapping:
            if place is not None:
                node.scalars[node.key or ""] = place
            node.key = None
            return
        option = _OPTION.fullmatch(place.value) if place is not None else None
        node.due = option["key"] if option and looks_secret(option["key"]) else ""

    def _add(self, place: Place, name: str) -> None:
        if not is_shown(place.value):
            self.found.append(place._replace(address=names_address(name)))


def _name(node: _Node) -> str:
    """What the next value in it is called."""
    return (node.key if node.mapping else node.due or node.path[-1]) or ""
