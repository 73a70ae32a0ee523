"""Which comments are about something that stands in a text, and so go where it goes."""

from __future__ import annotations

import re

from komodo_sync.export.layout import line_end, line_start, next_line

_COMMENT = re.compile(r"(?P<indent>[ ]*)#")


def above(text: str, at: int, floor: int = 0) -> int:
    """Where the lines begin that are about what stands in the line of `at`: with the comments right above it that are
    indented as it is, but for those at the top of the text, which are about all of it. What stands before `floor` is
    something else's."""
    start = here = line_start(text, at)
    column = _indent(text, start)
    while start and (before := line_start(text, start - 1)) >= floor and _comment(text, before) == column:
        start = before
    return start if start else here


def below(text: str, start: int, end: int) -> int:
    """Where the lines end that are about what stands in the lines from `start` to `end`: with the comments right below
    it that are indented further than its first line."""
    column = _indent(text, line_start(text, start))
    while (following := next_line(text, end)) < len(text) and _comment(text, following) > column:
        end = line_end(text, following)
    return end


def _comment(text: str, start: int) -> int:
    """How far the comment that begins at `start`, the begin of a line, is indented; -1 where there is none."""
    found = _COMMENT.match(text, start)
    return len(found["indent"]) if found else -1


def _indent(text: str, start: int) -> int:
    line = text[start : line_end(text, start)]
    return len(line) - len(line.lstrip(" "))
