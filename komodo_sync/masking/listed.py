"""Secrets in a list that is called `secrets`: `X-Api-Key: {secrets: ["X"]}`. Those of a service of compose's, or of its
build, are names of secrets, and nothing else that is called so is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from komodo_sync.masking.events import read_events
from komodo_sync.masking.formats.toml import written_at
from komodo_sync.masking.leads import NAMED
from komodo_sync.masking.structured import Place, is_shown, moved, positions, readable, scalar_places
from komodo_sync.masking.users import MADE_UP
from komodo_sync.model.data import Data
from komodo_sync.model.secrecy import is_public

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SECRETS = "secrets"
_KEY = r"(?:(?<![\w.-])|(?<=\\n))\\*[\"']?secrets\\*[\"']?[ \t]*"
_WORTH = re.compile(rf"{_KEY}(?:\#[^\n]*)?(?:\r?\n[ \t]*)?[:=]")
_LIST = re.compile(rf"{_KEY}(?P<is>[:=])\s*\[")
_ASSIGNED = re.compile(
    r"^[ \t]*[\"']?secrets[\"']?[ \t]*=[ \t]*(?P<value>\"[^\"\n]+\"|'[^'\n]+'|[^\s\[{\"'][^\n]*)", re.MULTILINE
)
_ITEM = re.compile(
    r"\{[^{}]*\}|\\+[nrt]|\\+\"(?P<escaped>[^\"\\]+)\\+\"|\"(?P<double>(?:[^\"\\]|\\.)*+)\"|'(?P<single>[^']*+)'"
    r"|\#[^\n\\]*|(?P<bare>(?:[^\s,\[\]\"'{}\#\\]|\\(?![nrt\"']))(?:[^,\n\[\]\\]|\\(?![nrt\"']))*+)|(?P<end>\])|\["
)
_BELOW = re.compile(r"^(?P<lead>[ \t]*(?:-[ \t]+)*)[\"']?secrets[\"']?[ \t]*:[ \t]*(?:\#.*)?\r?\n", re.MULTILINE)
_ENTRY = re.compile(
    r"(?P<indent>[ \t]*)(?:-[ \t]+(?![\"']?[\w.-]+[\"']?:(?:\s|$))"
    r"(?P<value>\"[^\"\n]*\"|'[^'\n]*'|[^\s#{\[\"'](?:[^\n#]|(?<!\s)\#)*)?[^\n]*|(?:\#[^\n]*)?)(?:\n|$)"
)
_PARENT = re.compile(r"^(?P<lead>[ \t]*)[\"']?(?P<key>[\w.-]+)[\"']?[ \t]*:[ \t]*(?:[&!\#].*)?$")
_NAME = re.compile(r"[A-Za-z0-9][\w.-]*")
_INHERITED = "inherit"
"""What a workflow says in the place of a list."""
_DEEPEST = 64
_HOLDERS = 3


class _Node(Data):
    """A collection that is open. `path` are the keys that lead to it; `key` is the one whose value comes next."""

    mapping: bool
    path: tuple[str, ...] = ()
    key: str | None = None


def listed_places(text: str, depth: int = 0) -> list[Place]:
    """The secrets of such lists in a text, and in those it holds (`depth`: it is held by so many)."""
    if not _WORTH.search(text):
        return []
    read = readable(text)
    reading = _Reading(scalar_places(read))
    if read_events(read, reading.read) is None:
        return _by_lines(text)
    found = [place for path, place in reading.items if _is_secret(path, place.value, reading.declared, depth)]
    lines = text.split("\n")
    for place in reading.texts if depth < _HOLDERS else ():
        if place.block:
            first, end = place.line + 1, place.end_line + (place.end_column > 0)
            found += moved(listed_places("\n".join(lines[first:end]), depth + 1), first)
        else:
            found += _in_quotes(place, lines, depth + 1)
    return found


def _in_quotes(place: Place, lines: list[str], depth: int) -> Iterator[Place]:
    """The same of a text in quotes: as it is written there, and where that cannot be known all of it."""
    inner = [*listed_places(place.value, depth), *assigned_places(place.value)]
    decoded = place.value.split("\n") if inner else []
    for each in inner:
        value = written_at(decoded, each)
        for number in range(place.line, place.end_line + 1):
            first = place.column if number == place.line else 0
            for written in (json.dumps(value, ensure_ascii=False)[1:-1], value.replace("'", "''"), value):
                if (at := lines[number].find(written, first)) >= 0:
                    yield Place(number, at, number, at + len(written), False, each.value)
                    break
            else:
                continue
            break
        else:
            yield place


def _is_secret(path: tuple[str, ...], value: str, declared: set[str], depth: int) -> bool:
    if is_shown(value) or is_public(_SECRETS, value) or NAMED.match(value):
        return False
    if not _is_of_compose(path) or not _NAME.fullmatch(value):
        return True
    sure = depth == 0 and path[0] == "services"
    return not (sure or value in declared or not MADE_UP.fullmatch(value))


def _is_of_compose(path: tuple[str, ...]) -> bool:
    """Whether names of secrets stand there: in a service, its build, or what services share."""
    path = path[:-1] if path[-1:] == ("build",) else path
    return len(path) in (1, 2) and (path[0].startswith("x-") or (len(path) == 2 and path[0] == "services"))


class _Reading:
    def __init__(self, place_of: Callable[[Any], Place]) -> None:
        self._place_of = place_of
        self._stack: list[_Node] = []
        self._anchors: dict[str, Place] = {}
        self.items: list[tuple[tuple[str, ...], Place]] = []
        self.declared: set[str] = set()
        self.texts: list[Place] = []

    def read(self, next_event: Callable[[], Any]) -> _Reading:
        """Every event in turn; gives itself."""
        stack = self._stack
        while (name := type(event := next_event()).__name__) != "StreamEndEvent":
            if name in ("MappingStartEvent", "SequenceStartEvent"):
                if len(stack) >= _DEEPEST:
                    raise RecursionError
                parent = stack[-1] if stack else None
                key = ((parent.key or "") if parent.mapping else "") if parent else None
                path = (*parent.path, *((key,) if key or parent.mapping else ())) if parent else ()
                stack.append(_Node(name == "MappingStartEvent", path))
            elif name in ("MappingEndEvent", "SequenceEndEvent"):
                stack.pop()
                if stack:
                    stack[-1].key = None
            elif name == "ScalarEvent":
                place = self._place_of(event)
                if event.anchor:
                    self._anchors[event.anchor] = place
                self._scalar(place)
            elif name == "AliasEvent":
                self._scalar(self._anchors.get(event.anchor))
        return self

    def _scalar(self, place: Place | None) -> None:
        node = self._stack[-1] if self._stack else _Node(False)
        if node.mapping and node.key is None:
            node.key = place.value if place else ""
            if node.path == (_SECRETS,):
                self.declared.add(node.key)
            return
        key, node.key = node.key, None
        if place is None:
            return
        if (not node.mapping and node.path[-1:] == (_SECRETS,)) or (key == _SECRETS and place.value != _INHERITED):
            self.items.append((node.path if node.mapping else node.path[:-1], place))
        elif _SECRETS in place.value:
            self.texts.append(place)


def assigned_places(text: str) -> list[Place]:
    """The same in what is no YAML: `secrets = ["X"]`."""
    if _SECRETS not in text or "=" not in text:
        return []
    spans = [span for found, items in _lists(text) if found["is"] == "=" for span in items]
    spans += [_bare(*found.span("value"), text) for found in _ASSIGNED.finditer(text)]
    return _places(text, spans)


def _by_lines(text: str) -> list[Place]:
    """What of a text that cannot be read looks like such a list."""
    of_compose = set(_of_services(text))
    spans = [span for found, items in _lists(text) if found.start() not in of_compose for span in items]
    for found in _BELOW.finditer(text):
        if found.end("lead") not in of_compose:
            spans += _below(text, found.end(), found["lead"])
    return _places(text, spans)


def _lists(text: str) -> Iterator[tuple[re.Match[str], list[tuple[int, int]]]]:
    """What leads to each list in brackets, and its items."""
    at = 0
    while found := _LIST.search(text, at):
        items, at = [], found.end()
        while (item := _ITEM.search(text, at)) and not item["end"]:
            at = item.end()
            if item.lastgroup:
                first, last = item.span(item.lastgroup)
                items.append((first, first + len(text[first:last].rstrip())))
        yield found, items


def _places(text: str, spans: list[tuple[int, int]]) -> list[Place]:
    position = positions(text)
    return [
        Place(*position(start), *position(end), False, text[start:end])
        for start, end in spans
        if not is_shown(text[start:end])
        and not is_public(_SECRETS, text[start:end])
        and not NAMED.match(text[start:end])
    ]


def _below(text: str, start: int, lead: str) -> Iterator[tuple[int, int]]:
    deep = len(lead)
    while start < len(text) and (found := _ENTRY.match(text, start)) and found.end() > start:
        if found["value"] and len(found["indent"]) < deep:
            return
        if found["value"]:
            yield _bare(*found.span("value"), text)
        start = found.end()


def _bare(start: int, end: int, text: str) -> tuple[int, int]:
    """A value without its quotes, and the blanks behind it."""
    value = text[start:end].rstrip()
    quoted = value[:1] in ("'", '"') and value[-1:] == value[:1] and len(value) > 1
    return start + quoted, start + len(value) - quoted


def _of_services(text: str) -> Iterator[int]:
    """Where a line begins with a key that is one of a service of compose's, by how far right it stands."""
    open_keys: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        deep = len(line) - len(line.lstrip(" \t"))
        if line.strip():
            while open_keys and open_keys[-1][0] >= deep:
                open_keys.pop()
            if found := _PARENT.match(line):
                open_keys.append((deep, found["key"]))
            elif _is_of_compose(tuple(key for _, key in open_keys)):
                yield at + deep
            if found and found["key"] == _SECRETS and _is_of_compose(tuple(key for _, key in open_keys[:-1])):
                yield at + deep
        at += len(line) + 1
