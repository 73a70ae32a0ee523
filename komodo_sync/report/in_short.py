"""What a reader must see first once more, in as many rows as there are: for who sees the end of a long text alone, as
at a question.

Each concern has its heading. What is left is shared between the three questions, so that one with few answers gives its
rows to the others: first a row for each answer, in which reasons come before names, then one more for its names. What
cannot be undone comes first in this, and all that loses data is one answer before it has no row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data, replace
from komodo_sync.model.plan import Effect
from komodo_sync.report.attention import DATA, LOSES, MAIN, Concern, attentions
from komodo_sync.report.attention_text import name_of, style_of, told_of, write_overview
from komodo_sync.report.changes import MARKS, called
from komodo_sync.report.glance import brief_of, effect_in_short, piece_of
from komodo_sync.report.layout import Page, Style, cells, fold, prose
from komodo_sync.report.merged import BETWEEN, gathered, merged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.plan import Plan
    from komodo_sync.report.attention import Attention, Notice
    from komodo_sync.report.layout import Run

INDENT, NAMES_INDENT = 2, 6

FIRST = (Concern.LASTING, Concern.STOPS, Concern.DEPLOYS)
"""Whose answers get a row first where there are not enough for all."""

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
    order = [concern for concern in FIRST if concern in answers]
    shares = dict(zip(order, shared([len(answers[concern]) for concern in order], left), strict=True))
    left -= sum(shares.values())
    room = page.room(INDENT)
    wishes = [sum(not _row(notice, room).whole for notice in answers[concern]) for concern in order]
    names = dict(zip(order, shared(wishes, left), strict=True))
    left -= sum(names.values())
    for item in main:
        _write_concern(page, item, answers[item.concern], shares[item.concern], names[item.concern])
    for item in found[len(main) :]:
        fits = len(item.notices) <= left
        _write_concern(page, item, item.notices, left if fits else 0, left - len(item.notices) if fits else 0)


def _answers(main: Sequence[Attention], rows: int) -> dict[Concern, Sequence[Notice]]:
    """Those of each, as few as they must be for the rows to hold them all."""
    answers = {item.concern: gathered(item.notices) for item in main}
    spare = rows - sum(map(len, answers.values()))
    for item in sorted(main, key=lambda item: FIRST.index(item.concern)):
        fewest = answers[item.concern]
        for finer in (item.notices, merged(item.notices)):
            if len(finer) - len(fewest) <= spare:
                answers[item.concern] = finer
                spare -= len(finer) - len(fewest)
                break
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
        lead, number = _lead(notice), f" {len(notice.named)}"
        said = _whole(notice, page.room(INDENT) - cells(lead[0] + number))
        page.line(lead, (number + said, Style.PLAIN), indent=INDENT)
        page.line((_names(notice, page.room(NAMES_INDENT))[0], Style.BOLD), indent=NAMES_INDENT)
    if most and (rest := notices[told:]):
        said, more = "; ".join(dict.fromkeys(map(_rest, rest))), f"{len(rest)} more"
        cut = cells(f"{more}: {said}") > page.room(INDENT)
        page.line((f"{more}{', told above' if cut else ''}: ", Style.BOLD), (said, Style.PLAIN), indent=INDENT)


class Row(Data, frozen=True):
    """A notice as one row. `whole`: more rows would say no more than the end of a long sentence."""

    runs: tuple[Run, ...]
    whole: bool


def _row(notice: Notice, room: int) -> Row:
    """Its resource and as much of what is told of it as the name leaves room for, the reason at least; else the reason,
    and as many names as it leaves room for."""
    lead, told, ways = _lead(notice), told_of(notice), _ways(notice)
    name = f" {name_of(notice.named[0])}"
    for said in (told, *_in_few_words(notice), *ways) if len(notice.named) == 1 else ():
        if cells(lead[0] + name + said) <= room:
            # where nothing is said in few words, as of a delete, the beginning of all is more
            return Row((lead, (name, Style.BOLD), (said or told, Style.PLAIN)), whole=True)
    for said in (told, *ways[1:]):
        row = _counted(notice, said, room)
        if row.whole:
            return row
    return replace(_counted(notice, ways[-1], room), whole=not told)


def _in_few_words(notice: Notice) -> list[str]:
    """All that is told of it, without what the effects do in detail; the same without the last of it, and so on."""
    told = [prose(item) if isinstance(item, str) else effect_in_short(item) for item in notice.told]
    return [f": {BETWEEN.join(told[:many])}" for many in range(len(told), 0, -1)]


def _ways(notice: Notice) -> list[str]:
    """Its reason in a few words, and in fewer: a loss is told as one in any room."""
    return [brief_of(notice), *([f": {LOSES} {DATA}"] if _is_lost(notice) else [])]


def _whole(notice: Notice, room: int) -> str:
    """What is told, to be cut where it is too long; of a loss as many whole sentences as there is room for."""
    told = told_of(notice)
    parts = told.split(BETWEEN) if _is_lost(notice) else []
    ways = [BETWEEN.join(parts[:many]) for many in range(len(parts), 0, -1)]
    return next((said for said in (*ways, *_ways(notice)[1:]) if cells(said) <= room), told)


def _is_lost(notice: Notice) -> bool:
    """Whether it loses data of its own."""
    first = notice.told[0] if notice.told else ""
    return isinstance(first, Effect) and first.kind == LOSES and bool(first.subject)


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
    plain, full = [prose(str(item.address)) for item in notice.named], [name_of(item) for item in notice.named]
    for names in (full, plain):
        for shown in range(min(len(plain), room), 0, -1):
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
    return prose(first) if first and not isinstance(first, Effect) else piece_of(notice)
