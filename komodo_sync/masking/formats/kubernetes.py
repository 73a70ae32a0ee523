"""Every value of a Secret of Kubernetes: its keys may have any name. Found by lines, as most such texts are templates,
or stand in another one, which no YAML parser reads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.structured import is_shown
from komodo_sync.model.sealed import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator

_IS = r"\\*[\"']?[ \t]*:[ \t]*"
_KIND = re.compile(rf"(?<![\w.-])\\*[\"']?kind{_IS}\\*[\"']?Secret(?![\w.-])")
_KEY = re.compile(r"(?P<lead>[ \t]*(?:-[ \t]+)*)[\"']?(?P<key>[\w.-]+)[\"']?[ \t]*:(?:[ \t]+(?P<value>\S.*)|[ \t]*$)")
_HELD = frozenset(("data", "stringData"))
_MAPPING = re.compile(rf"(?<![\w.-])\\*[\"']?(?:data|stringData){_IS}\{{(?P<entries>[^{{}}]*)")
_ENTRY = re.compile(
    r"[\w.-]+(?:\\*[\"']|(?=:[ \t]))[ \t]*:[ \t]*"
    r"(?:\\+\"(?P<escaped>[^\"\\]*)|\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s,\"'\\][^,\n]*))"
)
_VALUE = re.compile(
    r"\"(?P<double>(?:[^\"\\]|\\.)*)\"|'(?P<single>(?:[^']|'')*)'|(?P<bare>(?:[^\s#]|(?<=\S)#|[ \t]+(?!#))+)"
)
_OPENS = re.compile(r"[|>][-+\d]*[ \t]*(?:#.*)?|\{[ \t]*")
_NO_VALUE = re.compile(r"\{\{[-~]?[ \t]*(?:if|else|end|range|with|include|template|define|block)\b.*|[{}\[\],]*|#.*")
_ENDS = re.compile(r"(?:---|\.\.\.)(?:\s|$)")


def kubernetes_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where such values stand in a text."""
    if "Secret" not in text or not _KIND.search(text):
        return
    lines = text.split("\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for number, line in enumerate(lines):
        if not _KIND.search(line):
            continue
        found = _KEY.match(line)
        if found and found["key"] == "kind":
            for each in _beside(lines, number, len(found["lead"])):
                yield from ((starts[at] + start, starts[at] + end) for at, start, end in _held(lines, each))
        else:
            yield from ((starts[number] + start, starts[number] + end) for start, end in _entries(line))


def _beside(lines: list[str], number: int, column: int) -> Iterator[int]:
    """The keys of the mapping in which the `kind` of a line stands, that hold secrets."""
    first = number
    while first and "-" not in lines[first][:column] and _is_inside(lines[first - 1], column):
        first -= 1
    last = number + 1
    while last < len(lines) and _is_inside(lines[last], column) and "-" not in lines[last][:column]:
        if not lines[last][:column].strip() and _KIND.match(lines[last], column):
            break  # another one
        last += 1
    for at in range(first, last):
        found = _KEY.match(lines[at])
        if found and len(found["lead"]) == column and found["key"] in _HELD:
            yield at


def _is_inside(line: str, column: int) -> bool:
    indent = len(line) - len(line.lstrip(" \t"))
    return not line.strip() or (indent + 2 * line[indent:].startswith("- ") >= column and not _ENDS.match(line, indent))


def _held(lines: list[str], number: int) -> Iterator[tuple[int, int, int]]:
    """The values of a key in its line and below it: the line, from, to."""
    yield from ((number, *span) for span in _entries(lines[number]))
    deep, child = len(lines[number]) - len(lines[number].lstrip(" \t-")), -1
    for at in range(number + 1, len(lines)):
        line = lines[at]
        indent = len(line) - len(line.lstrip(" \t"))
        if not line.strip():
            continue
        if indent <= deep:
            return
        child = indent if child < 0 else child
        key = _KEY.match(line) if indent <= child else None
        if key and key["value"] and not _OPENS.fullmatch(key["value"]):
            if found := _VALUE.match(line, key.start("value")):
                yield from ((at, *span) for span in _span(found))
        elif not key and not _NO_VALUE.fullmatch(line.strip()):
            yield at, indent, len(line.rstrip())


def _entries(line: str) -> Iterator[tuple[int, int]]:
    for mapping in _MAPPING.finditer(line):
        for found in _ENTRY.finditer(line, *mapping.span("entries")):
            yield from _span(found)


def _span(found: re.Match[str]) -> Iterator[tuple[int, int]]:
    value = found[found.lastgroup or 0].rstrip(" \t,")
    if not is_shown(value) and value != HIDDEN:
        start = found.start(found.lastgroup or 0)
        yield start, start + len(value)
