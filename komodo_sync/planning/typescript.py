"""Where a text is a TypeScript, as Komodo's actions are, and what stands in it that is not told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.model.sealed import HIDDEN
from komodo_sync.planning.expressions import Reader
from komodo_sync.planning.quoted import leads, taken
from komodo_sync.planning.tokens import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from komodo_sync.planning.frames import Span

_SIGN = re.compile(
    r"(?<![\w.$-])(?:(?:const|let|var)[ \t]+(?:[\w$]+!?[ \t]*(?::[ \t]|=[ \t])|[{\[])"
    r"|(?:private|public|protected|readonly|static)[ \t]+[\w$#]+[?!]?[ \t]*[:=]"
    r"|await[ \t]+[\w$.]+\(|function[ \t]*[\w$]*\([ \t]*[\w${]|new[ \t]+[A-Z]\w*\("
    r"|import[ \t][^\n\"';]{1,200}[ \t]from[ \t]+[\"']"
    r"|(?:komodo\.\w+|Deno\.[\w.]+|console\.log)\(|[\w$]+\.(?:set|append)\([\"'`])"
    r"|=>[ \t]*[{(]|[\w$]\[[\"'`][^\"'`\n]{1,100}[\"'`]\][ \t]*=[ \t]|[\w$][ \t]+=[ \t]+`|:[ \t]*`[^`\n]*`[ \t]*[,}]"
    r"|(?:\?\?|[=!]==)[ \t]*[\"'`]"
    r"|^[ \t]*(?:[A-Za-z_$][\w$]*\??\.)*[A-Za-z_$][\w$]*\([^\n]*\);?[ \t]*$"
)
"""What only a TypeScript has in a line."""
_PUT_IN = re.compile(r"\$\{((?:[^{}`]|\{[^{}`]*\})+)\}")
_BOUND = ('"""', "'''")


def without_texts(lines: Sequence[str], *, code: bool = False) -> list[str]:
    """The lines without such texts; other lines, and those that are no TypeScript, as they stand. `code`: all are."""
    told = list(lines)
    for first, end in regions(lines, code=code):
        text = "\n".join(told[first:end])
        reader = Reader()
        spans = sorted({*_spans(text, reader), *_taken(reader)})
        if spans:
            told[first:end] = _hidden(text, spans).split("\n")
    return told


def regions(lines: Sequence[str], *, code: bool) -> Iterator[tuple[int, int]]:
    """From where to where the lines are a TypeScript: around one that must be, as far as none is less indented. `code`:
    all are."""
    at = len(lines) if code else 0
    if at:
        yield 0, at
    for number, line in enumerate(lines):
        if number < at or not _SIGN.search(line):
            continue
        indent = _indent(line)
        first = number
        while first > at and _belongs(lines[first - 1], indent):
            first -= 1
        at = number + 1
        while at < len(lines) and _belongs(lines[at], indent):
            at += 1
        yield first, at


def _belongs(line: str, indent: int) -> bool:
    return not line.strip() or (_indent(line) >= indent and not any(each in line for each in _BOUND))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _hidden(text: str, spans: list[Span]) -> str:
    parts, at = [], 0
    for start, end in spans:
        if start >= at:
            # every line stays one
            parts += [text[at:start], "\n".join(HIDDEN for _ in range(text.count("\n", start, end) + 1))]
            at = end
    return "".join(parts) + text[at:]


def _spans(text: str, reader: Reader, *, inside: bool = False) -> list[Span]:
    """Where such texts stand, without their quotes. `inside`: of a comment, or of a text, which holds none itself."""
    for found in TOKEN.finditer(text):
        kind, piece = found.lastgroup, found[0]
        if kind == "text":
            quote = 2 if piece[0] == "\\" else 1
            start, end = found.start() + quote, found.end() - quote
            hides = reader.text(text[start:end], (start, end))
            if hides:
                continue
            if piece[0] == "`":
                for put in _PUT_IN.finditer(text, start, end):
                    inner = reader.within(leads(text[max(start, put.start() - 200) : put.start()]))
                    reader.hidden += _moved(_spans(put[1], inner), put.start(1))
            elif not inside and not reader.hides and piece[0] in "\"'" and _SIGN.search(piece):
                reader.hidden += _moved(_spans(text[start:end], Reader(), inside=True), start)
        elif kind == "comment":
            if not inside:
                at = found.start() + 2
                reader.hidden += _moved(_spans(text[at : found.end()], Reader(), inside=True), at)
        elif kind == "name":
            reader.name(piece)
        elif kind == "number":
            reader.number(piece, found.span())
        elif kind == "sign":
            reader.sign(piece)
    reader.end()
    return reader.hidden


def _taken(reader: Reader) -> Iterator[Span]:
    """Passwords among the arguments of commands, which are written in a list."""
    for tool, items in reader.lists:
        for each in (tool,) if tool else ("", *sorted(reader.tools)[:8]):
            yield from taken(each, items)


def _moved(spans: Iterable[Span], by: int) -> list[Span]:
    return [(by + start, by + end) for start, end in spans]
