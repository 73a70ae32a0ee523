"""Texts in quotes that stand behind a secret-looking name in a TypeScript, as Komodo's actions are: in a declaration,
an assignment, a property, a call."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data, field
from komodo_sync.model.sealed import HIDDEN
from komodo_sync.model.secrecy import is_public, is_reference, looks_secret

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_SIGN = re.compile(
    r"(?<![\w.$-])(?:(?:const|let|var)[ \t]+(?:[\w$]+!?[ \t]*(?::[ \t]|=[ \t])|[{\[])"
    r"|(?:private|public|protected|readonly|static)[ \t]+[\w$#]+[?!]?[ \t]*[:=]"
    r"|await[ \t]+[\w$.]+\(|function[ \t]*[\w$]*\([ \t]*[\w${]|new[ \t]+[A-Z]\w*\("
    r"|import[ \t][^\n\"';]{1,200}[ \t]from[ \t]+[\"']"
    r"|(?:komodo\.\w+|Deno\.[\w.]+|console\.log)\(|[\w$]+\.(?:set|append)\([\"'`])"
    r"|=>[ \t]*[{(]|[\w$]\[[\"'`][^\"'`\n]{1,100}[\"'`]\][ \t]*=[ \t]|[\w$][ \t]+=[ \t]+`|:[ \t]*`[^`\n]*`[ \t]*[,}]"
)
"""What only a TypeScript has in a line."""
TOKEN = re.compile(
    r"(?P<comment>//[^\n]*|/\*[\s\S]*?(?:\*/|\Z))"
    r"|(?P<pattern>(?:(?<=[(,=:&|?;\[])|(?<=[(,=:&|?;] ))/"
    r"(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,200}\]){1,200}/)"
    r"|(?P<text>\\\"[^\"\\\n]*\\\"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`)"
    r"|(?P<name>[A-Za-z_$][\w$]*)|(?P<number>\d[\w.]*)|(?P<blank>[^\S\n]+)|(?P<sign>\\[\s\S]|=>|[=!]==?|(?:\?\?|\|\||&&|\+)=|[\s\S])"
)
_GIVES = frozenset(("=", "??=", "||=", "&&=", "+="))
_GOES_ON = frozenset("=:,+?|&([{.<") | _GIVES | {"=>"}
_GOES_ON_WITH = frozenset("=:+?|&.)]}") | _GIVES
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
_BODY = frozenset(("function", "class"))
_ASKS = frozenset(("get", "has", "fetch", "require", "import", "includes", "startsWith", "endsWith", "readTextFile",
    "readTextFileSync", "readFile", "readFileSync", "read", "write", "execute", "execute_and_poll", "log", "info",
    "warn", "error", "debug"))  # fmt: skip
"""Of what these are called with, the first says what is wanted."""
_ABOUT = frozenset(("method", "mode", "type", "encoding", "Content-Type", "Accept", "name", "variable"))
"""Properties that are no secret, also behind a name of one."""
_NAMES = frozenset(("name", "key", "variable"))
_PLACED = re.compile(r"(?:(?:Bearer|Basic|[Tt]oken)[ ])?(?:\$\{[^{}]*\}[:/@.,;|_-]?)+")
"""A text in which nothing stands that is not put there from elsewhere."""
_BOUND = ('"""', "'''")


class _Frame(Data):
    """A bracket that is open: whose arguments it has, the property that is being given, how many texts stood in it,
    of a variable its values and whether it is a secret one, and what was hidden around a call of Komodo."""

    bracket: str = ""
    callee: str = ""
    key: str = ""
    count: int = 0
    values: list[tuple[int, int]] = field(default_factory=list)
    secret: bool = False
    around: int = 0


def without_texts(lines: Sequence[str]) -> list[str]:
    """The lines without such texts; other lines, and those that are no TypeScript, as they stand."""
    told = list(lines)
    for first, end in regions(lines):
        text = "\n".join(told[first:end])
        spans = sorted(set(_spans(text)))
        if spans:
            told[first:end] = _hidden(text, spans).split("\n")
    return told


