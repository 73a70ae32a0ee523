"""Changes of a YAML text that leave everything else as it was written: comments, order, quotes, indentation."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from math import inf
from typing import TYPE_CHECKING

from komodo_sync.export.comments import above, below
from komodo_sync.export.layout import line_end, line_start, next_line
from komodo_sync.export.pairs import Lines
from komodo_sync.export.reading import in_order, key_of, left_out, says
from komodo_sync.export.said import UNSAID
from komodo_sync.export.text import block, inline, items
from komodo_sync.export.tree import Sparse
from komodo_sync.model.data import Data, field

if TYPE_CHECKING:
    from collections.abc import Collection

    from komodo_sync.export.layout import Part
    from komodo_sync.export.tree import Tree


class Edits(Data):
    """Changes of `text`, all given in its own positions and made at once by `result`."""

    text: str
    _changes: list[tuple[int, int, float, str]] = field(default_factory=list)

    def result(self) -> str:
        """The text with every change made, in the line breaks that most of its lines have."""
        newline = "\r\n" if self.text.count("\r\n") * 2 > self.text.count("\n") else "\n"
        return self._part(0, len(self.text), newline)

    def _part(self, begin: int, stop: int, newline: str = "\n") -> str:
        """What becomes of a part of the text."""
        pieces, at = [], begin
        for start, end, _, words in sorted(self._changes, key=lambda each: each[:3]):
            if begin <= start and end <= stop:
                pieces += [self.text[at:start], words.replace("\n", newline)]
                at = end
        return "".join([*pieces, self.text[at:stop]])

    def _change(self, start: int, end: int, words: str, rank: float = 0) -> None:
        """`words` in place of what stands there. Of what is put in at one place the lower rank comes first."""
        self._changes.append((start, end, rank, words))

    def _put_behind(self, part: Part, lines: str, column: float) -> None:
        """Lines behind those of `part`: what belongs to it before what belongs to something around it."""
        at = line_end(self.text, part.end)
        self._change(at, at, f"\n{lines}", -column)

    def set(self, parent: Part, key: Part, value: Part, tree: Tree, said: Tree = UNSAID) -> None:
        """The value of a key becomes `tree`; of what is the same in both nothing is touched. `said` is the tree of what
        is declared there, with what is laid under and over it."""
        if _is_same(value, tree, said) or self._merged(value, tree, said):
            return
        colon = self.text.index(":", key.end) + 1
        self._replace(colon, value, tree, parent.column, flow=parent.flow)

    def add(self, mapping: Part, key: str, tree: Tree, after: Part | None) -> None:
        """A new key of a mapping that has some, behind the value `after`; before all others where it is None."""
        if mapping.flow:
            pair = inline({key: tree})[1:-1]
            at = after.end if after else mapping.pairs[0][0].start
            self._change(at, at, f", {pair}" if after else f"{pair}, ")
        elif after:
            self._put_behind(after, _indented(block({key: tree}), mapping.column), mapping.column)
        else:
            at = mapping.pairs[0][0].start
            lines = _indented(block({key: tree}), mapping.column).lstrip(" ")
            self._change(at, at, f"{lines}\n{' ' * mapping.column}")

    def append(self, sequence: Part, trees: list[Tree]) -> None:
        """New items at the end of a sequence that has some."""
        self._insert(sequence, len(sequence.items), trees)

    def append_text(self, tree: Tree) -> None:
        """A mapping's keys at the end of the text."""
        at = len(self.text)
        before = "" if not self.text or self.text.endswith("\n") else "\n"
        self._change(at, at, before + block(tree), 1)

    def _merged(self, part: Part, tree: Tree, said: Tree) -> bool:
        """Whether a collection could be made `tree` in its parts."""
        if part.form == "mapping" and isinstance(tree, dict) and tree and part.pairs:
            return self._merge_mapping(part, tree, said if isinstance(said, dict) else None)
        if part.form == "sequence" and isinstance(tree, list) and tree and part.items:
            return self._merge_sequence(part, tree, said)
        return False

    def _merge_mapping(self, mapping: Part, tree: dict[str, Tree], said: dict[str, Tree] | None) -> bool:
        """Key by key. Where the order counts and is another one, the lines of each key go where it belongs; not where
        a merge key has a say in it."""
        written = {key_of(tree, key.text): (key, value) for key, value in mapping.pairs}
        # what a merge key brings is part of what is declared
        surplus = [word for word in written if word not in tree and (said is None or word != MERGE)]
        defaults = {word: left_out(tree, word) for word in surplus}
        going = [word for word in surplus if defaults[word] is None]
        kept = [word for word in written if word in tree]
        unordered = isinstance(tree, Sparse)
        if len(going) == len(written) or not (kept or unordered):
            return False
        if MERGE in written and said and not (unordered or all(word in tree or word in written for word in said)):
            return False
        if isinstance(tree, Lines) and not _is_ordered(tree, written, said):
            return MERGE not in written and self._reorder(mapping, tree, said)
        previous: Part | None = None
        for word, value in tree.items():
            told = _told(tree, said, word)
            if word in written:
                key, previous = written[word]
                self.set(mapping, key, previous, value, told)
            elif told != value:
                self.add(mapping, word, value, previous)
        for word, default in defaults.items():
            if default is not None:
                self.set(mapping, *written[word], default, _told(tree, said, word))
        for word, default in _reset(tree, said, written).items():
            self.add(mapping, word, default, previous)
        self._remove(mapping, [written[word][0] for word in going])
        return True

    def _reorder(self, mapping: Part, tree: Lines, said: dict[str, Tree] | None) -> bool:
        """Each key, with the comments above it, at its place in `tree`; False for what is in brackets over several
        lines, and where an alias could come before its anchor."""
        text, inner, end = self.text, Edits(self.text), 0
        shared = any(value.anchor or value.form == "alias" for _, value in mapping.pairs)
        if shared or (mapping.flow and "\n" in text[mapping.start : mapping.end]):
            return False
        pieces, start = {}, above(text, mapping.pairs[0][0].start)
        for key, value in mapping.pairs:
            if key.text in tree:
                inner.set(mapping, key, value, tree[key.text], _told(tree, said, key.text))
            begin, end = (key.start, value.end) if mapping.flow else (start, line_end(text, value.end))
            pieces[key.text] = inner._part(begin, end)
            start = next_line(text, end)
        for word, new in tree.items():
            if word not in pieces and _told(tree, said, word) != new:
                pair = {word: new}
                pieces[word] = inline(pair)[1:-1] if mapping.flow else _indented(block(pair), mapping.column)
        first = mapping.pairs[0][0].start if mapping.flow else above(text, mapping.pairs[0][0].start)
        between = ", " if mapping.flow else "\n"
        self._change(first, end, between.join(pieces[word] for word in tree if word in pieces))
        return True

    def _remove(self, mapping: Part, keys: list[Part]) -> None:
        """The lines of some of a mapping's keys, not of all; behind a dash what follows takes their place."""
        if mapping.flow:
            self._remove_flow([(key.start, value.end, key in keys) for key, value in mapping.pairs])
            return
        kept = next(at for at, (key, _) in enumerate(mapping.pairs) if key not in keys)
        if kept:
            first, following = mapping.pairs[0][0].start, mapping.pairs[kept][0].start
            if not self._before(mapping.pairs[0][0]):
                self._change(above(self.text, first), line_start(self.text, first), "")
            comments = above(self.text, following, mapping.pairs[kept - 1][1].end)
            here = self.text.index("#", comments) if comments < line_start(self.text, following) else following
            self._change(first, here, "")
        for at, (key, value) in enumerate(mapping.pairs):
            if key in keys and at > kept:
                self._remove_lines(key, value, mapping.pairs[at - 1][1].end)

    def _remove_flow(self, parts: list[tuple[int, int, bool]]) -> None:
        """Some of what stands in brackets, each with a comma; not all of it."""
        last = max(at for at, (_, _, goes) in enumerate(parts) if not goes)
        for at, (start, end, goes) in enumerate(parts):
            if goes and at < last:
                self._change(start, parts[at + 1][0], "")
            elif goes:
                self._change(parts[at - 1][1], end, "")

    def _merge_sequence(self, sequence: Part, tree: list[Tree], said: Tree) -> bool:
        """Item by item: what is the same is kept, what is not is made of what stands in its place, put in or taken
        out."""
        written = sequence.items
        if not sequence.flow and self._before(written[0]) != "-":
            return False  # a list that begins on the line of another one
        told = said if isinstance(said, list) and len(said) == len(written) else [UNSAID] * len(written)
        ours = [next(at for at, each in enumerate(tree) if each == item) for item in tree]
        theirs = [
            next((at for at in ours if _is_same(item, tree[at], told[place])), -1 - place)
            for place, item in enumerate(written)
        ]
        going: set[int] = set()
        for action, first, last, begin, end in SequenceMatcher(None, theirs, ours, autojunk=False).get_opcodes():
            if action == "equal":
                continue
            new = tree[begin:end]
            for place, each in zip(range(first, last), new, strict=False):
                self._set_item(sequence, written[place], each, told[place])
            going.update(range(first + len(new), last))
            if len(new) > last - first:
                self._insert(sequence, last, new[last - first :])
        if sequence.flow and going:
            self._remove_flow([(item.start, item.end, place in going) for place, item in enumerate(written)])
        elif going:
            for place in sorted(going):
                self._remove_lines(written[place], written[place], written[place - 1].end if place else 0)
        return True

    def _set_item(self, sequence: Part, item: Part, tree: Tree, said: Tree) -> None:
        if self._merged(item, tree, said):
            return
        commented = sequence.flow or self.text[item.end : line_end(self.text, item.end)].strip()
        text = inline(tree) if commented else _indented(items([tree]), sequence.column).lstrip(" ")[2:]
        self._change(item.start, item.end, text)

    def _insert(self, sequence: Part, place: int, trees: list[Tree]) -> None:
        """New items, the first of them at `place`."""
        if sequence.flow:
            at = sequence.items[place - 1].end if place else sequence.items[0].start
            self._change(at, at, "".join(f", {inline(tree)}" if place else f"{inline(tree)}, " for tree in trees))
            return
        lines = _indented(items(trees), sequence.column)
        if place:
            # a list may be no further in than the key that it belongs to
            self._put_behind(sequence.items[place - 1], lines, sequence.column + 0.5)
        else:
            at = line_start(self.text, sequence.items[0].start)
            self._change(at, at, f"{lines}\n")

    def _remove_lines(self, first: Part, last: Part, floor: int) -> None:
        """The lines from one part to another with the comments about them, and with the line break before them. What
        stands before `floor` is something else's."""
        start = above(self.text, first.start, floor)
        end = below(self.text, first.start, line_end(self.text, last.end))
        if start == 0:
            self._change(0, next_line(self.text, end), "")
        else:
            before = start - (2 if self.text[start - 2 : start] == "\r\n" else 1)
            self._change(before, end, "")

    def _before(self, part: Part) -> str:
        return self.text[line_start(self.text, part.start) : part.start].strip()

    def _replace(self, colon: int, value: Part, tree: Tree, column: int, *, flow: bool) -> None:
        """What stands behind a colon becomes `tree`; a comment on its line stays there."""
        anchor = f"&{value.anchor} " if value.anchor else ""
        start = value.start if self.text[colon : value.start].strip() else colon
        before = " " if start == colon else ""
        if flow:
            self._change(start, value.end, before + anchor + inline(tree))
            return
        head, _, body = block({"k": tree}).removesuffix("\n").removeprefix("k:").partition("\n")
        head = head.strip(" ")
        written = self.text[value.start : value.end]
        if value.form == "scalar" and not value.plain and written[:1] in ("|", ">"):
            # the comment of a block stands in its first line
            head += _COMMENT.sub("", written.split("\n", 1)[0], 1).rstrip()
        self._change(start, value.end, f"{before}{anchor}{head}".rstrip(" "))
        if body:
            self._put_behind(value, _indented(body, column), inf)


