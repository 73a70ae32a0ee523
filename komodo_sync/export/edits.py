"""Changes of a YAML text that leave everything else as it was written: comments, order, quotes, indentation."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from komodo_sync.export.layout import line_end, line_start, next_line
from komodo_sync.export.placeholders import is_placeholder
from komodo_sync.export.text import Include, block, inline, items

if TYPE_CHECKING:
    from komodo_sync.export.layout import Part
    from komodo_sync.export.tree import Tree

_FLAGS = {True: frozenset({"true", "yes", "on"}), False: frozenset({"false", "no", "off"})}


def says(part: Part | None, tree: Tree) -> bool:
    """Whether what is written there is `tree` already, in whatever form."""
    if part is None or part.form == "alias" or part.tag not in ("", "!file"):
        return False
    if isinstance(tree, dict):
        return (
            part.form == "mapping"
            and [key.text for key, _ in part.pairs] == list(tree)
            and all(says(value, each) for (_, value), each in zip(part.pairs, tree.values(), strict=True))
        )
    if isinstance(tree, list):
        same = part.form == "sequence" and len(part.items) == len(tree)
        return same and all(map(says, part.items, tree))
    if part.form != "scalar":
        return False
    if isinstance(tree, Include) or part.tag:
        return isinstance(tree, Include) and bool(part.tag) and part.text == tree.path
    if isinstance(tree, str) and is_placeholder(tree) and is_placeholder(part.text):
        return True  # a secret has the name that people gave it
    if isinstance(tree, str):
        return part.text == tree and not (part.plain and tree in ("", "~", "null", "Null", "NULL"))
    if isinstance(tree, bool):
        return part.plain and part.text.lower() in _FLAGS[tree]
    return part.plain and part.text == ("null" if tree is None else repr(tree))


@dataclass(slots=True)
class Edits:
    """Changes of `text`, all given in its own positions and made at once by `result`."""

    text: str
    _changes: list[tuple[int, int, str]] = field(default_factory=list)

    def result(self) -> str:
        """The text with every change made."""
        newline = "\r\n" if "\r\n" in self.text else "\n"
        pieces, at = [], 0
        # of two at one place the later one stands behind the earlier one
        for start, end, words in sorted(self._changes, key=lambda each: each[:2]):
            pieces += [self.text[at:start], words.replace("\n", newline)]
            at = end
        return "".join([*pieces, self.text[at:]])

    def set(self, parent: Part, key: Part, value: Part, tree: Tree) -> None:
        """The value of a key becomes `tree`; of what is the same in both nothing is touched."""
        if says(value, tree):
            return
        if value.form == "mapping" and isinstance(tree, dict) and tree and self._merge_mapping(value, tree):
            return
        if value.form == "sequence" and isinstance(tree, list) and tree and self._merge_sequence(value, tree):
            return
        colon = self.text.index(":", key.end) + 1
        self._replace(colon, value, tree, parent.column, flow=parent.flow)

    def add(self, mapping: Part, key: str, tree: Tree, after: Part | None) -> None:
        """A new key behind the value `after`, which is one of the mapping's; behind the last one where it is None."""
        previous = after or mapping.pairs[-1][1]
        if mapping.flow:
            self._changes.append((previous.end, previous.end, f", {inline({key: tree})[1:-1]}"))
            return
        at = line_end(self.text, previous.end)
        self._changes.append((at, at, "\n" + _indented(block({key: tree}), mapping.column)))

    def append(self, sequence: Part, trees: list[Tree]) -> None:
        """New items at the end of a sequence that has some."""
        self._insert(sequence, sequence.items[-1].end, trees)

    def append_text(self, tree: Tree) -> None:
        """A mapping's keys at the end of the text."""
        at = len(self.text)
        before = "" if not self.text or self.text.endswith("\n") else "\n"
        self._changes.append((at, at, before + block(tree)))

    def _merge_mapping(self, mapping: Part, tree: dict[str, Tree]) -> bool:
        """Whether `mapping` could be made `tree` key by key: what is in both stands in the same order."""
        written = {key.text: (key, value) for key, value in mapping.pairs}
        kept = [word for word in tree if word in written]
        if (
            not kept
            or kept != [word for word in written if word in tree]
            or (mapping.flow and len(kept) < len(written))
        ):
            return False
        if kept[0] != next(iter(tree)):
            return False
        previous: Part | None = None
        for word, value in tree.items():
            if word in written:
                key, previous = written[word]
                self.set(mapping, key, previous, value)
            else:
                self.add(mapping, word, value, previous)
        first = written[kept[0]][0]
        if first is not mapping.pairs[0][0]:
            self._changes.append((mapping.pairs[0][0].start, first.start, ""))
        for key, value in mapping.pairs:
            if key.text not in tree and key.start > first.start:
                self._changes.append((line_start(self.text, key.start), next_line(self.text, value.end), ""))
        return True

    def _merge_sequence(self, sequence: Part, tree: list[Tree]) -> bool:
        """Whether `sequence` could be made `tree` item by item: what is the same at its begin and end is kept, between
        them one is made of the other, and what is more is put in or taken out."""
        written = sequence.items
        if (
            sequence.flow
            or not written
            or self.text[line_start(self.text, written[0].start) : written[0].start].strip() != "-"
        ):
            return False
        most = min(len(written), len(tree))
        first = next((at for at in range(most) if not says(written[at], tree[at])), most)
        most -= first
        last = next((at for at in range(most) if not says(written[-1 - at], tree[-1 - at])), most)
        old, new = written[first : len(written) - last], tree[first : len(tree) - last]
        if len(new) > len(old) and first + len(old) == 0:
            return False  # there is nothing yet behind which it could be put
        for item, each in zip(old, new, strict=False):
            self._set_item(sequence, item, each)
        if len(new) > len(old):
            self._insert(sequence, written[first + len(old) - 1].end, new[len(old) :])
        for item in old[len(new) :]:
            self._changes.append((line_start(self.text, item.start), next_line(self.text, item.end), ""))
        return True

    def _before(self, part: Part) -> str:
        return self.text[line_start(self.text, part.start) : part.start].strip()

    def _set_item(self, sequence: Part, item: Part, tree: Tree) -> None:
        if item.form == "mapping" and isinstance(tree, dict) and tree and self._merge_mapping(item, tree):
            return
        commented = self.text[item.end : line_end(self.text, item.end)].strip()
        text = inline(tree) if commented else _indented(items([tree]), sequence.column).lstrip(" ")[2:]
        self._changes.append((item.start, item.end, text))

    def _insert(self, sequence: Part, at: int, trees: list[Tree]) -> None:
        if sequence.flow:
            self._changes.append((at, at, "".join(f", {inline(tree)}" for tree in trees)))
            return
        end = line_end(self.text, at)
        self._changes.append((end, end, "\n" + _indented(items(trees), sequence.column)))

    def _replace(self, colon: int, value: Part, tree: Tree, column: int, *, flow: bool) -> None:
        """What stands behind a colon becomes `tree`; a comment on its line stays there."""
        anchor = f"&{value.anchor} " if value.anchor else ""
        gap = "" if self.text[colon : value.start].strip() else self.text[colon : value.start]
        start = colon if not gap.strip() and "#" not in self.text[colon : value.start] else value.start
        before = " " if start == colon else ""
        if flow:
            self._changes.append((start, value.end, before + anchor + inline(tree)))
            return
        head, _, body = block({"k": tree}).removesuffix("\n").removeprefix("k:").partition("\n")
        head = head.strip()
        written = self.text[value.start : value.end]
        if value.form == "scalar" and not value.plain and written[:1] in ("|", ">"):
            # the comment of a block stands in its first line
            _, hash_mark, comment = written.split("\n", 1)[0].partition(" #")
            head += (" #" + comment.rstrip("\r")) if hash_mark else ""
        lead = f"{before}{anchor}{head}" if head or anchor else ""
        self._changes.append((start, value.end, lead.rstrip(" ")))
        if body:
            at = line_end(self.text, value.end)
            self._changes.append((at, at, "\n" + _indented(body, column)))


def _indented(text: str, column: int) -> str:
    """Lines without the newline at their end, each moved in by `column`."""
    return re.sub("^(?=.)", " " * column, text.removesuffix("\n"), flags=re.MULTILINE)
