"""What is refused, warnings and notes of a plan as Markdown: an alert for each severity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.report.changes import LISTED, counted
from komodo_sync.report.findings import alike, allowing
from komodo_sync.report.layout import prose
from komodo_sync.report.markdown_detail import Names, Told
from komodo_sync.report.markdown_text import byte_length, code, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.plan import Finding, Severity
    from komodo_sync.report.markdown_detail import Detail

_ALERTS = {
    "refusal": ("CAUTION", "**Refused: apply will not start.**"),
    "warning": ("WARNING", "**Warnings**"),
    "note": ("NOTE", "**Notes**"),
}
_CLIPPED = 60
_FRAME = 3
"""Bytes that a row takes beside its text: it is quoted, and ends."""


def write_findings(findings: Sequence[Finding], detail: Detail, *severities: Severity, room: int = 0) -> list[str]:
    """An alert for each of these severities, with as much of its findings as the detail leaves; rows that are told in
    short are those that fit into `room` bytes."""
    blocks = []
    for severity in severities:
        alert, heading = _ALERTS[severity]
        chosen = [item for item in findings if item.severity == severity]
        if not chosen:
            continue
        refused = severity == "refusal"
        if detail.refusals if refused else detail.findings is Told.FULL:
            rows = [row for group in alike(chosen) for row in _group(group)]
        elif refused:
            ways = sorted({item.override for item in chosen if item.override})[:LISTED]
            allowed = f"; to allow what a flag allows: {', '.join(clip(way, detail) for way in ways)}" if ways else ""
            rows = [f"- for {counted(len(chosen), 'reason')}{allowed}"]
        else:
            told = _in_short(chosen, room) if detail.findings is Told.SHORT else []
            room -= sum(map(_size, told))
            more = "and {} more" if told else "{}"
            left = len(chosen) - len(told)
            rows = [*told, *([f"- {more.format(left)}, not told here for want of room"] if left else [])]
        blocks.append("\n".join(f"> {row}" for row in (f"[!{alert}]", heading, "", *rows)))
    return blocks


def some(names: Sequence[str]) -> str:
    """`a, b and 3 more`, each as code."""
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(code(name) for name in names[:LISTED]) + more


def clip(text: str, detail: Detail) -> str:
    """The text as code, cut where names are."""
    text = prose(text)
    return code(text if detail.names is not Names.CUT or len(text) <= _CLIPPED else f"{text[:_CLIPPED]}…")


def _in_short(findings: Sequence[Finding], room: int) -> list[str]:
    """The first sentence of as many as fit into `room` bytes."""
    rows = []
    for item in findings:
        row = f"- {code(item.code)}: {_ended(words(_first_sentence(item.message)))}"
        if _size(row) <= room:
            rows.append(row)
            room -= _size(row)
    return rows


def _size(row: str) -> int:
    return byte_length(row) + _FRAME


def _first_sentence(message: str) -> str:
    """Up to its end, which is none inside of backticks."""
    text, done = prose(message), 0
    for index, part in enumerate(text.split("`")):
        if index % 2 == 0 and (end := part.find(". ")) >= 0:
            return text[: done + end + 1]
        done += len(part) + 1
    return text


def _group(group: list[Finding]) -> list[str]:
    """One on a line; several below each other, and below them what is true of all."""
    first = group[0]
    ways = [f"{allowing(group).capitalize()}{code(first.override)}."] if first.override else []
    ways += [f"Next: {words(first.hint)}"] if first.hint else []
    if len(group) == 1:
        return [" ".join((f"- {code(first.code)}:", _finding(first), *ways))]
    return [f"- {code(first.code)}:", *(f"  - {told}" for told in (*map(_finding, group), *ways))]


def _finding(item: Finding) -> str:
    told = _ended(words(item.message))
    if any(str(address) not in item.message for address in item.addresses):
        told += f" Concerns {some([str(address) for address in item.addresses])}."
    return told


def _ended(message: str) -> str:
    return f"{message}{'' if message.endswith(('.', ':', '?')) else '.'}"
