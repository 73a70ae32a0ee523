"""What hides the secrets in a text: several that know some, and a guess. Each looks at the text as it was written, and
what any of them finds is hidden.

One after the other would not do: who cuts a piece off a secret leaves a rest that nobody knows any more.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from komodo_sync.model.sealed import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Places = list[tuple[int, int]]
    """Where in a text something is to be hidden: from, to."""
    Find = Callable[[str], Places]

_knowing: ContextVar[tuple[Find, ...]] = ContextVar("what is known where a guess is made", default=())


@contextmanager
def knowing(*finds: Find) -> Iterator[None]:
    """What is guessed at meanwhile is looked at by these too, and by no others."""
    token = _knowing.set(finds)
    try:
        yield
    finally:
        _knowing.reset(token)


def without(text: str, *finds: Find) -> str:
    """`text` without what any of them finds in it."""
    places = [place for find in finds for place in find(text)]
    return without_places(text, places) if places else text


def value_without(value: Any, *finds: Find) -> Any:
    """Any JSON value without what any of them finds in its texts."""
    if isinstance(value, str):
        return without(value, *finds)
    if isinstance(value, dict):
        return {without(str(key), *finds): value_without(item, *finds) for key, item in value.items()}
    return [value_without(item, *finds) for item in value] if isinstance(value, list) else value


def without_places(text: str, places: Iterable[tuple[int, int]]) -> str:
    """`text` without what stands at these places; what lies over or beside each other is hidden as one."""
    told: list[str] = []
    end = 0
    for start, stop in sorted(places):
        if not told or start > end:
            told += [text[end:start], HIDDEN]
        end = max(end, stop)
    return "".join(told) + text[end:]


def known_in(text: str) -> Places:
    """Where in a text stands what those know that look at a guess now."""
    return [place for find in _knowing.get() for place in find(text)]


def besides(lines: Sequence[str], guessed: Iterable[str]) -> list[str]:
    """What was guessed of each of these lines, and nothing that is known either. Where the guess has found nothing,
    nothing is cut off: whoever looks for what is known later finds it whole."""
    if not _knowing.get():
        return list(guessed)
    return [
        told if told == line else _both(line, told, known_in(line)) for line, told in zip(lines, guessed, strict=True)
    ]


def _both(line: str, told: str, known: Places) -> str:
    if not known:
        return told
    guessed = places_hidden(line, told)
    if guessed is None:  # it cannot be known which part is left of what
        return line[: len(line) - len(line.lstrip())] + HIDDEN
    return without_places(line, known + guessed)


def places_hidden(line: str, told: str) -> Places | None:
    """Where that stands in a line which is hidden in what is told of it; None where that is no line with something
    hidden."""
    first, *rest = told.split(HIDDEN)
    if not rest or not line.startswith(first):
        return None
    found, at, last = [], len(first), len(rest) - 1
    for number, piece in enumerate(rest):
        start = len(line) - len(piece) if number == last else line.find(piece, at)
        if start < at or not line.startswith(piece, start):
            return None
        found.append((at, start))
        at = start + len(piece)
    return found
