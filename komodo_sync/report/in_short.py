"""What a reader must see first once more, in as many rows as there are: for who sees the end of a long text alone, as
at a question.

Each concern has its heading. What is left is shared between the three questions, so that one with few answers gives its
rows to the others: first a row for each answer, in which reasons come before names, then one more for its names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data, replace
from komodo_sync.model.plan import Effect
from komodo_sync.report.attention import MAIN, attentions
from komodo_sync.report.attention_text import name_of, style_of, told_of, write_overview
from komodo_sync.report.changes import MARKS, called
from komodo_sync.report.glance import brief_of
from komodo_sync.report.layout import Page, Style, cells, fold, prose
from komodo_sync.report.merged import merged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.plan import Plan
    from komodo_sync.report.attention import Attention, Notice
    from komodo_sync.report.layout import Run

INDENT, NAMES_INDENT = 2, 6

NAME = 24
"""Columns that names need at least."""


def write_in_short(page: Page, plan: Plan, rows: int) -> None:
    """At most `rows` rows; the numbers alone where not even the headings have room. What has none is told above."""
    found = attentions(plan)
    left = rows - len(found)
    if left < 0:
        write_overview(page, plan, "At the top")
        return
    main = [item for item in found if item.concern in MAIN]
    answers = _answers(main, left)
    shares = shared([len(notices) for notices in answers], left)
    left -= sum(shares)
    room = page.room(INDENT)
    wishes = [sum(not _row(notice, room).whole for notice in notices) for notices in answers]
    names = shared(wishes, left)
    left -= sum(names)
    for item, notices, most, more in zip(main, answers, shares, names, strict=True):
        _write_concern(page, item, notices, most, more)
    for item in found[len(main) :]:
        fits = len(item.notices) <= left
        _write_concern(page, item, item.notices, left if fits else 0, left - len(item.notices) if fits else 0)


def _answers(main: Sequence[Attention], rows: int) -> list[Sequence[Notice]]:
    """Those of each, merged where the rows do not hold them all as they are."""
    answers = [merged(item.notices) for item in main]
    spare = rows - sum(map(len, answers))
    for index, item in enumerate(main):
        more = len(item.notices) - len(answers[index])
        if more <= spare:
            answers[index] = item.notices
            spare -= more
    return answers


def shared(wishes: Sequence[int], rows: int) -> list[int]:
    """How many of the rows each gets: nobody more than they wish, and all the same as long as they wish for more."""
    given = [0] * len(wishes)
    while rows and given != list(wishes):
        for index, wish in enumerate(wishes):
            if rows and given[index] < wish:
                given[index] += 1
                rows -= 1
    return given


def _write_concern(page: Page, item: Attention, notices: Sequence[Notice], most: int, names: int) -> None:
    """`most`: rows for answers, the last of them for all that have none; `names`: further rows for names."""
    several = sum(len(notice.named) for notice in notices) > sum(len(notice.named) for notice in item.notices)
    aside = ", told at the top" if notices and not most else ", by reason" if several else ""
    page.line((item.heading, style_of(item)), *([(aside, Style.PLAIN)] if aside else []))
    told = len(notices) if len(notices) <= most else max(most - 1, 0)
    for notice in notices[:told]:
        row = _row(notice, page.room(INDENT))
        if row.whole or not names:
            page.line(*row.runs, indent=INDENT)
            continue
        names -= 1
        page.line(_lead(notice), (f" {len(notice.named)}{told_of(notice)}", Style.PLAIN), indent=INDENT)
        page.line((_names(notice, page.room(NAMES_INDENT))[0], Style.BOLD), indent=NAMES_INDENT)
    if most and (rest := notices[told:]):
        said = "; ".join(dict.fromkeys(map(_rest, rest)))
        page.line((f"{len(rest)} more, told above: ", Style.BOLD), (said, Style.PLAIN), indent=INDENT)


class Row(Data, frozen=True):
    """A notice as one row. `whole`: more rows would say no more than the end of a long sentence."""

    runs: tuple[Run, ...]
    whole: bool


def _row(notice: Notice, room: int) -> Row:
    """Its resource and what is told of it, where the name leaves room for the reason; else the reason, and as many
    names as it leaves room for."""
    lead, brief = _lead(notice), brief_of(notice)
    name = f" {name_of(notice.named[0])}"
    if len(notice.named) == 1 and cells(lead[0] + name + brief) <= room:
        return Row((lead, (name, Style.BOLD), (told_of(notice), Style.PLAIN)), whole=True)
    row = _counted(notice, told_of(notice), room)
    return row if row.whole else replace(_counted(notice, brief, room), whole=False)


def _counted(notice: Notice, said: str, room: int) -> Row:
    lead, start = _lead(notice), f" {len(notice.named)}{said}"
    left = room - cells(f"{lead[0]}{start}: ")
    if left < NAME:
        return Row((lead, (start, Style.PLAIN)), whole=False)
    names, whole = _names(notice, left)
    return Row((lead, (f"{start}: ", Style.PLAIN), (names, Style.BOLD)), whole)


def _lead(notice: Notice) -> Run:
    mark = MARKS[notice.action]
    return (f"{mark.sign} {called(notice.action)}", mark.style)


def _names(notice: Notice, room: int) -> tuple[str, bool]:
    """`a, b and 3 more` in one row, of a name without room its beginning; and whether all are told."""
    plain = [prose(str(item.address)) for item in notice.named]
    for names in ([name_of(item) for item in notice.named], plain):
        for shown in range(min(len(names), room), 0, -1):
            listing = ", ".join(names[:shown]) + _more(len(names) - shown)
            if cells(listing) <= room:
                return listing, shown == len(names)
    more = _more(len(plain) - 1)
    return f"{fold(plain[0], max(room - len(more) - 1, 2))[0]}…{more}", False


def _more(number: int) -> str:
    return f" and {number} more" if number else ""


def _rest(notice: Notice) -> str:
    """What a notice without a row is about: its reason, or what is done."""
    first = notice.told[0] if notice.told else ""
    return prose(first) if first and not isinstance(first, Effect) else f"{called(notice.action)}{brief_of(notice)}"
