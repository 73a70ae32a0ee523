"""A walk over a config that replaces the values of some fields, wherever they are nested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.shapes import ListShape, StructShape, Tagged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from komodo_sync.kinds.shapes import Shape
    from komodo_sync.kinds.struct import Field, Struct

    Config = type[Struct] | Tagged


class Rewriting:
    """Replaces what `matches` picks. Which fields of a Struct hold anything to replace is found out once."""

    def __init__(self, matches: Callable[[Field], bool]) -> None:
        self._matches = matches
        self._memo: dict[type[Struct], dict[str, tuple[Field, bool]]] = {}

    def rewrite(self, config: Config, value: dict[str, Any], change: Callable[[Field, Any], Any]) -> dict[str, Any]:
        """`value` (a config in normal form, whole or in part) with `change` of every picked field's value in its
        place; `value` itself is kept, and given back when there is nothing to replace."""
        if isinstance(config, Tagged):
            rewritten: dict[str, Any] = self._inside(config, value, change)
            return rewritten
        return self._struct(config, value, change)

    def picked(self, config: Config) -> Iterator[Field]:
        """Every field that is picked, at any depth."""
        for struct in config.all_variants().values() if isinstance(config, Tagged) else (config,):
            for item, picked in self._fields(struct).values():
                if picked:
                    yield item
                elif isinstance(item.shape, StructShape | ListShape):
                    yield from self.picked(item.shape.struct)
                elif isinstance(item.shape, Tagged):
                    yield from self.picked(item.shape)

    def _fields(self, struct: type[Struct]) -> dict[str, tuple[Field, bool]]:
        """The fields that are picked (True) or hold what is."""
        found = self._memo.get(struct)
        if found is None:
            fields = ((item, self._matches(item)) for item in struct.fields().values())
            found = {item.name: (item, picked) for item, picked in fields if picked or self._holds(item.shape)}
            self._memo[struct] = found
        return found

    def _holds(self, shape: Shape) -> bool:
        match shape:
            case StructShape() | ListShape():
                return bool(self._fields(shape.struct))
            case Tagged():
                return any(self._fields(variant) for variant in shape.all_variants().values())
            case _:
                return False

    def _struct(
        self, struct: type[Struct], value: dict[str, Any], change: Callable[[Field, Any], Any]
    ) -> dict[str, Any]:
        fields = self._fields(struct)
        if value.keys().isdisjoint(fields):
            return value
        changed = {
            name: change(item, value[name]) if picked else self._inside(item.shape, value[name], change)
            for name, (item, picked) in fields.items()
            if name in value
        }
        return {**value, **changed}

    def _inside(self, shape: Shape, value: Any, change: Callable[[Field, Any], Any]) -> Any:
        """What is secret or unknown as a whole has no inside, and stays."""
        match shape, value:
            case StructShape(), dict():
                return self._struct(shape.struct, value, change)
            case ListShape(), list() | tuple():
                return [self._inside(StructShape(shape.struct), each, change) for each in value]
            case Tagged(), dict():
                variant = shape.all_variants().get(value.get("type", ""))
                if variant is None:
                    return value
                return {**value, "params": self._struct(variant, value.get("params") or {}, change)}
            case _:
                return value
