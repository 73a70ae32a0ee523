"""Texts of several lines, or of JSON, that stand in a line as JSON writes them:
`"file_contents": "services:\\n  db:\\n"`, `"config": "{\\"auth\\": ...}"`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from komodo_sync.masking.groups import LETTERS
from komodo_sync.masking.typescript.code import VEIL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MARK = re.compile(r"\\.|\"")
_WORTH = re.compile(r"\\n|\"[ \t]*[{\[][^\"]*\\\"")
_NO_ASCII = re.compile(rf"[^\x00-\x7f{VEIL}{LETTERS}]")
"""What stands there already for something else is no sign of the text."""
_JSON = re.compile(r"[ \t]*[{\[][^\"]*\"")


def opened(line: str, shown: Callable[[tuple[str, ...]], Iterable[str]]) -> str:
    """`line`, and of each text in its quotes that has several lines, or is JSON, what is `shown` of it."""
    if '"' not in line or not _WORTH.search(line):
        return line
    quotes = [found.start() for found in _MARK.finditer(line) if found[0] == '"']
    parts, at = [], 0
    for start, end in zip(quotes[::2], quotes[1::2], strict=False):
        encoded, plain = _decoded(line[start + 1 : end])
        if "\n" in plain or _JSON.match(plain):
            parts += [line[at : start + 1], encoded("\n".join(shown(tuple(plain.split("\n")))))]
            at = end
    return "".join(parts) + line[at:]


def _decoded(written: str) -> tuple[Callable[[str], str], str]:
    """How a text of JSON was written, and what it says; nothing where it cannot be written back as it stands."""
    try:
        text = json.loads(f'"{written}"')
    except ValueError:
        text = ""
    return next(((encoded, text) for encoded in _ENCODED if encoded(text) == written), (_plain, ""))


def _plain(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _ascii(text: str) -> str:
    return _NO_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], _plain(text))


_ENCODED = (
    _plain,
    _ascii,
    lambda text: _plain(text).replace("/", "\\/"),
    lambda text: _ascii(text).replace("/", "\\/"),
)
"""As most write it, as Python does, as PHP does."""
