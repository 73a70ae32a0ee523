"""Changed fields as the lines of a `diff` block: each begins with its sign, so that a viewer of diffs colours it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.report.fields import RESET, visible_lines
from komodo_sync.report.layout import safe
from komodo_sync.report.values import as_told, pair_text, shown_lines, shown_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from komodo_sync.model.plan import Diff, DiffEntry, FieldChange


WIDEST = 300
"""Characters of one line that are shown where not all are."""


def diff_block(fields: Sequence[FieldChange], *, creating: bool, longest: int | None = None) -> list[str]:
    """The lines of all the fields. With `creating` there are no old values. `longest`: of more lines than that of one
    field, as many are shown, and how many there are more; and of each line its beginning."""
    lines: list[str] = []
    for item in fields:
        body = list(_body(item, creating))
        if longest is not None and len(body) > longest:
            cut = len(body) - longest
            body = [*body[:longest], f"# ... and {cut} more lines"]
        if longest is not None:
            body = [_beginning(line) for line in body]
        lines += [f"@@ {safe(item.pointer)} @@{_notes(item, creating)}", *body]
    return lines


def _beginning(line: str) -> str:
    cut = len(line) - WIDEST
    return f"{line[:WIDEST]} ... and {cut} more characters" if cut > 0 else line


def _notes(item: FieldChange, creating: bool) -> str:
    told = ["deploys"] if item.deploys and not creating else []
    told += [RESET.strip("()")] if item.reset else []
    if item.origin and not creating:
        told.append(safe(" ".join([item.origin, *(f"({way})" for way in item.through)])))
    return f" {'; '.join(told)}" if told else ""


def _body(item: FieldChange, creating: bool) -> Iterator[str]:
    diff = as_told(item.diff)
    if diff.kind == "scalar":
        if not creating:
            yield from (f"- {line}" for line in map(safe, shown_lines(item.before)))
        yield from (f"+ {line}" for line in map(safe, shown_lines(item.after)))
    else:
        yield from _lines(diff.lines)
        for entry in diff.entries:
            yield from _entry(diff, entry, creating)
    if diff.note:
        yield f"# {safe(diff.note)}"


def _lines(lines: Sequence[str]) -> Iterator[str]:
    for sign, body in visible_lines(lines):
        yield safe(body) if sign == "@" else f"{sign or ' '} {safe(body)}"


def _entry(diff: Diff, entry: DiffEntry, creating: bool) -> Iterator[str]:
    said = pair_text if diff.kind == "keyed" else shown_text
    key = safe(entry.key)
    lead = key + ("" if not key else " = " if diff.kind == "keyed" else ": ")
    before = None if creating else entry.before
    if entry.lines:
        sign = "-" if entry.after is None else "+" if before is None else "!"
        yield f"{sign} {key}:"
        yield from _lines(entry.lines)
    elif before is not None and before == entry.after:
        yield f"! {lead}{said(before)} -> {said(before)}"
    else:
        if before is not None:
            yield f"- {lead}{said(before)}"
        if entry.after is not None:
            yield f"+ {lead}{said(entry.after)}"
