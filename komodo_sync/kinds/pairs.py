"""`KEY=value` texts as Core reads them when it deploys.

Source: the API's facts on key-value lists. Lines are trimmed; blank ones and those that start with `#` or `//` are
skipped; ` #` starts a comment; leading dashes are dropped; the first `=` or `:` splits. Quotes around key and value
together go; quotes around a value alone stay, and whoever reads the variable at last takes them off.
"""

from __future__ import annotations

import re

from komodo_sync.kinds.names import WHITE_SPACE
from komodo_sync.model.data import Data

_QUOTES = ("'", '"')
_EASY_TEXT = re.compile(r"(?:[A-Za-z0-9_]++=[^#\"'\n]*+\n)*+")
_EASY_LINE = re.compile(r"^([A-Za-z0-9_]+)=", re.MULTILINE)


class Pair(Data, frozen=True):
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
        pair = read_pair(kept)
        if pair is None:
            unreadable.append(number)
        else:
            pairs.append(Pair(*pair, number))
    return pairs, unreadable


def has_easy_pairs(text: str) -> bool:
    """Whether every line is read as it looks, and no key stands there twice; False where a closer look is needed."""
    if not _EASY_TEXT.fullmatch(text):
        return False
    keys = _EASY_LINE.findall(text)
    return len(set(keys)) == len(keys)


def read_keys(text: str) -> frozenset[str]:
    """The keys of every pair of `text`."""
    # two looks at the whole are quicker than one at each line
    if _EASY_TEXT.fullmatch(text):
        return frozenset(_EASY_LINE.findall(text))
    return frozenset(pair.key for pair in read_pairs(text)[0])


def read_pair(line: str) -> tuple[str, str] | None:
    """The key and value of one line; None for a comment, a blank line and one without `=` or `:`."""
    kept = line.strip(WHITE_SPACE)
    if not kept or kept.startswith(("#", "//")):
        return None
    kept = kept.split(" #", 1)[0].strip(WHITE_SPACE).lstrip("-").strip(WHITE_SPACE)
    divider = re.search("[=:]", kept)
    if divider is None:
        return None
    key, value = kept[: divider.start()].strip(WHITE_SPACE), kept[divider.end() :].strip(WHITE_SPACE)
    if key.startswith(_QUOTES) and not key.endswith(_QUOTES) and value.endswith(_QUOTES):
        key, value = key[1:].strip(WHITE_SPACE), value[:-1].strip(WHITE_SPACE)
    return key, value
