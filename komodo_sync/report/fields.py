"""The fields of a change: old and new values side by side, and the diffs of what is longer than a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.report.layout import Style, cells, pad, safe
from komodo_sync.report.values import as_told, pair_text, shown_lines, shown_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from komodo_sync.model.plan import Diff, FieldChange
    from komodo_sync.report.layout import Page, Run

INDENT = 4
BODY = INDENT + 2
RESET = "(reset to default: not in the manifest)"
DEPLOYS = "(deploys)"
_ARROW = " -> "
_TAB = 4
_LINE_STYLES = {"+": Style.GREEN, "-": Style.RED, "@": Style.CYAN}


def write_fields(page: Page, fields: Sequence[FieldChange], *, source: str, creating: bool) -> None:
    """Every field under its change. With `creating` there is no old value, and an origin is only named when it is in
    another file than `source` (`file:line:col`), the place of the resource."""
    scalars = [item for item in fields if item.diff.kind == "scalar"]
    columns = (
        _column([safe(item.pointer) for item in scalars], page.width // 3),
        _column([shown_text(item.before) for item in scalars], page.width // 6),
    )
    for item in fields:
        notes = _notes(item, source, creating)
        if item.diff.kind != "scalar":
            _write_with_notes(page, [(safe(item.pointer), Style.PLAIN)], notes)
            write_diff(page, item.diff, indent=BODY, creating=creating)
            continue
        runs = _scalar_row(item, columns, creating)
        if sum(cells(text) for text, _ in runs) <= page.room(INDENT) and not _is_long(item):
            _write_with_notes(page, runs, notes)
        else:
            _write_with_notes(page, [(safe(item.pointer), Style.PLAIN)], notes)
            _write_stacked(page, item, creating)


def _column(texts: Sequence[str], most: int) -> int:
    """The width that lines up the texts which are not too long for a column."""
    return max((width for width in map(cells, texts) if width <= most), default=0)


def _is_long(item: FieldChange) -> bool:
    return len(shown_lines(item.before)) > 1 or len(shown_lines(item.after)) > 1


def _scalar_row(item: FieldChange, columns: tuple[int, int], creating: bool) -> list[Run]:
    pointer: Run = (pad(safe(item.pointer), columns[0]) + "  ", Style.PLAIN)
    after: Run = (shown_text(item.after), Style.GREEN)
    if creating:
        return [pointer, after]
    return [pointer, (pad(shown_text(item.before), columns[1]), Style.RED), (_ARROW, Style.PLAIN), after]


def _write_stacked(page: Page, item: FieldChange, creating: bool) -> None:
    if not creating:
        for line in shown_lines(item.before):
            page.value("- ", line, Style.RED, indent=BODY)
    for line in shown_lines(item.after):
        page.value("+ ", line, Style.GREEN, indent=BODY)


def _notes(item: FieldChange, source: str, creating: bool) -> list[Run]:
    notes: list[Run] = []
    if item.diff.note and item.diff.kind == "scalar":
        notes.append((f"({safe(item.diff.note)})", Style.PLAIN))
    if item.deploys and not creating:
        notes.append((DEPLOYS, Style.YELLOW))
    if item.reset:
        notes.append((RESET, Style.DIM))
    if item.origin and not (creating and _file(item.origin) == _file(source)):
        ways = f" ({', '.join(map(safe, item.through))})" if item.through else ""
        notes.append((f"{safe(item.origin)}{ways}", Style.DIM))
    return notes


def _file(place: str) -> str:
    return place.rsplit(":", 2)[0]


def _write_with_notes(page: Page, runs: list[Run], notes: list[Run]) -> None:
    """The row and its notes, which go to rows of their own when there is no room."""
    tail = [run for note in notes for run in (("  ", Style.PLAIN), note)]
    if sum(cells(text) for text, _ in runs + tail) <= page.room(INDENT):
        page.row(*runs, *tail, indent=INDENT)
        return
    page.say(*runs, indent=INDENT)
    page.say(*tail[1:], indent=BODY)


def write_diff(page: Page, diff: Diff, *, indent: int, creating: bool = False) -> None:
    """The body of a diff: lines, keys or places, then its note. With `creating` there is no old value."""
    _write_lines(page, diff.lines, indent)
    _write_entries(page, as_told(diff), indent, creating)
    if diff.note:
        page.say((f"({safe(diff.note)})", Style.DIM), indent=indent)


def _write_lines(page: Page, lines: Sequence[str], indent: int) -> None:
    for sign, body in visible_lines(lines):
        style = _LINE_STYLES.get(sign, Style.PLAIN)
        page.value("" if sign == "@" else f"{sign or ' '} ", body, style, indent=indent)


def visible_lines(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The lines of a unified diff as sign and body, which is all of the line where it is a place (`@`). A tab is shown
    as an arrow, and spaces at the end of a changed line as dots: a diff in white space alone must be seen. Where one
    side is empty, its places say nothing and are left out."""
    whole = len({line[:1] for line in lines if line[:1] != "@"}) == 1
    for line in lines:
        sign, body = line[:1], line[1:]
        if sign == "@":
            if not whole:
                yield sign, line
            continue
        body = body.replace("\t", "→".ljust(_TAB))
        if sign in ("+", "-"):
            kept = body.rstrip(" ")
            body = kept + "·" * (len(body) - len(kept))
        yield sign, body


def _write_entries(page: Page, diff: Diff, indent: int, creating: bool) -> None:
    keyed = diff.kind == "keyed"
    said = pair_text if keyed else shown_text
    column = _column([safe(entry.key) for entry in diff.entries], page.width // 3) if keyed else 0
    for entry in diff.entries:
        key = pad(safe(entry.key), column)
        separator = "" if not entry.key else " = " if keyed else ": "
        if entry.lines:
            sign, style = ("+", Style.GREEN) if entry.before is None or creating else ("~", Style.YELLOW)
            sign, style = ("-", Style.RED) if entry.after is None else (sign, style)
            page.value(f"{sign} {key}:", "", style, indent=indent)
            _write_lines(page, entry.lines, indent + 2)
        elif entry.after is None:
            if creating:
                continue
            was = "" if entry.before is None or entry.before.hidden else said(entry.before)
            page.value(f"- {key}", f"  (was {was})" if key and was else was, Style.RED, indent=indent)
        elif entry.before is None or creating:
            page.value(f"+ {key}{separator}", said(entry.after), Style.GREEN, indent=indent)
        else:
            page.value(
                f"~ {key}{separator}", f"{said(entry.before)}{_ARROW}{said(entry.after)}", Style.YELLOW, indent=indent
            )
