"""Values of a text hidden where they stand, also in a line that is told without a part of them already."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from komodo_sync.masking.addresses import secrets_of, spans_of, told_of, whole
from komodo_sync.masking.structured import Place, positions
from komodo_sync.model.hiding import without_places
from komodo_sync.model.known import SHORTEST, TELLING, is_telling, parts
from komodo_sync.model.sealed import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

STRUCTURE = re.compile(r"[\s{}\[\](),:;|>-]*")
"""What opens, parts or closes a value, and says nothing of it."""
_ITEM = re.compile(r"[ \t]*(?:-[ \t]+)*")
_MANY = 64
_SIGNS = re.compile(r"[\s{}\[\](),:;|>\"'\\-]*")


def hide(told: list[str], lines: Sequence[str], places: Iterable[Place]) -> None:
    """Hides values where their lines alone did not say that they are secret."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for place in places:
        if place.block:
            last = place.end_line - (place.end_column == 0)
            for number in range(place.line + 1, min(last + 1, len(lines))):
                told[number] = hidden_line(lines[number])
            continue
        for number in range(place.line, min(place.end_line + 1, len(lines))):
            line = lines[number]
            start = place.column if number == place.line else len(line) - len(line.lstrip())
            end = place.end_column if number == place.end_line else len(line)
            if place.address and place.line == place.end_line:
                found = spans_of(line[start:end])
                spans.setdefault(number, []).extend((start + first, start + last) for first, last in found)
            elif not STRUCTURE.fullmatch(stripped(line[start:end])):
                spans.setdefault(number, []).append((start, end))
    for number, found in spans.items():
        told[number] = _hidden_too(lines[number], told[number], found)


def _hidden_too(line: str, told: str, spans: list[tuple[int, int]]) -> str:
    """What is `told` of a line, without what it still says of the texts at `spans`."""
    known = replaced(line, told)
    if told != line and not known:
        for piece in (line[start:end] for start, end in spans if end - start >= SHORTEST):
            told = told.replace(piece, HIDDEN)
        return told
    hidden, at, adds = bytearray(len(line)), 0, False
    for lead, value in known:
        at += len(lead)
        hidden[at : at + len(value)] = b"\1" * len(value)
        at += len(value)
    for start, end in spans:
        shown = "".join(line[at] for at in range(start, min(end, len(line))) if not hidden[at])
        if told == line or not _SIGNS.fullmatch(shown):
            hidden[start:end] = b"\1" * (min(end, len(line)) - start)
            adds = True
    if not adds:
        return told
    return "".join(
        HIDDEN if is_hidden else "".join(line[at] for at in group)
        for is_hidden, group in groupby(range(len(line)), hidden.__getitem__)
    )


def places_at(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Place]:
    """The places of what stands in `text` from one index to another."""
    if not spans:
        return
    position = positions(text)
    for start, end in spans:
        yield Place(*position(start), *position(end), False, text[start:end])


def replaced(line: str, shown: str) -> list[tuple[str, str]]:
    """What was replaced in a line, each with what is told in front of it; nothing where that cannot be known."""
    if line == shown or HIDDEN in line:
        return []
    lead, *rest = shown.split(HIDDEN)
    if not rest or not line.startswith(lead):
        return []
    found, at, last = [], len(lead), len(rest) - 1
    for number, told in enumerate(rest):
        start = len(line) - len(told) if number == last else line.find(told, at)
        if start < at or not line.startswith(told, start):
            return []
        found.append((lead, line[at:start]))
        lead, at = told, start + len(told)
    return found


def hidden_parts(lines: Iterable[str], told: Iterable[str]) -> Iterator[str]:
    """What of these lines is not told."""
    for line, shown in zip(lines, told, strict=True):
        for lead, part in replaced(line, shown):
            if part[:1] not in ("&", "*"):
                yield from whole(lead, stripped(part))


def without_again(lines: list[str], secrets: Iterable[str]) -> list[str]:
    """Lines without those of these that can be told from a word."""
    text = "\n".join(lines)
    wanted = {part for each in secrets for part in parts(each) if "\n" not in part and is_telling(part)}
    if len(wanted) < _MANY:
        wanted = {part for part in wanted if part in text}
    lengths: dict[str, set[int]] = {}
    for part in wanted:
        lengths.setdefault(part[:TELLING], set()).add(len(part))
    if not lengths:
        return lines
    # each place is looked at once, however many there are
    heads = [at for at in range(len(text)) if text[at : at + TELLING] in lengths]
    spans = (
        (at, at + each) for at in heads for each in lengths[text[at : at + TELLING]] if text[at : at + each] in wanted
    )
    return without_places(text, spans).split("\n")


def stripped(value: str) -> str:
    """A value without its quotes, and what parts it from the next one."""
    return value.strip().rstrip("\\").strip().strip("\"',").strip()


def hidden_line(line: str, key: str = "") -> str:
    """A line of which all is secret; `key`: what it stands below."""
    if STRUCTURE.fullmatch(line):
        return line
    start = _ITEM.match(line).end() if "://" in line else 0  # type: ignore[union-attr]  # it matches nothing as well
    told = told_of(key, line[start:]) if start or "://" in line else HIDDEN
    return line[: len(line) - len(line.lstrip())] + HIDDEN if told == HIDDEN else line[:start] + told


def secret_values(places: Iterable[Place]) -> Iterator[str]:
    """The secrets that stand there."""
    for place in places:
        yield from secrets_of(place.value) if place.address else (place.value,)