def regions(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """From where to where the lines are a TypeScript: around one that must be, as far as none is less indented."""
    at = 0
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


def _hidden(text: str, spans: list[tuple[int, int]]) -> str:
    parts, at = [], 0
    for start, end in spans:
        if start >= at:
            # every line stays one
            parts += [text[at:start], "\n".join(HIDDEN for _ in range(text.count("\n", start, end) + 1))]
            at = end
    return "".join(parts) + text[at:]


def _spans(text: str, *, inside: bool = False) -> Iterator[tuple[int, int]]:
    """Where such texts stand, without their quotes. `inside`: of a comment, or of a text, which holds none itself."""
    reader = _Reader()
    for found in TOKEN.finditer(text):
        kind, piece = found.lastgroup, found[0]
        if kind == "text":
            quote = 2 if piece[0] == "\\" else 1
            start, end = found.start() + quote, found.end() - quote
            yield from reader.text(text[start:end], (start, end))
            if not inside and not reader.hides and piece[0] in "\"'" and _SIGN.search(piece):
                yield from ((start + first, start + last) for first, last in _spans(text[start:end], inside=True))
        elif kind == "comment":
            if not inside:
                at = found.start() + 2
                yield from ((at + first, at + last) for first, last in _spans(text[at : found.end()], inside=True))
        elif kind == "name":
            reader.name(piece)
        elif kind == "number":
            yield from reader.number(piece, found.span())
        elif kind == "sign":
            yield from reader.sign(piece)


class _Reader(Data):
    """What stood before.

    frames  the brackets that are open
    hides   behind a secret-looking name, since so many of them are open
    named   the name or the text that stood last, and whether it was a text
    owner   the name that such a name is a member of, or itself
    last    the piece before
    ended   a line ended since
    """

    frames: list[_Frame] = field(default_factory=lambda: [_Frame()])
    hides: int = 0
    named: str = ""
    owner: str = ""
    quoted: bool = False
    last: str = ""
    ended: bool = False

    def name(self, piece: str) -> None:
        self._begin(piece)
        if piece in _BODY:
            self.hides = 0
        self.owner = self.owner if self.last == "." else piece
        self.named, self.quoted, self.last = piece, False, piece

    def number(self, piece: str, span: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Hidden where a type stands before it; else the name is next to it, and the line says enough."""
        self._begin(piece)
        key = self.frames[-1].key
        if self.last == "=" and self.hides == len(self.frames) and looks_secret(key) and not is_public(key, piece):
            yield span
        self.named, self.quoted, self.last = "", False, piece

    def text(self, value: str, span: tuple[int, int]) -> Iterator[tuple[int, int]]:
        self._begin("text")
        frame = self.frames[-1]
        asks = frame.count == 0 and frame.callee in _ASKS
        frame.count += 1
        if frame.bracket == "{" and self.last == ":":
            if frame.key in _NAMES and looks_secret(value):
                frame.secret = True
            if frame.key == "value":
                frame.values.append(span)
        self.named, self.quoted, self.last = value, True, "text"
        around = frame.key == "value" and any(each.around for each in self.frames)
        if (self.hides or around) and not asks and frame.key not in _ABOUT and _says(value):
            self.named = ""
            yield span

    def sign(self, piece: str) -> Iterator[tuple[int, int]]:
        if piece == "\n":
            self.ended = True
            return
        self._begin(piece)
        frame = self.frames[-1]
        if piece in _OPEN:
            if self.last == "=>" and piece == "{":
                self.hides = 0
            called = piece == "(" and not self.quoted and self.last == self.named
            # what Komodo is asked to do is to be read, whatever the answer is called
            around = self.hides if called and self.owner == "komodo" else 0
            self.frames.append(_Frame(piece, self.named if called else "", around=around))
            self.hides = 0 if around else self.hides
        elif piece in _CLOSE:
            yield from (frame.values if frame.secret else ())
            if len(self.frames) > 1:
                self.frames.pop()
            self.hides = frame.around or (0 if self.hides > len(self.frames) else self.hides)
        elif piece in (",", ";"):
            frame.key = ""
            self.hides = 0 if self.hides == len(self.frames) or piece == ";" else self.hides
            if piece == "," and self._names_next(frame):
                self.hides = self.hides or len(self.frames)
        elif piece in _GIVES or piece == ":":
            self._given(frame, piece)
        if piece not in ("?", "!", "]"):
            self.quoted = False
            self.named = self.named if piece == "(" else ""
        self.last = piece

    def _given(self, frame: _Frame, piece: str) -> None:
        if piece == ":":
            frame.key = self.named
            declared = frame.bracket == "{" and self.named == "is_secret"
            frame.secret = frame.secret or declared
        if self.named and looks_secret(self.named):
            self.hides = self.hides or len(self.frames)

    def _names_next(self, frame: _Frame) -> bool:
        """Whether the text that stood last names the next one: `set("X-Api-Key", "X")`, `[["X-Api-Key", "X"]]`."""
        if self.last != "text" or frame.count != 1 or not looks_secret(self.named):
            return False
        pairs = frame.bracket == "[" and self.frames[-2].bracket == "["
        return pairs or (bool(frame.callee) and frame.callee not in _ASKS)

    def _begin(self, piece: str) -> None:
        """Whether what went on in the line before goes on in this one."""
        ended, self.ended = self.ended, False
        if ended and self.last not in _GOES_ON and piece not in _GOES_ON_WITH and self.hides == len(self.frames):
            self.hides = 0


def _says(value: str) -> bool:
    return bool(value.strip()) and not is_reference(value) and not _PLACED.fullmatch(value)
