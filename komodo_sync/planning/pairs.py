"""`KEY=value` texts as a plan tells them: the last value of each key, and what there is to say about the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.pairs import read_pairs
from komodo_sync.model.data import Data
from komodo_sync.model.sealed import Sealed, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_KEY = re.compile(r"[\w./\[\]{}$ :-]{1,255}")
_OPENS = re.compile(r"""[=:]\s*(["'])(?:(?!\1).)*$""")


class Pairs(Data, frozen=True):
    """`values` is the last value of each key (Sealed or Unknown where it is that), `odd` the lines that are no pair,
    `pairs` all of them in order."""

    values: Mapping[str, Any]
    odd: tuple[str, ...] = ()
    pairs: tuple[tuple[str, Any], ...] = ()

    @property
    def repeated(self) -> bool:
        """Whether a key stands there more than once."""
        return len(self.pairs) > len(self.values)


def pairs_of(text: str) -> Pairs:
    """The pairs of a text.

    A value in quotes that goes on over several lines makes pairs of them for Core; what stands there may be a part of
    a private key, so those are no keys to show.
    """
    pairs, _ = read_pairs(text)
    lines = text.split("\n")
    last = {mark: number for number, line in enumerate(lines) for mark in "\"'" if mark in line}
    inside, quote = set(), ""
    for number, line in enumerate(lines):
        if quote:
            inside.add(number)
            quote = "" if quote in line else quote
            continue
        opened = _OPENS.search(line)
        if opened and last[opened[1]] > number:
            quote = opened[1]
    clear = [pair for pair in pairs if pair.line not in inside and _KEY.fullmatch(pair.key)]
    told = {pair.line for pair in clear}
    odd = tuple(line for number, line in enumerate(lines) if number not in told and not _is_comment(line))
    found = {pair.key: pair.value for pair in clear}
    return Pairs(found, odd, tuple((pair.key, pair.value) for pair in clear))


def told_pairs(value: Any) -> Pairs:
    """The pairs of a text, or what is public about those of a text that is secret or not known here as a whole."""
    if isinstance(value, Sealed | Unknown) and value.pairs is not None:
        return Pairs(value.pairs, pairs=tuple(value.pairs.items()))
    return pairs_of(value or "")


def changed_pairs(
    old: Sequence[tuple[str, Any]], new: Sequence[tuple[str, Any]]
) -> Iterator[tuple[str, Any | None, Any | None]]:
    """Of pairs whose key may be repeated those that only one side has, with the value on each side: new ones first."""
    yield from ((key, None, value) for key, value in new if (key, value) not in old)
    yield from ((key, value, None) for key, value in old if (key, value) not in new)


def _is_comment(line: str) -> bool:
    kept = line.strip()
    return not kept or kept.startswith(("#", "//"))
