"""TOML text to nodes, by Komodo's rule: in text between `\"\"\"` a backslash is a backslash.

Values and every rule of the grammar (TOML 1.1, as the Core reads it) are tomli's; it tells no places, so a scanner
walks the text that tomli has already found right and notes where each table, key and value stands.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

import tomli

from komodo_sync.model.data import Data
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Form, Mapping, Node, Scalar, Sequence
from komodo_sync.source.yaml import MAX_DEPTH

if TYPE_CHECKING:
    from komodo_sync.model.diagnostic import Diagnostic
    from komodo_sync.source.text import Source


class Comment(Data, frozen=True):
    """`# words` at a place, from 1; without the line end."""

    line: int
    column: int
    text: str


_LONG = '"""'
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
_AT = re.compile(r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$", re.DOTALL)


def parse_toml(source: Source) -> tuple[list[Node], list[Diagnostic]]:
    """The one document of a file; empty for a file without a key. Raises SourceError for broken syntax and nesting
    beyond MAX_DEPTH."""
    doubled = _Doubled(source.text.replace("\r\n", "\n"))
    try:
        tomli.loads(doubled.text)
    except tomli.TOMLDecodeError as cause:
        line, column, message = _place(doubled, str(cause))
        raise source.error(Code.TOML_SYNTAX, message, line, column, help=_way_out(message)) from None
    except RecursionError:
        raise source.error(
            Code.TOO_DEEP, "values are nested too deep", 1, 1, help="a manifest needs ten levels"
        ) from None
    root = _Scanner(source, doubled).document()
    return ([root] if root.items else []), []


def read_comments(source: Source) -> list[Comment]:
    """The comments of a text that `parse_toml` takes, in their order."""
    scanner = _Scanner(source, _Doubled(source.text.replace("\r\n", "\n")))
    scanner.document()
    return scanner.comments


class _Doubled:
    """A text with every backslash between `\"\"\"` doubled, and the way back from its offsets to lines and columns."""

    def __init__(self, text: str) -> None:
        parts = text.split(_LONG)
        self.inserted: list[int] = []
        offset = 0
        for index, part in enumerate(parts):
            if index % 2:
                parts[index] = part.replace("\\", "\\\\")
                at = part.find("\\")
                while at >= 0:
                    # offsets in the doubled text: each backslash before has moved this one by one
                    self.inserted.append(offset + at + len(self.inserted) + 1)
                    at = part.find("\\", at + 1)
            offset += len(part) + len(_LONG)
        self.text = _LONG.join(parts)
        self._lines = [0]
        self._lines += [match.end() for match in re.finditer("\n", text)]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, in the text as it was written."""
        written = offset - bisect_left(self.inserted, offset)
        line = bisect_right(self._lines, written)
        return line, written - self._lines[line - 1] + 1


class _Scanner:
    def __init__(self, source: Source, doubled: _Doubled) -> None:
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
        keys = []
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
            raise self._source.error(
                Code.TOO_DEEP, "values are nested too deep", line, column, help="a manifest needs ten levels"
            )
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
    if literal[0] == '"' and "\\" not in literal and not literal.startswith(_LONG):
        return literal[1:-1]
    return tomli.loads("x=" + literal)["x"]


def _place(doubled: _Doubled, error: str) -> tuple[int, int, str]:
    match = _AT.match(error)
    what = match["what"] if match else error
    if match is None or match["line"] is None:
        line, column = doubled.place(len(doubled.text.rstrip()))
        return line, column, _sentence(what, at_end=True)
    offset = 0
    for _ in range(int(match["line"]) - 1):
        offset = doubled.text.index("\n", offset) + 1
    offset += int(match["column"]) - 1
    line, column = doubled.place(offset)
    return line, column, _sentence(_CUT if _is_cut(doubled.text, offset) else what, at_end=False)


_NO_NUMBER = re.compile(r"[-+]?(?:0[0-9]|[0-9]+\.[0-9]+\.)[0-9A-Za-z_.-]*")
_CUT = "this is neither a number nor in quotes"
_SENTENCES = (
    # a part of tomli's words, our sentence, the way out
    ("Cannot overwrite a value", "this key stands here twice", "keep one of them"),
    ("Cannot declare", "this table stands here twice", "keep one of them; several of a kind are [[double]]"),
    ("Duplicate inline table key", "this key stands in the inline table twice", "keep one of them"),
    ("Cannot mutate immutable namespace", "this table is complete already", "write all its keys in one place"),
    ("Unterminated string", "a quote is opened and never closed", "close it"),
    ('Expected "\'"', "a quote is opened and never closed", "close it"),
    ("Illegal character", "a character that TOML does not allow here", "close the quote before it, or remove it"),
    ("Unescaped '\\' in a string", "a backslash sequence that TOML does not know", "write \\\\, or use single quotes"),
    ("Expected '=' after a key", "a key without its =", "write key = value"),
    ("Expected newline or end of document", "something stands behind the value", "begin it on a line of its own"),
    ("Unclosed array", "a [ is not closed", "write `, ` between the values and ] at the end"),
    ("Unclosed inline table", "a { is not closed", "write `, ` between the pairs and } at the end"),
    ("Expected ']", "a table's name is not closed", "write [table] or [[table]]"),
    ("Invalid value", "this is no value", "put a text in quotes"),
    ("Invalid initial character for a key", "a key cannot begin with this character", "put the key in quotes"),
    (_CUT, _CUT, "put it in quotes: it is a text"),
    ("Invalid statement", "this is neither a table nor key = value", "write key = value"),
)


def _is_cut(text: str, at: int) -> bool:
    """Whether a number ends at `at` alone because it goes on as none does: 0123, 1.2.3."""
    start = at
    while start and text[start - 1] not in " \t\n=[,":
        start -= 1
    cut = _NO_NUMBER.match(text, start)
    return cut is not None and start < at < cut.end()


def _sentence(what: str, *, at_end: bool) -> str:
    message = next((ours for theirs, ours, _ in _SENTENCES if theirs in what), "this is not TOML")
    return message + " before the end of the file" if at_end else message


def _way_out(message: str) -> str:
    return next(
        (help_text for _, ours, help_text in _SENTENCES if message.startswith(ours)),
        "compare it with the lines around it",
    )
