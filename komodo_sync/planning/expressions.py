"""Texts in quotes over which a secret-looking name has a say in a TypeScript: that it is given, that it is called with,
that stand in for it or beside it, that it answers."""

from __future__ import annotations

import re

from komodo_sync.model.data import Data, field
from komodo_sync.model.secrecy import is_public, is_reference
from komodo_sync.planning.calls import (
    answers_secret,
    asks,
    compares,
    encodes_login,
    gives,
    leads,
    names_secret,
    passes_on,
    promises,
)
from komodo_sync.planning.frames import Expression, Frame, Span

_GIVES = frozenset(("=", "??=", "||=", "&&=", "+="))
_ELSE = frozenset(("??", "||"))
_COMPARES = frozenset(("==", "===", "!=", "!=="))
_GOES_ON = frozenset("=:,+?|&([{.<") | _GIVES | _ELSE | _COMPARES | {"=>", "&&", "?."}
_GOES_ON_WITH = frozenset("=:+?|&.)]}") | _GIVES | _ELSE | _COMPARES | {"&&", "?."}
_OPEN, _CLOSE = frozenset("([{"), frozenset(")]}")
_BODY = frozenset(("function", "class"))
_ASIDE = frozenset(("else", "try", "finally", "do"))
_CONTROL = frozenset(("if", "for", "while", "switch", "catch"))
_ABOUT = frozenset(("method", "mode", "type", "encoding", "Content-Type", "Accept", "name", "variable"))
"""Properties that are no secret, also behind a name of one."""
_NAMES = frozenset(("name", "key", "variable"))
_VALUES = frozenset(("value", "default", "defaultValue", "fallback"))
PLACED = r"(?:(?:Bearer|Basic|[Tt]oken)[ ])?(?:\$\{[^{}]*\}[:/@.,;|_-]?)+"
"""A text in which nothing stands that is not put there from elsewhere."""
_WORDS = frozenset((
    "return", "await", "typeof", "case", "in", "of", "void", "yield", "throw", "new", "as", "const", "let", "var",
))  # fmt: skip
"""Words behind which a bracket is no call."""
_PLACED = re.compile(PLACED)
_OF_KOMODO = re.compile(r"(?:ARGS\.)?WEBHOOK_(?:BODY|BRANCH)(?:\.|$)")
"""What Komodo hands to an action that a webhook runs."""
_TYPED = frozenset(("as", "satisfies"))
_NEAR = 8
_LONGEST = 200


