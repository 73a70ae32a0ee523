"""Values beside a name that looks secret where a Core repeats them in a log, as Rust writes what it holds:
`Variable { name: "DB_PASSWORD", description: "", value: "X", is_secret: false }`, on one line or on several."""

from __future__ import annotations

import re

from komodo_sync.masking.structured import is_shown
from komodo_sync.model.secrecy import is_public, looks_secret

_TEXT = r"\"(?:[^\"\\]|\\.)*+\""
_PAIR = re.compile(
    r"\b(?:name|key|variable): \"(?P<name>[\w.-]+)\",\s+"
    rf"(?:(?!value:)\w+: (?:{_TEXT}|[^\s\",{{}}]+),\s+){{0,8}}"
    rf"value: (?:Some\(\s*)?\"(?P<value>(?:[^\"\\]|\\.)*+)\"(?P<declared>[\s,)]+is_secret: true\b)?"
)


def debugged_spans(text: str) -> list[tuple[int, int]]:
    """Where they stand in a text: from, to."""
    if 'value: "' not in text and "value: Some(" not in text:
        return []
    return [found.span("value") for found in _PAIR.finditer(text) if _is_secret(found)]


def _is_secret(found: re.Match[str]) -> bool:
    name, value = found["name"], found["value"]
    promised = bool(found["declared"]) or (looks_secret(name) and not is_public(name, value))
    return promised and not is_shown(value)
