"""What a reader must see first, as rows of text: at the top of a plan."""

from __future__ import annotations

from itertools import chain, groupby
from typing import TYPE_CHECKING

from komodo_sync.report.attention import CALM, MAIN, Concern, attentions, overview
from komodo_sync.report.changes import IRREVERSIBLE, MARKS, amount, called
from komodo_sync.report.layout import Page, Style, prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.plan import Action, Effect, Plan
    from komodo_sync.report.attention import Attention, Named, Notice
    from komodo_sync.report.layout import Run

MOST_NOTICES = 16
"""Notices of one action under one concern; more than that are no summary. A hundred changes of all kinds have some
fifteen reasons to deploy something, and each of them is asked for."""

IN_SHORT = 8
"""Notices of one action under one concern where all is told in short."""

SHORT_ROWS = 33
"""Rows that all is told in in short: with counts, refusals and a question below it is on a screen of 40."""

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
        page.say((item.heading, _style(item)))
        for _, notices in groupby(item.notices, key=lambda notice: notice.action):
            _write_action(page, list(notices))


def write_in_short(page: Page, plan: Plan) -> None:
    """The same for who sees the end of a long text alone, as at a question: of each notice a row of reasons or effects,
    cut where it ends, and a row of names; as many notices as SHORT_ROWS hold, those of OTHER where there is room."""
    found = attentions(plan)
    for most, others in ((IN_SHORT, True), *((most, False) for most in range(IN_SHORT, 1, -1))):
        short = Page(width=page.width, color=page.color)
        for item in found:
            _write_concern_in_short(short, item, most if others or item.concern in MAIN else 0)
        if short.height <= SHORT_ROWS:
            break
    page.add(short)


def _write_concern_in_short(page: Page, item: Attention, most: int) -> None:
    """`most`: notices of one action; 0: a number alone."""
    page.line((item.heading, _style(item)), ("" if most else ", told at the top", Style.PLAIN))
    for _, notices in groupby(item.notices if most else (), key=lambda notice: notice.action):
        _write_action_in_short(page, list(notices), most)


def _write_action_in_short(page: Page, notices: Sequence[Notice], at_most: int) -> None:
    most = len(notices) if len(notices) <= at_most else at_most - 1
    for notice in notices[:most]:
        mark, said = MARKS[notice.action], _told(notice)
        lead = (f"{mark.sign} {called(notice.action)}", mark.style)
        if len(notice.named) == 1:
            page.line(lead, (f" {_name(notice.named[0])}", Style.BOLD), (said, Style.PLAIN), indent=2)
        else:
            page.line(lead, (f" {len(notice.named)}{said}", Style.PLAIN), indent=2)
            page.names([_name(item) for item in notice.named], indent=6, rows=1, style=Style.BOLD)
    if rest := [named for notice in notices[most:] for named in notice.named]:
        _write_names(page, notices[0].action, rest, " more: told at the top", rows=1)


def _style(item: Attention) -> Style:
    return _STYLES[item.concern] if item.notices else Style.GREEN


def _write_action(page: Page, notices: Sequence[Notice]) -> None:
    most = len(notices) if len(notices) <= MOST_NOTICES else MOST_NOTICES - 1
    for notice in notices[:most]:
        _write_notice(page, notice)
    if rest := [named for notice in notices[most:] for named in notice.named]:
        _write_names(page, notices[0].action, rest, " more: each is told below")


def write_overview(page: Page, plan: Plan, where: str) -> None:
    """The answers as numbers, for who sees one end of a long text: what is to be looked for, and `where` it stands."""
    told = [(said, _style(item)) for item, said in overview(plan)]
    if told:
        between: list[Run] = [("; ", Style.PLAIN)] * (len(told) - 1) + [(".", Style.PLAIN)]
        page.say((f"{where}: ", Style.BOLD), *chain.from_iterable(zip(told, between, strict=True)))


def _write_notice(page: Page, notice: Notice) -> None:
    mark, said = MARKS[notice.action], _told(notice)
    if len(notice.named) == 1:
        page.say(
            (f"{mark.sign} {called(notice.action)}", mark.style),
            (f" {_name(notice.named[0])}", Style.BOLD),
            (said, Style.PLAIN),
            indent=2,
            hang=6,
        )
        return
    _write_names(page, notice.action, notice.named, said)


def _told(notice: Notice) -> str:
    told = "; ".join(prose(item) if isinstance(item, str) else _said(item) for item in notice.told)
    return f": {told}" if told else ""


def _write_names(page: Page, action: Action, named: Sequence[Named], said: str, rows: int = NAME_ROWS) -> None:
    mark = MARKS[action]
    page.say((f"{mark.sign} {called(action)} {len(named)}", mark.style), (said, Style.PLAIN), indent=2, hang=6)
    page.names([_name(item) for item in named], indent=6, rows=rows, style=Style.BOLD)


def _name(item: Named) -> str:
    """`stack/web (3 services)`."""
    return prose(str(item.address)) + (f" ({amount(item.subject)})" if item.subject else "")


def _said(effect: Effect) -> str:
    """`stops 3 services: compose down`."""
    kind, detail = prose(effect.kind), prose(effect.detail)
    if effect.kind == IRREVERSIBLE and detail:
        return detail
    subject = f" {prose(effect.subject)}" if effect.subject else ""
    return f"{kind}{subject}" + (f": {detail}" if detail and effect.kind not in CALM else "")
