"""A config that is sent: its keys and shapes against what is declared of its kind.

A Core ignores a key that it does not know in silence, and refuses the shapes of older clients without saying what to
write instead.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.calling.values import nearest, what
from komodo_sync.errors import UsageError
from komodo_sync.kinds import BY_CORE
from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    FloatShape,
    IntShape,
    ListShape,
    PairsShape,
    StructShape,
    Tagged,
    TextListShape,
    TextShape,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field, Struct

_PARTIAL = re.compile(r"Partial(?P<core>\w+?)(?:Config)?")


def kind_of_config(type_: str) -> KindSpec | None:
    """The kind whose fields a parameter of that type holds."""
    found = _PARTIAL.fullmatch(type_)
    return BY_CORE.get(found["core"]) if found else None


def field_of(spec: KindSpec, key: str) -> Field | None:
    """The field that a key of its config names, by its name or another spelling."""
    return None if isinstance(spec.config, Tagged) else spec.config.spellings().get(key)


def check_config(name: str, spec: KindSpec, value: Mapping[str, Any]) -> None:
    """Raises UsageError for what a Core would ignore or refuse. `name` is for the message."""
    if isinstance(spec.config, Tagged):
        _check_tagged(name, spec.config, value)
    else:
        _check_struct(name, spec.config, value, more=spec.identity if spec.flat else ())


def _check_struct(name: str, struct: type[Struct], value: Any, more: tuple[str, ...] = ()) -> None:
    if not isinstance(value, dict):
        raise _wrong(name, value, "an object")
    known = struct.spellings()
    seen: dict[str, str] = {}
    for key, item in value.items():
        field = known.get(key)
        if field is None:
            if key in more:
                continue
            raise UsageError(f"{name} has no field {key}", hint=nearest(key, {*known, *more}))
        if field.name in seen:
            raise UsageError(
                f"{name} has {seen[field.name]} and {key}, which are one field", hint="leave one of them out"
            )
        seen[field.name] = key
        if item is not None:
            _check_field(f"{name}.{key}", field, item)


def _check_field(name: str, field: Field, value: Any) -> None:
    match field.shape:
        case Tagged():
            _check_tagged(name, field.shape, value)
        case StructShape():
            _check_struct(name, field.shape.struct, value)
        case ListShape():
            _check_list(name, field.shape, value)
        case FlagShape():
            _expect(name, value, bool, "true or false")
        case IntShape():
            _expect(name, value, int, "a whole number")
        case FloatShape():
            _expect(name, value, (int, float), "a number")
        case EnumShape(values=values, aliases=aliases):
            _expect(name, value, str, "a word")
            if value not in values and value not in aliases:
                raise UsageError(f"{name} has no value {value}", hint=nearest(str(value), values))
        case TextShape():
            _expect(name, value, str, "a text")
        case PairsShape():
            _expect(name, value, (str, list), "a text of KEY=value lines")
        case TextListShape(from_text=from_text):
            _expect(name, value, (str, list) if from_text else list, "a list of texts")
        case _:
            pass


def _check_list(name: str, shape: ListShape, value: Any) -> None:
    if isinstance(value, dict) and shape.single:
        value = [value]
    _expect(name, value, list, "a list")
    for number, item in enumerate(value):
        if not (shape.short and isinstance(item, str)):
            _check_struct(f"{name}[{number}]", shape.struct, item)


def _check_tagged(name: str, shape: Tagged, value: Any) -> None:
    variants = shape.all_variants()
    if not isinstance(value, dict) or "type" not in value:
        raise UsageError(
            f"{name} has no type: this is the shape of an older client", hint=f"write {_with_type(shape, value)}"
        )
    variant = variants.get(str(value["type"]))
    if variant is None:
        raise UsageError(f"{name} has no type {value['type']}", hint=nearest(str(value["type"]), variants))
    unknown = sorted(set(value) - {"type", "params"})
    if unknown:
        raise UsageError(f"{name} has no field {unknown[0]}", hint="what belongs to its type stands under params")
    _check_struct(f"{name}.params", variant, value.get("params", {}))


def _with_type(shape: Tagged, value: Any) -> str:
    """What to write in place of a value without its type, with what was given as far as it fits a field."""
    word = shape.default or sorted(shape.all_variants())[0]
    first = next(iter(shape.all_variants()[word].spellings()), "")
    given = value if isinstance(value, str) else value.get(first) if isinstance(value, dict) else None
    if isinstance(value, dict) and isinstance(given, str) and isinstance(value.get("tag"), str):
        given = f"{given}:{value['tag']}"
    told = given if isinstance(given, str) and re.fullmatch(r"[\w./:@-]{1,200}", given) else "..."
    return f'{{"type": "{word}", "params": {{"{first}": "{told}"}}}}'


def _expect(name: str, value: Any, types: type | tuple[type, ...], wanted: str) -> None:
    # true is an int to Python, and no number to a Core
    if not isinstance(value, types) or (isinstance(value, bool) and types is not bool):
        raise _wrong(name, value, wanted)


def _wrong(name: str, value: Any, wanted: str) -> UsageError:
    return UsageError(f"{name} is {what(value)}, and not {wanted}", hint=f"give {name} {wanted}")
