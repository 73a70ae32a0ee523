"""Keys behind a name that ends in `API`, which promises none by itself: `SONARR_API: 9c7d…` is one, and an address, a
version or a switch is not."""

from __future__ import annotations

import re

from komodo_sync.model.words import words_of

_CHARACTERS = r"A-Za-z0-9+/_\-"
_KEY = (
    r"(?:[0-9A-Fa-f]{20,}|[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
    r"|(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{20,}={0,2}"
    r"|(?![/-])(?=[A-Z0-9+/_-]*[a-z])(?=[a-z0-9+/_-]*[A-Z])(?=[A-Za-z+/_-]*\d)"
    rf"[{_CHARACTERS}]{{20,}}={{0,2}})(?![{_CHARACTERS}=]|[.:@]\w)"
)
_VALUE = re.compile(_KEY)
_PAIR = re.compile(
    r"(?<![\w.$-])-{0,2}(?P<name>(?:[A-Za-z_][\w.-]*)?(?i:api))\\*[\"']?\]?[ \t]*(?::?[-=]|:|=>)[ \t]*\\*[\"']?"
    rf"(?P<value>{_KEY})"
)


def is_api_key(name: str, value: object) -> bool:
    """Whether a value behind such a name is a key."""
    return isinstance(value, str) and _promises(name) and _VALUE.fullmatch(value.strip().strip("\"'")) is not None


def api_keys(text: str) -> list[tuple[int, int]]:
    """Where in a text a key stands behind such a name: from, to."""
    return [found.span("value") for found in _PAIR.finditer(text) if _promises(found["name"])]


def _promises(name: str) -> bool:
    return words_of(name)[-1:] == ["api"]
