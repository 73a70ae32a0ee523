"""How long something takes or may take, as people write it."""

from __future__ import annotations

import re

LONGEST = 365 * 86_400
"""A year: nobody waits longer."""
PATTERN = r"(\d{1,9}(?:\.\d{1,9})?)([smh]?)"
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}


def seconds_of(text: str) -> float | None:
    """`90`, `90s`, `5m`, `1.5h` in seconds; None for anything else, for no time at all, and for more than a year."""
    found = re.fullmatch(PATTERN, text, re.ASCII)
    seconds = float(found[1]) * _UNITS[found[2]] if found else 0.0
    return seconds if 0 < seconds <= LONGEST else None
