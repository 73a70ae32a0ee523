"""Whether a value of a request fits a plain type. Raises MalformedError in Core's words when it does not."""

from __future__ import annotations

import json
from typing import Any

from komodo_sync.simulator.failures import MalformedError

_WORDS = {bool: "boolean", int: "integer", float: "floating point"}


def text(sent: Any) -> str:
    """A string."""
    if not isinstance(sent, str):
        raise MalformedError(f"invalid type: {what(sent)}, expected a string")
    return sent


def items(sent: Any) -> list[Any]:
    """A list."""
    if not isinstance(sent, list):
        raise MalformedError(f"invalid type: {what(sent)}, expected a sequence")
    return sent


def mapping(sent: Any) -> dict[str, Any]:
    """An object."""
    if not isinstance(sent, dict):
        raise MalformedError(f"invalid type: {what(sent)}, expected a map")
    return sent


def flag(sent: Any) -> bool:
    """A boolean."""
    if not isinstance(sent, bool):
        raise MalformedError(f"invalid type: {what(sent)}, expected a boolean")
    return sent


def number(sent: Any) -> int:
    """A whole number."""
    if isinstance(sent, bool) or not isinstance(sent, int):
        raise MalformedError(f"invalid type: {what(sent)}, expected i64")
    return sent


def what(value: Any) -> str:
    """The value as Core calls it: its type, and a plain value itself."""
    word = _WORDS.get(type(value))
    if word:
        return f"{word} `{json.dumps(value)}`"
    if isinstance(value, str):
        return f'string "{value}"'
    return "null" if value is None else "map" if isinstance(value, dict) else "sequence"
