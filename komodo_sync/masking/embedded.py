"""Mappings in braces that stand in another text, on one line: `CFG={"auth":{"bob":"X"}}`, `CFG: '{"auth": {...}}'`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.structured import Place, moved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_OPENS = re.compile(r"(?<=[='\"` \t])\{(?=[ \t]*[\"'A-Za-z_])")
_SIGN = re.compile(r"\"(?:[^\"\\]|\\.)*+\"|[{}]")


_UNCLOSED = 8
"""How many of a line are looked at that are closed nowhere."""


def embedded_places(
    text: str, find: Callable[[str], list[Place]], find_beside: Callable[[str], list[Place]]
) -> Iterator[Place]:
    """What `find` finds in those of a text. Behind a blank one may be a part of the text itself, which says more of it,
    unless all of it cannot be read: there `find_beside` does."""
    if not _OPENS.search(text):
        return
    for number, line in enumerate(text.split("\n")):
        end = unclosed = 0
        for start in (opens.start() for opens in _OPENS.finditer(line)):
            if start < end or unclosed >= _UNCLOSED:
                continue
            if closed := _end(line, start):
                end = closed
                found = find_beside if line[start - 1] in " \t" else find
                yield from moved(found(line[start:end]), number, start)
            else:
                unclosed += 1


def _end(line: str, start: int) -> int:
    """Where the braces are closed that open at `start`; 0 where they never are."""
    deep = 0
    for sign in _SIGN.finditer(line, start):
        deep += {"{": 1, "}": -1}.get(sign[0], 0)
        if not deep:
            return sign.end()
    return 0
