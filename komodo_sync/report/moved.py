"""What moved since a plan was approved: what was approved, and what it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.report.layout import safe
from komodo_sync.report.values import as_told, pair_text, shown_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Change, DiffEntry, FieldChange

_APPROVED, _NOW, _NOTHING = "was approved:", "is now:", "nothing"
_MOST = 3
"""Entries and lines of one field that are told before the rest is counted."""


def moved_text(address: Address, approved: Change | None, now: Change | None, why: str = "") -> str:
    """One change in lines: `stack/web update`, then what was approved and what it is now."""
    head, *rows = _rows(address, approved, now, why)
    return "\n".join([head[1], *(f"  {label:<14}{said}" for label, said in rows)])


def moved_sentence(address: Address, approved: Change | None, now: Change | None, why: str = "") -> str:
    """The same on one line."""
    return "; ".join(f"{label} {said}".lstrip() for label, said in _rows(address, approved, now, why))


def _rows(address: Address, approved: Change | None, now: Change | None, why: str) -> list[tuple[str, str]]:
    change = now or approved
    assert change is not None
    return [
        ("", f"{safe(str(address))} {change.action}{f': {safe(why)}' if why else ''}"),
        *((_APPROVED, line) for line in (_told(approved, now) if approved else [_NOTHING])),
        *((_NOW, line) for line in (_told(now, approved) if now else [_NOTHING])),
    ]


def _told(change: Change | None, other: Change | None) -> Iterator[str]:
    """What is in `change` and not in the same way in `other`."""
    assert change is not None
    beside = {field.pointer: field for field in other.fields} if other else {}
    told = [field for field in change.fields if not _alike(field, beside.get(field.pointer))]
    name = f"{change.action} from {safe(change.previous)}" if change.previous else str(change.action)
    if not told:
        yield name
    for field in told:
        yield f"{name} {safe(field.pointer)} {', '.join(_field(field, beside.get(field.pointer)))}"


def _alike(one: FieldChange, other: FieldChange | None) -> bool:
    return other is not None and (one.before, one.after, one.diff) == (other.before, other.after, other.diff)


def _field(field: FieldChange, other: FieldChange | None) -> Iterator[str]:
    diff = as_told(field.diff)
    if diff.kind == "scalar":
        yield f"{shown_text(field.before)} -> {shown_text(field.after)}"
        return
    known = as_told(other.diff).entries if other else ()
    lines_known = frozenset(other.diff.lines) if other else frozenset()
    entries = [entry for entry in diff.entries if entry not in known] or list(diff.entries)
    lines = [line for line in diff.lines if line[:1] in ("+", "-")]
    lines = [line for line in lines if line not in lines_known] or lines
    told = [*(_entry(entry, keyed=diff.kind == "keyed") for entry in entries), *map(safe, lines)]
    yield from told[:_MOST]
    if len(told) > _MOST:
        yield f"and {len(told) - _MOST} more"
    if not told:
        yield diff.note or "differs"


def _entry(entry: DiffEntry, *, keyed: bool) -> str:
    said, key = pair_text if keyed else shown_text, safe(entry.key)
    if entry.lines:
        return f"{key} differs"
    if entry.after is None:
        return f"{key or (said(entry.before) if entry.before else '')} removed"
    lead = f"{key} " if key else ""
    if entry.before is None:
        return f"{lead}added: {said(entry.after)}"
    return f"{lead}{said(entry.before)} -> {said(entry.after)}"
