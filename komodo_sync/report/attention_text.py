"""What a reader must see first, as rows of text: at the end of a plan, where the eye rests on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Action
from komodo_sync.report.attention import CALM, Concern, attentions
from komodo_sync.report.changes import IRREVERSIBLE, MARKS, called, counted, listed
from komodo_sync.report.layout import Style, prose

if TYPE_CHECKING:
    from komodo_sync.model.plan import Effect, Plan
    from komodo_sync.report.attention import Notice
    from komodo_sync.report.layout import Page

MOST_ROWS = 15
"""Rows of one concern; more than that are no summary."""

_STYLES = {
    Concern.STOPS: Style.LOUD,
    Concern.DEPLOYS: Style.YELLOW,
    Concern.LASTING: Style.LOUD,
    Concern.OTHER: Style.YELLOW,
}


def write_attention(page: Page, plan: Plan) -> None:
    """A heading with a number for each concern, and below it a row for each action with its reason or effects; a blank
    row after each."""
    for item in attentions(plan):
        page.say((f"{item.concern}: {counted(item.resources, 'resource')}", _STYLES[item.concern]))
        for notice in item.notices[:MOST_ROWS]:
            _write_notice(page, notice, item.concern)
        if rest := sum(len(notice.addresses) for notice in item.notices[MOST_ROWS:]):
            page.say((f"and {rest} more, all listed above", Style.PLAIN), indent=2)
        page.blank()


def _write_notice(page: Page, notice: Notice, concern: Concern) -> None:
    mark = MARKS[notice.action]
    effects = [_short(effect) for effect in notice.effects if effect.kind not in CALM]
    reason = [prose(notice.reason)] if notice.reason else []
    match concern:
        case Concern.DEPLOYS:
            told = [*reason, *effects]
        case Concern.STOPS if notice.action is not Action.DELETE:
            told = [*effects, *reason]
        case _:  # what is deleted, and why, stands in full above
            told = effects or reason
    names = [prose(str(address)) for address in notice.addresses]
    said = f": {'; '.join(told)}" if told else ""
    head = f"{mark.sign} {called(notice.action)}"
    if len(names) == 1:
        page.say((head, mark.style), (f" {names[0]}{said}", Style.PLAIN), indent=2, hang=6)
        return
    page.say((f"{head} {len(names)}", mark.style), (f"{said}: {listed(names)}", Style.PLAIN), indent=2, hang=6)


def _short(effect: Effect) -> str:
    """`stops 3 services`; the detail where it has no subject."""
    kind = prose(effect.kind)
    if effect.kind == IRREVERSIBLE:
        return prose(effect.detail) or kind
    if effect.subject:
        return f"{kind} {prose(effect.subject)}"
    return f"{kind}: {prose(effect.detail)}" if effect.detail else kind
