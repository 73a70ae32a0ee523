"""The normal form of a value: what Core stores when it is sent, references left as they are written.

`normalise` takes both what a manifest's binder made and what Core answers, and gives the same value for both, so that
two values are equal exactly when sending one over the other would change nothing. Source: the recorded (sent,
answered) pairs, which a test plays against these functions alone.
"""

from __future__ import annotations

import re
import struct as binary
from functools import cache
from typing import TYPE_CHECKING, Any, assert_never

from komodo_sync.kinds.grants import NOTHING, grant, target_grant
from komodo_sync.kinds.names import WHITE_SPACE, normal_name
from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    FloatShape,
    GrantsShape,
    IntShape,
    JsonShape,
    ListShape,
    PairsShape,
    Shape,
    StructShape,
    Tagged,
    TargetGrantsShape,
    TargetsShape,
    TextListShape,
    TextShape,
    Value,
    VersionShape,
)
from komodo_sync.kinds.spec import NameRule
from komodo_sync.model.sealed import Sealed, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.kinds.struct import Field, Struct

_NUMBER = re.compile(r"[+-]?[0-9]+")


def normalise(field: Field, value: Any) -> Value:
    """`value` of `field` in normal form. A value that the field cannot have is given back as it is."""
    if type(value) is Sealed or type(value) is Unknown:
        return value  # it was in normal form before
    if value is None:
        return None if field.nullable else field.default
    return _normal(field.shape, value)


def normal_struct(struct: type[Struct], value: Mapping[str, Any]) -> dict[str, Value]:
    """Every field of `struct` in normal form: what is missing gets its default, unknown keys are dropped."""
    spellings = struct.spellings()
    given = {spellings[key].name: item for key, item in value.items() if key in spellings}
    return {
        name: normalise(field, given[name]) if name in given else field.default
        for name, field in struct.fields().items()
    }


def sparse(struct: type[Struct], value: Mapping[str, Any]) -> dict[str, Value]:
    """The fields of a config, normal, that differ from their default: the form in which configs are compared."""
    spellings, default = struct.spellings(), _defaults(struct)  # type: ignore[arg-type] # a class is hashable
    result: dict[str, Value] = {}
    # most fields are at their default, and one of these lines is all that they cost
    try:
        said = {key: item for key, item in value.items() if item != default[key]}
    except KeyError:  # a field that we do not know
        said = {key: item for key, item in value.items() if item != default.get(key)}
    for key, item in said.items():
        field = spellings.get(key)
        if field is not None:
            normal = item if field.plain and type(item) is str else normalise(field, item)
            if normal != field.default:
                result[field.name] = normal
    return result


@cache
def _defaults(struct: type[Struct]) -> dict[str, Value]:
    """The default of every field, by every spelling of its name."""
    return {word: field.default for word, field in struct.spellings().items()}


def normal_tagged(shape: Tagged, value: Mapping[str, Any]) -> dict[str, Value]:
    """`{type, params}` with every parameter of the variant; a variant that we do not know is given back as it is."""
    variant = shape.all_variants().get(str(value.get("type", "")))
    if variant is None:
        return dict(value)
    return {"type": value["type"], "params": normal_struct(variant, value.get("params") or {})}


def trimmed_text(text: str) -> str:
    """Core's form of a file's contents: no white space at the end but one newline; nothing for white space alone."""
    kept = text.rstrip(WHITE_SPACE)
    return kept + "\n" if kept else ""


def split_list(text: str) -> list[str]:
    """Core's reading of a list given as one text: split at newlines and commas, trimmed, comments dropped."""
    items: list[str] = []
    for line in text.split("\n"):
        kept = line.strip(WHITE_SPACE)
        if not kept or kept.startswith("#"):
            continue
        kept = kept.split(" #", 1)[0]
        items += [part for part in (piece.strip(WHITE_SPACE) for piece in kept.split(",")) if part]
    return items


def version_text(value: Any) -> str:
    """`{major, minor, patch}` or `1.2` as `1.2.0`; anything else as it is."""
    if isinstance(value, dict):
        return f"{value.get('major', 0)}.{value.get('minor', 0)}.{value.get('patch', 0)}"
    parts = str(value).split(".")
    if all(_NUMBER.fullmatch(part) for part in parts[:3]):
        return ".".join(str(int(part)) for part in [*parts[:3], "0", "0"][:3])
    return str(value)


def pairs_text(shape: PairsShape, value: list[Mapping[str, str]]) -> str:
    """A list of `{variable, value}` objects as the lines that Core makes of it."""
    lines = [f"  {item.get(shape.key, '')}{shape.separator}{item.get(shape.value, '')}" for item in value]
    return "\n".join(lines) + "\n" if lines else ""


def _normal(shape: Shape, value: Any) -> Value:
    match shape:
        case TextShape():
            return _text(shape, value)
        case PairsShape():
            if isinstance(value, list):
                return pairs_text(shape, value)
            return value + "\n" if isinstance(value, str) and value and not value.endswith("\n") else value
        case FlagShape() | IntShape() | JsonShape():
            return value
        case FloatShape():
            return _float(shape, value)
        case EnumShape():
            return shape.aliases.get(value, value) if isinstance(value, str) else value
        case TextListShape():
            return _list(shape, value)
        case VersionShape():
            return version_text(value)
        case StructShape():
            return normal_struct(shape.struct, value)
        case ListShape():
            return _objects(shape, value)
        case Tagged():
            return normal_tagged(shape, value)
        case TargetsShape():
            return [{"type": item["type"], "id": item["id"]} for item in value]
        case GrantsShape():
            return {core: found for core, each in value.items() if (found := grant(each)) != NOTHING}
        case TargetGrantsShape():
            return [target_grant(each) for each in value]
        case _:  # pragma: no cover
            assert_never(shape)


def _text(shape: TextShape, value: Any) -> Value:
    if not isinstance(value, str):
        return value
    if shape.container_name and value.strip(WHITE_SPACE):
        return normal_name(NameRule.CONTAINER, value)
    return trimmed_text(value) if shape.trimmed else value


def _float(shape: FloatShape, value: Any) -> Value:
    """A number as Core answers it: the shortest decimal that gives the same single (or double) precision."""
    number = float(value)
    if shape.bits == 64:
        return number
    single: float = binary.unpack("f", binary.pack("f", number))[0]
    for digits in range(1, 10):
        shown = float(f"{single:.{digits}g}")
        if binary.pack("f", shown) == binary.pack("f", single):
            return shown
    return single


def _list(shape: TextListShape, value: Any) -> Value:
    items = split_list(value) if isinstance(value, str) else list(value)
    if shape.is_set:
        return sorted(set(items))
    # only spaces make an entry blank: other white space was recorded as kept
    return [item for item in items if not isinstance(item, str) or item.strip(" ")] if shape.drops_blank else items


def _objects(shape: ListShape, value: Any) -> Value:
    items = [value] if shape.single and isinstance(value, dict) else list(value)
    return [
        normal_struct(shape.struct, {shape.short: item} if shape.short and isinstance(item, str) else item)
        for item in items
    ]
