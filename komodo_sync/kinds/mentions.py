"""Where texts name variables: `[[NAME]]`, which Core replaces as it deploys."""

from __future__ import annotations

import re
from typing import Any

_VARIABLE = re.compile(r"\[\[\s*([A-Za-z_][A-Za-z0-9_]*)\s*\]\]")


def variables_in(text: str) -> frozenset[str]:
    """The names in one text."""
    return frozenset(_VARIABLE.findall(text)) if "[[" in text else frozenset()


def variables_used(value: Any) -> frozenset[str]:
    """The names in any text of a config, at any depth; what is secret or not known here is not looked at."""
    if isinstance(value, str):
        return variables_in(value)
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return frozenset(name for member in members for name in variables_used(member))


def between_variables(text: str) -> list[str]:
    """The parts of a text that stand before, between and after the names."""
    return _VARIABLE.split(text)[::2]
