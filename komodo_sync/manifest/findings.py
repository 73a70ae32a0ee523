"""Everything that is found wrong while reading on."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from komodo_sync.model.diagnostic import Diagnostic, Severity
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from komodo_sync.source.nodes import Node, Scalar


_NOT_SHOWN = "the value is secret and not shown; mend the environment variable or the file that it comes from"
_ABOUT_THE_PLACE = (Code.SECRET_MISPLACED, Code.FILE_OUTSIDE, Code.FILE_MISSING)
_ABOUT_THE_TYPE = (Code.WRONG_TYPE, Code.BAD_VERSION)
"""What such an error says is which type its field has; never what stands there."""
_KEY = re.compile(r"[A-Za-z_][\w-]{1,40}")
_SLIP = 0.75
"""From here on a word is another one that was mistyped, and not merely like it."""
_MANY = 24
"""As many words as one reads through."""


class Findings:
    """A growing list of diagnostics, each at the node that is wrong."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._told: set[tuple[str, int, int]] = set()

    def error(self, code: Code, node: Node, message: str, help: str, *, secret: bool = False, key: str = "") -> None:  # noqa: A002
        """An error at `node`; `secret` hides the values on its line, and `key` is told whatever is hidden there."""
        self._add(code, node, message, help, secret=secret, severity=Severity.ERROR, key=key)

    def unknown_key(self, key: Scalar, words: Collection[str], help: str, *, secret: bool = False) -> None:  # noqa: A002
        """`key` is none of `words`. It is named beside a secret value, too, where it is nearly one of them or its line
        is shown with it: what nobody meant as a key may be a piece of that value."""
        word = key.text
        told = _KEY.fullmatch(word) and (is_nearly(word, words) or key.source.shows_key(key.span().line, word))
        self.error(Code.UNKNOWN_KEY, key, f"unknown key {quoted(word)}", help, secret=secret, key=word if told else "")

    def warning(self, code: Code, node: Node, message: str, help: str) -> None:  # noqa: A002
        """A warning at `node`."""
        self._add(code, node, message, help, secret=False, severity=Severity.WARNING, key="")

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Findings that were made elsewhere."""
        self.diagnostics += diagnostics

    def unread(self, diagnostics: Iterable[Diagnostic]) -> None:
        """What could not be read in a file at all. Whatever else is found at such a place only follows from it, and is
        not told."""
        for item in diagnostics:
            self.diagnostics.append(item)
            if item.span is not None:
                self._told.add((item.span.file, item.span.line, item.span.column))

    def _add(
        self,
        code: Code,
        node: Node,
        message: str,
        help: str,  # noqa: A002
        *,
        secret: bool,
        severity: Severity,
        key: str,
    ) -> None:
        span = node.span()
        if (span.file, span.line, span.column) in self._told:
            return
        if node.secret and code not in _ABOUT_THE_PLACE:
            # what is wrong with a secret is often told by quoting it
            told = message if code in _ABOUT_THE_TYPE else "the value that stands here cannot be taken by its field"
            message, help = told, _NOT_SHOWN  # noqa: A001
        self.diagnostics.append(
            node.source.diagnostic(
                code,
                message,
                span.line,
                span.column,
                help=help,
                length=span.length,
                secret=secret,
                severity=severity,
                key=key,
            )
        )


def nearest(word: str, words: Collection[str]) -> str:
    """`did you mean ...?` with the word that is meant most likely; else all of them when they are few."""
    folded = {each.lower(): each for each in words}
    close = get_close_matches(word, words, 1, 0.6) or [
        folded[each] for each in get_close_matches(word.lower(), list(folded), 1, 0.6)
    ]
    if close:
        return f"did you mean {close[0]}?"
    if len(words) <= 12:
        return f"one of {', '.join(words)}"
    return ""


def is_nearly(word: str, words: Collection[str]) -> bool:
    """Whether a word is so near to one of `words` that it can only be a slip of it."""
    return bool(get_close_matches(word.lower(), words, 1, _SLIP))


def choices(word: str, words: Collection[str]) -> str:
    """The same, with the first of them where they are many."""
    few = list(words)[:_MANY]
    more = f" and {len(words) - _MANY} more" if len(words) > _MANY else ""
    return nearest(word, words) or f"one of {', '.join(few)}{more}"


def quoted(word: str) -> str:
    """A word of the input in a message: in quotes, on one line, not too long."""
    short = word if len(word) <= 60 else word[:60] + "…"
    return "`" + short.replace("\n", "⏎").replace("`", "'") + "`"
