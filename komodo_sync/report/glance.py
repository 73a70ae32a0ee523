"""The answers to one concern in a few words each: for who looks at the first screen of a document alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Action, Effect
from komodo_sync.report.attention import LOSES, MAIN
from komodo_sync.report.changes import IRREVERSIBLE, amount, called
from komodo_sync.report.layout import prose, squeezed
from komodo_sync.report.merged import BETWEEN, gathered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.report.attention import Attention, Notice

SCREEN = 30
"""Notices and names that a screen holds."""

PIECES = 16
"""Answers of one concern."""

NAME = 24
"""Columns that the name of a single resource may have there; of a longer one its beginning and its end."""

NAMED = 3
"""Names of what loses something: what it loses is another thing for each."""

UNSAID = (IRREVERSIBLE, "stops")
"""Kinds of effects that the heading says; what stops others is told all the same."""

OTHERS = (Action.RUN, Action.CREATE, Action.UPDATE)
"""Actions that do nothing to what runs of the resource itself."""


def glance(found: Sequence[Attention]) -> list[tuple[Attention, list[str]]]:
    """To each of the three questions `DELETE 4`, `deploy 2: stops 3 services`, merged, where their answers are more
    than a screen; else nothing."""
    main = [item for item in found if item.concern in MAIN]
    if sum(1 + len(notice.named) for item in main for notice in item.notices) <= SCREEN:
        return []
    return [(item, _pieces(gathered(item.notices))) for item in main]


def _pieces(notices: Sequence[Notice]) -> list[str]:
    told = [f"{piece_of(notice)}{_names(notice)}" for notice in notices[:PIECES]]
    return told + ([f"and {len(notices) - PIECES} more reasons"] if len(notices) > PIECES else [])


def piece_of(notice: Notice) -> str:
    """`deploy 2: stops 3 services`, or its name in the place of the number."""
    return f"{called(notice.action)} {_who(notice)}{brief_of(notice)}"


def _names(notice: Notice) -> str:
    """Of several that lose something `: a, b and 3 more`, where their names are short."""
    first, many = notice.told[0] if notice.told else "", len(notice.named)
    names = [prose(str(item.address)) for item in notice.named[: NAMED if many > NAMED + 1 else many]]
    if not isinstance(first, Effect) or first.kind != LOSES or many == 1 or max(map(len, names)) > NAME:
        return ""
    return f": {', '.join(names)}" + (f" and {many - len(names)} more" if many > len(names) else "")


def _who(notice: Notice) -> str:
    many = len(notice.named)
    return str(many) if many > 1 else squeezed(prose(str(notice.named[0].address)), NAME)


def brief_of(notice: Notice) -> str:
    """`: its reason`, or what is told first of the first effect; nothing where that says no more than the heading."""
    first = notice.told[0] if notice.told else ""
    if not isinstance(first, Effect):
        return f": {prose(first)}" if first else ""
    others = notice.action in OTHERS and first.kind != IRREVERSIBLE
    if first.kind in UNSAID and not others and (first.kind == IRREVERSIBLE or not first.subject):
        return ""
    return f": {effect_in_short(first)}"


def effect_in_short(effect: Effect) -> str:
    """`stops 3 services`, or the first sentence of what it does."""
    detail = prose(effect.detail.partition(BETWEEN)[0])
    what = f" {amount(effect.subject)}" if effect.subject else f": {detail}"
    return detail if effect.kind == IRREVERSIBLE and detail else f"{prose(effect.kind)}{what}".removesuffix(": ")
