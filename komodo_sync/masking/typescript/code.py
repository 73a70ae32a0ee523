"""Names in the code of a TypeScript that give what is no literal: a type, a call, another name. That is code to be read
before it is approved, so a name of it is veiled from the rules of lines, which take what follows it for a value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.typescript.quoted import PLACED
from komodo_sync.masking.typescript.regions import regions
from komodo_sync.masking.typescript.tokens import tokens_of
from komodo_sync.model.sealed import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_STATEMENT = re.compile(
    r"[ \t]*(?:(?:export|default|declare|async)[ \t]+)*(?:(?:const|let|var)[ \t]+[\w${\[][^=:\n]*[=:][ \t]"
    r"|function[ \t]*\*?[ \t]*[\w$]*[ \t]*[<(]|(?:interface|class)[ \t]+[A-Z][\w$]*[^:=\n{]*\{"
    r"|type[ \t]+[A-Z][\w$]*[^:\n=]*="
    r"|(?:(?:private|public|protected|readonly|static)[ \t]+)+[\w$#]+[?!]?[ \t]*[:=][ \t]"
    r"(?:(?:string|number|boolean|unknown|any)\b|await[ \t]|[\w$.]+\()[^\n]*;[ \t]*$"
    r"|(?:await[ \t]+)?komodo\.\w+\()"
    r"|[ \t]*[\w$.]+[ \t]*[:=][ \t][^\"'`\n]*\bkomodo\.\w+\("
    r"|[ \t]*[\w$]+\??:[ \t]*(?:string|number|boolean|unknown|any)(?:\[\])?[;,]?[ \t]*$",
    re.MULTILINE,
)
"""A line that is a TypeScript from its first word on: beside one may stand something else, as in a compose file."""
_IS = r"[?!]?(?:[ \t]*:|[ \t]+=(?=\s)|[ \t]+[=!]==?[ \t])[ \t]*"
_GIVES_CODE = re.compile(rf"{_IS}(?:(?![ \t\"'`\d\\-])|`{PLACED}`|[\"'`]{re.escape(HIDDEN)}[\"'`])")
"""In a text that may be something else: without blanks around its `=` it may be a shell's."""
_GIVES = re.compile(r"[?!]?[ \t]*(?::|(?:\?\?|\|\||&&|\+)?=(?![=>])|[=!]==?)[ \t]*(?![ \t\d\\-])")
"""In an action: its texts in quotes have been looked at already."""
_GOES_ON = re.compile(r"[ \t]*\+")
_PUT_IN = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)(?:=|:[ ]*)"
    r"(?=\$\{[^{}]*\}|\[\[[^\[\]]+\]\]|$)"
)
"""A name in a text in quotes, behind which another one is put in, or put behind the text."""
_VEIL = 0x100000
VEIL = "\U00100000-\U0010007f"
"""The signs of what is veiled, as a pattern has them."""
_VEILED = re.compile(f"[{VEIL}]+")


def veiled(lines: Sequence[str], *, code: bool = False) -> list[str]:
    """The lines, with no word for one where such a name stood; `unveiled` is the way back. `code`: all are code."""
    told = list(lines)
    for first, end in regions(lines, code=code):
        text = "\n".join(lines[first:end])
        parts, at = [], 0
        for start, stop in _names(text, code=code):
            if start < at:
                continue
            parts += [text[at:start], veil(text[start:stop])]
            at = stop
        told[first:end] = ("".join(parts) + text[at:]).split("\n")
    return told


def veil(word: str) -> str:
    """An ASCII word as no word."""
    return "".join(chr(_VEIL + ord(each)) for each in word)


def unveiled(line: str) -> str:
    return _VEILED.sub(lambda found: "".join(chr(ord(each) - _VEIL) for each in found[0]), line)


def _names(text: str, *, code: bool) -> Iterator[tuple[int, int]]:
    statement = code or bool(_STATEMENT.match(text))
    for kind, piece, begin, end in tokens_of(text):
        if kind == "text" and (piece[0] == "`" or _GOES_ON.match(text, end)):
            yield from (put.span("name") for put in _PUT_IN.finditer(text, begin + 1, end - 1))
        if "\n" in piece:
            # what goes on in a text or a comment begins no statement
            statement = code or (piece == "\n" and bool(_STATEMENT.match(text, end)))
        elif kind in ("name", "text") and statement and piece.isascii():
            gives = _GIVES if code else _GIVES_CODE
            of_type = text[begin - 1 : begin] == "<" and text[end : end + 1] == ">"
            if of_type or gives.match(text, end):
                yield begin, end
