"""Values in normal form -> what a manifest says: defaults left out, short forms, references by name, no secret.

A tree is made of str, bool, int, float, None, list and dict (in the order in which it is to be written), and Attached
where a text belongs into a file of its own.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, assert_never

from komodo_sync.export.pairs import NOTHING, Lines, Told, pairs_tree
from komodo_sync.export.placeholders import literal
from komodo_sync.export.stand_ins import is_stand_in
from komodo_sync.kinds import BY_CORE, KINDS
from komodo_sync.kinds.patterns import exactly
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
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data
from komodo_sync.model.sealed import Sealed
from komodo_sync.model.secrecy import holds_secret, is_reference, looks_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from komodo_sync.export.placeholders import Placeholders
    from komodo_sync.kinds.struct import Field, Struct

    Tree = Any

_DEEPEST = 32
"""Levels of JSON that are written; a manifest is not read much deeper."""


class Attached(Data, frozen=True):
    """A text for a file beside the manifest, which people call `name`."""

    name: str
    text: str


class Sparse(dict[str, Any]):
    """The fields of a `struct` that are written; the others have their defaults."""

    def __init__(self, struct: type[Struct], fields: Mapping[str, Tree]) -> None:
        super().__init__(fields)
        self.struct = struct


def alike(tree: dict[str, Tree], pairs: dict[str, Tree]) -> dict[str, Tree]:
    """A mapping of the sort that `tree` is, with these `pairs`."""
    if isinstance(tree, Sparse):
        return Sparse(tree.struct, pairs)
    return Lines(pairs) if isinstance(tree, Lines) else pairs


OTHER = object()
"""Stands for another value than the Core has, where it does not matter which."""


class UnwritableError(Exception):
    """A manifest cannot say this; the message is why."""


class Trees(Data, frozen=True):
    """Makes the trees of one resource. `known`: every live address; `kinds`: of which kinds it tells all; `told`: what
    a manifest says already of the lines that are made a tree."""

    address: Address
    known: Collection[Address]
    kinds: Collection[str]
    placeholders: Placeholders
    told: Told = NOTHING

    def struct(self, struct: type[Struct], value: Mapping[str, Any], path: tuple[str, ...]) -> Sparse:
        """What differs from the defaults, and what has none, in declared order. Raises UnwritableError."""
        fields = {
            spelling(item): self._member(item, value[name], (*path, name))
            for name, item in struct.fields().items()
            if name in value and (item.required or value[name] != item.default)
        }
        return Sparse(struct, fields)

    def _member(self, item: Field, value: Any, path: tuple[str, ...]) -> Tree:
        if item.name in self.told.secret and isinstance(value, str) and value and not item.ref:
            return self.placeholders.placeholder(self.address, path)
        return self.value(item, value, path)

    def value(self, item: Field, value: Any, path: tuple[str, ...]) -> Tree:
        """One field's value. Raises UnwritableError."""
        if value is OTHER or is_stand_in(value):
            return value
        if isinstance(value, Sealed) or (item.secret and value):
            return self.placeholders.placeholder(self.address, path)
        if value is None:
            return None
        shape = item.shape
        match shape:
            case TextShape():
                return self._text(item, shape, value, path)
            case PairsShape():
                return self._pairs(shape, value, path)
            case FlagShape() | IntShape() | VersionShape():
                return value
            case FloatShape():
                return int(value) if float(value).is_integer() and abs(value) < 10**15 else value
            case EnumShape():
                return self._word(item, value, shape.values)
            case TextListShape():
                return [self._item(item, shape, each, (*path, str(place))) for place, each in enumerate(value, 1)]
            case StructShape():
                return self.struct(shape.struct, value, path)
            case ListShape():
                return [self._object(shape, each, (*path, str(place))) for place, each in enumerate(value, 1)]
            case Tagged():
                return self.tagged(shape, value, path)
            case TargetsShape():
                return [self._target(each) for each in value]
            case GrantsShape():
                return {core: _short(self.struct(shape.struct, each, path)) for core, each in value.items()}
            case TargetGrantsShape():
                return [self._target_grant(shape, each, path) for each in value]
            case JsonShape():
                return self._json(value, path, _DEEPEST)
            case _:  # pragma: no cover
                assert_never(shape)

    def tagged(self, shape: Tagged, value: Mapping[str, Any], path: tuple[str, ...]) -> dict[str, Tree]:
        """`{type, params}`, params left out where all of them have their defaults. Raises UnwritableError."""
        variant = shape.all_variants().get(value["type"])
        if variant is None:
            raise UnwritableError(f"the type {value['type']} is not known here")
        params = self.struct(variant, value.get("params") or {}, path)
        return {"type": value["type"], "params": params} if params else {"type": value["type"]}

    def _pairs(self, shape: PairsShape, value: str, path: tuple[str, ...]) -> Tree:
        return pairs_tree(shape, value, self.naming(path), self.told)

    def naming(self, path: tuple[str, ...]) -> Callable[[str], str]:
        """What gives the secrets of a text of lines their names, one after another."""
        seen: Counter[str] = Counter()

        def placeholder(key: str) -> str:
            seen[key] += 1
            again = (str(seen[key]),) if seen[key] > 1 else ()
            return self.placeholders.placeholder(self.address, (*path, key, *again), key)

        return placeholder

    def _text(self, item: Field, shape: TextShape, value: str, path: tuple[str, ...]) -> Tree:
        if item.ref:
            return self._reference(item.ref, value) if value else value
        if not shape.multiline and holds_secret(value):
            return self.placeholders.placeholder(self.address, path)
        if item.beside and "\n" in value.rstrip("\n") and fits_file(value):
            return Attached(item.beside, value)
        # the Core puts a newline at the end of such a text by itself
        one = shape.trimmed and value.find("\n") == len(value) - 1
        return literal(value.rstrip("\n") if one else value)

    def _reference(self, kind: str, name: str) -> str:
        if kind in self.kinds and Address(kind, name) not in self.known:
            raise UnwritableError(f"it names a {kind} that is gone, or that this key does not see")
        return literal(name)

    def _word(self, item: Field, value: str, words: tuple[str, ...]) -> str:
        if value not in words:
            raise UnwritableError(f"{item.name} is {value}, which is not known here")
        return value

    def _item(self, item: Field, shape: TextListShape, value: str, path: tuple[str, ...]) -> str:
        if is_stand_in(value):
            return value
        if shape.values:
            return self._word(item, value, shape.values)
        if not item.ref and holds_secret(value):
            return self.placeholders.placeholder(self.address, path)
        return self._reference(item.ref, value) if item.ref and value else literal(value)

    def _object(self, shape: ListShape, value: Mapping[str, Any], path: tuple[str, ...]) -> Tree:
        tree = self.struct(shape.struct, value, path)
        return tree[shape.short] if shape.short and tree.keys() == {shape.short} else tree

    def _target(self, value: Mapping[str, str]) -> str:
        spec = BY_CORE.get(value["type"])
        if spec is None or not spec.owned:
            raise UnwritableError(f"it names a {value['type']}, which is no kind of resource here")
        return f"{spec.name}/{self._reference(spec.name, value['id'])}"

    def _target_grant(self, shape: TargetGrantsShape, value: Mapping[str, Any], path: tuple[str, ...]) -> Tree:
        spec = BY_CORE.get(value["target"]["type"])
        if spec is None or not spec.owned:
            raise UnwritableError(f"it names a {value['target']['type']}, which is no kind of resource here")
        name = self._reference(spec.name, value["target"]["id"])
        return {"target": f"{spec.name}/{exactly(name)}", **self.struct(shape.struct, value, path)}

    def _json(self, value: Any, path: tuple[str, ...], levels: int) -> Tree:
        if levels == 0:
            raise UnwritableError("it is nested too deep")
        if isinstance(value, dict):
            return {key: self._json_member(key, each, path, levels - 1) for key, each in value.items()}
        if isinstance(value, list):
            return [self._json(each, (*path, str(place)), levels - 1) for place, each in enumerate(value, 1)]
        return literal(value) if isinstance(value, str) else value

    def _json_member(self, key: str, value: Any, path: tuple[str, ...], levels: int) -> Tree:
        hides = isinstance(value, str) and (looks_secret(key) or key in self.told.secret or holds_secret(value))
        if hides and value and not is_reference(value):
            return self.placeholders.placeholder(self.address, (*path, key))
        return self._json(value, (*path, key), levels)


def spelling(item: Field) -> str:
    """The key that people write: of a reference, the word for what it names."""
    if not item.ref:
        return item.name
    spec = KINDS.get(item.ref)
    words = (spec.name, spec.plural) if spec else ()
    return next((word for word in item.aliases if word in words[isinstance(item.default, list) :]), item.name)


def _short(tree: Sparse) -> Tree:
    return tree["level"] if tree.keys() == {"level"} else tree


def default_tree(item: Field) -> Tree:
    """What is written to say that a field has its default; None where nothing can say so."""
    if isinstance(item.shape, StructShape):
        return Sparse(item.shape.struct, {})
    return None if isinstance(item.shape, Tagged) or item.required else item.default


def fits_file(text: str) -> bool:
    """Whether a file gives the text back: no file of ours holds NUL, or begins with a byte order mark."""
    return "\0" not in text and not text.startswith("\ufeff")
