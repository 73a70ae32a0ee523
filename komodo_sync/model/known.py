"""Texts that this process knows to be secret, taken out of whatever others wrote: a log, an error, an answer.

A name in front of a value makes it look like a secret; but whoever repeats the value leaves the name away, or quotes it
in another form. So what is known to be secret is looked for by what it is, as it stands and as tools write it.
"""

from __future__ import annotations

import base64
import html
import json
import re
from threading import RLock
from typing import TYPE_CHECKING, Any, final
from urllib.parse import quote, quote_plus

from komodo_sync.model.sealed import HIDDEN, reveal_sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SHORTEST = 4
"""Shorter texts are found everywhere, and so looked for nowhere."""
TELLING = 6
"""How long a text must be to be hidden among words of ours and of the manifests."""
_LINES = 1 << 16
"""How many lines are kept at most, with what is told of them."""
_SEGMENT = 8
"""How long a part of an address must be to be one that somebody made up."""
_ENCODED = 8
"""How long a text in base64 must be to be no accident."""

_HARMLESS = frozenset(("true", "false", "none", "null", "yes", "no", "on", "off", "default", "localhost"))
_NUMBERS = re.compile(r"\d{1,5}|v?\d+(?:\.\d+)+(?:/\d+)?")
"""A port, a count; a version, an address."""
_WORD = re.compile(r"[a-z]{1,11}|\d{1,9}")
_LINE = re.compile(r"(?:export\s+)?[\"']?[A-Za-z_][\w.-]*[\"']?\s*[=:]\s*(?P<value>\S.*)")
_LOGIN = re.compile(r"://[^/@\s:]*:(?P<password>[^/@\s]+)@")
_PAIR = re.compile(r"[^\s:/@]+:(?P<password>[^\s:/@]+)")
_ADDRESS = re.compile(r"https?://[^/\s]+/(?P<path>\S{10,})")


@final
class Known:
    """Learns texts as they become known, from several threads, and takes them out of others. It shows none of them.

    What is learned as a function is asked for when there is a text to look at, and not before: most runs have none.
    """

    __slots__ = ("_all", "_lock", "_pending", "_telling", "_texts")

    def __init__(self, texts: Iterable[Any] = ()) -> None:
        self._texts: set[str] = set()
        self._pending: dict[str, Callable[[], Iterable[Any]]] = {}
        self._all: _Index | None = None
        self._telling: _Index | None = None
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

    def and_of(self, texts: Iterable[Any]) -> Known:
        """All of this one, and these beside it."""
        found = Known(texts)
        with self._lock:
            found._texts |= self._texts
            found._pending |= self._pending
        return found

    def without(self, text: str) -> str:
        """`text` of somebody else without anything that is known: better one word too few than one too many."""
        self._ask()
        if self._all is None:
            self._all = _Index(part for each in self._texts for part in parts(each) if _is_plausible(part))
        return self._all.without(text)

    def without_telling(self, text: str) -> str:
        """A text in which words of ours and of the manifests stand, without what can be no such word: a version, a
        number or a plain word that happens to be secret somewhere is left as it is."""
        self._ask()
        return self._index().without(text)

    def without_learned(self, text: str) -> str:
        """The same, by what is learned already: for what is said often, and seldom has anything to hide."""
        return self._index().without(text)

    def pieces(self, text: str) -> list[tuple[str, bool]]:
        """`text` in pieces, each with whether it is known to be secret, as `without_telling` takes it."""
        self._ask()
        return self._index().pieces(text)

    def of_value(self, value: Any) -> Any:
        """Any JSON value without what is known, as `without_telling` has it."""
        if isinstance(value, str):
            return self.without_telling(value)
        if isinstance(value, dict):
            return {self.without_telling(str(key)): self.of_value(item) for key, item in value.items()}
        return [self.of_value(item) for item in value] if isinstance(value, list) else value

    def _index(self) -> _Index:
        if self._telling is None:
            self._telling = _Index(part for each in self._texts for part in parts(each) if is_telling(part))
        return self._telling

    def _ask(self) -> None:
        # who comes meanwhile waits: without what is being found out it would tell too much
        with self._lock:
            pending, self._pending = self._pending, {}
            for each in pending.values():
                self.learn(each())


class _Index:
    """Every form of some texts, by how it begins. Lines are alike in many texts, so each is read once."""

    def __init__(self, texts: Iterable[str]) -> None:
        forms = {form for text in set(texts) for form in forms_of(text) if "\n" not in form}
        self._size = min(map(len, forms), default=0)
        self._forms: dict[str, list[str]] = {}
        self._lines: dict[str, str] = {}
        # the longest first: one may be a part of another
        for form in sorted(forms, key=lambda each: (-len(each), each)):
            self._forms.setdefault(form[: self._size], []).append(form)

    def without(self, text: str) -> str:
        if not self._forms:
            return text
        return "\n".join(map(self._line, text.split("\n"))) if "\n" in text else self._line(text)

    def _line(self, line: str) -> str:
        if len(line) < self._size:
            return line
        told = self._lines.get(line)
        if told is None:
            told = "".join(HIDDEN if secret else piece for piece, secret in self.pieces(line))
            if len(self._lines) < _LINES:
                self._lines[line] = told
        return told

    def pieces(self, text: str) -> list[tuple[str, bool]]:
        found: list[tuple[str, bool]] = []
        size, forms, end = self._size, self._forms, 0
        if forms:
            for start in [at for at in range(len(text) - size + 1) if text[at : at + size] in forms]:
                if start < end:
                    continue
                form = next((each for each in forms[text[start : start + size]] if text.startswith(each, start)), "")
                if form:
                    found += [(text[end:start], False)] if start > end else []
                    found.append((form, True))
                    end = start + len(form)
        return [*found, (text[end:], False)] if end < len(text) else found


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


def forms_of(text: str) -> Iterator[str]:
    """A text as it is, and as tools write it: quoted for an address, for JSON, for HTML, for compose, in base64, alone
    or behind something else."""
    yield text
    raw = text.encode(errors="replace")
    if not _BARE.fullmatch(text):
        once = json.dumps(text)[1:-1]
        yield from (quote(raw), quote(raw, safe=""), quote_plus(raw), repr(text)[1:-1], text.replace("$", "$$"))
        for form in (text, once, json.dumps(text, ensure_ascii=False)[1:-1], json.dumps(once)[1:-1]):
            yield from (form, html.escape(form), html.escape(form, quote=False))
    for before in range(3):
        # the characters that this text alone decides, whatever stands before and behind it
        whole = base64.b64encode(bytes(before) + raw).decode()
        sure = whole[(before * 4 + 2) // 3 : (before + len(raw)) * 8 // 6]
        if len(sure) >= _ENCODED:
            yield from (sure, sure.translate(_URL_SAFE))


_BARE = re.compile(r"[A-Za-z0-9_.-]+")
"""What all but base64 write as it is."""
_URL_SAFE = str.maketrans("+/", "-_")


def _is_plausible(text: str) -> bool:
    return len(text) >= SHORTEST and text.lower() not in _HARMLESS and not _NUMBERS.fullmatch(text)


def is_telling(text: str) -> bool:
    """Whether a secret can be told from words of ours and of the manifests."""
    return len(text) >= TELLING and _is_plausible(text) and not _WORD.fullmatch(text)
