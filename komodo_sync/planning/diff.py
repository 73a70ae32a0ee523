"""How two values of a field differ, masked: a unified diff, changed keys, or changed items."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import BY_CORE
from komodo_sync.kinds.grants import by_key
from komodo_sync.kinds.shapes import (
    GrantsShape,
    ListShape,
    PairsShape,
    StructShape,
    Tagged,
    TargetGrantsShape,
    TargetsShape,
    TextListShape,
    TextShape,
)
from komodo_sync.masking.addresses import told_of
from komodo_sync.masking.lines import shown_lines
from komodo_sync.masking.mask import shown, shown_text
from komodo_sync.masking.shell import reading_of
from komodo_sync.model.hosts import tells_host
from komodo_sync.model.plan import SECRET, UNKNOWN, Diff, DiffEntry, Shown
from komodo_sync.model.sealed import HIDDEN, Sealed, Unknown
from komodo_sync.model.secrecy import is_mounted, is_public, is_reference, looks_secret
from komodo_sync.planning.opaque import changed_keys
from komodo_sync.planning.pairs import Pairs, changed_pairs, told_pairs
from komodo_sync.planning.unified import header, hunks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.struct import Field
    from komodo_sync.masking.shell import Reading

SCALAR = Diff("scalar")
_SHORT = 80
"""Characters up to which two lists of texts are told whole, side by side."""
_HIDDEN_DIFFERS = "values that look secret differ"
_EMPTY: tuple[Any, ...] = (None, "", [], {})
_SECRET_DIFFERS = Diff("scalar", note="secret values differ")


def diff(field: Field, before: Any, after: Any, *, clear_keys: frozenset[str], secret: bool = False) -> Diff:
    """The difference of two normal forms of `field`; of a secret one, only that there is one.

    `clear_keys`: the keys of a pairs field whose live value may be shown, because the manifest writes them in clear.
    """
    told = isinstance(after, Sealed | Unknown) and after.pairs is not None
    if isinstance(after, Unknown) and not told:
        return SCALAR
    if secret or field.secret or isinstance(before, Sealed) or (isinstance(after, Sealed) and not told):
        return _SECRET_DIFFERS if before and after else SCALAR
    match field.shape:
        case GrantsShape() | TargetGrantsShape():
            return _granted(field, before, after)
        case PairsShape():
            return _keyed(told_pairs(before), told_pairs(after), clear_keys, field.shape)
        case TextShape(multiline=multiline) if any(_has_lines(text, multiline) for text in (before, after)):
            return _lines(before or "", after or "", reading_of(field))
        case TextListShape() if _is_short([*(before or ()), *(after or ())]):
            return _side_by_side(field, before, after)
        case StructShape() | ListShape() | Tagged() | TargetsShape() | TextListShape():
            return _items(field, before, after)
        case _:
            return _side_by_side(field, before, after)


def _side_by_side(field: Field, before: Any, after: Any) -> Diff:
    """Both values are told whole, each masked: they may be told alike."""
    return Diff("scalar", note=_HIDDEN_DIFFERS) if shown(field, before) == shown(field, after) else SCALAR


def _has_lines(text: Any, multiline: bool) -> bool:
    """Whether a text is told in lines. Where a field is made for several, one with a newline at its end is, too."""
    return isinstance(text, str) and "\n" in (text if multiline else text.strip("\n"))


def _is_short(items: list[Any]) -> bool:
    return all(isinstance(item, str) for item in items) and sum(map(len, items)) <= _SHORT


def _lines(before: str, after: str, reading: Reading | None) -> Diff:
    """A unified diff of the texts as they are, told in lines as they may be shown (None: as they are, masked already):
    that secret values differ is a difference, what they are is not told."""
    old, new = _split(before), _split(after)
    if old == new:
        return Diff("lines", note="only the newline at the end differs")
    if [line.removesuffix("\r") for line in old] == [line.removesuffix("\r") for line in new]:
        return Diff("lines", note="only line endings differ (CRLF or LF)")
    old_seen, new_seen = (shown_lines(lines, reading) if reading else lines for lines in (old, new))
    lines: list[str] = []
    hidden = False
    for hunk in hunks(old, new):
        lines.append(header(hunk))
        for equal, i1, i2, j1, j2 in hunk:
            if equal:
                lines += [f" {line}" for line in new_seen[j1:j2]]
                continue
            lines += [f"-{line}" for line in old_seen[i1:i2]]
            lines += [f"+{line}" for line in new_seen[j1:j2]]
            hidden = hidden or old[i1:i2] != old_seen[i1:i2] or new[j1:j2] != new_seen[j1:j2]
    return Diff("lines", lines=tuple(lines), note="values that look secret are not shown" if hidden else "")


def _split(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _keyed(old: Pairs, new: Pairs, clear_keys: frozenset[str], shape: PairsShape) -> Diff:
    entries = []
    repeated = shape.joined and (old.repeated or new.repeated)
    for key, *sides in changed_pairs(old.pairs, new.pairs) if repeated else _changed(old.values, new.values):
        opaque = isinstance(sides[1], Sealed | Unknown)
        before, after = (_value(key, value, clear_keys, mounts=shape.mounts) for value in sides)
        entries.append(DiffEntry(key, SECRET if opaque and before else before, after))
    notes = []
    if old.odd != new.odd:
        notes.append("lines that are no KEY=value differ, and are not shown")
    elif not entries:
        notes.append("the same keys and values; order, spacing, comments or repeated keys differ")
    elif [key for key in old.values if key in new.values] != [key for key in new.values if key in old.values]:
        notes.append("the keys are in another order, too")
    if not shape.joined and (old.repeated or new.repeated):
        notes.append("a key stands twice; its last value is shown")
    return Diff("keyed", entries=tuple(entries), note="; ".join(notes), joined=shape.joined)


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    return ((key, old.get(key), new.get(key)) for key in changed_keys(old, new))


def _value(key: str, value: Any, clear_keys: frozenset[str], *, mounts: bool) -> Shown | None:
    """The value of `key` if it may be shown. What a manifest does not write in clear may be a secret, whatever its
    name is."""
    if value is None:
        return None
    if isinstance(value, Sealed | Unknown):
        return SECRET if isinstance(value, Sealed) else UNKNOWN
    if not value or is_reference(value):
        return Shown(value)
    if mounts and is_mounted(value):
        return Shown(value)
    if key not in clear_keys:
        return SECRET
    told = shown_text(value) if not looks_secret(key) or is_public(key, value) else told_of(key, value)
    return _told(told)


def _granted(field: Field, before: Any, after: Any) -> Diff:
    """Permissions by what they are about."""
    old, new = by_key(field, before), by_key(field, after)
    entries = [
        DiffEntry(_subject(key), _allows(old.get(key)), _allows(new.get(key)))
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    ]
    return Diff("items", entries=tuple(entries))


def _subject(key: str) -> str:
    """What a permission is about: `Server` for all of them, `server/prod` for one."""
    core, slash, name = key.partition("/")
    spec = BY_CORE.get(core)
    return f"{spec.name}/{name}" if spec and slash else key


def _allows(grant: Mapping[str, Any] | None) -> Shown | None:
    return None if grant is None else Shown(" + ".join([grant["level"], *grant["specific"]]))


def _items(field: Field, before: Any, after: Any) -> Diff:
    """Changed places inside a list or an object, on the masked values (so that a diff cannot show what they hide)."""
    left, right = shown(field, before).value, shown(field, after).value
    hidden = {key: told for key, told in _alike("", (before, after), (left, right)) if key}
    secrets = {key: _told(told) for key, told in hidden.items() if told == HIDDEN or tells_host(told)}
    entries = tuple(_places(left, right, secrets))
    return Diff("items", entries=entries, note="" if entries and len(secrets) == len(hidden) else _HIDDEN_DIFFERS)


def _alike(key: str, values: tuple[Any, Any], told: tuple[Any, Any]) -> Iterator[tuple[str, Any]]:
    """The places whose values differ and are told alike, with what is told: a secret, or a text with one in it."""
    (before, after), (left, right) = values, told
    if before == after:
        return
    inner: list[Any] = []
    if isinstance(left, dict) and isinstance(right, dict):
        inner = [name for name in left if name in right]
    elif isinstance(left, list) and isinstance(right, list):
        inner = list(range(min(len(left), len(right))))
    elif left == right:
        yield key, left
    for name in inner:
        place = f"{key}/{name}" if key else str(name)
        yield from _alike(place, (before[name], after[name]), (left[name], right[name]))


def _places(left: Any, right: Any, secrets: Mapping[str, Shown]) -> Iterator[DiffEntry]:
    """Every place that differs, in order; `secrets` are those whose values differ and are told alike."""
    from deepdiff import DeepDiff

    found = DeepDiff(left, right, view="tree", ignore_order=False, verbose_level=2, threshold_to_diff_deeper=0)
    entries = {key: DiffEntry(key, told, told) for key, told in secrets.items()}
    for changes in found.values():
        for change in changes:
            key = "/".join(str(step) for step in change.path(output_format="list"))
            for entry in _entries(key, change.t1, change.t2):
                entries[entry.key] = entry
    return iter(sorted(entries.values(), key=lambda entry: [_order(step) for step in entry.key.split("/")]))


def _entries(key: str, before: Any, after: Any) -> Iterator[DiffEntry]:
    """One place that differs; of an object that appears or goes, each value inside that says something."""
    if _is_absent(before):
        yield from (_entry(place, None, value) for place, value in _leaves(key, after) if value is not None)
    elif _is_absent(after):
        yield from (_entry(place, value, None) for place, value in _leaves(key, before))
    else:
        yield _entry(key, before, after)


def _entry(key: str, before: Any, after: Any) -> DiffEntry:
    """One value that differs; None: not there. What is there and is null says nothing else than what is not."""
    old, new = (None if value is None else _told(value) for value in (before, after))
    texts = [value for value in (before, after) if value not in (None, "")]
    if all(isinstance(text, str) and text != HIDDEN for text in texts) and any("\n" in text for text in texts):
        lines = _lines(before or "", after or "", None).lines
        if lines:
            return DiffEntry(key, old and Shown(None), new and Shown(None), lines)
    return DiffEntry(key, old, new)


def _told(value: Any) -> Shown:
    return SECRET if value == HIDDEN else Shown(value)


def _is_absent(value: Any) -> bool:
    return repr(value) == "not present"


def _leaves(key: str, value: Any) -> list[tuple[str, Any]]:
    inner: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        inner = [leaf for name, item in value.items() if item not in _EMPTY for leaf in _leaves(f"{key}/{name}", item)]
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        inner = [leaf for index, item in enumerate(value) for leaf in _leaves(f"{key}/{index}", item)]
    return inner or [(key, value)]


def _order(step: str) -> tuple[int, str]:
    return (int(step), "") if step.isdigit() else (-1, step)
