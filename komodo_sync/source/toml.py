"""TOML text to nodes, by Komodo's rule: in text between `\"\"\"` a backslash is a backslash.

Values and every rule of the grammar (TOML 1.1, as the Core reads it) are tomli's; it tells no places, so a scanner
walks the text that tomli has already found right and notes where each table, key and value stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import tomli

from komodo_sync.model.data import Data
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Form, Mapping, Node, Scalar, Sequence
from komodo_sync.source.toml_backslashes import Doubled
from komodo_sync.source.toml_syntax import syntax_error
from komodo_sync.source.yaml import FLATTEN, MAX_DEPTH, TOO_DEEP

if TYPE_CHECKING:
    from komodo_sync.model.diagnostic import Diagnostic
    from komodo_sync.source.text import Source, SourceError


class Comment(Data, frozen=True):
    """`# words` at a place, from 1; without the line end."""

    line: int
    column: int
    text: str


_BLANK = re.compile(r"(?:[ \t\n,]|#[^\n]*)*")
_COMMENT = re.compile(r"#[^\n]*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LITERALS = (
    re.compile(r'"""(?:\\.|[^\\])*?"""(?:""?(?!"))?', re.DOTALL),
    re.compile(r"'''.*?'''(?:''?(?!'))?", re.DOTALL),
    re.compile(r'"(?:\\.|[^"\\\n])*"'),
    re.compile(r"'[^'\n]*'"),
)
_OTHER = re.compile(r"[^,\]}\n#]+")
_FORMS: tuple[tuple[type, Form], ...] = ((bool, Form.FLAG), (int, Form.INTEGER), (float, Form.FLOAT))


def parse_toml(source: Source) -> tuple[list[Node], list[Diagnostic]]:
    """The one document of a file; empty for a file without a key. Raises SourceError for broken syntax and nesting
    beyond MAX_DEPTH."""
    doubled = Doubled(source.text.replace("\r\n", "\n"))
    try:
        # tomli takes \r\n for \n once more
        tomli.loads(doubled.text.replace("\r\n", "\r\r\n"))
    except tomli.TOMLDecodeError as cause:
        raise syntax_error(source, doubled, cause) from None
    except RecursionError:
        # tomli does not say where; all before is right, and the scanner comes to its own end there
        _Scanner(source, doubled).document()
        raise
    root = _Scanner(source, doubled).document()
    return ([root] if root.items else []), []


def read_comments(source: Source) -> list[Comment]:
    """The comments of a text that `parse_toml` takes, in their order."""
    scanner = _Scanner(source, Doubled(source.text.replace("\r\n", "\n")))
    scanner.document()
    return scanner.comments


class _Scanner:
    def __init__(self, source: Source, doubled: Doubled) -> None:
        self._source = source
        self._doubled = doubled
        self._text = doubled.text
        self._at = 0
        self.comments: list[Comment] = []

    def document(self) -> Mapping:
        """The whole text, which tomli has found right."""
        root = table = Mapping(self._source, 1, 1)
        while True:
            self._skip(_BLANK)
            if self._at >= len(self._text):
                return root
            if self._text[self._at] == "[":
                table = self._header(root)
            else:
                self._pair(table, 1)

    def _header(self, root: Mapping) -> Mapping:
        start = self._at
        several = self._text.startswith("[[", start)
        self._at += 2 if several else 1
        *parents, last = self._keys()
        self._at += 2 if several else 1
        table = root
        for key in parents:
            table = self._child(table, key)
        line, column = self._doubled.place(start)
        if not several:
            return self._child(table, last, (line, column))
        tables = table.get(last.text)
        if tables is None:
            tables = Sequence(self._source, line, column)
            table.items.append((last, tables))
        assert isinstance(tables, Sequence)
        entry = Mapping(self._source, line, column)
        tables.items.append(entry)
        return entry

    def _child(self, table: Mapping, key: Scalar, place: tuple[int, int] | None = None) -> Mapping:
        """The table under `key`, the last of several; made when it is not there yet."""
        found = table.get(key.text)
        if found is None:
            line, column = place or (key.line, key.column)
            found = Mapping(self._source, line, column)
            table.items.append((key, found))
        if isinstance(found, Sequence):
            found = found.items[-1]
        assert isinstance(found, Mapping)
        return found

    def _pair(self, table: Mapping, depth: int) -> None:
        *parents, last = self._keys()
        for key in parents:
            table = self._child(table, key)
        self._at = self._text.index("=", self._at) + 1
        table.items.append((last, self._value(depth + len(parents))))

    def _keys(self) -> list[Scalar]:
        keys: list[Scalar] = []
        while True:
            self._skip(_SPACE)
            line, column = self._doubled.place(self._at)
            start = self._at
            if self._text[start] in "\"'":
                self._skip(_LITERALS[2 if self._text[start] == '"' else 3])
                text = _worth(self._text[start : self._at])
            else:
                self._skip(_BARE_KEY)
                text = self._text[start : self._at]
            if len(keys) >= MAX_DEPTH:
                raise self._too_deep(line, column)
            keys.append(Scalar(self._source, line, column, str(text)))
            self._skip(_SPACE)
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _value(self, depth: int) -> Node:
        self._skip(_SPACE)
        line, column = self._doubled.place(self._at)
        first = self._text[self._at]
        if depth > MAX_DEPTH:
            raise self._too_deep(line, column)
        if first == "{":
            table = Mapping(self._source, line, column)
            self._at += 1
            while not self._closed("}"):
                self._pair(table, depth + 1)
            return table
        if first == "[":
            values = Sequence(self._source, line, column)
            self._at += 1
            while not self._closed("]"):
                values.items.append(self._value(depth + 1))
            return values
        return self._scalar(line, column)

    def _too_deep(self, line: int, column: int) -> SourceError:
        return self._source.error(Code.TOO_DEEP, TOO_DEEP, line, column, help=FLATTEN)

    def _scalar(self, line: int, column: int) -> Scalar:
        start = self._at
        for literal in _LITERALS:
            match = literal.match(self._text, start)
            if match is not None:
                self._at = match.end()
                return Scalar(self._source, line, column, str(_worth(match[0])))
        self._skip(_OTHER)
        written = self._text[start : self._at].strip()
        value = _worth(written)
        form = next((form for kind, form in _FORMS if isinstance(value, kind)), Form.TIME)
        return Scalar(self._source, line, column, written, form)

    def _closed(self, bracket: str) -> bool:
        self._skip(_BLANK)
        if self._text[self._at] != bracket:
            return False
        self._at += 1
        return True

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at)
        assert match is not None
        self._at = match.end()
        if pattern is _BLANK and "#" in match[0]:
            for found in _COMMENT.finditer(self._text, match.start(), match.end()):
                self.comments.append(Comment(*self._doubled.place(found.start()), found[0].rstrip()))


def _worth(literal: str) -> object:
    """What one literal is worth; tomli knows."""
    if literal[0] == '"' and "\\" not in literal and not literal.startswith('"""'):
        return literal[1:-1]
    return tomli.loads("x=" + literal)["x"]
