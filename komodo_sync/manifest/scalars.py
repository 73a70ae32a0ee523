"""What a scalar is worth once its field has given it a type. A scalar is what its author wrote: nothing is rounded,
re-based or turned into something else. Each function answers None when the scalar cannot be that."""

from __future__ import annotations

import re
from math import isfinite
from typing import TYPE_CHECKING, Any

from komodo_sync.model.hosts import opening, told_address
from komodo_sync.model.sealed import HIDDEN, Sealed, Unknown
from komodo_sync.source.nodes import Form, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from komodo_sync.kinds.struct import Field
    from komodo_sync.source.nodes import Node


class _Nothing:
    """What is left of a value that was reported as an error."""


NOTHING = _Nothing()
_FLAGS = {
    spelling: value
    for word, value in (("true", True), ("yes", True), ("on", True), ("false", False), ("no", False), ("off", False))
    for spelling in (word, word.capitalize(), word.upper())
}
_UNTYPED = Form.UNTYPED
_TEXTS = (_UNTYPED, Form.TEXT)
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_JSON_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_VERSION = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9}){0,2}")
_MANY_DIGITS = 400
_KEY = re.compile(r"\s*(?:-\s+)*\w+\s*[:=]\s*")


def text_of(scalar: Scalar) -> str | None:
    """The text. TOML's other types are none: Core refuses them where it wants a text."""
    return scalar.text if scalar.form in _TEXTS else None


def alone(node: Node) -> bool:
    """Whether nothing but a key stands on its line with it."""
    if type(node) is not Scalar or not 0 < node.line <= len(node.source.lines):
        return False
    line, end = node.source.lines[node.line - 1], node.column - 1 + node.span().length
    return bool(_KEY.fullmatch(line[: node.column - 1])) and not line[end:].strip()


def flag_of(scalar: Scalar) -> bool | None:
    """true, yes, on, false, no, off in any usual case, without quotes."""
    if scalar.form is _UNTYPED:
        return _FLAGS.get(scalar.text)
    return scalar.text == "true" if scalar.form == Form.FLAG else None


def int_of(scalar: Scalar) -> int | None:
    """A decimal whole number without quotes, leading zeros or underscores; in TOML what TOML takes."""
    if len(scalar.text) > _MANY_DIGITS:
        return None
    if scalar.form == Form.UNTYPED:
        return int(scalar.text) if _INTEGER.fullmatch(scalar.text) else None
    return int(scalar.text, 0) if scalar.form == Form.INTEGER else None


def float_of(scalar: Scalar) -> float | None:
    """A decimal number without quotes; no infinity."""
    if len(scalar.text) > _MANY_DIGITS:
        return None
    if scalar.form == Form.UNTYPED:
        number = float(scalar.text) if _NUMBER.fullmatch(scalar.text) else None
    elif scalar.form == Form.INTEGER:
        number = float(int(scalar.text, 0))
    elif scalar.form == Form.FLOAT:
        number = float(scalar.text.replace("_", ""))
    else:
        return None
    return number if number is not None and isfinite(number) else None


def version_of(node: Node) -> str | dict[str, int] | None:
    """`1.2.3`, `1.2` or `1`, or a mapping of all three parts."""
    if isinstance(node, Mapping):
        numbers = {key.text: int_of(value) for key, value in node.items if isinstance(value, Scalar)}
        parts = {name: number for name, number in numbers.items() if number is not None}
        return parts if set(parts) == {"major", "minor", "patch"} and len(node.items) == len(parts) else None
    if isinstance(node, Scalar) and not node.tag and node.form <= Form.TEXT and _VERSION.fullmatch(node.text):
        return node.text
    return None


def json_of(node: Node) -> Any:
    """JSON of anything, with YAML 1.2's reading of plain scalars; a number that JSON could not give back as it was
    written (0123, 1_000, too long) stays a text; a secret is Sealed, a missing value Unknown."""
    if isinstance(node, Mapping):
        return {key.text: json_of(value) for key, value in node.items}
    if isinstance(node, Sequence):
        return [json_of(item) for item in node.items]
    assert isinstance(node, Scalar)
    if node.missing:
        return Unknown(around=node.around)
    value = _json_scalar(node)
    return Sealed(value, around=node.around) if node.secret else value


def _json_scalar(node: Scalar) -> Any:
    if node.is_null:
        return None
    if node.form == Form.UNTYPED and node.text in _JSON_FLAGS:
        return _JSON_FLAGS[node.text]
    if node.form == Form.FLAG:
        return node.text == "true"
    whole = int_of(node)
    if whole is not None:
        return whole
    number = float_of(node)
    return node.text if number is None else number


def bare(node: Scalar) -> Scalar:
    """The scalar as if it stood without quotes."""
    return Scalar(node.source, node.line, node.column, node.text, _UNTYPED)


def shut(item: Field, node: Node, value: Any) -> Sealed:
    """A secret value, and of an address what is told of it: nothing where all of it comes from elsewhere."""
    around = () if item.secret else node.around
    if not item.address or not isinstance(node, Scalar) or node.tag:
        return Sealed(value, around=around)
    if not node.secret:
        return Sealed(value, told=told_address(value))
    begin = opening(node.around[0]) if node.around and told_address(value) != HIDDEN else ""
    return Sealed(value, told=begin + HIDDEN if begin else None)
