"""What compose makes of each `${NAME}` in its text, as far as that is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.planning.pairs import pairs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.kinds.spec import KindSpec

_VARIABLE = re.compile(r"\$(?:(\w+)|\{(?P<name>\w+)(?:(?P<how>:?[-?])(?P<rest>[^{}$]*))?\})")

_OPEN = re.compile(r"\$|\[\[")
"""What stands in a text that is not filled in."""


def filling(spec: KindSpec, config: Mapping[str, Any], **given: str) -> Callable[[str], str]:
    """A function that fills in a text by what `config` says, and `given`. What is not known, or a secret, stays as it
    is written."""
    text = config.get(spec.fills, "") if spec.fills else ""
    values = pairs_of(text).values if isinstance(text, str) else getattr(text, "pairs", None)
    # further files of variables may say more
    whole = values is not None and not config.get("additional_env_files")
    known: Mapping[str, Any] = {**given, **(values or {})}

    def value_of(found: re.Match[str]) -> str:
        name, how = found[1] or found["name"], found["how"] or ""
        value = known.get(name)
        if isinstance(value, str) and (value or how != ":-"):
            return value
        empty = value == "" or (whole and name not in known)
        return found["rest"] if empty and "-" in how else found[0]

    return lambda text: _VARIABLE.sub(value_of, text) if "$" in text else text


def as_read(spec: KindSpec, before: Mapping[str, Any], after: Mapping[str, Any]) -> Mapping[str, Any]:
    """`after`, as it is read: Core leaves the file of an environment that is taken away, and hands it on."""
    if not spec.fills or after.get(spec.fills):
        return after
    return {**after, spec.fills: before.get(spec.fills, "")}


def is_open(text: str) -> bool:
    """Whether something in it is not known."""
    return bool(_OPEN.search(text))
