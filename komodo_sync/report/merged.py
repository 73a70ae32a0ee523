"""The answers to one concern as fewer, where there is no room for all: names are put together, reasons are not, and
what each loses only where they still have none."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from komodo_sync.model.plan import Effect
from komodo_sync.report.attention import DATA, LASTING, LEFT, LOSES, STOPPING, Named, Notice, place

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Action

BETWEEN = "; "
"""What stands between the reasons of one change, and between the sentences of an effect."""

TOLD = (*STOPPING, *LASTING, *LEFT)
"""Kinds of effects of which none goes without saying; of others the first is told."""


def merged(notices: Sequence[Notice]) -> Sequence[Notice]:
    """The notices as they are, or fewer: of one action a notice for each reason by itself, for each thing that is lost,
    and for each other kind of effect. What has several of them is named under each, and once under one."""
    return _fewer(notices, _lost)


def gathered(notices: Sequence[Notice]) -> Sequence[Notice]:
    """The same, or fewer still: one for all that an action loses."""
    return _fewer(notices, lambda effect: effect.subject if effect.kind in LASTING and effect.kind != LOSES else "")


def _lost(effect: Effect) -> str:
    """The thing, for which a notice of its own is made."""
    by_detail = effect.kind == LOSES and not effect.subject
    return effect.detail.partition(BETWEEN)[0] if by_detail else effect.subject if effect.kind in LASTING else ""


def _fewer(notices: Sequence[Notice], thing: Callable[[Effect], str]) -> Sequence[Notice]:
    reasons: dict[tuple[Action, str], list[Notice]] = {}
    effects: dict[tuple[Action, str, str], list[tuple[Effect, Notice]]] = {}
    for notice in notices:
        first = notice.told[0] if notice.told else ""
        if not isinstance(first, Effect):
            for reason in first.split(BETWEEN):
                reasons.setdefault((notice.action, reason), []).append(notice)
            continue
        told = [item for item in notice.told if isinstance(item, Effect) and item.kind in TOLD]
        for effect in told or [first]:
            effects.setdefault((notice.action, effect.kind, thing(effect)), []).append((effect, notice))
    found = [_for_reason(action, reason, members) for (action, reason), members in reasons.items()]
    found += [_for_effect(action, members) for (action, *_), members in effects.items()]
    if len(found) >= len(notices):
        return notices
    return sorted(found, key=place)


def _for_reason(action: Action, reason: str, members: Sequence[Notice]) -> Notice:
    named = dict.fromkeys(Named(item.address) for notice in members for item in notice.named)
    return Notice(action, (reason,) if reason else (), tuple(named))


def _for_effect(action: Action, members: Sequence[tuple[Effect, Notice]]) -> Notice:
    """What all have in common: a subject that they have not goes to the names, unless it is data, which takes the room
    of many names; the rest of the detail goes to where each is told in full. Of what is lost without a subject the
    first is told, where they have nothing in common."""
    effects = [effect for effect, _ in members]
    alike = len({effect.subject for effect in effects}) == 1
    details = zip(*(effect.detail.split(BETWEEN) for effect in effects), strict=False)
    common = BETWEEN.join(each[0] for each in takewhile(lambda each: len(set(each)) == 1, details))
    lost = effects[0].kind == LOSES
    if lost and not common and not any(effect.subject for effect in effects):
        first, *more = dict.fromkeys(effect.detail.partition(BETWEEN)[0] for effect in effects)
        common = f"{first} and {len(more)} more" if more else first
    subjects: dict[Address, dict[str, None]] = {}
    for effect, notice in members:
        for item in notice.named:
            said = item.subject if alike or not effect.subject else "" if lost else effect.subject
            subjects.setdefault(item.address, {})[said] = None
    named = (Named(address, BETWEEN.join(filter(None, said))) for address, said in subjects.items())
    told = Effect(effects[0].kind, effects[0].subject if alike else DATA if lost else "", common)
    return Notice(action, (told,), tuple(named))
