"""The nodes of a TOML file -> the tree of a manifest that declares the same.

What Resource Sync and a manifest write alike stays as it is. What a manifest says better is said so: a reference by the
word for what it names, an environment as a mapping where that gives the very same text, a long text as `!file`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.export.pairs import is_number, pairs_mapping
from komodo_sync.export.tree import Attached, fits_file, spelling
from komodo_sync.kinds import BY_CORE
from komodo_sync.kinds.normal import normalise
from komodo_sync.kinds.shapes import (
    ListShape,
    PairsShape,
    StructShape,
    Tagged,
    TargetsShape,
    TextListShape,
    TextShape,
)
from komodo_sync.manifest.scalars import float_of, int_of
from komodo_sync.manifest.tables import BY_TOML
from komodo_sync.model.data import Data, field
from komodo_sync.source.nodes import Form, Mapping, Scalar, Sequence
from komodo_sync.source.text import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf

    from komodo_sync.export.tree import Tree
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field, Struct
    from komodo_sync.model.desired import DesiredResource
    from komodo_sync.source.nodes import Node

Path = tuple[str | int, ...]
"""The way from the root of a manifest: the keys of mappings, the indexes of lists."""


class Place(Data, frozen=True, order=True):
    """What was written at a line and a column of the TOML stands at `path` of the manifest now."""

    line: int
    column: int
    path: Path


class Translation(Data):
    """Translates one file. `declared`: what each entry of it declares, by the entry's line and column. `beside`:
    whether long texts may go into files of their own. `places` grows by every part that is translated."""

    declared: MappingOf[tuple[int, int], DesiredResource]
    beside: bool
    places: list[Place] = field(default_factory=list)

    def document(self, root: Mapping) -> dict[str, list[Tree]]:
        """The entries by the plural of their kind, in the order in which the kinds appear first."""
        kinds: dict[str, list[Tree]] = {}
        for key, node in root.items:
            spec = BY_TOML[key.text]
            entries = kinds.setdefault(spec.plural, [])
            for entry in node.items if isinstance(node, Sequence) else ():
                assert isinstance(entry, Mapping)
                path = (spec.plural, len(entries))
                self._note(entry, path)
                entries.append(self._entry(spec, entry, path))
        return kinds

    def _note(self, node: Node, path: Path) -> None:
        self.places.append(Place(node.line, node.column, path))

    def _entry(self, spec: KindSpec, entry: Mapping, path: Path) -> Tree:
        tree: dict[str, Tree] = {"name": ""}
        fields = spec.config.spellings() if spec.flat and not isinstance(spec.config, Tagged) else {}
        for key, node in entry.items:
            word = spelling(fields[key.text]) if key.text in fields else key.text
            here = (*path, word)
            self._note(key, here)
            if key.text in fields:
                tree[word] = self._value(fields[key.text], node, here)
            elif word == "config":
                tree[word] = self._config(spec, node, here)
            elif word == "after":
                tree[word] = [str(each) for each in self.declared[entry.line, entry.column].after]
            else:
                tree[word] = self._plain(node, here)
        return tree

    def _config(self, spec: KindSpec, node: Node, path: Path) -> Tree:
        if isinstance(spec.config, Tagged):
            return self._tagged(spec.config, node, path)
        return self._struct(spec.config, node, path)

    def _struct(self, struct: type[Struct], node: Node, path: Path) -> Tree:
        assert isinstance(node, Mapping)
        spellings = struct.spellings()
        tree: dict[str, Tree] = {}
        for key, value in node.items:
            here = (*path, spelling(spellings[key.text]))
            self._note(key, here)
            tree[spelling(spellings[key.text])] = self._value(spellings[key.text], value, here)
        return tree

    def _tagged(self, shape: Tagged, node: Node, path: Path) -> Tree:
        """`{type, params}`; params left out where there are none."""
        assert isinstance(node, Mapping)
        kind = node.get("type")
        assert isinstance(kind, Scalar)
        tree: dict[str, Tree] = {"type": kind.text}
        for key, value in node.items:
            self._note(key, (*path, key.text))
            if key.text == "params" and isinstance(value, Mapping) and value.items:
                tree["params"] = self._struct(shape.all_variants()[kind.text], value, (*path, "params"))
        return tree

    def _value(self, item: Field, node: Node, path: Path) -> Tree:
        match item.shape:
            case TextShape() if isinstance(node, Scalar):
                return self._text(item, item.shape, node)
            case PairsShape():
                return self._pairs(item, item.shape, node, path)
            case TextListShape() if isinstance(node, Scalar) and not _asks(node):
                kept_as_text = "#" in node.text and not item.ref
                return node.text if kept_as_text else [node.text] if item.ref else normalise(item, node.text)
            case StructShape(struct=nested):
                return self._struct(nested, node, path)
            case ListShape():
                return self._objects(item.shape, node, path)
            case Tagged():
                return self._tagged(item.shape, node, path)
            case TargetsShape() if isinstance(node, Sequence):
                return self._each(node, path, self._target)
            case _:
                return self._plain(node, path)

    def _text(self, item: Field, shape: TextShape, node: Scalar) -> Tree:
        text = normalise(item, node.text) if shape.trimmed and not _asks(node) else node.text
        # the content of a !file is never interpolated
        long = item.beside and "\n" in text.rstrip("\n") and not _asks(node) and fits_file(text)
        return Attached(item.beside, text) if long and self.beside else text

    def _pairs(self, item: Field, shape: PairsShape, node: Node, path: Path) -> Tree:
        if isinstance(node, Scalar) and not _asks(node):
            text = normalise(item, node.text)
            mapping = pairs_mapping(shape, text.split("\n")) if text else None
            return text if mapping is None else mapping
        if not isinstance(node, Mapping):
            return self._plain(node, path)
        tree: dict[str, Tree] = {}
        for key, value in node.items:
            assert isinstance(value, Scalar)
            self._note(key, (*path, key.text))
            tree[key.text] = int(value.text) if is_number(value.text) else value.text
        return tree

    def _objects(self, shape: ListShape, node: Node, path: Path) -> Tree:
        if isinstance(node, Mapping):
            return [self._struct(shape.struct, node, (*path, 0))]

        def one(entry: Node, here: Path) -> Tree:
            if not isinstance(entry, Mapping):
                return self._plain(entry, here)
            tree = self._struct(shape.struct, entry, here)
            return tree[shape.short] if shape.short and tree.keys() == {shape.short} else tree

        assert isinstance(node, Sequence)
        return self._each(node, path, one)

    def _target(self, entry: Node, path: Path) -> Tree:
        """`stack/web` of `{type = "Stack", id = "web"}`."""
        tree = self._plain(entry, path)
        if isinstance(tree, dict) and not any(_asks(value) for _, value in entry.items):  # type: ignore[attr-defined]
            return f"{BY_CORE[tree['type']].name}/{tree['id']}"
        return tree

    def _each(self, node: Sequence, path: Path, one: Any) -> list[Tree]:
        result = []
        for index, entry in enumerate(node.items):
            self._note(entry, (*path, index))
            result.append(one(entry, (*path, index)))
        return result

    def _plain(self, node: Node, path: Path) -> Tree:
        """The same in YAML, whatever it means."""
        if isinstance(node, Sequence):
            return self._each(node, path, self._plain)
        if isinstance(node, Mapping):
            tree = {}
            for key, value in node.items:
                self._note(key, (*path, key.text))
                tree[key.text] = self._plain(value, (*path, key.text))
            return tree
        assert isinstance(node, Scalar)
        if node.form is Form.FLAG:
            return node.text == "true"
        number = {Form.INTEGER: int_of, Form.FLOAT: float_of}.get(node.form)
        worth = number(node) if number else None
        return node.text if worth is None else worth


def _asks(node: Node) -> bool:
    """Whether a `${...}` of ours is in it, or the literal of one."""
    return isinstance(node, Scalar) and PLACEHOLDER.search(node.text) is not None
