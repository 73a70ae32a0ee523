"""Texts that this process knows to be secret, taken out of whatever others wrote: a log, an error, an answer.

A name in front of a value makes it look like a secret; but whoever repeats the value leaves the name away, or quotes it
in another form. So what is known to be secret is looked for by what it is, as it stands and as tools write it.
"""

from __future__ import annotations

import json
import re
from threading import RLock
from typing import TYPE_CHECKING, Any, final

from komodo_sync.model.hiding import value_without, without
from komodo_sync.model.index import Index
from komodo_sync.model.sealed import HIDDEN, reveal_sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from komodo_sync.model.hiding import Places

SHORTEST = 4
"""Shorter texts are found everywhere, and so looked for nowhere."""
TELLING = 6
"""How long a text must be to be hidden among words of ours and of the manifests."""
_SEGMENT = 8
"""How long a part of an address must be to be one that somebody made up."""

_HARMLESS = frozenset(("true", "false", "none", "null", "yes", "no", "on", "off", "default", "localhost"))
_NUMBERS = re.compile(r"\d{1,5}|v?\d+(?:\.\d+)+(?:/\d+)?")
"""A port, a count; a version, an address."""
_WORD = re.compile(r"[a-z]{1,11}|\d{1,9}")
_PLACE = re.compile(
    r"(?:https?://|\.)?(?:[a-z][a-z0-9-]*\.)+[a-z]{2,}(?::\d{1,5})?/?"  # auth.example.com, .example.com
    r"|https?://[a-z][a-z0-9-]*(?::\d{1,5})?/?"  # http://auth:9091
    r"|(?:~|\.{0,2})(?:/[a-z.][a-z._-]*)+/?"  # /run/secrets/key
)
"""Where something is to be found: it looks like a secret for its name alone."""
_LINE = re.compile(r"(?:export\s+)?[\"']?[A-Za-z_][\w.-]*[\"']?\s*[=:]\s*(?P<value>(?!//)\S.*)")
_LOGIN = re.compile(r"://[^/@\s:]*:(?P<password>[^/@\s]+)@")
_PAIR = re.compile(r"[^\s:/@]+:(?P<password>[^\s:/@]+)")
_ADDRESS = re.compile(r"https?://[^/\s]+/(?P<path>\S{10,})")


