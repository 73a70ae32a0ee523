"""A YAML text with the place of every value in it, so that one can be changed and the rest stays as it was written.

Positions are counted in characters from 0. What an alias stands for is not looked into: it is changed by putting
something else in its place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from yaml.cyaml import CParser  # type: ignore[attr-defined]
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from komodo_sync.model.data import Data, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Form = Literal["scalar", "mapping", "sequence", "alias"]


class Part(Data, eq=False):
    """A value as it stands in a text, from `start` to `end`: without the space and the comments behind it.

    text     of a scalar, as YAML reads it; `plain`: without quotes
    tag      as it is written, or empty; `anchor` likewise
    column   how far a collection's own lines are indented
    flow     in brackets
    pairs    of a mapping; items of a sequence
    """

    form: Form
    start: int
    end: int
    column: int = 0
    text: str = ""
    plain: bool = False
    tag: str = ""
    anchor: str = ""
    flow: bool = False
    pairs: list[tuple[Part, Part]] = field(default_factory=list)
    items: list[Part] = field(default_factory=list)

    def get(self, *keys: str) -> Part | None:
        """The value of the first of `keys` that a mapping has."""
        return next((value for key, value in self.pairs if key.text in keys), None)


def documents(text: str) -> list[Part]:
    """The documents of a well-formed text."""
    next_event: Callable[[], Any] = CParser(text).get_event
    roots: list[Part] = []
    open_parts: list[Part] = []
    keys: list[Part | None] = []
    while (kind := type(event := next_event())) is not StreamEndEvent:
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            mark, form = event.start_mark, "mapping" if kind is MappingStartEvent else "sequence"
            part = Part(form, mark.index, event.end_mark.index, mark.column, flow=bool(event.flow_style))  # type: ignore[arg-type]
            part.tag, part.anchor = event.tag or "", event.anchor or ""
            open_parts.append(part)
            keys.append(None)
            continue
        if kind is MappingEndEvent or kind is SequenceEndEvent:
            part = open_parts.pop()
            keys.pop()
            _close(text, part, event.end_mark.index)
        elif kind is ScalarEvent:
            part = _scalar(text, event)
        elif kind is AliasEvent:
            part = Part("alias", event.start_mark.index, event.end_mark.index)
        else:
            if kind is DocumentStartEvent:
                keys, open_parts = [], []
            continue
        if not open_parts:
            roots.append(part)
        elif open_parts[-1].form == "sequence":
            open_parts[-1].items.append(part)
        elif keys[-1] is None:
            keys[-1] = part
        else:
            open_parts[-1].pairs.append((keys[-1], part))
            keys[-1] = None
    return roots


def is_open(text: str, root: Part) -> bool:
    """Whether what stands at the end of the text, from the first column on, is part of `root`, its last document."""
    return not (root.pairs and (root.flow or root.column or _CLOSED.search(text, root.end)))


def lost_anchor(text: str) -> str:
    """The alias that names no anchor before it; empty where there is none."""
    for root in documents(text):
        known = set()
        for part in parts(root):
            known.add(part.anchor)
            name = text[part.start : part.end].removeprefix("*").strip()
            if part.form == "alias" and name not in known:
                return name
    return ""


def parts(root: Part) -> Iterator[Part]:
    """`root` and everything in it."""
    yield root
    for key, value in root.pairs:
        yield key
        yield from parts(value)
    for item in root.items:
        yield from parts(item)


def _close(text: str, part: Part, end: int) -> None:
    """A collection in brackets ends with its bracket, any other with the last thing in it; its column is that of its
    first key or dash."""
    if part.flow:
        part.end = end
    elif part.pairs:
        part.end = part.pairs[-1][1].end
        part.column = part.pairs[0][0].column
    elif part.items:
        part.end = part.items[-1].end
        if part.anchor or part.tag:
            dash = _DASH.search(text, part.start)
            part.column = dash.end() - 1 - line_start(text, dash.end()) if dash else part.column


def _scalar(text: str, event: Any) -> Part:
    start, end = event.start_mark.index, event.end_mark.index
    if event.style in ("|", ">"):
        written = text[start:end]
        header = written.split("\n", 1)[0]
        # lines at its end that say nothing belong to what follows, unless the header keeps them
        kept = written.removesuffix("\n") if "+" in header else written.rstrip(" \r\n")
        end = start + len(kept)
    return Part(
        "scalar",
        start,
        end,
        event.start_mark.column,
        text=event.value,
        plain=not event.style,
        tag=event.tag or "",
        anchor=event.anchor or "",
    )


def line_start(text: str, at: int) -> int:
    """Where the line of `at` begins."""
    return text.rfind("\n", 0, at) + 1


def line_end(text: str, at: int) -> int:
    """Where the line of `at` ends, before its line break."""
    found = _END.search(text, at)
    return found.start() if found else len(text)


def next_line(text: str, at: int) -> int:
    """Where the line behind that of `at` begins."""
    found = _END.search(text, at)
    return found.end() if found else len(text)


_CLOSED = re.compile(r"^\.\.\.", re.MULTILINE)
_DASH = re.compile(r"\n[ ]*-")
_END = re.compile(r"\r?\n")
