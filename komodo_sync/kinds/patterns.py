"""Names of many resources at once, as Komodo writes them: `web`, a wildcard `web-*`, or a `\\regex\\`."""

from __future__ import annotations

import re
from functools import lru_cache

_SIGNS = frozenset("*?")


def is_pattern(text: str) -> bool:
    """Whether `text` may stand for other names than itself."""
    return not _SIGNS.isdisjoint(text) or _regex(text) is not None


@lru_cache(1024)
def pattern(text: str) -> re.Pattern[str]:
    """What finds the names that `text` stands for (by `search`). Raises re.error for a regular expression that is
    none."""
    inner = _regex(text)
    if inner is not None:
        return re.compile(inner)
    parts = ({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in text)
    return re.compile(rf"\A{''.join(parts)}\Z", re.DOTALL)


def exactly(name: str) -> str:
    """What stands for this name alone."""
    return f"\\^{re.escape(name)}$\\" if is_pattern(name) else name


def _regex(text: str) -> str | None:
    return text[1:-1] if len(text) > 1 and text.startswith("\\") and text.endswith("\\") else None
