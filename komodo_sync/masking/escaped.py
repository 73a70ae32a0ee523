"""Texts of several lines that stand in one, as JSON writes them: `"file_contents": "services:\\n  db:\\n"`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MARK = re.compile(r"\\.|\"")


def opened(line: str, shown: Callable[[tuple[str, ...]], Iterable[str]]) -> str:
    """`line`, and of each text in its quotes that has several lines what is `shown` of them."""
    if "\\n" not in line or '"' not in line:
        return line
    quotes = [found.start() for found in _MARK.finditer(line) if found[0] == '"']
    parts, at = [], 0
    for start, end in zip(quotes[::2], quotes[1::2], strict=False):
        plain = _decoded(line[start + 1 : end])
        if plain and "\n" in plain:
            parts += [line[at : start + 1], _encoded("\n".join(shown(tuple(plain.split("\n")))))]
            at = end
    return "".join(parts) + line[at:]


def _decoded(written: str) -> str | None:
    """What a text of JSON says; None where it cannot be written back as it stands."""
    try:
        text = json.loads(f'"{written}"')
    except ValueError:
        return None
    return text if _encoded(text) == written else None


def _encoded(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
