"""How two values of a field differ, masked: a unified diff, changed keys, or changed items."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.pairs import read_pairs
from komodo_sync.kinds.shapes import ListShape, PairsShape, StructShape, Tagged, TargetsShape, TextListShape, TextShape
from komodo_sync.model.plan import SECRET, Diff, DiffEntry, Shown
from komodo_sync.model.sealed import Sealed
from komodo_sync.model.secrecy import looks_secret
from komodo_sync.planning.mask import shown, shown_line, shown_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.kinds.struct import Field

SCALAR = Diff("scalar")
_SECRET_DIFFERS = Diff("scalar", note="secret values differ")


def diff(field: Field, before: Any, after: Any, *, clear_keys: frozenset[str], secret: bool = False) -> Diff:
    """The difference of two normal forms of `field`; of a secret one, only that there is one.

    `clear_keys`: the keys of a pairs field whose live value may be shown, because the manifest writes them in clear.
    """
    if secret or field.secret or isinstance(before, Sealed) or isinstance(after, Sealed):
        return _SECRET_DIFFERS if before and after else SCALAR
    match field.shape:
        case PairsShape():
            return _keyed(before or "", after or "", clear_keys)
        case TextShape() if "\n" in (before or "").strip("\n") or "\n" in (after or "").strip("\n"):
            return _lines(before or "", after or "")
        case StructShape() | ListShape() | Tagged() | TargetsShape() | TextListShape():
            return _items(field, before, after)
        case _:
            return SCALAR


def _lines(before: str, after: str) -> Diff:
    """A unified diff. Lines that differ only in what is masked are said to."""
    unified = list(difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3))[2:]
    masked = tuple(line[:1] + shown_line(line[1:]) if line[:1] in "+- " else line for line in unified)
    hidden = any(plain != seen for plain, seen in zip(unified, masked, strict=True) if plain[:1] in "+-")
    if not unified:
        return Diff("lines", note="only line endings differ")
    return Diff("lines", lines=masked, note="values that look secret are not shown" if hidden else "")


def _keyed(before: str, after: str, clear_keys: frozenset[str]) -> Diff:
    old, old_odd = read_pairs(before)
    new, new_odd = read_pairs(after)
    was, becomes = {pair.key: pair.value for pair in old}, {pair.key: pair.value for pair in new}
    entries = []
    for key in [*becomes, *(key for key in was if key not in becomes)]:
        left, right = was.get(key), becomes.get(key)
        if left == right:
            continue
        entries.append(
            DiffEntry(
                key,
                None if left is None else _value(key, left, shows=key in clear_keys),
                None if right is None else _value(key, right, shows=True),
            )
        )
    notes = []
    if not entries and before and after:
        notes.append("the same keys and values; order, spacing or comments differ")
    if old_odd or new_odd:
        notes.append("some lines are not KEY=value")
    if len(was) < len(old) or len(becomes) < len(new):
        notes.append("some keys stand twice; the last one is shown")
    return Diff("keyed", entries=tuple(entries), note="; ".join(notes))


def _value(key: str, value: str, *, shows: bool) -> Shown:
    if not value:
        return Shown("")
    bare = value.strip("'\"")
    if bare.startswith("[[") and bare.endswith("]]"):
        return Shown(value)
    return Shown(shown_text(value)) if shows and not looks_secret(key) else SECRET


def _items(field: Field, before: Any, after: Any) -> Diff:
    """Changed places inside a list or an object, on the masked values (so that a diff cannot show what they hide)."""
    left, right = shown(field, before).value, shown(field, after).value
    entries = tuple(_places(left, right))
    return Diff("items", entries=entries, note="" if entries else "values that look secret differ")


def _places(left: Any, right: Any) -> Iterator[DiffEntry]:
    from deepdiff import DeepDiff

    found = DeepDiff(left, right, view="tree", ignore_order=False, verbose_level=2)
    entries = {}
    for changes in found.values():
        for change in changes:
            key = "/".join(str(step) for step in change.path(output_format="list"))
            entries[key] = DiffEntry(key, _side(change.t1), _side(change.t2))
    return iter(sorted(entries.values(), key=lambda entry: [_order(step) for step in entry.key.split("/")]))


def _side(value: Any) -> Shown | None:
    return None if repr(value) == "not present" else Shown(value)


def _order(step: str) -> tuple[int, str]:
    return (int(step), "") if step.isdigit() else (-1, step)
