"""Looks for many texts at once, however tools write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.model.written import encoded, is_quoted, readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_GRAM = 4
"""So many letters of a text decide whether one of those that are looked for may stand there."""
_FEW = 1000
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LINES = 1 << 16
"""How many lines are kept at most, with what stands in them."""


class Index:
    """Texts of at least `least` characters (4 or more). Every so many places of a text are looked at, so that no more
    of them than needed are; lines are alike in many texts, so each is read once."""

    def __init__(self, texts: Iterable[str], least: int) -> None:
        self._least, self._step = least, least - _GRAM + 1
        self._forms = {form for text in set(texts) for form in (text, *encoded(text))}
        self._grams: dict[str, set[tuple[int, int]]] = {}
        self._lines: dict[str, list[tuple[int, int]]] = {}
        for form in self._forms:
            for at in range(self._step):
                self._grams.setdefault(form[at : at + _GRAM], set()).add((at, len(form)))

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where they stand in `text`, line by line: from, to."""
        if not self._grams or (len(self._grams) < _FEW and not self._may_be_in(text)):
            return []
        if "\n" not in text:
            return self._line(text)
        found: list[tuple[int, int]] = []
        at = 0
        for line in text.split("\n"):
            if places := self._line(line):
                found += [(at + start, at + stop) for start, stop in places]
            at += len(line) + 1
        return found

    def pieces(self, text: str) -> list[tuple[str, bool]]:
        """`text` in pieces, each with whether it is one of them; none is longer than a line."""
        if not self._grams:
            return [(text, False)] if text else []
        return [piece for line in _LINE.findall(text) for piece in self._pieces(line)]

    def _pieces(self, text: str) -> list[tuple[str, bool]]:
        found: list[tuple[str, bool]] = []
        end = 0
        for start, stop in self._spans(text):
            found += [(text[end:start], False)] if start > end else []
            found.append((text[start:stop], True))
            end = stop
        return [*found, (text[end:], False)] if end < len(text) else found

    def _may_be_in(self, text: str) -> bool:
        """Quicker than line by line where there are few of them: none is in most texts."""
        places = range(0, len(text) - _GRAM + 1, self._step)
        return is_quoted(text) or not self._grams.keys().isdisjoint([text[at : at + _GRAM] for at in places])

    def _line(self, line: str) -> list[tuple[int, int]]:
        if len(line) < self._least:
            return []
        found = self._lines.get(line)
        if found is None:
            found = self._spans(line)
            if len(self._lines) < _LINES:
                self._lines[line] = found
        return found

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Where they stand, in order; of those that lie over each other the whole."""
        found = {
            (each.places[start], each.places[stop]) for each in readings(text) for start, stop in self._found(each.text)
        }
        merged: list[tuple[int, int]] = []
        for start, stop in sorted(found):
            if merged and start < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
            else:
                merged.append((start, stop))
        return merged

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        grams, step = self._grams, self._step
        for hit in [at for at in range(0, len(text) - _GRAM + 1, step) if text[at : at + _GRAM] in grams]:
            for at, length in grams[text[hit : hit + _GRAM]]:
                start = hit - at
                if start >= 0 and start + length <= len(text) and text[start : start + length] in self._forms:
                    yield start, start + length
