"""One answer in a few rows: its names and its reason, each as whole as there is room for.

A single resource is named in any room, of several as many as fit. A reason goes without its further sentences first,
then without the middle of its long words, and at last without its end, behind a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Effect
from komodo_sync.report.attention import DATA, LOSES
from komodo_sync.report.attention_text import name_of, told_of
from komodo_sync.report.changes import MARKS, called
from komodo_sync.report.glance import brief_of, effect_in_short
from komodo_sync.report.layout import Page, Style, cells, prose, squeezed, squeezed_words
from komodo_sync.report.merged import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from komodo_sync.report.attention import Notice
    from komodo_sync.report.layout import Run

INDENT, NAMES_INDENT = 2, 6

MOST = 3
"""Rows that one answer may take."""

NAME = 24
"""Columns that names need at least."""

TIGHT = 20
"""The same where a reason would be cut for more."""

_LENGTHS = range(40, 11, -4)
"""How long words may be, where they are too long for their row."""


def wished(page: Page, notice: Notice) -> int:
    """How many rows it needs to be told as whole as it ever is."""
    return next((rows for rows in range(1, MOST) if _laid(page, notice, rows)[1]), MOST)


def write_rows(page: Page, notice: Notice, rows: int) -> None:
    """The answer in at most `rows` rows, of which there is one at least."""
    page.add(_laid(page, notice, rows)[0])


def _laid(page: Page, notice: Notice, rows: int) -> tuple[Page, bool]:
    """Its rows, and whether more of them would say no more."""
    if len(notice.named) == 1:
        return _single(page, notice, rows)
    return _in_one_row(page, notice) if rows == 1 else _above_names(page, notice, rows)


def _single(page: Page, notice: Notice, rows: int) -> tuple[Page, bool]:
    lead, full = _lead(notice), name_of(notice.named[0])
    most = max(page.room(INDENT) - cells(lead[0]) - len(" :"), 2)

    def said_with(name: str, said: str) -> Page:
        return _said(page, lead, (f" {squeezed(name, most)}", Style.BOLD), (said, Style.PLAIN))

    ways = _versions(notice)
    for said in ways:
        if (block := said_with(full, said)).height <= rows:
            return block, True
    # where the heading says what there is in few words, as of a delete, the beginning of a sentence says no more
    least = 0 if brief_of(notice) else len(ways[-1].split(" ")) / 2
    for longest, said in _shorter(ways[-1]):
        block = said_with(squeezed(full, max(longest, NAME)), said)
        if block.height <= rows and len(said.split(" ")) > least:
            return block, False
    return _line(page, lead, (f" {squeezed(full, most)}", Style.BOLD)), False


def _in_one_row(page: Page, notice: Notice) -> tuple[Page, bool]:
    lead, ways = _lead(notice), [brief_of(notice), *_lost(notice)]
    plain = [prose(str(item.address)) for item in notice.named]
    for said in (told_of(notice), *ways[1:], ways[-1]):
        names, all_told = _names(notice, _left(page, notice, said))
        if all_told:
            return _counted(page, notice, said, names), True
    one = cells(_listing(plain, 1))
    for said, least in _beside_names(ways[-1]):
        left = _left(page, notice, said)
        if left >= min(least, one):
            return _counted(page, notice, said, _names(notice, left)[0]), not told_of(notice)
    for said in (ways[-1], *(said for _, said in _shorter(ways[-1]))):
        if (block := _said(page, lead, (f" {len(notice.named)}{said}", Style.PLAIN))).height == 1:
            return block, not told_of(notice)
    return _line(page, lead, (f" {len(notice.named)}{ways[-1]}", Style.PLAIN)), not told_of(notice)


def _above_names(page: Page, notice: Notice, rows: int) -> tuple[Page, bool]:
    lead, ways = _lead(notice), _versions(notice)
    names = _line(page, (_names(notice, page.room(NAMES_INDENT))[0], Style.BOLD), indent=NAMES_INDENT)
    for said, whole in (*((each, True) for each in ways), *((each, False) for _, each in _shorter(ways[-1]))):
        block = _said(page, lead, (f" {len(notice.named)}{said}", Style.PLAIN))
        if block.height < rows:
            block.add(names)
            return block, whole
    block = _line(page, lead, (f" {len(notice.named)}{ways[-1]}", Style.PLAIN))
    block.add(names)
    return block, False


def _versions(notice: Notice) -> list[str]:
    """All that is told of it, and less and less of that, down to its reason in a few words; of what says nothing there
    its first sentence. One at least."""
    parts = told_of(notice).split(BETWEEN)
    told = [BETWEEN.join(parts[:many]) for many in range(len(parts), 0, -1)]
    short = [prose(item) if isinstance(item, str) else effect_in_short(item) for item in notice.told]
    few = [f": {BETWEEN.join(short[:many])}" for many in range(len(short), 0, -1)]
    found = dict.fromkeys((*told, *few, *filter(None, (brief_of(notice), *_lost(notice)))))
    return sorted(found, key=cells, reverse=True)


def _lost(notice: Notice) -> list[str]:
    """What loses data of its own is told as that in any room."""
    first = notice.told[0] if notice.told else ""
    lost = isinstance(first, Effect) and first.kind == LOSES and bool(first.subject)
    return [f": {LOSES} {DATA}"] if lost else []


def _beside_names(said: str) -> Iterator[tuple[str, int]]:
    """Ways to say it beside names, and the columns that these are to have at least. Of less than half of its words
    nothing is understood: then the number says enough."""
    words = said.split(" ")
    yield said, NAME
    yield from ((squeezed_words(said, longest), NAME) for longest in _LENGTHS[:-1])
    yield said, TIGHT
    yield from ((shorter, TIGHT) for _, shorter in _shorter(said) if 2 * len(shorter.split(" ")) > len(words))


def _shorter(said: str) -> Iterator[tuple[int, str]]:
    """The same with shorter and shorter words, and how long they may be; then with fewer and fewer of those."""
    for longest in _LENGTHS:
        yield longest, squeezed_words(said, longest)
    words = squeezed_words(said, _LENGTHS[-1]).split(" ")
    for many in range(len(words) - 1, 1, -1):
        yield _LENGTHS[-1], f"{' '.join(words[:many]).rstrip(';:,')}…"


def _left(page: Page, notice: Notice, said: str) -> int:
    """The columns that names have behind what is said."""
    return page.room(INDENT) - cells(f"{_lead(notice)[0]} {len(notice.named)}{said}: ")


def _counted(page: Page, notice: Notice, said: str, names: str) -> Page:
    return _line(page, _lead(notice), (f" {len(notice.named)}{said}: ", Style.PLAIN), (names, Style.BOLD))


def _names(notice: Notice, room: int) -> tuple[str, bool]:
    """`a, b + 3 more` in one row, of a name without room its beginning and its end; and whether all are told."""
    plain, full = [prose(str(item.address)) for item in notice.named], [name_of(item) for item in notice.named]
    for names in (full, plain):
        for shown in range(min(len(plain), max(room, 0)), 0, -1):
            listing = _listing(names, shown)
            if cells(listing) <= room:
                return listing, shown == len(names)
    more = _listing(["", *plain[1:]], 1)
    return f"{squeezed(plain[0], max(room - len(more), 2))}{more}", False


def _listing(names: Sequence[str], shown: int) -> str:
    rest = len(names) - shown
    return ", ".join(names[:shown]) + (f" + {rest} more" if rest else "")


def _lead(notice: Notice) -> Run:
    mark = MARKS[notice.action]
    return (f"{mark.sign} {called(notice.action)}", mark.style)


def _said(page: Page, *runs: Run) -> Page:
    block = Page(width=page.width, color=page.color)
    block.say(*runs, indent=INDENT, hang=NAMES_INDENT)
    return block


def _line(page: Page, *runs: Run, indent: int = INDENT) -> Page:
    block = Page(width=page.width, color=page.color)
    block.line(*runs, indent=indent)
    return block