MERGE = "<<"
_COMMENT = re.compile(r"^[^ \t]*(?=[ \t]+#|[ \t]*$)")
"""What stands before the comment in the first line of a block."""


def _is_same(part: Part, tree: Tree, said: Tree) -> bool:
    """Whether what is written there is `tree` already, or what is declared there is."""
    if said is UNSAID:
        return says(part, tree)
    return bool(said == tree) and _is_ordered(tree, [key.text for key, _ in part.pairs], said)


def _is_ordered(tree: Tree, written: Collection[str], said: dict[str, Tree] | None) -> bool:
    """Whether the keys have the order of `tree`, if that counts: in all that is declared, or as far as it is decided by
    those that are `written`."""
    if not isinstance(tree, Lines) or (said and in_order(said, tree)):
        return True
    return not (said and MERGE in written) and in_order(written, tree)


def _reset(tree: dict[str, Tree], said: dict[str, Tree] | None, written: Collection[str]) -> dict[str, Tree]:
    """The defaults that have to be said, because what stands elsewhere says another value."""
    missing = {word: left_out(tree, word) for word in said or () if word not in tree and word not in written}
    return {word: default for word, default in missing.items() if default is not None}


def _told(tree: dict[str, Tree], said: dict[str, Tree] | None, key: str) -> Tree:
    """What is declared under one key: its default where nothing is, if it has one."""
    if said is None:
        return UNSAID
    if key in said:
        return said[key]
    default = left_out(tree, key)
    return UNSAID if default is None else default


def _indented(text: str, column: int) -> str:
    """Lines without the newline at their end, each moved in by `column`."""
    return re.sub("^(?=.)", " " * column, text.removesuffix("\n"), flags=re.MULTILINE)
