"""What is known of a bracket that is open in a TypeScript, and of the expression that is read in it."""

from __future__ import annotations

from komodo_sync.masking.typescript import calls, quoted
from komodo_sync.masking.typescript.tokens import Span  # noqa: TC001 - the fields are typed by it when they are read
from komodo_sync.model.data import Data, field

NEAR = 8
"""How many brackets around a text are looked at; of a longer `path` no more is kept than `LONGEST`."""
LONGEST = 200


class Expression(Data):
    """What is read of an expression.

    path      the names of its last operand, `process.env.TOKEN`; `marked`: something else says that this is a secret
    texts     those that stand in it, not in a bracket of it
    chosen    one of its alternatives is a secret; `choice`: it has some
    branches  how many `?` wait for their `:`
    compares  the last operand with the one before; `holds`: which is a secret; `waits`: what is hidden behind it
    typed     its type follows; `leads`: the last text says that a secret does; `led`: it did
    target    the name that it is given to
    """

    path: str = ""
    marked: bool = False
    texts: list[Span] = field(default_factory=list)
    chosen: bool = False
    choice: bool = False
    branches: int = 0
    compares: bool = False
    holds: bool = False
    waits: int = 0
    typed: bool = False
    leads: bool = False
    led: bool = False
    target: str = ""


class Frame(Data):
    """A bracket that is open.

    callee   whose arguments it has; `holder`: of what is a secret; `asked`: for a secret
    key      the property that is being given
    count    how many texts stood in it; `first`: the one that may name the next
    values   of a variable its values; `secret`: it is a secret one
    around   what was hidden around a call of Komodo, or of what is told how to come by a secret
    resume   what was hidden around the body of a function; `by`: by which name
    told     of a call that may do anything with what it is given
    whole    all texts in it are hidden
    index    it chooses a member of what stands in front; `names`: it lists a secret-looking name
    items    the texts of a list; `listed`: those of the list that stood last in it
    cased    its `case`s are compared with a secret; `chooses`: what was called last was called with one
    returns  it is the body of a function that answers a secret
    closed   what was called last in it; `answers`: a function that may answer a secret, as so many brackets say
    now      the expression that is read in it
    """

    bracket: str = ""
    callee: str = ""
    holder: bool = False
    asked: bool = False
    key: str = ""
    count: int = 0
    first: str = ""
    values: list[Span] = field(default_factory=list)
    secret: bool = False
    around: int = 0
    resume: int = 0
    by: str = ""
    told: bool = False
    whole: bool = False
    index: bool = False
    names: bool = False
    items: list[tuple[str, Span]] = field(default_factory=list)
    listed: list[Span] = field(default_factory=list)
    cased: bool = False
    chooses: bool = False
    returns: bool = False
    closed: str = ""
    answers: int = 0
    now: Expression = field(default_factory=Expression)

    def names_next(self, last: str, outer: Frame) -> bool:
        """Whether what stood last names the next text: `set("X-Api-Key", "X")`, `[["X-Api-Key", "X"]]`."""
        if last not in ("text", "]") or self.count != 1:
            return False
        if self.holder:
            return True
        if not calls.promises(self.first) or "=" in self.first or calls.spawns(self.callee):
            return False
        if self.bracket == "[" and (outer.bracket == "[" or calls.pairs(outer.callee)):
            return True
        return bool(self.callee) and (not calls.asks(self.callee) or quoted.names_secret(self.first))
