"""The changed resources of a plan by name, in as few bytes as can be: each once for what is done to it.

One row for what has the same actions, reason and effects, the names in it where they are few, else below it. Rows are
few where names are many: where the room ends it is names that are not told, and how many. Those of what is only started
anew go first, and few go after many: to name one takes no more than to say that it is not named.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from komodo_sync.model.plan import Shown
from komodo_sync.report.changes import called, counted
from komodo_sync.report.markdown_rows import Rank, grave_rows, merged, other_rows, place
from komodo_sync.report.markdown_text import byte_length, code, fenced
from komodo_sync.report.values import shown_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Plan
    from komodo_sync.report.markdown_rows import Row

_WIDTH, _INDENT = 110, "  "
"""Of the rows of names: what is longer than a page is wide would have to be scrolled."""

_FEW, _SHORT = 3, 160
"""Names, and letters of them, that stand in the row itself."""

_PARTS = 16
"""Of the room, by which rows are tried with less of it."""

_LOST = 140
"""Bytes of the sentence that says how much is not told."""


def write_names(plan: Plan) -> list[str]:
    """All that stops, is deployed, cannot be undone or affects others, with reasons and effects."""
    return _blocks(grave_rows(plan, alike=False))


def write_others(plan: Plan, room: int | None) -> list[str]:
    """The changed resources of which nothing else has to be said; as many of them as fit into `room` bytes, and how
    many do not."""
    rows = other_rows(plan)
    if not rows:
        return []
    total = sum(len(row.names) for row in rows)
    heading = f"### Other changes: {counted(total, 'resource')}"
    if room is None:
        return [heading, *_blocks(rows)]

    def blocks(named: int) -> list[str]:
        rest = [f"**… and {total - named} more, see the whole plan.**"] if named < total else []
        return [heading, *_blocks(rows, named), *rest]

    return blocks(_most(total, lambda named: _size(blocks(named)) <= room))


def write_within(plan: Plan, room: int) -> list[str]:
    """Both in `room` bytes. First of all how much is not told; then the rows, without what differs between the effects
    of one; then as many names as there is room for, of the gravest first. Rows take half of the room at most, and more
    where all names have theirs beside it: reasons that have none are counted, and of their effects the kinds stay."""
    rows, others = grave_rows(plan, alike=True), other_rows(plan)
    for told, named in _ways(rows, others, room):
        if _size(_blocks(told, named)) <= room - _LOST:
            break
    total = sum(len(row.names) for row in told)
    untold, reasons = sum(row.untold for row in told), sum(row.explained for row in rows)

    def blocks(named: int) -> list[str]:
        lost = [f"{total - named} of {total} names"] if named < total else []
        lost += [f"{untold} of {counted(reasons, 'reason')}"] if untold else []
        are = "is" if lost and (named, untold) == (total, 1) else "are"
        said = f"**{' and '.join(lost)} {are} not told here for want of room: read the whole plan.**"
        return [*([said] if lost else []), *_blocks(told, named)]

    return blocks(_most(total, lambda named: _size(blocks(named)) <= room))


def _ways(rows: Sequence[Row], others: Sequence[Row], room: int) -> Iterator[tuple[list[Row], int | None]]:
    """From what tells most to what takes least, and how many names it is to have room for (None: all of them)."""
    if sum(byte_length(str(name)) for row in (*rows, *others) for name in row.names) <= room:
        for parts in range(_PARTS, _PARTS // 2, -1):
            yield [*_with_reasons(rows, room * parts // _PARTS), *others], None
    yield [*_with_reasons(rows, room // 2), *others], 0
    fewest = merged(rows, ranked=False)
    yield [*fewest, *others], 0
    yield [*(row._replace(said="") for row in fewest), *others], 0


def _with_reasons(rows: Sequence[Row], room: int) -> list[Row]:
    """As many of the rows as fit, and of each action and rank the rest as one row. Those of few names that are one of
    many come after the others; of both the gravest and the larger first."""
    alike = Counter((row.actions, row.rank) for row in rows)
    room -= _size(_blocks(merged(rows), 0))
    told: list[Row] = []
    rest: list[Row] = []
    for row in sorted(rows, key=lambda row: _is_few(row) and alike[row.actions, row.rank] > 1):
        size = _size(_blocks([row], 0))
        fits = size <= room or row.said == row.kinds
        (told if fits else rest).append(row)
        room -= size if fits else 0
    return sorted([*told, *merged(rest)], key=lambda row: (*place(row), row.untold > 0, -len(row.names)))


def _blocks(rows: Sequence[Row], named: int | None = None) -> list[str]:
    """A line for each row, and a block of names where they are not few; `named`: how many of them."""
    found = []
    for row, share in zip(rows, _shares(rows, named), strict=True):
        names, inside = row.names[:share], _is_few(row)
        few = "" if len(names) == len(row.names) else f" ({len(names)} of them named)" if names else " (not named)"
        done = ", then ".join(map(called, row.actions))
        told = f" {', '.join(code(str(name)) for name in names)}" if inside and names else ""
        found.append(f"**{done} {len(row.names)}**{few}{told}{': ' if row.said else ''}{row.said}")
        found += [fenced(_by_kind(names), "text").rstrip("\n")] if names and not inside else []
    return found


def _shares(rows: Sequence[Row], named: int | None) -> list[int]:
    """How many names of each row are told: first of what is grave; of that, and of all else, first where they are
    few."""
    shares = [len(row.names) for row in rows]
    if named is None:
        return shares
    order = sorted(range(len(rows)), key=lambda at: (rows[at].rank >= Rank.RENEWS, not _is_few(rows[at]), at))
    for at in order:
        shares[at] = min(named, shares[at])
        named -= shares[at]
    return shares


def _is_few(row: Row) -> bool:
    return len(row.names) <= _FEW and sum(len(str(name)) for name in row.names) <= _SHORT


def _by_kind(addresses: Iterable[Address]) -> list[str]:
    """`stack: a, b, c`, in rows that need no scrolling."""
    names: dict[str, list[str]] = {}
    for address in addresses:
        names.setdefault(address.kind, []).append(shown_text(Shown([address.name]))[1:-1])
    return [row for kind, found in names.items() for row in _folded(f"{kind}: ", found)]


def _folded(lead: str, names: Sequence[str]) -> list[str]:
    rows, row = [], lead
    for index, name in enumerate(names):
        item = f"{name}, " if index + 1 < len(names) else name
        if row not in (lead, _INDENT) and len(row) + len(item) > _WIDTH:
            rows.append(row.rstrip())
            row = _INDENT
        row += item
    return [*rows, row]


def _size(blocks: Iterable[str]) -> int:
    return sum(byte_length(block) + 2 for block in blocks)


def _most(total: int, fits: Callable[[int], bool]) -> int:
    """The greatest number up to `total` that fits, or 0."""
    least, most = 0, total
    while least < most:
        middle = (least + most + 1) // 2
        least, most = (middle, most) if fits(middle) else (least, middle - 1)
    return least
