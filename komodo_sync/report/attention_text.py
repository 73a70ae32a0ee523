"""What a reader must see first, as rows of text: at the top of a plan."""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING

from komodo_sync.report.attention import CALM, Concern, attentions, overview
from komodo_sync.report.changes import IRREVERSIBLE, MARKS, amount, called
from komodo_sync.report.glance import brief_of
from komodo_sync.report.layout import Style, prose
from komodo_sync.report.merged import gathered, merged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.plan import Action, Effect, Plan
    from komodo_sync.report.attention import Attention, Named, Notice
    from komodo_sync.report.layout import Page, Run

MOST_NOTICES = 16
"""Notices of one action under one concern; more than that are no summary. A hundred changes of all kinds have some
fifteen reasons to deploy something, and each of them is asked for."""

NAME_ROWS = 2
"""Rows that the names of one notice may take."""

_STYLES = {
    Concern.STOPS: Style.LOUD,
    Concern.DEPLOYS: Style.YELLOW,
    Concern.LASTING: Style.LOUD,
    Concern.OTHER: Style.YELLOW,
}


def write_attention(page: Page, plan: Plan) -> None:
    """A heading with a number for each concern; below it each action with its reason or effects, and as many names as
    NAME_ROWS hold. Everything that is cut stands in full further down."""
    for item in attentions(plan):
        page.blank()
        page.say((item.heading, style_of(item)))
        for _, notices in groupby(item.notices, key=lambda notice: notice.action):
            _write_action(page, list(notices))


def style_of(item: Attention) -> Style:
    """How its heading is painted."""
    return _STYLES[item.concern] if item.notices else Style.GREEN


def _write_action(page: Page, notices: Sequence[Notice]) -> None:
    for fewer in (merged, gathered):
        notices = fewer(notices) if len(notices) > MOST_NOTICES else notices
    most = len(notices) if len(notices) <= MOST_NOTICES else MOST_NOTICES - 1
    for notice in notices[:most]:
        _write_notice(page, notice)
    if rest := notices[most:]:
        named = {item.address: item for notice in rest for item in notice.named}
        _write_names(page, rest[0].action, list(named.values()), " more: each is told below")
        whys = [why for notice in rest if (why := brief_of(notice).removeprefix(": "))]
        if whys:
            page.line((f"for {'; '.join(dict.fromkeys(whys))}", Style.PLAIN), indent=6)


def write_overview(page: Page, plan: Plan, where: str) -> None:
    """The answers as numbers, for who sees one end of a long text: what is to be looked for, and `where` it stands."""
    told = [(said, style_of(item)) for item, said in overview(plan)]
    if told:
        between: list[Run] = [("; ", Style.PLAIN)] * (len(told) - 1) + [(".", Style.PLAIN)]
        page.say((f"{where}: ", Style.BOLD), *chain.from_iterable(zip(told, between, strict=True)))


def _write_notice(page: Page, notice: Notice) -> None:
    mark, said = MARKS[notice.action], told_of(notice)
    if len(notice.named) == 1:
        page.say(
            (f"{mark.sign} {called(notice.action)}", mark.style),
            (f" {name_of(notice.named[0])}", Style.BOLD),
            (said, Style.PLAIN),
            indent=2,
            hang=6,
        )
        return
    _write_names(page, notice.action, notice.named, said)


def told_of(notice: Notice) -> str:
    """`: its reason; its effects`, or nothing."""
    told = "; ".join(filter(None, (prose(item) if isinstance(item, str) else _said(item) for item in notice.told)))
    return f": {told}" if told else ""


def _write_names(page: Page, action: Action, named: Sequence[Named], said: str) -> None:
    mark = MARKS[action]
    page.say((f"{mark.sign} {called(action)} {len(named)}", mark.style), (said, Style.PLAIN), indent=2, hang=6)
    page.names([name_of(item) for item in named], indent=6, rows=NAME_ROWS, style=Style.BOLD)


def name_of(item: Named) -> str:
    """`stack/web (3 services)`."""
    return prose(str(item.address)) + (f" ({amount(item.subject)})" if item.subject else "")


def _said(effect: Effect) -> str:
    """`stops 3 services: compose down`; of what goes for good no more than the heading says, where there is no more."""
    kind, detail = prose(effect.kind), prose(effect.detail)
    if effect.kind == IRREVERSIBLE:
        return detail
    subject = f" {prose(effect.subject)}" if effect.subject else ""
    return f"{kind}{subject}" + (f": {detail}" if detail and effect.kind not in CALM else "")
