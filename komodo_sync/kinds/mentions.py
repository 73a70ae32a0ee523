"""Where texts name variables: `[[NAME]]`, which Core replaces as it deploys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from komodo_sync.model.sealed import Sealed, Unknown

COMPOSE_COMMAND = "COMPOSE_COMMAND"
"""No variable: a wrapper of compose commands has the command there."""
UNREAD = "skip_secret_interp"
"""The flag with which Core leaves `[[NAME]]` in a resource alone."""

_VARIABLE = re.compile(r"\[\[\s*([A-Za-z_][A-Za-z0-9_]*)\s*\]\]")
_GLUED = re.compile(rf"(?<=[\w./@=:-]){_VARIABLE.pattern}")
_OPENS, _ENDS = "\ufdd0", "\ufdd1"
"""Characters that Unicode keeps out of texts, and that are part of a word wherever one may stand in YAML."""
_HELD = re.compile(rf"{_OPENS}(\w+){_ENDS}")


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


def put_in(text: str, values: Mapping[str, str]) -> str:
    """A text with the values of those names that have one, as Core puts them in."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text) if "[[" in text else text


def without_glued(text: str) -> str:
    """A text with a word in place of each `[[NAME]]` that goes on one: whatever its value is, the text around it reads
    the same."""
    return _GLUED.sub("x", text)


def held_open(text: str) -> str:
    """A text with a word in place of each `[[NAME]]`, as Core puts a value there before docker reads it: for YAML the
    names are lists in lists, and where more goes on behind one it is none."""
    return _VARIABLE.sub(rf"{_OPENS}\1{_ENDS}", text) if "[[" in text else text


def named_again(text: str) -> str:
    """A text that was read from one of `held_open`, with the names as they are written."""
    return _HELD.sub(r"[[\1]]", text) if _OPENS in text else text
