"""Where in a file texts of its author stand, in which a `#` begins no comment of the file."""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum
from typing import TYPE_CHECKING

from yaml.events import ScalarEvent, StreamEndEvent

from komodo_sync.source.toml import read_comments
from komodo_sync.source.yaml_events import yaml_events

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.source.text import Source


class Within(Enum):
    """In what a place lies: in quotes, in a text that goes over lines of its own, or in neither."""

    QUOTES = "quotes"
    LINES = "lines"
    NEITHER = "neither"


def text_finder(source: Source) -> Callable[[int, int], Within]:
    """What tells of a `#` at a line and a column, from 1, in what it lies. The text is one that our readers take."""
    if source.name.lower().endswith(".toml"):
        comments = {comment.line: comment.column for comment in read_comments(source)}
        return lambda line, column: Within.NEITHER if comments.get(line, column + 1) <= column else Within.LINES
    spans = _texts(source.text)

    def within(line: int, column: int) -> Within:
        place = (line - 1, column - 1)
        before = bisect_right(spans, place, key=lambda span: span[0])
        _, end, found = spans[before - 1] if before else (place, place, Within.NEITHER)
        return found if place < end else Within.NEITHER

    return within


def _texts(text: str) -> list[tuple[tuple[int, int], tuple[int, int], Within]]:
    """From where to where each text in quotes and each block goes, in lines and columns from 0. The first line of a
    block is none of its text."""
    spans = []
    next_event = yaml_events(text)
    while type(event := next_event()) is not StreamEndEvent:
        if type(event) is ScalarEvent and event.style and event.start_mark and event.end_mark:
            start, end, block = event.start_mark, event.end_mark, event.style in ("|", ">")
            first = (start.line + 1, 0) if block else (start.line, start.column)
            spans.append((first, (end.line, end.column), Within.LINES if block else Within.QUOTES))
    return spans
