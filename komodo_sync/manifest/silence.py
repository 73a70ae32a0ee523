"""`# komodo-sync: ignore KS043 because ...` at the end of a line, or alone in the line before: what is found there is
known, and why it stays is said."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from komodo_sync.manifest.findings import quoted
from komodo_sync.model.data import Data, field
from komodo_sync.model.diagnostic import Severity, Silenced
from komodo_sync.source.codes import Code
from komodo_sync.source.texts import Within, text_finder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from komodo_sync.model.diagnostic import Diagnostic
    from komodo_sync.source.text import Source

_WORD = "komodo-sync:"
_TOOL = "komodo-sync"
_COMMENT = re.compile(r"#[ \t]*komodo-sync:[ \t]*ignore\b(?P<rest>.*)$")
_NEARLY = re.compile(r"#[ \t]*(?P<tool>komodo-sync:?)[ \t]*(?P<word>\w+)(?P<rest>.*)", re.IGNORECASE)
_NAMES_CODE = re.compile(r"\bKS[0-9]{3}\b", re.IGNORECASE)
_REST = re.compile(r"[ \t]+(?P<codes>KS[0-9]{3}(?:[ \t]*,[ \t]*KS[0-9]{3})*)[ \t]+because[ \t]+(?P<reason>\S.*)")
_CODES = frozenset(code.value for code in Code)

SILENCED_ERRORS = frozenset((Code.UNKNOWN_TABLE, Code.UNKNOWN_KEY, Code.PAIR_UNREADABLE, Code.RUNS_TWICE))
"""The errors that may be silenced: what is declared is known all the same. Nothing true can be planned beside the
others. Every warning may be silenced."""


class _Comment(Data):
    """`quiet`: it stands in a text of its author, which may mean something else by it: nothing is told of it."""

    source: Source
    line: int
    column: int
    target: int
    reason: str
    codes: list[str]
    quiet: bool
    used: set[str] = field(default_factory=set)


def silence(diagnostics: Iterable[Diagnostic], sources: Iterable[Source]) -> tuple[list[Diagnostic], list[Silenced]]:
    """What is left of `diagnostics`, with what is wrong with the comments themselves; and what was silenced."""
    kept: list[Diagnostic] = []
    silenced: list[Silenced] = []
    comments: dict[tuple[str, int], list[_Comment]] = {}
    for source in sources:
        if _TOOL in source.text.lower():
            for comment in _comments(source, kept):
                comments.setdefault((source.name, comment.target), []).append(comment)
    for item in diagnostics:
        told = _comment_for(item, comments) if comments else None
        if told is None:
            kept.append(item)
        else:
            told.used.add(item.code)
            silenced.append(Silenced(item, told.reason))
    errors = {(item.span.file, item.span.line, item.code) for item in kept if item.span} if comments else set()
    for several in comments.values():
        kept += [
            _unused(each, code, errors)
            for each in several
            for code in each.codes
            if not (each.quiet or code in each.used)
        ]
    return kept, silenced


def _comment_for(item: Diagnostic, comments: dict[tuple[str, int], list[_Comment]]) -> _Comment | None:
    if item.span is None or (item.severity is Severity.ERROR and item.code not in SILENCED_ERRORS):
        return None
    found = comments.get((item.span.file, item.span.line), ())
    return next((comment for comment in found if item.code in comment.codes), None)


def _comments(source: Source, wrong: list[Diagnostic]) -> Iterator[_Comment]:
    """The comments of a file; what is wrong with how they are written goes to `wrong`. One in a block of text is meant
    for lines of that text."""
    lines, within = source.lines, text_finder(source)
    for number, line in enumerate(lines, 1):
        if _TOOL not in line.lower():
            continue
        signs = {at: within(number, at + 1) for at, sign in enumerate(line) if sign == "#"}
        starts = [at for at, place in signs.items() if place is not Within.QUOTES]
        match = next(filter(None, (_COMMENT.match(line, at) for at in starts)), None)
        if match is None:
            nearly = next(filter(None, (_NEARLY.match(line, at) for at in starts)), None)
            if nearly and _is_meant(nearly) and signs[nearly.start()] is Within.NEITHER:
                written = nearly["word"] if nearly["tool"] == _WORD else f"{nearly['tool']} {nearly['word']}"
                message = f"this comment silences nothing: it says {quoted(written)}"
                wrong.append(_warning(source, Code.BAD_IGNORE, number, nearly.start() + 1, message, _FORM))
            continue
        rest = _REST.fullmatch(match["rest"].rstrip())
        codes = re.split(r"[ \t]*,[ \t]*", rest["codes"]) if rest else []
        unknown = [code for code in codes if code not in _CODES]
        quiet = signs[match.start()] is Within.LINES
        if rest is None or unknown:
            if quiet:
                continue
            message = (
                f"there is no {unknown[0]}"
                if unknown
                else "this comment silences nothing: it names no code or no reason"
            )
            wrong.append(_warning(source, Code.BAD_IGNORE, number, match.start() + 1, message, _FORM))
            continue
        alone = not line[: match.start()].strip()
        target = _next(lines, number) if alone else number
        if quiet and (target > len(lines) or within(target, len(lines[target - 1])) is not Within.LINES):
            continue
        yield _Comment(source, number, match.start() + 1, target, rest["reason"], codes, quiet)


def _is_meant(nearly: re.Match[str]) -> bool:
    """Whether what is nearly such a comment is meant as one, and is no sentence about something else."""
    close = get_close_matches(nearly["word"].lower(), ["ignore"], 1, 0.7)
    return bool(close) and (nearly["tool"] == _WORD or bool(_NAMES_CODE.search(nearly["rest"])))


def _next(lines: list[str], number: int) -> int:
    """The line for which a comment that stands alone is meant: the next one that is no such comment."""
    following = number
    while following < len(lines) and _COMMENT.match(lines[following].strip()):
        following += 1
    return following + 1


def _unused(comment: _Comment, code: str, errors: set[tuple[str, int, str]]) -> Diagnostic:
    if (comment.source.name, comment.target, code) in errors:
        message = f"{code} in line {comment.target} cannot be silenced: nothing true could be planned with it"
        return _warning(comment.source, Code.UNUSED_IGNORE, comment.line, comment.column, message, "mend that line")
    message = f"there is no {code} in line {comment.target}"
    return _warning(comment.source, Code.UNUSED_IGNORE, comment.line, comment.column, message, "take the comment out")


def _warning(source: Source, code: Code, line: int, column: int, message: str, help: str) -> Diagnostic:  # noqa: A002
    return source.diagnostic(code, message, line, column, help=help, severity=Severity.WARNING)


_FORM = "write # komodo-sync: ignore KS043 because ..."
