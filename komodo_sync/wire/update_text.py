"""What an Update says of its failed stages, as far as it may be shown: without markup and without secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.pairs import read_pairs
from komodo_sync.kinds.rewriting import Rewriting
from komodo_sync.kinds.shapes import PairsShape
from komodo_sync.model.outcome import FailedStage
from komodo_sync.model.sealed import Sealed, reveal_sealed
from komodo_sync.model.secrecy import is_reference
from komodo_sync.wire.core_text import without_marked_secrets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field

LINES, WIDTH = 15, 300
"""How much of a stage is shown: its last lines, where docker says what was wrong, and how much of each."""
_TAGS = re.compile(r"</?(?:span|b|i|em|strong|code|pre|p|div|br|a)\b[^<>]*>", re.IGNORECASE)
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\-_])")
_SECRETS = Rewriting(lambda field: field.secret or isinstance(field.shape, PairsShape))


def failed_stages(update: Mapping[str, Any], hide: Callable[[str], str]) -> tuple[FailedStage, ...]:
    """The failed stages of a complete Update with the end of what they said; `hide` takes out of it what is known to be
    secret."""
    return tuple(
        FailedStage(str(log.get("stage", "")), _end(without_marked_secrets(hide(_said(log)))))
        for log in update.get("logs") or ()
        if not log.get("success", True)
    )


def plain_text(text: str) -> str:
    """`text` without markup, colours and carriage returns."""
    return _TAGS.sub("", _ESCAPES.sub("", text)).replace("\r\n", "\n").replace("\r", "\n")


def sealed_texts(value: Any) -> Iterator[str]:
    """Every secret text inside a value that is declared or observed, in clear. Of `KEY=value` lines whose public part
    is known, only the secret values."""
    if isinstance(value, Sealed):
        if value.pairs is not None:
            yield from sealed_texts(dict(value.pairs))
        else:
            yield from _texts(reveal_sealed(value))
    elif isinstance(value, dict):
        for item in value.values():
            yield from sealed_texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from sealed_texts(item)


def live_secrets(spec: KindSpec, raw: Mapping[str, Any]) -> frozenset[str]:
    """Every text in a full resource, as the Core answers it, that is secret or the value of a `KEY=value` line."""
    found: set[str] = set()

    def collect(field: Field, value: Any) -> Any:
        if isinstance(value, str):
            found.update(_values(value) if isinstance(field.shape, PairsShape) else (value,))
        return value

    given = raw if spec.flat else raw.get("config") or {}
    _SECRETS.rewrite(spec.config, dict(given), collect)
    return frozenset(text for text in found if text)


def _values(text: str) -> Iterator[str]:
    for pair in read_pairs(text)[0]:
        value = pair.value.strip("\"'")
        if value and not is_reference(value):
            yield value


def _texts(value: Any) -> Iterator[str]:
    """The texts of a revealed value: a text of several lines also line by line, as an error may quote one."""
    if isinstance(value, str):
        yield value
        if (bare := value.strip("\"'")) != value:
            yield bare  # quotes that the Core keeps are gone where the value is used
        lines = [line.strip() for line in value.splitlines() if line.strip()]
        if len(lines) > 1:
            yield from lines
            yield from _values(value)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)


def _said(log: Mapping[str, Any]) -> str:
    error, output = (plain_text(str(log.get(name) or "")).strip("\n") for name in ("stderr", "stdout"))
    return error or output


def _end(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    short = [line if len(line) <= WIDTH else f"{line[:WIDTH]}..." for line in lines[-LINES:]]
    left = len(lines) - len(short)
    return "\n".join([f"({left} lines before)", *short] if left else short)
