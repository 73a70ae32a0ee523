"""What a reader must see first once more, in as many rows as there are: for who sees the end of a long text alone, as
at a question.

Each concern has its heading. What is left is shared between the three questions, so that one with few answers gives its
rows to the others: first a row for each answer, then more for those that are not told whole in one. What cannot be
undone comes first in this, and all that loses data is one answer before it has no row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Effect
from komodo_sync.report.attention import MAIN, Concern, attentions
from komodo_sync.report.attention_text import style_of, write_overview
from komodo_sync.report.glance import piece_of
from komodo_sync.report.layout import Style, cells, prose
from komodo_sync.report.merged import gathered, merged
from komodo_sync.report.short_rows import INDENT, wished, write_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from komodo_sync.model.plan import Plan
    from komodo_sync.report.attention import Attention, Notice
    from komodo_sync.report.layout import Page

FIRST = (Concern.LASTING, Concern.STOPS, Concern.DEPLOYS)
"""Whose answers get a row first where there are not enough for all."""


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
    wishes = {
        concern: [wished(page, each) - 1 for each in _told(answers[concern], shares[concern])] for concern in order
    }
    granted = _granted({concern: [min(wish, 1) for wish in each] for concern, each in wishes.items()}, left)
    left -= sum(map(sum, granted.values()))
    for item in found[len(main) :]:
        fits = len(item.notices) <= left
        answers[item.concern], shares[item.concern] = item.notices, len(item.notices) if fits else 0
        left -= shares[item.concern]
        wishes[item.concern] = [wished(page, each) - 1 for each in item.notices] if fits else []
        granted[item.concern] = [0] * len(wishes[item.concern])
    rest = {
        concern: [wish - given for wish, given in zip(each, granted[concern], strict=True)]
        for concern, each in wishes.items()
    }
    more = _granted(rest, left)
    for item in found:
        concern = item.concern
        heights = [1 + sum(each) for each in zip(granted[concern], more[concern], strict=True)]
        _write_concern(page, item, answers[concern], shares[concern], heights)


def _told(notices: Sequence[Notice], most: int) -> Sequence[Notice]:
    """Those that have a row of their own among `most`, of which the last is for all others."""
    return notices if len(notices) <= most else notices[: max(most - 1, 0)]


def _granted(wishes: Mapping[Concern, list[int]], rows: int) -> dict[Concern, list[int]]:
    """How many of the rows each answer gets, shared between the concerns and then in each."""
    totals = shared([sum(each) for each in wishes.values()], rows)
    return {concern: shared(each, total) for (concern, each), total in zip(wishes.items(), totals, strict=True)}


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


def _write_concern(page: Page, item: Attention, notices: Sequence[Notice], most: int, heights: Sequence[int]) -> None:
    """`most`: rows for answers, the last of them for all that have none; `heights`: the rows of each that has one."""
    several = sum(len(notice.named) for notice in notices) > sum(len(notice.named) for notice in item.notices)
    aside = ", told at the top" if notices and not most else ", by reason" if several else ""
    page.line((item.heading, style_of(item)), *([(aside, Style.PLAIN)] if aside else []))
    told = _told(notices, most)
    for notice, height in zip(told, heights, strict=True):
        write_rows(page, notice, height)
    if most and (rest := notices[len(told) :]):
        said, more = "; ".join(dict.fromkeys(map(_rest, rest))), f"{len(rest)} more"
        cut = cells(f"{more}: {said}") > page.room(INDENT)
        page.line((f"{more}{', told above' if cut else ''}: ", Style.BOLD), (said, Style.PLAIN), indent=INDENT)


def _rest(notice: Notice) -> str:
    """What a notice without a row is about: its reason, or what is done."""
    first = notice.told[0] if notice.told else ""
    return prose(first) if first and not isinstance(first, Effect) else piece_of(notice)
