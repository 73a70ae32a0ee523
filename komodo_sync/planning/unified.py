"""Which lines of two texts differ, in time that grows with their length: lines that stand once in either text anchor
the rest, and only short stretches between anchors are compared line by line."""

from __future__ import annotations

import difflib
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CONTEXT = 3
_COMPARED = 20_000
"""Pairs of lines up to which a stretch is compared line by line; a longer one is told as replaced."""


class Run(NamedTuple):
    """Lines `i1` to `i2` of the old text stand for `j1` to `j2` of the new one; `equal`: they are the same."""

    equal: bool
    i1: int
    i2: int
    j1: int
    j2: int


def hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[list[Run]]:
    """The differences in order, each with up to three equal lines around it; none if the texts are equal."""
    runs = list(_merged(_runs(old, new)))
    if all(run.equal for run in runs):
        return
    hunk: list[Run] = []
    for number, run in enumerate(runs):
        if not run.equal:
            hunk.append(run)
            continue
        lead = _CONTEXT if number else 0
        tail = _CONTEXT if number < len(runs) - 1 else 0
        if run.i2 - run.i1 <= lead + tail:
            hunk.append(run)
            continue
        if hunk:
            yield [*hunk, Run(True, run.i1, run.i1 + lead, run.j1, run.j1 + lead)]
        hunk = [Run(True, run.i2 - tail, run.i2, run.j2 - tail, run.j2)] if tail else []
    if hunk:
        yield hunk


def header(hunk: Sequence[Run]) -> str:
    """`@@ -1,3 +1,4 @@`"""
    first, last = hunk[0], hunk[-1]
    return f"@@ -{_range(first.i1, last.i2)} +{_range(first.j1, last.j2)} @@"


def _range(start: int, stop: int) -> str:
    length = stop - start
    return f"{start + 1}" if length == 1 else f"{start + 1 if length else start},{length}"


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    at, to = 0, 0
    for i, j in [*_anchors(old, new), (len(old), len(new))]:
        yield from _stretch(old, new, Run(False, at, i, to, j))
        if i < len(old):
            yield Run(True, i, i + 1, j, j + 1)
        at, to = i + 1, j + 1


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Where lines that stand once in both texts match, in an order that holds in both: the longest such row."""
    often_old, often_new = Counter(old), Counter(new)
    place = {line: j for j, line in enumerate(new) if often_new[line] == 1 and often_old[line] == 1}
    pairs = [(i, place[line]) for i, line in enumerate(old) if line in place]
    ends: list[int] = []
    rows: list[int] = []
    before = [-1] * len(pairs)
    for number, (_, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        before[number] = rows[at - 1] if at else -1
        ends[at : at + 1] = [j]
        rows[at : at + 1] = [number]
    found = []
    number = rows[-1] if rows else -1
    while number >= 0:
        found.append(pairs[number])
        number = before[number]
    return found[::-1]


def _stretch(old: Sequence[str], new: Sequence[str], run: Run) -> Iterator[Run]:
    """What lies between two anchors."""
    _, i1, i2, j1, j2 = run
    while i1 < i2 and j1 < j2 and old[i1] == new[j1]:
        yield Run(True, i1, i1 + 1, j1, j1 + 1)
        i1, j1 = i1 + 1, j1 + 1
    same = 0
    while same < min(i2 - i1, j2 - j1) and old[i2 - 1 - same] == new[j2 - 1 - same]:
        same += 1
    i2, j2 = i2 - same, j2 - same
    if (i2 - i1) * (j2 - j1) <= _COMPARED:
        matcher = difflib.SequenceMatcher(None, old[i1:i2], new[j1:j2], autojunk=False)
        for tag, a1, a2, b1, b2 in matcher.get_opcodes():
            yield Run(tag == "equal", i1 + a1, i1 + a2, j1 + b1, j1 + b2)
    else:
        yield Run(False, i1, i2, j1, j2)
    yield Run(True, i2, i2 + same, j2, j2 + same)


def _merged(runs: Iterator[Run]) -> Iterator[Run]:
    """Neighbours of one sort as one run, empty ones left out."""
    kept: Run | None = None
    for run in runs:
        if run.i1 == run.i2 and run.j1 == run.j2:
            continue
        if kept is not None and kept.equal == run.equal:
            kept = Run(kept.equal, kept.i1, run.i2, kept.j1, run.j2)
            continue
        if kept is not None:
            yield kept
        kept = run
    if kept is not None:
        yield kept
