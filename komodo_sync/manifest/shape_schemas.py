"""The JSON Schema of each shape of field, as people may write it in YAML."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, assert_never

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    FloatShape,
    GrantsShape,
    IntShape,
    JsonShape,
    ListShape,
    PairsShape,
    StructShape,
    Tagged,
    TargetGrantsShape,
    TargetsShape,
    TextListShape,
    TextShape,
    VersionShape,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from komodo_sync.kinds.shapes import Shape
    from komodo_sync.kinds.struct import Field, Struct

SCALAR = ("string", "number", "boolean")
"""What a text may look like to a reader that gives plain scalars a type."""
INTERPOLATED = r"\$\{(env|file|var|each):"
_TEXT = {"$ref": "#/$defs/text"}
_FLAG = {"$ref": "#/$defs/flag"}
_LATER = {"type": "string", "pattern": INTERPOLATED}
_FLAG_WORDS = "|".join(form for word in ("yes", "no", "on", "off") for form in (word, word.capitalize(), word.upper()))
_VERSION = r"^[0-9]{1,9}(\.[0-9]{1,9}){0,2}$"


class Definitions:
    """`table` grows by one definition for each Struct and each set of variants that is met; the rest is written where
    it stands.

    What is laid together of several layers (`komodo_sync.manifest.merging`) may lack anything in each of them, and
    with `nulls`, in an overlay, be null; an item of a list is whole.
    """

    def __init__(self, *, nulls: bool = False) -> None:
        self._nulls = nulls
        self.table: dict[str, Any] = {
            "text": {"type": list(SCALAR)},
            "flag": _any({"type": "boolean"}, {"type": "string", "pattern": f"^({_FLAG_WORDS})$|{INTERPOLATED}"}),
        }
        self._structs: dict[str, tuple[type[Struct], bool]] = {}

    def properties(self, struct: type[Struct], *, whole: bool = False) -> dict[str, Any]:
        """The schema of each field, under every spelling of its name."""
        result: dict[str, Any] = {}
        for item in struct.fields().values():
            schema = {**_hover(item), **self.shape(item, whole=whole)}
            result |= dict.fromkeys(item.spellings, schema)
        return result

    def shape(self, item: Field, *, whole: bool = False) -> dict[str, Any]:
        """The schema of a field's value, without what an editor shows of it."""
        schema = self.of_shape(item.shape, item.name, whole=whole)
        return self.removable(schema, whole=whole and not item.nullable, nullable=item.nullable)

    def removable(self, schema: dict[str, Any], *, whole: bool = False, nullable: bool = False) -> dict[str, Any]:
        """A schema that takes null too, where null removes a key or is a value."""
        return _any({"type": "null"}, schema) if nullable or (self._nulls and not whole) else schema

    def of_shape(self, shape: Shape, name: str = "", *, whole: bool = False) -> dict[str, Any]:
        """The schema of a shape; `name` names the definition of a set of variants; `whole`: it stands in a list."""
        match shape:
            case TextShape():
                return dict(_TEXT)
            case PairsShape():
                return _pairs(shape, self.removable(_TEXT, whole=whole))
            case FlagShape():
                return dict(_FLAG)
            case IntShape():
                return _any({"type": "integer", "minimum": shape.minimum, "maximum": shape.maximum}, _LATER)
            case FloatShape():
                return _any({"type": "number"}, _LATER)
            case EnumShape():
                return _words([*shape.values, *shape.aliases])
            case TextListShape():
                items = _words(shape.values) if shape.values else dict(_TEXT)
                array = {"type": "array", "items": items}
                return _any(array, _TEXT) if shape.from_text else array
            case VersionShape():
                parts = {word: {"type": "integer", "minimum": 0} for word in ("major", "minor", "patch")}
                text = {"type": ["string", "number"], "pattern": f"{_VERSION}|{INTERPOLATED}"}
                return _any(text, _object(parts, parts))
            case StructShape():
                return self._struct(shape.struct, whole=whole)
            case ListShape():
                return self._list(shape)
            case Tagged():
                return self._tagged(shape, name, whole=whole)
            case TargetsShape():
                return {"type": "array", "items": _target()}
            case GrantsShape():
                grant = self.removable(self._grant(shape.struct, whole=whole), whole=whole)
                words = [word for spec in KINDS.values() if spec.owned for word in (spec.core, spec.name)]
                return _object(dict.fromkeys(words, grant), ())
            case TargetGrantsShape():
                item = {"target": _target(), **self.properties(shape.struct, whole=True)}
                return {"type": "array", "items": _object(item, ("target", "level"))}
            case JsonShape(mapping=mapping, texts=texts):
                inner = {"additionalProperties": _TEXT} if texts else {}
                return {"type": "object", **inner} if mapping else {}
            case _:  # pragma: no cover
                assert_never(shape)

    def _struct(self, struct: type[Struct], *, whole: bool) -> dict[str, Any]:
        name = struct.__name__
        if self._structs.setdefault(name, (struct, whole)) != (struct, whole):
            raise TypeError(f"{name} is declared twice, or stands in a list and outside of one")
        if name not in self.table:
            self.table[name] = {}  # its place, should it be met inside itself
            fields = self.properties(struct, whole=whole)
            self.table[name] = _object(fields, (), struct.__doc__ or "") | _presence(struct, whole=whole)
        return {"$ref": f"#/$defs/{name}"}

    def _grant(self, struct: type[Struct], *, whole: bool) -> dict[str, Any]:
        """A permission, or its level alone."""
        return _any(self.shape(struct.fields()["level"], whole=True), self._struct(struct, whole=whole))

    def _list(self, shape: ListShape) -> dict[str, Any]:
        item = self._struct(shape.struct, whole=True)
        array = {"type": "array", "items": _any(item, _TEXT) if shape.short else item}
        return _any(array, item) if shape.single else array

    def _tagged(self, shape: Tagged, name: str, *, whole: bool) -> dict[str, Any]:
        key = f"{name}_variants"
        if key not in self.table:
            variants = shape.all_variants()
            params = self.removable({"type": "object"}, whole=whole)
            about = {"description": "Which it is: that decides what params it takes."}
            schema: dict[str, Any] = {
                "type": "object",
                "properties": {
                    "type": {**about, "enum": list(variants)},
                    "params": {"description": "What its type takes.", **params},
                },
                "additionalProperties": False,
            }
            inner = {word: self._struct(struct, whole=whole) for word, struct in variants.items()}
            self.table[key] = {
                **schema,
                **({"required": ["type"]} if whole else {}),
                "allOf": [
                    _variant(word, struct, self.removable(inner[word], whole=whole), whole=whole)
                    for word, struct in variants.items()
                ],
            }
        return {"$ref": f"#/$defs/{key}"}


