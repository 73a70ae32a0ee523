"""Where something of a declared resource was written, found when somebody asks: most places are never asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds.shapes import ListShape, StructShape, Tagged
from komodo_sync.manifest.files import resolve
from komodo_sync.source.nodes import Interpolated, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from komodo_sync.kinds.shapes import Shape
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.diagnostic import Span
    from komodo_sync.source.nodes import Node


def place(spec: KindSpec, entry: Mapping, pointer: str) -> Span | None:
    """The place of `pointer` (`""`, `tags`, `config/server_id`, `config/environment/PORT`) in a resource's mapping: of
    its key, or of the item of a list; of the deepest part that is written. None when the field is not written."""
    if not pointer:
        return entry.source.span(entry.line, entry.column)
    parts = pointer.split("/")
    if parts[0] == "config" and spec.flat:
        parts = parts[1:]
    shape: Shape | None = None
    if parts[:1] == ["config"]:
        shape = spec.config if isinstance(spec.config, Tagged) else StructShape(spec.config)
    found = _pair(entry, parts[:1])
    if found is None:
        return None
    key, node = found
    at = _descend(key, node, shape, parts[1:])
    return None if at is key and shape is not None and len(parts) > 1 else at.span()


def files_of(root: Path, entry: Node) -> frozenset[str]:
    """Every file that a part of `entry` stands in, or that it takes a text from; relative to `root`, with `/`."""
    found = set(_paths(entry))
    return frozenset(path.relative_to(root).as_posix() for path in found if path.is_relative_to(root))


def _paths(node: Node) -> Iterator[Path]:
    if node.source.path is not None:
        yield node.source.path.resolve()
    if isinstance(node, Mapping):
        for _, value in node.items:
            yield from _paths(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _paths(item)
    elif isinstance(node, Scalar):
        named = [node.text] if node.tag == "!file" else []
        if isinstance(node, Interpolated):
            named += [name.removeprefix("file:") for name in node.names if name.startswith("file:")]
        for name in named:
            target = resolve(node, name)
            if target is not None:
                yield target


def _descend(at: Node, node: Node, shape: Shape | None, parts: list[str]) -> Node:
    if not parts:
        return at
    part, rest = parts[0], parts[1:]
    inner: Shape | None = None
    if isinstance(node, Sequence):
        if not part.isdecimal() or int(part) >= len(node.items):
            return at
        item = node.items[int(part)]
        return _descend(item, item, StructShape(shape.struct) if isinstance(shape, ListShape) else None, rest)
    if isinstance(shape, ListShape):  # one object that stands for a list
        return _descend(at, node, StructShape(shape.struct), rest)
    if isinstance(shape, Tagged) and isinstance(node, Mapping):
        kind = node.get("type")
        variant = shape.all_variants().get(kind.text) if isinstance(kind, Scalar) else None
        inner = StructShape(variant) if variant is not None else None
        shape = None
    words = [part]
    if isinstance(shape, StructShape):
        field = shape.struct.fields().get(part)
        words, inner = (list(field.spellings), field.shape) if field else (words, None)
    found = _pair(node, words)
    return at if found is None else _descend(*found, inner, rest)


def _pair(node: Node, words: list[str]) -> tuple[Scalar, Node] | None:
    if not isinstance(node, Mapping):
        return None
    return next(((key, value) for key, value in node.items if key.text in words), None)
