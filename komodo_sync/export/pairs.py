"""`KEY=value` texts as a manifest writes them: a mapping where that gives the same text again, else the text itself;
in both without the values of keys that look secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.export.placeholders import literal
from komodo_sync.kinds.pairs import read_pair
from komodo_sync.model.secrecy import holds_secret, is_reference, looks_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.kinds.shapes import PairsShape

_QUOTES = ("'", '"')
_LINK = re.compile(r"//[^\s@=:?]+[^@=:]*")
"""What follows the colon of a link that somebody can open: nothing in it or behind it could be a value of its own."""


def pairs_tree(shape: PairsShape, text: str, placeholder: Callable[[str], str]) -> dict[str, str | int] | str:
    """`text` (in normal form) for a manifest; `placeholder` gives what stands for the secret of a key."""
    lines = without_secrets(text, placeholder)
    mapping = pairs_mapping(shape, lines) if text.endswith("\n") else None
    return "\n".join(lines) if mapping is None else mapping


def pairs_mapping(shape: PairsShape, lines: list[str]) -> dict[str, str | int] | None:
    """The pairs of `lines`, the last of which is empty; None where a manifest's mapping would not be written as just
    these lines."""
    mapping: dict[str, str | int] = {}
    for line in lines[:-1]:
        pair = read_pair(line)
        if pair is None:
            return None
        key, value = pair
        if not key or key in mapping or "\r" in value or key + shape.written + value != line:
            return None
        mapping[key] = int(value) if is_number(value) else value
    return mapping


def is_number(value: str) -> bool:
    """Whether a text reads the same without quotes, as a whole number."""
    return value.isascii() and value.isdecimal() and len(value) < 16 and str(int(value)) == value


def without_secrets(text: str, placeholder: Callable[[str], str]) -> list[str]:
    """The lines of `text` with a placeholder for every secret value, also in comments and where the value goes on over
    further lines until its quote is closed; what else could be interpolated is made literal."""
    lines = text.split("\n")
    result: list[str] = []
    while lines:
        line = lines.pop(0)
        hidden = _secret_part(line)
        if hidden is None:
            result.append(literal(line))
            continue
        key, value = hidden
        at = line.index(value, line.index(key) + len(key))
        before, after = line[:at], line[at + len(value) :]
        quote = value[0] if value.startswith(_QUOTES) else ""
        if quote and len(value) > 1 and value.endswith(quote):
            after = quote + after
        elif quote:
            last = next((number for number, each in enumerate(lines) if quote in each), None)
            if last is None:
                quote = ""
            else:
                after = lines[last][lines[last].index(quote) :]
                del lines[: last + 1]
        result.append(literal(before) + quote + placeholder(key) + literal(after))
    return result


def _secret_part(line: str) -> tuple[str, str] | None:
    """The key and the value to be hidden in a line, None where there is nothing to hide."""
    kept = line.strip()
    comment = kept.startswith(("#", "//"))
    pair = read_pair(kept.lstrip("#/") if comment else kept)
    if pair is None or not pair[1] or is_reference(pair[1]):
        return None
    if holds_secret(kept if comment else pair[1]):
        return pair
    if not looks_secret(pair[0]):
        return None
    if comment and pair[0].endswith(("http", "https")) and _LINK.fullmatch(pair[1]):
        return None  # a sentence with a link
    return pair
