"""`KEY=value` lines as Core's own parser reads them, and lines that it reads as what was meant.

Core's reading (environments, build arguments, labels, ports, volumes): a line is trimmed; blank lines and those that
start with `#` or `//` are skipped; everything from the first ` #` is cut; leading dashes are dropped; the first of `=`
and `:` divides; both sides are trimmed; quotes around key and value together are dropped, quotes around the value alone
are kept, and whoever reads the variable at last (compose, the shell of `docker run`) takes them off.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTES = ('"', "'")
_SPACE = "\t\n\x0b\x0c\r \x85\xa0"
_EASY_KEY = re.compile(r"[A-Za-z0-9_/][A-Za-z0-9_./\-]*")
_EASY_VALUE = re.compile(r"[^\s#\"'](?:[^#\n]*[^\s#])?|")
_EASY_TEXT = re.compile(r"(?:[A-Za-z0-9_]++=[^#\"'\n]*+\n)*+")
_EASY_LINE = re.compile(r"^([A-Za-z0-9_]+)=", re.MULTILINE)


def read_pairs(text: str) -> Iterator[tuple[str, str]]:
    """Every pair that Core finds in `text`, in order; lines that it would refuse are left out."""
    for line in text.split("\n"):
        pair = read_pair(line)
        if pair is not None:
            yield pair


def read_keys(text: str) -> frozenset[str]:
    """The keys of every pair that Core finds in `text`."""
    # two looks at the whole are quicker than one at each line
    if _EASY_TEXT.fullmatch(text):
        return frozenset(_EASY_LINE.findall(text))
    return frozenset(key for key, _ in read_pairs(text))


def read_pair(line: str) -> tuple[str, str] | None:
    """The pair that Core reads in one line; None for a comment, a blank line and one without `=` or `:`."""
    line = line.strip()
    if not line or line.startswith(("#", "//")):
        return None
    line = line.split(" #", 1)[0].strip().lstrip("-").strip()
    divider = re.search("[=:]", line)
    if divider is None:
        return None
    key, value = line[: divider.start()].strip(), line[divider.end() :].strip()
    if key.startswith(_QUOTES) and not key.endswith(_QUOTES) and value.endswith(_QUOTES):
        key, value = key[1:].strip(), value[:-1].strip()
    return key, value


def write_pair(key: str, value: str, divider: str) -> str | None:
    """The line that Core reads as `key` and `value`, the value in quotes where it would be misread without; None when
    there is no such line."""
    line = key + divider + value
    if _EASY_KEY.fullmatch(key) and not key.startswith("//") and _EASY_VALUE.fullmatch(value):
        return line
    if not key or "\n" in value or "\r" in value or "\n" in key:
        return None
    if read_pair(line) == (key, value):
        return line
    quote = '"' if '"' not in value else "'"
    wrapped = quote + value + quote
    line = key + divider + wrapped
    return line if quote not in value and read_pair(line) == (key, wrapped) else None
