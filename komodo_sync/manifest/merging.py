"""One node laid over another: mappings key by key, everything else whole. Every value keeps the place where it was
written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import GrantsShape, ListShape, StructShape, Tagged
from komodo_sync.manifest.findings import nearest, quoted
from komodo_sync.model.data import Data
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Mapping, Scalar

if TYPE_CHECKING:
    from komodo_sync.kinds.shapes import Shape
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Struct
    from komodo_sync.manifest.findings import Findings
    from komodo_sync.source.nodes import Node


def merged(spec: KindSpec, lower: Mapping, upper: Mapping, removals: Findings | None = None) -> Mapping:
    """`upper` over `lower`, both being what a resource of this kind says. Another spelling of a field is that field;
    a variant of another type, and one object that stands for a list, are whole.

    With `removals` a null takes its key away, and one that finds nothing to take away is reported there.
    """
    return _mapping(lower, upper, _Entry(spec), removals)


class _Entry(Data, frozen=True):
    """A whole resource, as a shape."""

    spec: KindSpec


def _mapping(lower: Mapping, upper: Mapping, shape: Shape | _Entry | None, removals: Findings | None) -> Mapping:
    below = {_word(shape, key.text): (key, value) for key, value in lower.items}
    result = dict(below)
    seen: set[str] = set()
    twice: list[tuple[Scalar, Node]] = []  # under two spellings, which whoever binds them will tell
    for key, value in upper.items:
        word = _word(shape, key.text)
        if word in seen:
            twice.append((key, value))
            continue
        seen.add(word)
        if removals is not None and type(value) is Scalar and value.is_null:
            if result.pop(word, None) is None:
                _nothing_there(key, lower, removals)
            continue
        held = below[word][1] if word in below else None
        result[word] = (key, _value(held, value, _inside(shape, key.text, lower, upper), removals))
    return Mapping(upper.source, upper.line, upper.column, [*result.values(), *twice])


def _value(lower: Node | None, upper: Node, shape: Shape | None, removals: Findings | None) -> Node:
    if not isinstance(upper, Mapping) or isinstance(shape, ListShape):
        return upper
    if isinstance(lower, Mapping) and not (isinstance(shape, Tagged) and _types_differ(lower, upper)):
        return _mapping(lower, upper, shape, removals)
    if removals is None:
        return upper
    return _mapping(Mapping(upper.source, upper.line, upper.column), upper, shape, removals)


def _types_differ(lower: Mapping, upper: Mapping) -> bool:
    old, new = lower.get("type"), upper.get("type")
    return isinstance(old, Scalar) and isinstance(new, Scalar) and old.text != new.text


def _fields_of(shape: Shape | _Entry | None) -> type[Struct] | None:
    """The Struct whose fields stand in a mapping of this shape."""
    if isinstance(shape, StructShape):
        return shape.struct
    if isinstance(shape, _Entry) and shape.spec.flat and not isinstance(shape.spec.config, Tagged):
        return shape.spec.config
    return None


def _word(shape: Shape | _Entry | None, word: str) -> str:
    """The name of the field that is written as `word`."""
    if isinstance(shape, GrantsShape) and word in KINDS:
        return KINDS[word].core
    struct = _fields_of(shape)
    item = struct.spellings().get(word) if struct is not None else None
    return word if item is None else item.name


def _inside(shape: Shape | _Entry | None, word: str, lower: Mapping, upper: Mapping) -> Shape | None:
    """The shape of what stands under `word`."""
    if isinstance(shape, _Entry) and word == "config" and not shape.spec.flat:
        config = shape.spec.config
        return config if isinstance(config, Tagged) else StructShape(config)
    if isinstance(shape, Tagged) and word == "params":
        kind = upper.get("type") or lower.get("type")
        variant = shape.all_variants().get(kind.text) if isinstance(kind, Scalar) else None
        return StructShape(variant) if variant is not None else None
    if isinstance(shape, GrantsShape):
        return StructShape(shape.struct)
    struct = _fields_of(shape)
    item = struct.spellings().get(word) if struct is not None else None
    return item.shape if item is not None else None


def _nothing_there(key: Scalar, lower: Mapping, removals: Findings) -> None:
    close = nearest(key.text, [word.text for word, _ in lower.items])
    message = f"null removes {quoted(key.text)}, which is not there"
    removals.warning(Code.NOTHING_REMOVED, key, message, close if close.startswith("did") else "leave it out")
