"""Texts of several lines, or of JSON, that stand in a line as JSON writes them:
`"file_contents": "services:\\n  db:\\n"`, `"config": "{\\"auth\\": ...}"`; and those that a shell reads."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from komodo_sync.masking.groups import LETTERS
from komodo_sync.masking.shell_words import bracketed
from komodo_sync.masking.typescript.code import VEIL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from komodo_sync.masking.shell import Reading

_MARK = re.compile(r"\\.|\"")
_WORTH = re.compile(r"\\n|\"[ \t]*[{\[][^\"]*\\\"")
_NO_ASCII = re.compile(rf"[^\x00-\x7f{VEIL}{LETTERS}]")
"""What stands there already for something else is no sign of the text."""
_SINGLE = re.compile(r"'(?:[^']|'')*+'")
_JSON = re.compile(r"[ \t]*[{\[][^\"]*\"")


def opened(line: str, shown: Callable[[tuple[str, ...], Reading], Iterable[str]], *, item: bool = False) -> str:
    """`line`, and of each text in its quotes that has several lines, is JSON, or is read by a shell, what is `shown` of
    it. `item`: the line is an item of a list in quotes that a shell reads."""
    scripts = {len(line) - len(line.lstrip(" \t-"))} if item else bracketed(line)
    for start in sorted(scripts, reverse=True):
        if said := _SINGLE.match(line, start):
            single = "\n".join(shown((said[0][1:-1].replace("''", "'"),), "script")).replace("'", "''")
            line = f"{line[:start]}'{single}'{line[said.end() :]}"
    if '"' not in line or not (scripts or _WORTH.search(line)):
        return line
    quotes = [found.start() for found in _MARK.finditer(line) if found[0] == '"']
    parts, at = [], 0
    for start, end in zip(quotes[::2], quotes[1::2], strict=False):
        encoded, plain = _decoded(line[start + 1 : end])
        script = start in scripts
        if script or "\n" in plain or _JSON.match(plain):
            told = shown(tuple(plain.split("\n")), "script" if script else "text")
            parts += [line[at : start + 1], encoded("\n".join(told))]
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
