"""`KEY=value` lines that Core reads as what was meant."""

from __future__ import annotations

import re

from komodo_sync.kinds.pairs import read_pair

_EASY_KEY = re.compile(r"[A-Za-z0-9_/][A-Za-z0-9_./\-]*")
_EASY_VALUE = re.compile(r"[^\s#\"'](?:[^#\n]*[^\s#])?|")


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
