"""Defaults of OpenTofu's variables that are secret, by the name of the variable or because it is declared sensitive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.masking.structured import Place, is_shown, positions
from komodo_sync.model.secrecy import is_public, looks_secret

if TYPE_CHECKING:
    from collections.abc import Iterator

_VARIABLE = re.compile(r"\bvariable[ \t]+\\*\"(?P<name>[\w-]+)\\*\"\s*\{(?P<body>[^{}]{0,2000})")
_DEFAULT = re.compile(r"\bdefault\s*=\s*(?P<quote>\\*\")(?P<said>[^\"\\\n]+)(?P=quote)")
_SENSITIVE = re.compile(r"\bsensitive\s*=\s*true\b")


def default_places(text: str) -> Iterator[Place]:
    """Where they stand in a text."""
    if "variable" not in text or "default" not in text:
        return
    position = positions(text)
    for variable in _VARIABLE.finditer(text):
        found = _DEFAULT.search(text, *variable.span("body"))
        secret = looks_secret(variable["name"]) or _SENSITIVE.search(variable["body"])
        if found and secret and not is_shown(found["said"]) and not is_public(variable["name"], found["said"]):
            start, end = found.span("said")
            yield Place(*position(start), *position(end), False, found["said"])
