"""The changed resources of a plan as rows: one for what has the same actions, reason and effects, the gravest first."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action, Effect
from komodo_sync.report.attention import CALM, DEPLOYING, GRAVEST, LASTING, LEFT, STOPPING, own, weight
from komodo_sync.report.changes import ORDER, amount, counted, gravity, is_deleted
from komodo_sync.report.markdown_notices import effect_words
from komodo_sync.report.markdown_text import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Change, Plan, Resource

    _Key: TypeAlias = tuple[tuple[Action, ...], str, tuple[Effect, ...]]
    _Members: TypeAlias = list[tuple[Address, tuple[Effect, ...]]]


_KINDS, _CLIPPED = 6, 20
"""How many kinds of effects are told where nothing else of them is, and how much of each: there are some fifteen, all
shorter."""


class Rank(IntEnum):
    """What a row is about, the gravest first: something stops, is lost or cannot be undone; others are affected; what
    runs is only started anew; nothing but what is configured changes."""

    TAKES = 0
    AFFECTS = 1
    RENEWS = 2
    CALM = 3


class Row(NamedTuple):
    """What is done, one after the other, what is said of it, and to whom. `kinds`: of the effects, as they are told
    where nothing else is. `explained`: whether a reason is among what is said. `untold`: how many reasons it stands for
    without telling them."""

    actions: tuple[Action, ...]
    said: str
    names: tuple[Address, ...]
    rank: Rank = Rank.CALM
    kinds: str = ""
    explained: bool = False
    untold: int = 0


def grave_rows(plan: Plan, *, alike: bool) -> list[Row]:
    """All that stops, is deployed, cannot be undone or affects others: the gravest first, then the larger. `alike`:
    also those of which only the subjects of effects differ are one."""
    found: dict[_Key, _Members] = {}
    for resource in plan.resources:
        for change in resource.changes:
            if (effects := _told(resource, change)) is None:
                continue
            if _is_grave(change.action, effects):
                same = tuple(replace(effect, subject="") for effect in effects) if alike else effects
                key = (_actions(resource, change), change.reason, same)
            else:
                key = (_actions(resource, change), "", tuple(Effect(effect.kind, "", "") for effect in effects))
            found.setdefault(key, []).append((resource.address, effects))
    rows = [_row(actions, reason, members) for (actions, reason, _), members in found.items()]
    return sorted(rows, key=lambda row: (*place(row), -len(row.names), row.said))


def other_rows(plan: Plan) -> list[Row]:
    """Those that `grave_rows` leaves out, by all that is done to them."""
    found: dict[tuple[Action, ...], list[Address]] = {}
    for resource in plan.resources:
        if resource.changes and all(_told(resource, change) is None for change in resource.changes):
            actions = tuple(dict.fromkeys(change.action for change in resource.changes))
            found.setdefault(actions, []).append(resource.address)
    ordered = sorted(found.items(), key=lambda item: [ORDER.index(action) for action in item[0]])
    return [Row(actions, "", tuple(names)) for actions, names in ordered]


def place(row: Row) -> tuple[int, int]:
    """Where it stands among the others."""
    return row.rank, weight(row.actions[-1])


def merged(rows: Iterable[Row], *, ranked: bool = True) -> list[Row]:
    """A row for what has the same actions, and the same rank where they are `ranked`, with the kinds of effects
    alone."""
    found: dict[tuple[tuple[Action, ...], int], list[Row]] = {}
    for row in rows:
        found.setdefault((row.actions, row.rank if ranked else 0), []).append(row)
    return [_one(actions, members) for (actions, _), members in found.items()]


def _one(actions: tuple[Action, ...], rows: Sequence[Row]) -> Row:
    untold = sum(row.explained for row in rows)
    kinds = ", ".join(dict.fromkeys(kind for row in rows for kind in row.kinds.split(", ") if kind))
    said = "; ".join(([f"for {counted(untold, 'reason')}"] if untold else []) + ([kinds] if kinds else []))
    names = tuple(name for row in rows for name in row.names)
    return Row(actions, said, names, min(row.rank for row in rows), kinds, untold=untold)


def _told(resource: Resource, change: Change) -> tuple[Effect, ...] | None:
    """The effects to be told of; None: nothing is to be told here. What is taken down to be deleted is told with the
    delete."""
    effects = tuple(effect for effect in own(resource.address, change.effects) if effect.kind not in CALM)
    if not effects and (change.action not in GRAVEST or _is_before_delete(resource, change)):
        return None
    return effects if _is_grave(change.action, effects) else _one_each(effects)


def _one_each(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """One of each kind: of 120 resources the number, of several of a kind nothing more."""
    found: dict[str, list[Effect]] = {}
    for effect in effects:
        found.setdefault(effect.kind, []).append(effect)
    return tuple(
        replace(same[0], subject=amount(same[0].subject)) if len(same) == 1 else Effect(kind, "", "")
        for kind, same in sorted(found.items())
    )


def _is_grave(action: Action, effects: Iterable[Effect]) -> bool:
    return action in GRAVEST or any(effect.kind in LASTING for effect in effects)


def _is_before_delete(resource: Resource, change: Change) -> bool:
    return change.action is Action.DESTROY and is_deleted(resource)


def _actions(resource: Resource, change: Change) -> tuple[Action, ...]:
    before = (item.action for item in resource.changes if _is_before_delete(resource, item))
    return (*dict.fromkeys(before), change.action) if change.action is Action.DELETE else (change.action,)


def _row(actions: tuple[Action, ...], reason: str, members: _Members) -> Row:
    each = zip(*(effects for _, effects in members), strict=True)
    effects = [_common(same) for same in each]
    names = tuple(address for address, _ in members)
    told = [effect_words(effect) for effect in effects]
    why = [words(reason)] if reason else []
    said = "; ".join([*why, *told] if actions[-1] in DEPLOYING else [*told, *why])
    explained = bool(said) and _is_grave(actions[-1], effects)
    return Row(actions, said, names, _rank(actions[-1], effects), _kinds(effects), explained)


def _common(effects: Sequence[Effect]) -> Effect:
    """Subject and detail stay where they are the same for all."""
    first = effects[0]
    return replace(
        first,
        subject=first.subject if all(effect.subject == first.subject for effect in effects) else "",
        detail=first.detail if all(effect.detail == first.detail for effect in effects) else "",
    )


def _rank(action: Action, effects: Sequence[Effect]) -> Rank:
    kinds = {effect.kind for effect in effects}
    deploys = action in DEPLOYING
    if (action in GRAVEST and not deploys) or not kinds.isdisjoint((*STOPPING, *LASTING)):
        return Rank.TAKES
    return Rank.RENEWS if deploys and kinds.isdisjoint(LEFT) else Rank.AFFECTS


def _kinds(effects: Iterable[Effect]) -> str:
    kinds = dict.fromkeys(effect.kind[:_CLIPPED] for effect in sorted(effects, key=gravity))
    return ", ".join(words(kind) for kind in list(kinds)[:_KINDS])
