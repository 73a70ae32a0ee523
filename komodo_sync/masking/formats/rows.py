"""Rows that an SQL inserts into a table with a column whose name promises a secret: `INSERT INTO users (name, password)
VALUES ('bob', 'X')`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.structured import is_shown
from komodo_sync.model.secrecy import looks_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLANK = r"(?:\s|\\+[nrt])"
_TEXT = r"'(?:[^'\\]|\\.|'')*+'|\\+\"(?:[^\"\\]|\\+[^\"\\])*+\\+\"|\"(?:[^\"\\]|\\.)*+\""
_HEAD = re.compile(
    rf"\b(?:INSERT|REPLACE|UPSERT|MERGE){_BLANK}+(?:OR{_BLANK}+\w+{_BLANK}+|IGNORE{_BLANK}+|DELAYED{_BLANK}+)?"
    rf"(?:INTO{_BLANK}+)?[^\s()\\]{{1,200}}{_BLANK}*\((?P<columns>[^()]{{1,2000}}+)\){_BLANK}*"
    rf"(?:OVERRIDING{_BLANK}+\w+{_BLANK}+VALUE{_BLANK}+)?VALUES?{_BLANK}*(?=\()",
    re.IGNORECASE,
)
_SIGN = re.compile(rf"{_TEXT}|[(),;]")
_NEXT = re.compile(rf"{_BLANK}*,{_BLANK}*(?=\()")
_NAME = re.compile(r"\w+")
_VALUES = frozenset(("content", "data", "text", "val", "value"))
"""Columns of which another one says what they are: `(key, value) VALUES ('password', 'X')`."""


def row_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the texts of such rows stand that may be secret: those of a column whose name promises one, and all where
    that cannot be known."""
    at = 0
    while head := _HEAD.search(text, at):
        at, deep, number = head.end(), 0, 0
        columns = [(_NAME.findall(column) or [""])[-1] for column in head["columns"].split(",")]
        secret = [looks_secret(column) for column in columns]
        every = not _VALUES.isdisjoint(column.lower() for column in columns)
        row: list[tuple[int, int, int]] = []
        while any(secret) and (sign := _SIGN.search(text, at)):
            at = sign.end()
            deep += {"(": 1, ")": -1}.get(sign[0], 0)
            number += sign[0] == "," and deep == 1
            quote = len(sign[0]) - len(sign[0].lstrip("\\")) + 1
            start, end = sign.start() + quote, at - quote
            if start < end and not is_shown(text[start:end]):
                row.append((number, start, end))
            if sign[0] == ";" or (sign[0] == ")" and not deep):
                every_one = every or number + 1 != len(columns)
                yield from ((first, last) for column, first, last in row if every_one or secret[column])
                row, number = [], 0
                if sign[0] == ";" or not _NEXT.match(text, at):
                    break
        yield from ((first, last) for _, first, last in row)
