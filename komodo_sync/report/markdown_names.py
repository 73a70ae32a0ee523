"""The changed resources of a plan by name, in as few bytes as can be: each once for what is done to it.

One row for what has the same actions, reason and effects; below it the names. Rows are few where names are many: where
the room ends it is names that are not told, those of the last rows first, and how many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action, Effect, Shown
from komodo_sync.report.attention import CALM, DEPLOYING, GRAVEST, LASTING, own, weight
from komodo_sync.report.changes import ORDER, called, counted, gravity, is_deleted
from komodo_sync.report.markdown_notices import effect_words
from komodo_sync.report.markdown_text import byte_length, fenced, words
from komodo_sync.report.values import shown_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Change, Plan, Resource

    _Key: TypeAlias = tuple[tuple[Action, ...], str, tuple[Effect, ...]]

_WIDTH, _INDENT = 110, "  "
"""Of the rows of names: what is longer than a page is wide would have to be scrolled."""


_KINDS, _CLIPPED = 6, 20
"""How many kinds of effects are told where nothing else of them is, and how much of each: there are some fifteen, all
shorter."""

_LOST = 140
"""Bytes of the sentence that says how much is not told."""


class _Row(NamedTuple):
    """What is done, one after the other, what is said of it, and to whom. `kinds`: of the effects, as they are told
    where nothing else is. `untold`: how many reasons it stands for without telling them."""

    actions: tuple[Action, ...]
    said: str
    names: tuple[Address, ...]
    kinds: str = ""
    untold: int = 0


def write_names(plan: Plan) -> list[str]:
    """All that stops, is deployed, cannot be undone or affects others, with reasons and effects."""
    return _blocks(_rows(plan, alike=False))


def write_others(plan: Plan, room: int | None) -> list[str]:
    """The changed resources of which nothing else has to be said; as many of them as fit into `room` bytes, and how
    many do not."""
    rows = _others(plan)
    if not rows:
        return []
    total = sum(len(row.names) for row in rows)
    heading = f"### Other changes: {counted(total, 'resource')}"
    if room is None:
        return [heading, *_blocks(rows)]

    def blocks(named: int) -> list[str]:
        rest = [f"**… and {total - named} more, see the whole plan.**"] if named < total else []
        return [heading, *_blocks(rows, named), *rest]

    return blocks(_most(total, lambda named: _size(blocks(named)) <= room))


def write_within(plan: Plan, room: int) -> list[str]:
    """Both in `room` bytes. First of all how much is not told; then the rows, without what differs between the effects
    of one; then as many names as there is room for, of the gravest first. Rows take half of the room at most: reasons
    that have none are counted, and of their effects the kinds stay."""
    rows, others = _rows(plan, alike=True), _others(plan)
    told = [*_with_reasons(rows, room // 2), *others]
    if _size(_blocks(told, 0)) > room - _LOST:
        told = [*(row._replace(said="") for row in _merged(rows)), *others]
    total = sum(len(row.names) for row in told)
    untold, reasons = sum(row.untold for row in told), sum(map(_has_reason, rows))

    def blocks(named: int) -> list[str]:
        lost = [f"{total - named} of {total} names"] if named < total else []
        lost += [f"{untold} of {counted(reasons, 'reason')}"] if untold else []
        are = "is" if lost and (named, untold) == (total, 1) else "are"
        said = f"**{' and '.join(lost)} {are} not told here for want of room: read the whole plan.**"
        return [*([said] if lost else []), *_blocks(told, named)]

    return blocks(_most(total, lambda named: _size(blocks(named)) <= room))


def _rows(plan: Plan, *, alike: bool) -> list[_Row]:
    """The gravest first, then the larger. `alike`: also those of which only the subjects of effects differ are one."""
    found: dict[_Key, list[tuple[Address, tuple[Effect, ...]]]] = {}
    for resource in plan.resources:
        for change in resource.changes:
            if (effects := _told(resource, change)) is not None:
                same = tuple(replace(effect, subject="") for effect in effects) if alike else effects
                reason = change.reason if _is_grave(change.action, effects) else ""
                found.setdefault((_actions(resource, change), reason, same), []).append((resource.address, effects))
    rows = [_row(actions, reason, members) for (actions, reason, _), members in found.items()]
    return sorted(rows, key=lambda row: (weight(row.actions[-1]), -len(row.names), row.said))


def _told(resource: Resource, change: Change) -> tuple[Effect, ...] | None:
    """The effects to be told of; None: nothing is to be told here. What is taken down to be deleted is told with the
    delete."""
    effects = tuple(effect for effect in own(resource.address, change.effects) if effect.kind not in CALM)
    if not effects and (change.action not in GRAVEST or _is_before_delete(resource, change)):
        return None
    if _is_grave(change.action, effects):
        return effects
    return tuple(Effect(kind, "", "") for kind in sorted({effect.kind for effect in effects}))


def _is_grave(action: Action, effects: Iterable[Effect]) -> bool:
    return action in GRAVEST or any(effect.kind in LASTING for effect in effects)


def _is_before_delete(resource: Resource, change: Change) -> bool:
    return change.action is Action.DESTROY and is_deleted(resource)


def _actions(resource: Resource, change: Change) -> tuple[Action, ...]:
    before = (item.action for item in resource.changes if _is_before_delete(resource, item))
    return (*dict.fromkeys(before), change.action) if change.action is Action.DELETE else (change.action,)


def _row(actions: tuple[Action, ...], reason: str, members: Sequence[tuple[Address, tuple[Effect, ...]]]) -> _Row:
    """Subjects stay where they are the same for all."""
    each = list(zip(*(effects for _, effects in members), strict=True))
    same = [len({effect.subject for effect in effects}) == 1 for effects in each]
    effects = [item[0] if alike else replace(item[0], subject="") for item, alike in zip(each, same, strict=True)]
    names = tuple(address for address, _ in members)
    kinds = _kinds(effects)
    if not _is_grave(actions[-1], effects):
        return _Row(actions, ", ".join(words(effect.kind) for effect in effects), names, kinds)
    told = [effect_words(effect) for effect in effects]
    why = [words(reason)] if reason else []
    return _Row(actions, "; ".join([*why, *told] if actions[-1] in DEPLOYING else [*told, *why]), names, kinds)


def _kinds(effects: Iterable[Effect]) -> str:
    kinds = dict.fromkeys(effect.kind[:_CLIPPED] for effect in sorted(effects, key=gravity))
    return ", ".join(words(kind) for kind in list(kinds)[:_KINDS])


def _has_reason(row: _Row) -> bool:
    return row.said != row.kinds


def _with_reasons(rows: Sequence[_Row], room: int) -> list[_Row]:
    """As many of the rows as fit, the gravest and the larger first, and of each action the rest as one row."""
    room -= _size(_blocks(_merged(rows), 0))
    told: list[_Row] = []
    rest: list[_Row] = []
    for row in rows:
        size = _size(_blocks([row], 0))
        fits = size <= room or not _has_reason(row)
        (told if fits else rest).append(row)
        room -= size if fits else 0
    return sorted([*told, *_merged(rest)], key=lambda row: (weight(row.actions[-1]), row.untold > 0))


def _merged(rows: Iterable[_Row]) -> list[_Row]:
    """A row for what has the same actions, with the kinds of effects alone."""
    found: dict[tuple[Action, ...], list[_Row]] = {}
    for row in rows:
        found.setdefault(row.actions, []).append(row)
    return [_one(actions, members) for actions, members in found.items()]


def _one(actions: tuple[Action, ...], rows: Sequence[_Row]) -> _Row:
    untold = sum(map(_has_reason, rows))
    kinds = ", ".join(dict.fromkeys(kind for row in rows for kind in row.kinds.split(", ") if kind))
    said = "; ".join(([f"for {counted(untold, 'reason')}"] if untold else []) + ([kinds] if kinds else []))
    return _Row(actions, said, tuple(name for row in rows for name in row.names), kinds, untold)


def _others(plan: Plan) -> list[_Row]:
    """Those that `write_names` leaves out, by all that is done to them."""
    found: dict[tuple[Action, ...], list[Address]] = {}
    for resource in plan.resources:
        if resource.changes and all(_told(resource, change) is None for change in resource.changes):
            actions = tuple(dict.fromkeys(change.action for change in resource.changes))
            found.setdefault(actions, []).append(resource.address)
    ordered = sorted(found.items(), key=lambda item: [ORDER.index(action) for action in item[0]])
    return [_Row(actions, "", tuple(names)) for actions, names in ordered]


def _blocks(rows: Iterable[_Row], named: int | None = None) -> list[str]:
    """A line for each row, and a block of names; `named`: how many of them, those of the first rows first."""
    found = []
    for row in rows:
        names = row.names if named is None else row.names[:named]
        named = None if named is None else named - len(names)
        few = "" if len(names) == len(row.names) else f" ({len(names)} of them named)" if names else " (not named)"
        done = ", then ".join(map(called, row.actions))
        found.append(f"**{done} {len(row.names)}**{few}{': ' if row.said else ''}{row.said}")
        found += [fenced(_by_kind(names), "text").rstrip("\n")] if names else []
    return found


def _by_kind(addresses: Iterable[Address]) -> list[str]:
    """`stack: a, b, c`, in rows that need no scrolling."""
    names: dict[str, list[str]] = {}
    for address in addresses:
        names.setdefault(address.kind, []).append(shown_text(Shown([address.name]))[1:-1])
    return [row for kind, found in names.items() for row in _folded(f"{kind}: ", found)]


def _folded(lead: str, names: Sequence[str]) -> list[str]:
    rows, row = [], lead
    for index, name in enumerate(names):
        item = f"{name}, " if index + 1 < len(names) else name
        if row not in (lead, _INDENT) and len(row) + len(item) > _WIDTH:
            rows.append(row.rstrip())
            row = _INDENT
        row += item
    return [*rows, row]


def _size(blocks: Iterable[str]) -> int:
    return sum(byte_length(block) + 2 for block in blocks)


def _most(total: int, fits: Callable[[int], bool]) -> int:
    """The greatest number up to `total` that fits, or 0."""
    least, most = 0, total
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if fits(middle) else (least, middle - 1)
    return least