def _variant(word: str, struct: type[Struct], params: dict[str, Any], *, whole: bool) -> dict[str, Any]:
    then: dict[str, Any] = {"properties": {"params": params}}
    if whole and any(item.required for item in struct.fields().values()):
        then["required"] = ["params"]
    return {"if": {"properties": {"type": {"const": word}}, "required": ["type"]}, "then": then}


def _presence(struct: type[Struct], *, whole: bool) -> dict[str, Any]:
    """Which fields must be there where nothing is laid under them, and that none is given under two of its names."""
    rules: list[dict[str, Any]] = []
    required = []
    for item in struct.fields().values():
        if whole and item.required and item.aliases:
            rules.append({"anyOf": [{"required": [word]} for word in item.spellings]})
        elif whole and item.required:
            required.append(item.name)
        rules += [{"not": {"required": list(pair)}} for pair in combinations(item.spellings, 2)]
    return ({"required": required} if required else {}) | ({"allOf": rules} if rules else {})


def _hover(item: Field) -> dict[str, Any]:
    """What an editor shows of a field."""
    doc = item.doc + (f" Since Core {item.since}." if item.since else "")
    hover: dict[str, Any] = {"description": doc} if doc else {}
    return hover if item.required or item.default is None else {**hover, "default": item.default}


def _pairs(shape: PairsShape, value: dict[str, Any]) -> dict[str, Any]:
    item = {shape.key: _TEXT, shape.value: _TEXT}
    # an editor that shows all of them at once takes their titles, and nothing where they have none
    return _any(
        {"title": "As a text", **_TEXT},
        {"title": "As a mapping", "type": "object", "additionalProperties": value},
        {"title": "As a list", "type": "array", "items": _object(item, item)},
    )


def _words(words: Iterable[str]) -> dict[str, Any]:
    """One of `words`; a number where a word looks like one without quotes."""
    values: list[Any] = list(words)
    return _any({"enum": values + [int(word) for word in values if word.isdecimal()]}, _LATER)


def _target() -> dict[str, Any]:
    owned = [spec for spec in KINDS.values() if spec.owned]
    pattern = f"^({'|'.join(spec.name for spec in owned)})/.|{INTERPOLATED}"
    item = {"type": {"enum": [spec.core for spec in owned]}, "id": _TEXT}
    return _any({"type": "string", "pattern": pattern}, _object(item, item))


def _object(properties: dict[str, Any], required: Iterable[str], doc: str = "") -> dict[str, Any]:
    result: dict[str, Any] = {"description": doc} if doc else {}
    result |= {"type": "object", "properties": properties, "additionalProperties": False}
    return {**result, "required": list(required)} if required else result


def _any(*schemas: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [dict(schema) for schema in schemas]}
