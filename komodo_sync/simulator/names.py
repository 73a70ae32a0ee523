"""What Core makes of a name when a resource is created or renamed.

Source: the recordings, and what Core 2.3 documents for docker, container, path and general names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import category

from komodo_sync.kinds.spec import NameRule
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import looks_like_id
from komodo_sync.simulator.whitespace import trim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NOT_DOCKER = re.compile(r"[^a-z0-9_-]")
_NOT_CONTAINER = re.compile(r"[^A-Za-z0-9_.-]")
_LEADING = re.compile(r"^[^A-Za-z0-9]+")
_CHARACTERS = "Invalid characters in input"
_USERNAME = re.compile(r"[a-zA-Z0-9._@-]+\Z")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def docker_name(name: str) -> str:
    """Lower-case letters, digits, `_` and `-`, starting with a letter or digit."""
    return _LEADING.sub("", _NOT_DOCKER.sub("_", trim(name).lower()))


def container_name(name: str) -> str:
    """Letters, digits, `_`, `.` and `-`, starting with a letter or digit."""
    return _LEADING.sub("", _NOT_CONTAINER.sub("_", trim(name)))


def path_name(name: str) -> str:
    """No space and no newline."""
    return trim(name).replace(" ", "_").replace("\n", "_")


def general_name(name: str) -> str:
    """No newline."""
    return trim(name).replace("\n", "_")


_RULES: Mapping[NameRule, Callable[[str], str]] = {
    NameRule.DOCKER: docker_name,
    NameRule.CONTAINER: container_name,
    NameRule.PATH: path_name,
    NameRule.GENERAL: general_name,
}


def stored_name(rule: NameRule, name: str) -> str:
    """The name that is stored for `name`."""
    return _RULES[rule](name)


def checked_name(rule: NameRule, name: str) -> str:
    """The name that is stored for a new resource; 400 for an empty name and one that could be an id."""
    if not name:
        raise RefusalError("Must provide non-empty name for resource", status=400)
    stored = stored_name(rule, name)
    if looks_like_id(stored):
        raise RefusalError("Valid ObjectIds cannot be used as names", status=400)
    return stored


def check_variable_name(name: str) -> None:
    """400 unless it is a letter or `_`, then letters, digits and `_`, 500 at most."""
    _check(name, "Failed to validate variable name", 500, _VARIABLE, "alphanumeric characters and underscores")


def check_username(name: str, *, may_be_id: bool = False) -> None:
    """400 unless it is 100 letters, digits and `._@-` at most, and could not be an id unless it may."""
    context = "Failed to validate username"
    _check(name, context, 100, _USERNAME, "alphanumeric characters, underscores, hyphens, dots, and @")
    if looks_like_id(name) and not may_be_id:
        raise RefusalError(context, _CHARACTERS, "Cannot be valid ObjectId", status=400)


def check_control_characters(text: str, context: str) -> None:
    """400 when there is any, line ends among them."""
    for index, character in enumerate(text):
        if category(character) == "Cc":
            raise RefusalError(context, f'Control character at index {index}. Input: "{text}"', status=400)


def _check(name: str, context: str, longest: int, pattern: re.Pattern[str], allowed: str) -> None:
    if not name:
        raise RefusalError(context, "Input too short. Must be at least 1 characters.", status=400)
    if len(name.encode()) > longest:
        raise RefusalError(context, f"Input too long. Must be at most {longest} characters.", status=400)
    check_control_characters(name, context)
    if not pattern.match(name):
        raise RefusalError(context, _CHARACTERS, f"Only {allowed} are allowed", status=400)
