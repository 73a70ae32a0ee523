"""Texts in quotes over which a secret-looking name has a say in a TypeScript: that it is given, that it is called with,
that stand in for it or beside it, that it answers."""

from __future__ import annotations

from komodo_sync.masking.typescript import calls, quoted, tokens
from komodo_sync.masking.typescript.frames import LONGEST, NEAR, Expression, Frame
from komodo_sync.model.data import Data, field
from komodo_sync.model.secrecy import is_public


class Reader(Data):
    """What stood before.

    frames  the brackets that are open
    hidden  where texts stood that are not told
    hides   behind a secret-looking name, since so many brackets are open; `by`: which one
    named   the name or the text that stood last, and whether it was a text
    owner   the name that such a name is a member of, or itself
    last    the piece before; `before`: the text
    ended   a line ended since
    listing what an enum is called that opens next; `cast`: a type that promises a secret stood last
    lists   the texts of each list, and the command that takes them; `tools`: all such commands
    known   names that were given a secret
    """

    frames: list[Frame] = field(default_factory=lambda: [Frame()])
    hidden: list[tokens.Span] = field(default_factory=list)
    hides: int = 0
    by: str = ""
    named: str = ""
    owner: str = ""
    quoted: bool = False
    last: str = ""
    before: str = ""
    ended: bool = False
    listing: str = ""
    cast: bool = False
    lists: list[tuple[str, list[tuple[str, tokens.Span]]]] = field(default_factory=list)
    tools: set[str] = field(default_factory=set)
    known: set[str] = field(default_factory=set)

    def within(self, secret: bool) -> Reader:
        """A reader of what is put into a text here; `secret`: where one stands."""
        return Reader(hides=int(secret or bool(self.hides)), by=self.by, known=self.known)

    def name(self, piece: str) -> None:
        self._begin(piece)
        frame = self.frames[-1]
        if piece in tokens.BODY:
            frame.answers, self.hides = self.hides, 0
        now = frame.now
        if piece == "of" and self._is_secret(now.path):
            self._hide(now.path)
        if piece == "case" and frame.cased:
            self._hide("case")
        if piece in tokens.TYPED and self.last:
            now.typed = True
        elif now.typed:
            now.chosen = now.choice = now.choice or calls.promises(piece)
        elif self.last in (".", "?."):
            now.path = f"{now.path}.{piece}" if len(now.path) < LONGEST else now.path
        else:
            self.owner = piece
            now.path, now.marked = "" if self.last == "typeof" else piece, False
        frame.names = frame.names or (calls.promises(piece) and not calls.is_vague(piece))
        self.listing = piece if self.last == "enum" else ""
        self.cast = self.last == "<" and calls.promises(piece)
        if piece == "return" and frame.returns:
            self._hide("secret")
        self.named, self.quoted, self.last = piece, False, piece

    def number(self, piece: str, span: tokens.Span) -> None:
        """Hidden where a type stands before it; else the name is next to it, and the line says enough."""
        self._begin(piece)
        frame = self.frames[-1]
        given = self.last == "=" and self.hides == len(self.frames)
        if given and calls.promises(frame.key) and not is_public(frame.key, piece):
            self.hidden.append(span)
        frame.now.path, frame.now.marked = "", False
        self.named, self.quoted, self.last = "", False, piece

    def text(self, value: str, span: tokens.Span, *, key: bool = False) -> bool:
        """Whether it is hidden, as far as is known. `key`: as it stands, it may be that of a property."""
        self._begin("text")
        frame = self.frames[-1]
        if key and frame.bracket == "{" and self.last in ("{", ","):
            self.named, self.quoted, self.last = value, True, "text"
            return False
        tag = self.named if self.last == self.named and not self.quoted else ""
        about = frame.key or (self.frames[-2].key if frame.bracket == "[" else "")
        asked = calls.asks(frame.callee) and not frame.whole and (frame.count == 0 or frame.callee.endswith("s"))
        if frame.count == 0 or (frame.bracket == "[" and calls.promises(value)):
            frame.first = value
        frame.count += 1
        if frame.bracket == "{" and self.last == ":" and frame.key in calls.NAMES and calls.promises(value):
            frame.secret = True
        frame.now.path, frame.now.marked = value if frame.index else "", False
        self.named, self.quoted, self.last = value, True, "text"
        frame.now.leads = quoted.leads(value)
        frame.asked = frame.asked or (calls.asks(frame.callee) and quoted.names_secret(value))
        if frame.bracket == "[" and not frame.index:
            frame.items.append((value, span))
        if calls.spawns(frame.callee) and frame.count == 1:
            self.tools.add(value)
        if quoted.says_nothing(value, self.by if self.hides else frame.key, listed=frame.bracket == "["):
            return False
        for each in self.frames[-NEAR:]:
            if each.bracket == "{" and each.key in calls.VALUES:
                each.values.append(span)
        around = frame.key == "value" and any(each.around for each in self.frames)
        told = calls.reads(tag) or (quoted.is_told(value) and any(each.told for each in self.frames[-NEAR:]))
        hides = (self.hides and not told) or around or (calls.encodes(frame.callee) and quoted.is_login(value))
        if hides and not asked and about not in calls.ABOUT:
            self.named = frame.first = ""
            self.hidden.append((span[0] + quoted.opens(value), span[1]))
            return True
        listed = (frame.bracket == "[" and self.before != "-c") or frame.callee in ("push", "append")
        if own := quoted.own_secret(value, listed=listed):
            self.hidden.append((span[0] + own[0], span[0] + own[1]))
            return True
        self.before = value
        frame.now.texts.append(span)
        return False

    def sign(self, piece: str) -> None:
        if piece == "\n":
            self.ended = True
            return
        self._begin(piece)
        frame = self.frames[-1]
        if piece in tokens.CLOSE or (piece == ">" and frame.bracket == "<"):
            self._close(frame)
        elif piece in tokens.OPEN or (piece == "<" and self.last == self.named and self.named[:1].isupper()):
            self._open(frame, piece)
        elif piece in (",", ";"):
            given = (self._end(frame) or frame.names) and calls.compares(frame.callee)
            frame.key = ""
            self.hides = 0 if self.hides == len(self.frames) or piece == ";" else self.hides
            if piece == "," and (frame.whole or given or frame.names_next(self.last, self.frames[-2:][0])):
                self._hide(frame.callee or frame.first)
        elif piece == ":" and self.by == "case" and self.hides == len(self.frames):
            self.hides = 0
        elif piece in tokens.GIVES or (piece == ":" and (not frame.now.branches or self.last == "?")):
            self._given(frame, piece)
        elif piece in tokens.ELSE or piece == ":":
            frame.now.branches -= piece == ":"
            frame.now.choice = True
            if self._operand(frame):
                frame.now.chosen = True
                self._hide("secret")
        elif piece in tokens.COMPARES:
            path = frame.now.path
            frame.now.holds = self._operand(frame) and not self.hides
            frame.now.compares = True
            if frame.now.holds:
                self._hide(path)
            elif self.hides == len(self.frames):
                # of what is chosen by it, not of the condition
                frame.now.waits, self.hides = self.hides, 0
        elif piece == ">" and self.cast and self.last == self.named:
            self._hide(self.named)
        elif piece == "+":
            if frame.now.led:
                frame.now.led, self.hides = False, 0
            elif self.last == "text" and frame.now.leads and not self.hides:
                frame.now.led = True
                self._hide("password")
        elif piece in ("?", "&&", "=>"):
            # what a condition says is no value
            self._operand(frame)
            frame.now = Expression(branches=frame.now.branches + (piece == "?"), target=frame.now.target)
        if piece not in ("?", "!", "]"):
            self.quoted = False
            self.named = self.named if piece == "(" else ""
        self.last = piece

    def _hide(self, by: str) -> None:
        """From here on, in the bracket that is open."""
        if not self.hides:
            self.hides, self.by = len(self.frames), by

    def end(self) -> None:
        """No more comes."""
        for frame in self.frames:
            self._end(frame)

    def _open(self, frame: Frame, piece: str) -> None:
        inner, now = Frame(piece), frame.now
        member = bool(self.named) and self.last in (self.named, "text")
        if piece == "(" and member and not self.quoted and self.named not in tokens.WORDS:
            inner.callee = self.named
            # what Komodo is asked to do is to be read, whatever the answer is called
            inner.around = self.hides if self.owner == "komodo" or calls.reads(self.named) else 0
            inner.by = self.by
            inner.told = bool(self.hides) and not (calls.hands_on(self.named) or calls.promises(self.named))
            inner.whole = calls.gives(now.path) and not inner.around
            inner.holder = calls.promises(now.path.rpartition(".")[0])
            now.marked, now.path = calls.answers_secret(now.path) or (now.marked and calls.passes_on(self.named)), ""
        elif piece == "[":
            inner.index = (member and self.named not in tokens.WORDS) or self.last in (")", "]", "?.")
        elif piece == "{":
            self._open_body(frame, inner)
        self.frames.append(inner)
        self.hides = 0 if inner.around else self.hides
        if inner.whole:
            inner.told = False
            self._hide(inner.callee or self.named)

    def _open_body(self, frame: Frame, inner: Frame) -> None:
        """The body of a function, or a block in one: whether it answers a secret."""
        if self.last == "=>":
            inner.returns = bool(self.hides)
            inner.resume, inner.by, self.hides = self.hides, self.by, 0
        elif self.last in tokens.ASIDE or (frame.closed in tokens.CONTROL and self.last == ")"):
            inner.returns = frame.returns
            inner.cased = frame.closed == "switch" and frame.chooses
        elif self.last not in tokens.GOES_ON and self.last != "return":
            inner.returns = calls.promises(frame.closed) or bool(frame.answers)
            inner.resume, inner.by = frame.answers, self.by
        inner.whole = bool(self.listing) and calls.promises(self.listing)
        frame.closed, frame.answers, self.listing = "", 0, ""

    def _close(self, frame: Frame) -> None:
        path = frame.now.path
        secret = self._end(frame)
        self.hidden += frame.values if frame.secret else ()
        if len(self.frames) == 1:
            self.hides = 0
            return
        self.frames.pop()
        if frame.around or frame.resume:
            self.hides, self.by = frame.around or frame.resume, frame.by
        self.hides = 0 if self.hides > len(self.frames) else self.hides
        outer, now = self.frames[-1], self.frames[-1].now
        if frame.items:
            tool = next((each.first for each in reversed(self.frames[-3:]) if calls.spawns(each.callee)), "")
            self.lists.append((tool, frame.items))
        if frame.callee:
            outer.closed, outer.chooses = frame.callee, secret
            outer.names = outer.names or frame.names
            if calls.holds(frame.callee) and frame.names:
                self.hidden += outer.listed
            now.marked = now.marked or frame.asked
        elif frame.index:
            now.path = f"{now.path}.{path}" if self.last == "text" else now.path
        elif frame.bracket == "[":
            now.path, now.marked = "", frame.names
            outer.listed = [span for value, span in frame.items if not quoted.says_nothing(value, "")]
            outer.first = frame.first if outer.count == 0 else ""
            outer.count += bool(frame.first)
        else:
            now.path, now.marked = "", secret and frame.bracket == "("

    def _begin(self, piece: str) -> None:
        """Whether what went on in the line before goes on in this one."""
        ended, self.ended = self.ended, False
        if ended and self.last not in tokens.GOES_ON and piece not in tokens.GOES_ON_WITH:
            self._end(self.frames[-1])
            self.hides = 0 if self.hides == len(self.frames) else self.hides

    def _operand(self, frame: Frame) -> bool:
        """Whether the operand that ends here is a secret, and not one that is only compared."""
        now = frame.now
        secret = self._is_secret(now.path) or (now.marked and calls.promises(f"secret{now.path}"))
        if now.compares:
            self.hidden += now.texts if secret else ()
            self.hides = 0 if now.holds and self.hides == len(self.frames) else self.hides
        self.hides, now.waits = self.hides or now.waits, 0
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
        frame.now, frame.closed = Expression(), ""
        return secret

    def _is_secret(self, path: str) -> bool:
        return path in self.known or (calls.promises(path) and not calls.is_komodos(path))

    def _given(self, frame: Frame, piece: str) -> None:
        now = frame.now
        if piece == ":":
            frame.key = self.named
            declared = frame.bracket == "{" and self.named == "is_secret"
            frame.secret = frame.secret or declared
        member = self.last in ("]", self.named)
        if (self.named and calls.promises(self.named)) or (
            piece != ":" and member and (self._is_secret(now.path) or (self.last == "]" and now.marked))
        ):
            self._hide(next((each for each in (self.named, now.path) if calls.promises(each)), "secret"))
        # behind a type the name is the property
        target = (now.path if piece == "=" else "") if not frame.key else now.target
        frame.now = Expression(target=self.named if piece == ":" and not now.branches else target)
