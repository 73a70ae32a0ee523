"""The words and signs of a TypeScript."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

Span = tuple[int, int]
"""From where to where something stands in a text."""

_TOKEN = re.compile(
    r"(?P<comment>//[^\n]*|/\*[\s\S]*?(?:\*/|\Z))"
    r"|(?P<pattern>(?:(?<=[(,=:&|?;\[])|(?<=[(,=:&|?;] ))/"
    r"(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,200}\]){1,200}/)"
    r"|(?P<text>\\\"[^\"\\\n]*\\\"|\"(?:[^\"\\\n]|\\[\s\S])*\"|'(?:[^'\\\n]|\\[\s\S])*'|“[^”\n]*”|‘[^’\n]*’)"
    r"|(?P<name>[A-Za-z_$][\w$]*)|(?P<number>\d[\w.]*)|(?P<blank>[^\S\n]+)"
    r"|(?P<sign>\\[\s\S]|=>|[=!]==?|(?:\?\?|\|\||&&|\+)=|\?\?|\|\||&&|\?\.|[\s\S])"
)
GIVES = frozenset(("=", "??=", "||=", "&&=", "+="))
ELSE = frozenset(("??", "||"))
COMPARES = frozenset(("==", "===", "!=", "!=="))
GOES_ON = frozenset("=:,+?|&([{.<") | GIVES | ELSE | COMPARES | {"=>", "&&", "?."}
GOES_ON_WITH = frozenset("=:+?|&.)]}[(") | GIVES | ELSE | COMPARES | {"&&", "?."}
OPEN, CLOSE = frozenset("([{"), frozenset(")]}")
BODY = frozenset(("function", "class"))
ASIDE = frozenset(("else", "try", "catch", "finally", "do"))
CONTROL = frozenset(("if", "for", "while", "switch", "catch"))
WORDS = frozenset((
    "return", "await", "typeof", "case", "in", "of", "void", "yield", "throw", "new", "as", "const", "let", "var",
))  # fmt: skip
"""Words behind which a bracket is no call."""
TYPED = frozenset(("as", "satisfies"))
_TEMPLATE = re.compile(r"`(?:[^`\\]|\\[\s\S])*`")
_MARK = re.compile(r"\\[\s\S]|[`\"'{}\n]|\$\{")


class Token(NamedTuple):
    """A piece of a text, and where it stands; `kind`: a comment, a pattern, a text in quotes, a name, a number, a blank
    or a sign."""

    kind: str
    piece: str
    start: int
    end: int


def tokens_of(text: str) -> Iterator[Token]:
    """All of a text. A template is one piece, with all that is put into it."""
    at, nests = 0, True
    while at < len(text):
        if text[at] == "`":
            end = template_end(text, at) if nests else 0
            nests = end > 0  # one that is open to the end is looked for once
            found = None if end else _TEMPLATE.match(text, at)
            end = end or (found.end() if found else 0)
            if end:
                yield Token("text", text[at:end], at, end)
                at = end
                continue
        match = _TOKEN.match(text, at)
        if match is None:
            return
        yield Token(match.lastgroup or "", match[0], at, match.end())
        at = match.end()


def template_end(text: str, at: int) -> int:
    """Where the template ends that begins there, 0 if it does not."""
    return next((end for kind, _, end in _template(text, at) if kind == "end"), 0)


def put_in(template: str) -> Iterator[tuple[int, int]]:
    """From where to where the code stands in a template that is put into it."""
    yield from ((start, end) for kind, start, end in _template(template, 0) if kind == "code")


def _template(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """The code that stands in a template, and its end."""
    open_, begun = ["`"], 0
    for found in _MARK.finditer(text, at + 1):
        mark, last = found[0], open_[-1]
        if last == "`":
            if mark == "`":
                open_.pop()
                if not open_:
                    yield "end", at, found.end()
                    return
            elif mark == "${":
                begun = found.end() if len(open_) == 1 else begun
                open_.append("{")
        elif last in ("'", '"'):
            if mark in (last, "\n"):
                open_.pop()
        elif mark in ("`", "'", '"'):
            open_.append(mark)
        elif mark in ("{", "${"):
            open_.append("{")
        elif mark == "}":
            open_.pop()
            if len(open_) == 1:
                yield "code", begun, found.start()
