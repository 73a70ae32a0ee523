"""Comments of a TOML file at what they are about in the manifest made of it."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from komodo_sync.export.layout import line_end, line_start
from komodo_sync.export.text import Tall
from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from komodo_sync.conversion.trees import Path, Place
    from komodo_sync.export.layout import Part
    from komodo_sync.export.tree import Tree
    from komodo_sync.source.toml import Comment

_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that YAML takes for a line end, or not at all."""


class Note(Data, frozen=True):
    """Lines about what stands at `path`: above it, on its line, or below it. An empty `path` is the whole file.
    `apart`: there was an empty line before them."""

    path: Path
    side: Literal["above", "beside", "below"]
    lines: tuple[str, ...]
    apart: bool = False


def notes(comments: Iterable[Comment], places: Iterable[Place], lines: Sequence[str]) -> list[Note]:
    """What each comment is about. `lines` are those of the TOML file.

    On the line of something a comment is about that; directly above something, about that; directly below something
    and not above anything, about what is above. What stands alone is about what follows, at the begin about the file.
    """
    ordered = sorted(places)
    starts = [(place.line, place.column) for place in ordered]
    result = []
    for block in _blocks(comments, lines):
        first, last = block[0], block[-1]
        following = bisect_left(starts, (first.line, first.column))
        words = tuple(_ODD.sub(" ", each.text) for each in block)
        if not any(line.strip("# ") for line in words):
            words = ()  # a ruler: an empty line is enough
        before = ordered[following - 1].path if following else ()
        if lines[first.line - 1][: first.column - 1].strip():
            result.append(Note(before, "beside", words))
            continue
        above, below = _blank(lines, first.line - 1), _blank(lines, last.line + 1)
        if (below and not above and before) or following == len(ordered):
            result.append(Note(before if not above else (), "below", words, above))
        elif below and not following:
            result.append(Note((), "above", words))
        else:
            result.append(Note(ordered[following].path, "above", words, above))
    return result


def _blocks(comments: Iterable[Comment], lines: Sequence[str]) -> Iterator[list[Comment]]:
    """Comments on lines of their own that follow one another belong together."""
    block: list[Comment] = []
    for comment in comments:
        alone = not lines[comment.line - 1][: comment.column - 1].strip()
        if block and not (alone and comment.line == block[-1].line + 1 and not _stands_behind(block[-1], lines)):
            yield block
            block = []
        block.append(comment)
    if block:
        yield block


def _stands_behind(comment: Comment, lines: Sequence[str]) -> bool:
    return bool(lines[comment.line - 1][: comment.column - 1].strip())


def _blank(lines: Sequence[str], number: int) -> bool:
    return not 0 < number <= len(lines) or not lines[number - 1].strip()


def make_room(tree: Tree, about: Iterable[Note]) -> None:
    """Lists with notes on their items are written one item a line."""
    for note in about:
        holder = tree
        for step, inner in pairwise(note.path):
            items = _in(holder, step)
            if isinstance(inner, int) and isinstance(items, list):
                items = holder[step] = Tall(items)
            holder = items


def _in(holder: Tree, step: str | int) -> Tree:
    """A part of a tree; None where it has none of that name."""
    if isinstance(holder, dict):
        return holder.get(step)
    return holder[step] if isinstance(holder, list) and isinstance(step, int) and step < len(holder) else None


def annotated(text: str, root: Part | None, about: Iterable[Note]) -> str:
    """`text` (a manifest, whose document is `root`) with the notes in it."""
    changes: list[tuple[int, int, str]] = []
    for number, note in enumerate(about):
        at, words = _placed(text, root, note)
        changes.append((at, number, words))
    pieces, done = [], 0
    for at, _, words in sorted(changes):
        pieces += [text[done:at], words]
        done = at
    return "".join([*pieces, text[done:]])


def _placed(text: str, root: Part | None, note: Note) -> tuple[int, str]:
    """Where to put what, for one note."""
    if not note.path or root is None:
        lines = "".join(f"{line}\n" for line in note.lines)
        return (0, f"{lines}\n") if note.side == "above" else (len(text), f"\n{lines}" if text else lines)
    key, value = _find(root, note.path)
    start = line_start(text, key.start)
    if note.side == "beside" and not (key is value and value.form != "scalar"):
        flat = value.form == "scalar" and text[value.start] not in "|>"
        end = line_end(text, value.end if flat or value.flow else key.end if key is not value else value.start)
        return end, "".join(f"  {line}" for line in note.lines)
    margin = re.match(" *", text[start:])
    assert margin is not None
    lines = "".join(f"{margin[0]}{line}\n" for line in note.lines)
    if note.side == "below":
        return min(line_end(text, value.end) + 1, len(text)), lines
    return start, f"\n{lines}" if note.apart and start and not text.endswith(":\n", 0, start) else lines


def _find(root: Part, path: Path) -> tuple[Part, Part]:
    """The key (for an item of a list the item itself) and the value at `path`, or at the nearest of its parents that
    is written: what became one text has no parts."""
    key = value = root
    for step in path:
        if isinstance(step, int):
            if value.form != "sequence" or step >= len(value.items):
                break
            key = value = value.items[step]
        else:
            found = next((pair for pair in value.pairs if pair[0].text == step), None)
            if found is None:
                break
            key, value = found
    return key, value
