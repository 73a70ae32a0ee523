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
_SIGN = re.compile(rf"{_TEXT}|[();]")
_NEXT = re.compile(rf"{_BLANK}*,{_BLANK}*(?=\()")
_NAME = re.compile(r"\w+")


def row_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where all texts of such rows stand."""
    at = 0
    while head := _HEAD.search(text, at):
        at, deep = head.end(), 0
        secret = any(map(looks_secret, _NAME.findall(head["columns"])))
        while secret and (sign := _SIGN.search(text, at)):
            at = sign.end()
            deep += {"(": 1, ")": -1}.get(sign[0], 0)
            if sign[0] == ";" or (sign[0] == ")" and not deep and not _NEXT.match(text, at)):
                break
            quote = len(sign[0]) - len(sign[0].lstrip("\\")) + 1
            start, end = sign.start() + quote, at - quote
            if start < end and not is_shown(text[start:end]):
                yield start, end
