"""What a text says before anybody has asked what it means: scalars, mappings and sequences, each with its place.

Slotted and plain, because ten thousand stacks are three hundred thousand nodes. Lines and columns count from 1.
An alias is the node that it names; nodes are never changed once they are read.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

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
NULL_WORDS = frozenset({"", "~", "null", "Null", "NULL"})


class Node:
    """Anything with a place. `tag` is "!file" or empty."""

    __slots__ = ("column", "line", "source")
    source: Source
    line: int
    column: int

    what = "a value"
    secret = False
    """Whether it may not be shown, because a part of it comes from the environment or from a file."""
    missing: tuple[str, ...] = ()
    """The parts of it that are not there, as `env:NAME`."""
    reported = False
    """Whether it stands for something that could not be read, which was told."""

    def __repr__(self) -> str:
        """The place alone: what stands there may be a secret."""
        return f"<{type(self).__name__} at {self.source.name}:{self.line}:{self.column}>"

    def span(self) -> Span:
        """Where it stands, with its length where that is known."""
        return self.source.span(self.line, self.column)


class Scalar(Node):
    """One text; what it is worth is decided by its field."""

    __slots__ = ("form", "tag", "text")

    def __init__(
        self, source: Source, line: int, column: int, text: str, form: Form = Form.TEXT, tag: str = ""
    ) -> None:
        self.source = source
        self.line = line
        self.column = column
        self.text = text
        self.form = form
        self.tag = tag

    @property
    def is_null(self) -> bool:
        """Whether it is YAML's null: empty, ~ or null, without quotes and without a tag."""
        return self.text in NULL_WORDS and self.form is _UNTYPED and not self.tag

    @property
    def what(self) -> str:  # type: ignore[override]
        """What it is called in a message, without its value."""
        if self.tag:
            return "a !file"
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


class Interpolated(Scalar):
    """A scalar with `${...}` in it. `text` is what it is worth, `names` what it asks for (`env:NAME`), `raw` what is
    written. It has no type but its field's, quotes or not: in a flow collection they have to be there."""

    __slots__ = ("missing", "names", "raw", "secret")

    def __init__(
        self, scalar: Scalar, text: str, names: tuple[str, ...], missing: tuple[str, ...], *, secret: bool
    ) -> None:
        super().__init__(scalar.source, scalar.line, scalar.column, text, _UNTYPED, scalar.tag)
        self.raw = scalar.text
        self.names = names
        self.missing = missing
        self.secret = secret

    @property
    def is_null(self) -> bool:
        """Never: an empty text is a text here."""
        return False

    def span(self) -> Span:
        """Where it stands, with the length of what is written."""
        return Scalar(self.source, self.line, self.column, self.raw).span()


class Mapping(Node):
    """Pairs in their order; keys are unique (a second one was reported and left out). Merge keys are merged already.
    `torn`: what was to be merged could not be read, so that what is missing may stand there."""

    __slots__ = ("items", "torn")
    what = "a mapping"

    def __init__(self, source: Source, line: int, column: int, items: list[tuple[Scalar, Node]] | None = None) -> None:
        self.source = source
        self.line = line
        self.column = column
        self.items: list[tuple[Scalar, Node]] = [] if items is None else items
        self.torn = False

    def get(self, key: str) -> Node | None:
        """The value of a key."""
        for word, value in self.items:
            if word.text == key:
                return value
        return None


class Sequence(Node):
    """Values in their order."""

    __slots__ = ("items",)
    what = "a list"

    def __init__(self, source: Source, line: int, column: int, items: list[Node] | None = None) -> None:
        self.source = source
        self.line = line
        self.column = column
        self.items: list[Node] = [] if items is None else items
