"""What a text says before anybody has asked what it means: scalars, mappings and sequences, each with its place.

Ten thousand stacks are three hundred thousand of them. Lines and columns count from 1.
An alias is the node that it names; nodes are never changed once they are read.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

from komodo_sync.model.data import Data, field

if TYPE_CHECKING:
    from komodo_sync.model.diagnostic import Span
    from komodo_sync.source.text import Source


class Form(IntEnum):
    """What the notation itself says about a scalar. UNTYPED: YAML's plain scalar, its field gives it a type.
    TEXT: quoted, or a block. The others are TOML's, which has types; `text` is then as it was written."""

    UNTYPED = 0
    TEXT = 1
    FLAG = 2
    INTEGER = 3
    FLOAT = 4
    TIME = 5


_UNTYPED = Form.UNTYPED
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\Z")
NULL_WORDS = frozenset({"", "~", "null", "Null", "NULL"})


class Node(Data, eq=False):
    """Anything with a place. `tag` is "!file" or empty."""

    source: Source
    line: int
    column: int

    what: ClassVar[str] = "a value"
    secret: ClassVar[bool] = False
    """Whether it may not be shown, because a part of it comes from the environment or from a file."""
    missing: ClassVar[tuple[str, ...]] = ()
    """The parts of it that are not there, as `env:NAME`."""
    around: ClassVar[tuple[str, ...]] = ()
    """What is public about a text of which parts alone are secret or missing."""
    reported: ClassVar[bool] = False
    """Whether it stands for something that could not be read, which was told."""

    def __repr__(self) -> str:
        """The place alone: what stands there may be a secret."""
        return f"<{type(self).__name__} at {self.source.name}:{self.line}:{self.column}>"

    def span(self) -> Span:
        """Where it stands, with its length where that is known."""
        return self.source.span(self.line, self.column)


class Scalar(Node, eq=False):
    """One text; what it is worth is decided by its field."""

    text: str
    form: Form = Form.TEXT
    tag: str = ""

    @property
    def is_null(self) -> bool:
        """Whether it is YAML's null: empty, ~ or null, without quotes and without a tag."""
        return self.text in NULL_WORDS and self.form is _UNTYPED and not self.tag

    @property
    def what(self) -> str:  # type: ignore[override]
        """What it is called in a message, without its value."""
        if self.tag:
            return "a !file"
        if self.form is _UNTYPED and not self.secret and _WHOLE.match(self.text):
            return "a number"
        return "null" if self.is_null else _FORM_WORDS[self.form]

    def span(self) -> Span:
        """Where it stands; the length covers the text and its quotes when it is on one line."""
        lines = self.source.lines
        line = lines[self.line - 1] if self.line <= len(lines) else ""
        at = self.column - 1
        length = 0
        if self.text and line.startswith(self.text, at):
            length = len(self.text)
        elif line[at : at + 1] in ('"', "'") and line.startswith(self.text + line[at], at + 1):
            length = len(self.text) + 2
        return self.source.span(self.line, self.column, length)


_FORM_WORDS = {
    Form.UNTYPED: "a text",
    Form.TEXT: "a text",
    Form.FLAG: "a boolean",
    Form.INTEGER: "a whole number",
    Form.FLOAT: "a number",
    Form.TIME: "a date",
}


class Interpolated(Scalar, eq=False, kw_only=True):
    """A scalar with `${...}` in it. `text` is what it is worth, `names` what it asks for (`env:NAME`), `raw` what is
    written, `around` what stands before, between and behind what is secret or missing in it. It has no type but its
    field's, quotes or not: in a flow collection they have to be there."""

    raw: str
    names: tuple[str, ...]
    missing: tuple[str, ...]  # type: ignore[misc]  # of other nodes it is known by their class
    secret: bool  # type: ignore[misc]
    around: tuple[str, ...] = ()  # type: ignore[misc]

    @property
    def is_null(self) -> bool:
        """Never: an empty text is a text here."""
        return False

    def span(self) -> Span:
        """Where it stands, with the length of what is written."""
        return Scalar(self.source, self.line, self.column, self.raw).span()


class Mapping(Node, eq=False):
    """Pairs in their order; keys are unique (a second one was reported and left out). Merge keys are merged already.
    `torn`: what was to be merged could not be read, so that what is missing may stand there."""

    what: ClassVar[str] = "a mapping"
    items: list[tuple[Scalar, Node]] = field(default_factory=list)
    torn: bool = False

    def get(self, key: str) -> Node | None:
        """The value of a key."""
        for word, value in self.items:
            if word.text == key:
                return value
        return None


class Sequence(Node, eq=False):
    """Values in their order."""

    what: ClassVar[str] = "a list"
    items: list[Node] = field(default_factory=list)
