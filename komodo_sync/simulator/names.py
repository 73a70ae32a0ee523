"""What Core makes of a name when a resource is created or renamed.

Source: the recordings, and what Core 2.3 documents for docker, container, path and general names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.kinds.spec import NameRule
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import looks_like_id
from komodo_sync.simulator.whitespace import trim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_NOT_DOCKER = re.compile(r"[^a-z0-9_-]")
_NOT_CONTAINER = re.compile(r"[^A-Za-z0-9_.-]")
_LEADING = re.compile(r"^[^A-Za-z0-9]+")
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
    context = "Failed to validate variable name"
    if not name or len(name) > 500:
        raise RefusalError(context, "Invalid input length", status=400)
    if not _VARIABLE.match(name):
        raise RefusalError(
            context,
            "Invalid characters in input",
            "Only alphanumeric characters and underscores are allowed",
            status=400,
        )