class Reader(Data):
    """What stood before.

    frames  the brackets that are open
    hidden  where texts stood that are not told
    hides   behind a secret-looking name, since so many brackets are open
    named   the name or the text that stood last, and whether it was a text
    owner   the name that such a name is a member of, or itself
    last    the piece before
    ended   a line ended since
    listing what an enum is called that opens next
    known   names that were given a secret
    """

    frames: list[Frame] = field(default_factory=lambda: [Frame()])
    hidden: list[Span] = field(default_factory=list)
    hides: int = 0
    named: str = ""
    owner: str = ""
    quoted: bool = False
    last: str = ""
    ended: bool = False
    listing: str = ""
    known: set[str] = field(default_factory=set)

    def within(self, secret: bool) -> Reader:
        """A reader of what is put into a text here; `secret`: where one stands."""
        return Reader(hides=int(secret or bool(self.hides)), known=self.known)

    def name(self, piece: str) -> None:
        self._begin(piece)
        frame = self.frames[-1]
        if piece in _BODY:
            frame.answers, self.hides = bool(self.hides), 0
        now = frame.now
        if piece == "of" and self._is_secret(now.path):
            self.hides = self.hides or len(self.frames)
        if piece in _TYPED and self.last:
            now.typed = True
        elif now.typed:
            now.chosen = now.choice = now.choice or promises(piece)
        elif self.last in (".", "?."):
            now.path = f"{now.path}.{piece}" if len(now.path) < _LONGEST else now.path
        else:
            self.owner = piece
            now.path, now.marked = "" if self.last == "typeof" else piece, False
        frame.names = frame.names or promises(piece)
        self.listing = piece if self.last == "enum" else ""
        frame.returning = frame.returning or (piece == "return" and frame.returns)
        self.named, self.quoted, self.last = piece, False, piece

    def number(self, piece: str, span: Span) -> None:
        """Hidden where a type stands before it; else the name is next to it, and the line says enough."""
        self._begin(piece)
        frame = self.frames[-1]
        given = self.last == "=" and self.hides == len(self.frames)
        if given and promises(frame.key) and not is_public(frame.key, piece):
            self.hidden.append(span)
        frame.now.path, frame.now.marked = "", False
        self.named, self.quoted, self.last = "", False, piece

    def text(self, value: str, span: Span) -> bool:
        """Whether all of it is hidden, as far as is known."""
        self._begin("text")
        frame = self.frames[-1]
        asked = frame.count == 0 and asks(frame.callee)
        if frame.count == 0 or (frame.bracket == "[" and promises(value)):
            frame.first = value
        frame.count += 1
        if frame.bracket == "{" and self.last == ":" and frame.key in _NAMES and promises(value):
            frame.secret = True
        frame.now.path, frame.now.marked = value if frame.index else "", False
        self.named, self.quoted, self.last = value, True, "text"
        frame.now.leads = leads(value)
        frame.asked = frame.asked or (asks(frame.callee) and names_secret(value))
        if not _says(value):
            return False
        for each in self.frames[-_NEAR:]:
            if each.bracket == "{" and each.key in _VALUES:
                each.values.append(span)
        around = frame.key == "value" and any(each.around for each in self.frames)
        hides = self.hides or around or frame.returning or encodes_login(frame.callee, value)
        if hides and not asked and frame.key not in _ABOUT:
            self.named = frame.first = ""
            self.hidden.append(span)
            return True
        frame.now.texts.append(span)
        return False

    def sign(self, piece: str) -> None:
        if piece == "\n":
            self.ended = True
            return
        self._begin(piece)
        frame = self.frames[-1]
        if piece in _CLOSE or (piece == ">" and frame.bracket == "<"):
            self._close(frame)
        elif piece in _OPEN or (piece == "<" and self.last == self.named and self.named[:1].isupper()):
            self._open(frame, piece)
        elif piece in (",", ";"):
            given = self._end(frame) and compares(frame.callee)
            frame.key = ""
            self.hides = 0 if self.hides == len(self.frames) or piece == ";" else self.hides
            if piece == "," and (frame.whole or given or self._names_next(frame)):
                self.hides = self.hides or len(self.frames)
        elif piece in _GIVES or (piece == ":" and (not frame.now.branches or self.last == "?")):
            self._given(frame, piece)
        elif piece in _ELSE or piece == ":":
            frame.now.branches -= piece == ":"
            frame.now.choice = True
            if self._operand(frame):
                frame.now.chosen = True
                self.hides = self.hides or len(self.frames)
        elif piece in _COMPARES:
            frame.now.holds = self._operand(frame) and not self.hides
            frame.now.compares = True
            self.hides = len(self.frames) if frame.now.holds else self.hides
        elif piece == "+" and self.last == "text" and frame.now.leads:
            self.hides = self.hides or len(self.frames)
        elif piece in ("?", "&&", "=>"):
            # what a condition says is no value
            self._operand(frame)
            frame.now = Expression(branches=frame.now.branches + (piece == "?"), target=frame.now.target)
        if piece not in ("?", "!", "]"):
            self.quoted = False
            self.named = self.named if piece == "(" else ""
        self.last = piece

    def end(self) -> None:
        """No more comes."""
        for frame in self.frames:
            self._end(frame)

    def _open(self, frame: Frame, piece: str) -> None:
        inner, now = Frame(piece), frame.now
        member = bool(self.named) and self.last in (self.named, "text")
        if piece == "(" and member and not self.quoted and self.named not in _WORDS:
            inner.callee = self.named
            # what Komodo is asked to do is to be read, whatever the answer is called
            inner.around = self.hides if self.owner == "komodo" else 0
            inner.whole = gives(now.path) and not inner.around
            inner.holder = promises(now.path.rpartition(".")[0])
            now.marked, now.path = answers_secret(now.path) or (now.marked and passes_on(self.named)), ""
        elif piece == "[":
            inner.index = (member and self.named not in _WORDS) or self.last in (")", "]", "?.")
        elif piece == "{":
            self._open_body(frame, inner)
        self.frames.append(inner)
        self.hides = 0 if inner.around else self.hides or (len(self.frames) if inner.whole else 0)

    def _open_body(self, frame: Frame, inner: Frame) -> None:
        """The body of a function, or a block in one: whether it answers a secret."""
        if self.last == "=>":
            inner.returns, self.hides = bool(self.hides), 0
        elif self.last in _ASIDE or (frame.closed in _CONTROL and self.last == ")"):
            inner.returns = frame.returns
        elif self.last not in _GOES_ON and self.last != "return":
            inner.returns = promises(frame.closed) or frame.answers
        inner.whole = bool(self.listing) and promises(self.listing)
        frame.closed, frame.answers, self.listing = "", False, ""

    def _close(self, frame: Frame) -> None:
        path = frame.now.path
        secret = self._end(frame)
        self.hidden += frame.values if frame.secret else ()
        if len(self.frames) == 1:
            self.hides = 0
            return
        self.frames.pop()
        self.hides = frame.around or (0 if self.hides > len(self.frames) else self.hides)
        outer, now = self.frames[-1], self.frames[-1].now
        if frame.callee:
            outer.closed = frame.callee
            now.marked = now.marked or frame.asked
        elif frame.index:
            now.path = f"{now.path}.{path}" if self.last == "text" else now.path
        elif frame.bracket == "[":
            now.path, now.marked = "", frame.names
            outer.first = frame.first if outer.count == 0 else ""
            outer.count += bool(frame.first)
        else:
            now.path, now.marked = "", secret and frame.bracket == "("

    def _begin(self, piece: str) -> None:
        """Whether what went on in the line before goes on in this one."""
        ended, self.ended = self.ended, False
        if ended and self.last not in _GOES_ON and piece not in _GOES_ON_WITH:
            self._end(self.frames[-1])
            self.hides = 0 if self.hides == len(self.frames) else self.hides

    def _operand(self, frame: Frame) -> bool:
        """Whether the operand that ends here is a secret, and not one that is only compared."""
        now = frame.now
        secret = self._is_secret(now.path) or (now.marked and promises(f"secret{now.path}"))
        if now.compares:
            self.hidden += now.texts if secret else ()
            self.hides = 0 if now.holds and self.hides == len(self.frames) else self.hides
        compared, now.compares, now.holds, now.typed = now.compares, False, False, False
        now.path, now.marked = "", False
        return secret and not compared

    def _end(self, frame: Frame) -> bool:
        """Whether the expression that ends here may be a secret."""
        now = frame.now
        secret = self._operand(frame) or now.chosen
        if secret:
            self.hidden += now.texts if now.choice else ()
            self.known |= {now.target} if now.target else set()
        frame.now, frame.returning, frame.closed = Expression(), False, ""
        return secret

    def _is_secret(self, path: str) -> bool:
        return path in self.known or (promises(path) and not _OF_KOMODO.match(path))

    def _given(self, frame: Frame, piece: str) -> None:
        now = frame.now
        if piece == ":":
            frame.key = self.named
            declared = frame.bracket == "{" and self.named == "is_secret"
            frame.secret = frame.secret or declared
        member = self.last in ("]", self.named)
        if (self.named and promises(self.named)) or (
            piece != ":" and member and (self._is_secret(now.path) or (self.last == "]" and now.marked))
        ):
            self.hides = self.hides or len(self.frames)
        # behind a type the name is the property
        target = (now.path if piece == "=" else "") if not frame.key else now.target
        frame.now = Expression(target=self.named if piece == ":" and not now.branches else target)

    def _names_next(self, frame: Frame) -> bool:
        """Whether the text that stood last names the next one: `set("X-Api-Key", "X")`, `[["X-Api-Key", "X"]]`."""
        if self.last not in ("text", "]") or frame.count != 1:
            return False
        if frame.holder:
            return True
        if not promises(frame.first) or "=" in frame.first:
            return False
        pairs = frame.bracket == "[" and self.frames[-2].bracket == "["
        return pairs or (bool(frame.callee) and (not asks(frame.callee) or names_secret(frame.first)))


def _says(value: str) -> bool:
    return bool(value.strip()) and not is_reference(value) and not _PLACED.fullmatch(value)
