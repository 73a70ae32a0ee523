"""Secret addresses as a text writes them behind a name that says that they are some: `SLACK_WEBHOOK="https://..."`. The
host is told (`komodo_sync.model.hosts`); what is secret of one is looked for elsewhere without it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.model.hosts import OPENING, names_address, secret_spans
from komodo_sync.model.known import is_telling, is_word
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.secrecy import is_plain_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.hosts import Span

_QUOTE = re.compile(r"\\*[\"'`]")
_DEFAULT = re.compile(r"\$?\$\{[A-Za-z_]\w*:?-(?P<value>[^{}]*)\}")
_CLOSES = re.compile(r"[\"'][,;]?\s*$")
"""The end of a quote that opens in front of the name."""
_COMMENTED = re.compile(r"[\"'`][ \t]+#[ \t]*$")
_FAR = 300
"""So far in front of what is secret the address begins at most."""
_PATH, _PIECE = 10, 8
"""How long a path of plain words must be, and a piece of any, to be looked for alone."""


def told_of(name: str, written: str) -> str:
    """What is told of a secret value as it is written behind `name`."""
    told, at = "", 0
    for start, end in spans_of(written) if "://" in written and names_address(name) else [(0, len(written))]:
        told, at = f"{told}{written[at:start]}{HIDDEN}", end
    return told + written[at:]


def spans_of(written: str) -> list[Span]:
    """Where in a written value, also one in quotes, stands what is not told if it is an address: all of it if not, and
    the comment behind it."""
    start, end, beside = 0, len(written), []
    if quote := _QUOTE.match(written):
        start, sign = quote.end(), re.escape(quote[0])
        if commented := re.compile(rf"[^\"'`\\]*?(?P<end>{sign}[ \t]+#[ \t]*)(?=\S)").match(written, start):
            beside, end = [(commented.end(), end)], commented.start("end")
        elif closed := re.compile(rf"{sign}[ \t]*[,;]?\s*$").search(written, start):
            end = closed.start()
    elif opened := _CLOSES.search(written):
        end = opened.start()
    if default := _DEFAULT.fullmatch(written, start, end):
        start, end = default.span("value")
    spans = secret_spans(written[start:end])
    if spans is None:
        return [(0, len(written))]
    return [*((start + first, start + last) for first, last in spans), *beside]


def secrets_of(value: str) -> Iterator[str]:
    """What is to be looked for of an address whose host is told. Where what is secret of it may stand anywhere, as a
    short path of plain words does, that is all of it."""
    parts = [value[start:end] for start, end in secret_spans(value) or ()]
    if not any(map(is_telling, parts)) or (is_plain_address(value) and len(parts[-1]) < _PATH):
        yield value
        return
    yield from parts
    pieces = (piece for part in parts for piece in re.split(r"[/?&=#:]", part))
    yield from (piece for piece in pieces if len(piece) >= _PIECE and not is_word(piece))


def whole(lead: str, part: str) -> Iterator[str]:
    """What is secret of what is hidden behind `lead`, which may tell the host of it; nothing of a comment."""
    if _COMMENTED.search(lead[-_FAR:]):
        return
    found = OPENING.search(lead, max(0, len(lead) - _FAR)) if lead[-1:] in ("/", "?", "#") else None
    if not found or HIDDEN in found[0]:
        yield part
        return
    word = re.split(r"[\s\"']", part, maxsplit=1)[0]
    yield from secrets_of(found[0] + word)
    if word != part:
        yield part


def without_opening(lead: str) -> str:
    """What leads to a secret value, without what is told of it."""
    return OPENING.sub("", lead[-_FAR:]) if lead[-1:] in ("/", "?", "#") else lead
