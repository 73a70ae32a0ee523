"""`KEY=value` texts as Core reads them when it deploys.

Source: the API's facts on key-value lists. Lines are trimmed; blank ones and those that start with `#` or `//` are
skipped; ` #` starts a comment; leading dashes are dropped; the first `=` or `:` splits. Quotes around a value stay, a
quote before the key with one after the value goes.
"""

from __future__ import annotations

from dataclasses import dataclass

from komodo_sync.kinds.names import WHITE_SPACE

_QUOTES = ("'", '"')


@dataclass(frozen=True, slots=True)
class Pair:
    """One line that Core reads as a pair. `line` counts from 0 in the text."""

    key: str
    value: str
    line: int


def read_pairs(text: str) -> tuple[list[Pair], list[int]]:
    """The pairs of `text` in order, and the numbers of the lines (from 0) that Core cannot read."""
    pairs: list[Pair] = []
    unreadable: list[int] = []
    for number, line in enumerate(text.split("\n")):
        kept = line.strip(WHITE_SPACE)
        if not kept or kept.startswith(("#", "//")):
            continue
        kept = kept.split(" #", 1)[0].strip(WHITE_SPACE).lstrip("-").strip(WHITE_SPACE)
        at = min((found for mark in "=:" if (found := kept.find(mark)) >= 0), default=-1)
        if at < 0:
            unreadable.append(number)
            continue
        key, value = kept[:at].strip(WHITE_SPACE), kept[at + 1 :].strip(WHITE_SPACE)
        if key.startswith(_QUOTES) and not key.endswith(_QUOTES) and value.endswith(_QUOTES):
            key, value = key[1:].strip(WHITE_SPACE), value[:-1].strip(WHITE_SPACE)
        pairs.append(Pair(key, value, number))
    return pairs, unreadable
