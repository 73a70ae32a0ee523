"""Secret addresses as a text writes them behind a name that says that they are some: `SLACK_WEBHOOK="https://..."`. The
host is told (`komodo_sync.model.hosts`); what is secret of one is looked for elsewhere without it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.model.hosts import OPENING, names_address, secret_spans
from komodo_sync.model.known import is_word
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.secrecy import is_plain_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.hosts import Span

_QUOTE = re.compile(r"\\*[\"'`]")
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
    """Where in a written value, also one in quotes, stands what is not told if it is an address: all of it if not."""
    quote = _QUOTE.match(written)
    start = quote.end() if quote else 0
    end = len(written)
    if quote and (closed := re.search(rf"{re.escape(quote[0])}[ \t]*[,;]?\s*$", written[start:])):
        end = start + closed.start()
    spans = secret_spans(written[start:end])
    return [(0, len(written))] if spans is None else [(start + first, start + last) for first, last in spans]


def secrets_of(value: str) -> Iterator[str]:
    """What is to be looked for of an address whose host is told. A short path of plain words stands anywhere."""
    spans = secret_spans(value)
    if not spans or (is_plain_address(value) and len(value) - spans[-1][0] < _PATH):
        yield value
        return
    for start, end in spans:
        yield (part := value[start:end])
        yield from (piece for piece in re.split(r"[/?&=#:]", part) if len(piece) >= _PIECE and not is_word(piece))


def whole(lead: str, part: str) -> Iterator[str]:
    """What is secret of what is hidden behind `lead`, which may tell the host of it."""
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
