"""Secrets in a text that is YAML, JSON or TOML: found by what the text means, whatever the style it is written in."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from komodo_sync.masking.shell import OPTION
from komodo_sync.model.data import Data, field
from komodo_sync.model.secrecy import is_public, is_reference, looks_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WORTH = re.compile(
    r"(?<!\$)\{|(?<![\w&*])[&*]\w|\bcontent\b|\bis_secret\b"
    r"|(?m:^[ \t]*\?\s|\[[^\[\]\n]*$|-[ \t]+[|>]|![\w!]*[ \t]+[|>])"
)
"""What a line by itself does not tell: a mapping in braces, an anchor and where it is used, what a neighbour says, a
key that has a line of its own, a list in brackets over several lines, an item or a tagged value over several lines."""
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
_VARIABLE = re.compile(r"\[\[[^\[\]\s]+\]\]")
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
    """Where a secret value stands: lines and columns from 0, the end is behind it. `block`: it has lines of its own."""

    line: int
    column: int
    end_line: int
    end_column: int
    block: bool
    value: str


class _Node(Data):
    """A collection that is open. `path` are the keys that lead to it, `key` is the one whose value comes next (None in
    a list, and where a key comes next), `due`: the next item is the value of an option."""

    mapping: bool
    path: tuple[str, ...]
    secret: bool = False
    key: str | None = None
    due: bool = False
    scalars: dict[str, Place] = field(default_factory=dict)


def secret_places(text: str, depth: int = 0) -> list[Place]:
    """The secret values of a YAML text, and of those it holds (`depth`: it is held by so many); none where it is no
    YAML, or says nothing that its lines do not."""
    if not _WORTH.search(text):
        return []
    from yaml.cyaml import CParser  # type: ignore[attr-defined]
    from yaml.error import YAMLError

    read = readable(text)
    reading = _Reading(scalar_places(read))
    try:
        places = reading.read(CParser(read).get_event)
    except (YAMLError, RecursionError, UnicodeEncodeError, ValueError):
        return []
    lines = text.split("\n") if reading.blocks else []
    for first, end in reading.blocks if depth < _HOLDERS else ():
        places += moved(secret_places("\n".join(lines[first:end]), depth + 1), first)
    return places


def held_places(text: str, find: Callable[[str], list[Place]]) -> Iterator[Place]:
    """What `find` finds in the YAML texts that a TOML holds."""
    if "= " not in text and '="' not in text and "='" not in text:
        return
    line = at = 0
    for found in _HELD_TEXT.finditer(text):
        start, end = found.span("lines" if found["quotes"] else "line")
        held = text[start:end]
        if not (found["quotes"] or "\\n" in held or _WORTH.search(held)):
            continue
        line, at = line + text.count("\n", at, start), start
        column = start - text.rfind("\n", 0, start) - 1
        if found["quotes"]:
            yield from moved(find(held), line, column)
            continue
        decoded = _decoded(f'"{held}"', "")
        for place in find(decoded):
            # as it is written there; where that cannot be known, all of the text
            written = json.dumps(_of_place(decoded.split("\n"), place), ensure_ascii=False)[1:-1]
            first = held.find(written)
            last = first + len(written) if first >= 0 else len(held)
            yield Place(line, column + max(first, 0), line, column + last, False, place.value)


def _of_place(lines: list[str], place: Place) -> str:
    """The text of a place as it stands, without its quotes."""
    if place.block:
        return "\n".join(lines[place.line + 1 : place.end_line + (place.end_column > 0)])
    found = lines[place.line : place.end_line + 1]
    found[-1] = found[-1][: place.end_column]
    found[0] = found[0][place.column :]
    return "\n".join(found).strip("\"'")


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
        named = any(name in node.scalars and looks_secret(node.scalars[name].value) for name in _NAMES)
        declared = "is_secret" in node.scalars and node.scalars["is_secret"].value.lower() in ("true", "yes", "on")
        if value is not None and (named or declared):
            self._add(value)
        if self._stack:
            self._stack[-1].key = None
            self._stack[-1].due = False

    def _scalar(self, event: Any) -> None:
        place = self._place_of(event)
        if place.block and _WORTH.search(place.value):
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
            self._add(place)
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
            self._add(place)
        self._after(node, place)

    def _is_secret(self, node: _Node) -> bool:
        if not node.mapping:
            return node.secret or node.due
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
        node.due = bool(option and looks_secret(option["key"]))

    def _add(self, place: Place) -> None:
        if not is_shown(place.value):
            self.found.append(place)
