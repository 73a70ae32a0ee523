"""Fields that mean nothing where they stand, and versions that somebody else counts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.manifest.rules.place import finding
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.struct import Field
    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.diagnostic import Diagnostic


@cache
def _fields(kind: str) -> dict[str, Field]:
    found = KINDS[kind].fields().items()
    return {name: item for name, item in found if item.shadowed_by or item.only_with or item.counted_while}


def check_idle_fields(declared: Mapping[Address, Declared]) -> Iterator[Diagnostic]:
    """Every declared value that has no effect, or not for long."""
    for address, item in declared.items():
        fields = _fields(address.kind)
        config = item.resource.config
        for name in config.keys() & fields.keys():
            field = fields[name]
            if config[name] != field.default:
                yield from _idle(item, field)


def _idle(item: Declared, field: Field) -> Iterator[Diagnostic]:
    name, pointer = field.name, f"config/{field.name}"
    if field.shadowed_by and item.resource.config.get(field.shadowed_by):
        other = field.shadowed_by
        message, way_out = f"{name} means nothing beside {other}, which wins", f"take {name} or {other} out"
        yield finding(item, pointer, Code.FIELD_SHADOWED, message, way_out)
    if field.only_with and not any(_given(item, switch) for switch in field.only_with):
        way_out = f"{_way_to(item, field.only_with[0])}, or take {name} out"
        message = f"{name} means nothing while {' and '.join(field.only_with)}"
        message += " are off" if field.only_with[1:] else " is off"
        yield finding(item, pointer, Code.FIELD_IDLE, message, way_out)
    if field.counted_while and _given(item, field.counted_while):
        message = f"the Core counts {name} up by itself: what stands here counts for the creation alone"
        way_out = f"take {name} out, or write {field.counted_while}: false"
        yield finding(item, pointer, Code.VERSION_COUNTED, message, way_out)


def _way_to(item: Declared, switch: str) -> str:
    flag = isinstance(KINDS[item.resource.address.kind].fields()[switch].default, bool)
    return f"write {switch}: true" if flag else f"give {switch}"


def _given(item: Declared, switch: str) -> bool:
    default = KINDS[item.resource.address.kind].fields()[switch].default
    return bool(item.resource.config.get(switch, default))
