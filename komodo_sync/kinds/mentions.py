"""Where texts name variables: `[[NAME]]`, which Core replaces as it deploys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from komodo_sync.model.sealed import Sealed, Unknown

COMPOSE_COMMAND = "COMPOSE_COMMAND"
"""No variable: a wrapper of compose commands has the command there."""
_VARIABLE = re.compile(r"\[\[\s*([A-Za-z_][A-Za-z0-9_]*)\s*\]\]")


def variables_in(text: str) -> frozenset[str]:
    """The names in one text."""
    return frozenset(_VARIABLE.findall(text)) - {COMPOSE_COMMAND} if "[[" in text else frozenset()


def variables_used(value: Any) -> frozenset[str]:
    """The names in any text of a config, at any depth; what is secret or not known here is not looked at, but for the
    public part of `KEY=value` lines."""
    if isinstance(value, str):
        return variables_in(value)
    if isinstance(value, Sealed | Unknown):
        value = value.pairs or {}
    members = value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ()
    return frozenset(name for member in members for name in variables_used(member))


def between_variables(text: str) -> list[str]:
    """The parts of a text that stand before, between and after the names."""
    return _VARIABLE.split(text)[::2]
