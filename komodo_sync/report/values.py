"""One Shown value as text: plain where nothing else could be meant, quoted where something could."""

from __future__ import annotations

import json
import re

from komodo_sync.model.plan import Diff, DiffEntry, Shown
from komodo_sync.report.layout import safe

NOT_SET = "(not set)"
_LITERAL = re.compile(r"true|false|null|-?\d[\d.eE+-]*")


def shown_text(shown: Shown) -> str:
    """One line, safe to print. A text is bare unless it is empty, could be taken for something else (`"true"`,
    `"1.10"`, `"(secret)"`, `"a -> b"`) or holds what cannot be seen; then it is quoted as in JSON. A list of such
    texts is `[a, b]`."""
    if shown.hidden:
        return f"({shown.hidden})"
    value = shown.value
    if value is None:
        return NOT_SET
    if isinstance(value, str) and _is_plain(value):
        return value
    if isinstance(value, list) and all(isinstance(item, str) and _is_plain_item(item) for item in value):
        return f"[{', '.join(value)}]"
    return safe(json.dumps(value, ensure_ascii=False))


def shown_lines(shown: Shown) -> list[str]:
    """The same, in lines: a text of several lines is shown as these, unquoted."""
    value = shown.value
    if not shown.hidden and isinstance(value, str) and "\n" in value.rstrip("\n"):
        return value.removesuffix("\n").split("\n")
    return [shown_text(shown)]


def pair_text(shown: Shown) -> str:
    """The value of a `KEY=value`, which is always a text: numbers, `true` and brackets need no quotes to be one."""
    value = shown.value
    return value if not shown.hidden and isinstance(value, str) and _is_clear(value) else shown_text(shown)


def as_told(diff: Diff) -> Diff:
    """A difference of pairs that are written as one word (`3000:80`), as one of such words, which have no key; any
    other as it is."""
    if not diff.joined:
        return diff

    def word(key: str, value: Shown | None) -> Shown | None:
        return None if value is None else Shown(f"{key}{diff.joined}{pair_text(value)}")

    entries = (DiffEntry("", word(item.key, item.before), word(item.key, item.after)) for item in diff.entries)
    return Diff("keyed", entries=tuple(entries), note=diff.note)


def _is_plain_item(text: str) -> bool:
    return _is_plain(text) and not any(char in text for char in ',[]{}"')


def _is_plain(text: str) -> bool:
    """Whether the bare text can be taken for a text alone, and for no other one."""
    return _is_clear(text) and text[0] not in "[{" and not _LITERAL.fullmatch(text)


def _is_clear(text: str) -> bool:
    """Whether all of the bare text can be seen, with its ends."""
    return bool(text) and text.isprintable() and text.strip() == text and text[0] not in '"(' and " -> " not in text
