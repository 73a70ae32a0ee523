"""Where a text is a TypeScript, as Komodo's actions are, and what stands in it that is not told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.typescript.expressions import Reader
from komodo_sync.masking.typescript.quoted import leads, says, taken
from komodo_sync.masking.typescript.tokens import put_in, tokens_of
from komodo_sync.model.sealed import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from komodo_sync.masking.typescript.tokens import Span

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
_IS_KEY = re.compile(r"[ \t]*:")
_LINE = re.compile(r"[^\n]*")
_QUOTES = frozenset("\"'“‘")
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
    for kind, piece, begin, stop in tokens_of(text):
        if kind == "text":
            quote = 2 if piece[0] == "\\" else 1
            start, end = begin + quote, stop - quote
            if piece[0] == "`":
                _template(piece, begin, reader)
                continue
            key = _IS_KEY.match(text, stop) is not None
            hides = reader.text(text[start:end], (start, end), key=key)
            if not (hides or inside or reader.hides) and piece[0] in "\"'" and _SIGN.search(piece):
                reader.hidden += _moved(_spans(text[start:end], Reader(), inside=True), start)
        elif kind == "comment":
            if not inside:
                at = begin + 2
                reader.hidden += _moved(_spans(text[at:stop], Reader(), inside=True), at)
        elif kind == "name":
            reader.name(piece)
        elif kind == "number":
            reader.number(piece, (begin, stop))
        elif kind == "sign":
            if piece in _QUOTES and reader.hides:  # one that is not closed
                reader.hidden.append((stop, _LINE.match(text, stop).end()))  # type: ignore[union-attr]
            reader.sign(piece)
    reader.end()
    return reader.hidden


def _template(piece: str, begin: int, reader: Reader) -> None:
    """A text into which code is put, that is to be read: what stands around that is hidden, if all of it was to be."""
    start, end = begin + 1, begin + len(piece) - 1
    codes = [(begin + first, begin + last) for first, last in put_in(piece)]
    before = len(reader.hidden)
    hides = reader.text(piece[1:-1], (start, end)) and (start, end) in reader.hidden[before:]
    if hides and codes:
        reader.hidden.remove((start, end))
        at = start
        for first, last in (*((one - 2, other + 1) for one, other in codes), (end, end)):
            if says(piece[at - begin : first - begin], reader.by):
                reader.hidden.append((at, first))
            at = last
    for first, last in codes:
        code = piece[first - begin : last - begin]
        inner = reader.within(hides or leads(piece[max(1, first - begin - 202) : first - begin - 2]))
        reader.hidden += _moved(_spans(code, inner), first)


def _taken(reader: Reader) -> Iterator[Span]:
    """Passwords among the arguments of commands, which are written in a list."""
    for tool, items in reader.lists:
        for each in (tool,) if tool else ("", *sorted(reader.tools)[:8]):
            yield from taken(each, items)


def _moved(spans: Iterable[Span], by: int) -> list[Span]:
    return [(by + start, by + end) for start, end in spans]
