"""What a stage of a procedure can run: one variant for each execution of the operation catalogue."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    IntShape,
    JsonShape,
    Shape,
    Tagged,
    TextListShape,
    TextShape,
)
from komodo_sync.kinds.struct import Field, Struct
from komodo_sync.operations import executions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.operations import Param

_SHAPES: Mapping[str, Shape] = {
    "str": TextShape(),
    "bool": FlagShape(),
    "int": IntShape(minimum=-(2**63), maximum=2**64 - 1),
    "i64": IntShape(minimum=-(2**63), maximum=2**63 - 1),
    "list[str]": TextListShape(from_text=False),
}


@cache
def _variants() -> Mapping[str, type[Struct]]:
    return {
        name: Struct.of(name, {item.name: _field(item) for item in operation.params.values()}, operation.name)
        for name, operation in executions().items()
    }


def _field(param: Param) -> Field:
    shape = _shape(param)
    return Field(
        name=param.name,
        shape=shape,
        default=param.default,
        ref=param.refers_to,
        required=param.required,
        nullable=param.nullable,
    )


def _shape(param: Param) -> Shape:
    if param.enum:
        return EnumShape(tuple(param.enum))
    words = [word for word in param.type.split(" | ") if word != "null"]
    return _SHAPES.get(words[0], JsonShape()) if len(words) == 1 else JsonShape()


EXECUTION = Tagged(resolve=_variants)
"""`{type: DeployStack, params: {stack: web}}`; every parameter of the operation, with its default."""