@final
class Known:
    """Learns texts as they become known, from several threads, and takes them out of others. It shows none of them.

    What is learned as a function is asked for when there is a text to look at, and not before: most runs have none.
    """

    __slots__ = ("_all", "_asked", "_lock", "_names", "_pending", "_telling", "_texts")

    def __init__(self, texts: Iterable[Any] = ()) -> None:
        self._texts: set[str] = set()
        self._names: frozenset[str] = frozenset()
        self._asked = True
        self._pending: dict[str, Callable[[], Iterable[Any]]] = {}
        self._all: Index | None = None
        self._telling: Index | None = None
        self._lock = RLock()
        self.learn(texts)

    def __repr__(self) -> str:
        return f"Known{HIDDEN}"

    def learn(self, texts: Iterable[Any]) -> None:
        """These are secret too: texts, Sealed ones and what else is in them; of a text of several lines, of JSON, of an
        address each part that could be."""
        new = {text for each in texts for text in _leaves(reveal_sealed(each)) if text.strip()} - self._texts
        if new:
            with self._lock:
                self._texts |= new
                self._all = self._telling = None

    def learn_later(self, what: str, texts: Callable[[], Iterable[Any]]) -> None:
        """These too, when somebody wants to know; in place of what was to be learned of `what` until now."""
        with self._lock:
            self._pending[what] = texts
            self._asked = False

    def allow(self, names: Iterable[str]) -> None:
        """Names of resources, which everybody reads: where a secret is called the same, they are told all the same."""
        with self._lock:
            self._names = self._names.union(names)
            self._telling = None

    def and_of(self, texts: Iterable[Any]) -> Known:
        """All of this one, and these beside it."""
        found = Known(texts)
        with self._lock:
            found._texts |= self._texts
            found._names = self._names
            found._pending |= self._pending
            found._asked = not found._pending
        return found

    def of_these(self, texts: Iterable[Any]) -> Known:
        """One that knows these alone, and tells the names that this one tells."""
        found = Known(texts)
        found._names = self._names
        return found

    def without(self, text: str) -> str:
        """`text` of somebody else without anything that is known: better one word too few than one too many."""
        return without(text, self.places)

    def places(self, text: str) -> Places:
        """Where anything that is known stands in `text` of somebody else."""
        self._ask()
        index = self._all
        if index is None:
            with self._lock:
                found = (part for each in self._texts for part in parts(each) if _is_plausible(part))
                index = self._all = Index(found, SHORTEST)
        return index.places(text)

    def without_telling(self, text: str) -> str:
        """A text in which words of ours and of the manifests stand, without what can be no such word: a version, a
        number or a plain word that happens to be secret somewhere is left as it is."""
        return without(text, self.telling_places)

    def telling_places(self, text: str) -> Places:
        """The places of what `without_telling` takes out of `text`."""
        self._ask()
        return self._index().places(text)

    def without_learned(self, text: str) -> str:
        """The same, by what is learned already: for what is said often, and seldom has anything to hide."""
        return without(text, self.learned_places)

    def learned_places(self, text: str) -> Places:
        """The places of what `without_learned` takes out of `text`."""
        return self._index().places(text)

    def pieces(self, text: str) -> list[tuple[str, bool]]:
        """`text` in pieces, each with whether it is known to be secret, as `without_telling` takes it."""
        self._ask()
        return self._index().pieces(text)

    def of_value(self, value: Any) -> Any:
        """Any JSON value without what is known, as `without_telling` has it."""
        return value_without(value, self.telling_places)

    def _index(self) -> Index:
        index = self._telling
        if index is None:
            with self._lock:
                found = (part for each in self._texts for part in parts(each) if is_telling(part))
                index = self._telling = Index((part for part in found if part not in self._names), TELLING)
        return index

    def _ask(self) -> None:
        if self._asked:
            return
        # who comes meanwhile waits: without what is being found out it would tell too much
        with self._lock:
            pending, self._pending = self._pending, {}
            for each in pending.values():
                self.learn(each())
            self._asked = bool(pending) or self._asked


def parts(text: str) -> Iterator[str]:
    """A secret text, and what of it others may tell alone: each line, the value of a line, what a JSON holds, the
    password and the path of an address, whole and in parts."""
    bare = text.strip()
    yield bare
    lines = [line.strip() for line in bare.splitlines()] if "\n" in bare else []
    yield from (line for line in lines if line)
    for line in lines or [bare]:
        if pair := _LINE.fullmatch(line):
            yield pair["value"].rstrip(",").strip("\"'")
        yield from (found["password"] for found in _LOGIN.finditer(line))
        if login := _PAIR.fullmatch(line):
            yield login["password"]
        for path in (found["path"] for found in _ADDRESS.finditer(line)):
            yield path
            yield from (piece for piece in re.split(r"[/?&=#]", path) if len(piece) >= _SEGMENT)
    if bare[:1] in ("{", "["):
        try:
            yield from _leaves(json.loads(bare))
        except (ValueError, RecursionError):
            return


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def _is_plausible(text: str) -> bool:
    return len(text) >= SHORTEST and text.lower() not in _HARMLESS and not _NUMBERS.fullmatch(text)


def is_word(text: str) -> bool:
    """Whether a text is a plain word or a number, as many are that are no secret: a branch, a user, a port."""
    return _WORD.fullmatch(text) is not None


def is_telling(text: str) -> bool:
    """Whether a secret can be told from words of ours and of the manifests."""
    return len(text) >= TELLING and _is_plausible(text) and not is_word(text) and not _PLACE.fullmatch(text)
