"""`for_each`: one entry, several resources."""

from __future__ import annotations

import re
from itertools import product
from math import prod
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data, field
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Interpolated, Mapping, Scalar, Sequence
from komodo_sync.source.text import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf

    from komodo_sync.manifest.interpolate import Interpolator
    from komodo_sync.source.nodes import Node

FOR_EACH = "for_each"
MOST_ITEMS = 10_000
"""Items that one entry may have."""
EACH_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"
_NAME = re.compile(EACH_NAME)
_LONGEST = 60
_FORMS = "write {server: [a, b]}, or a list of mappings: [{server: a, port: 80}, ...]"


class Item(Data, frozen=True):
    """One turn of a `for_each`: what each `${each:NAME}` is worth in it."""

    values: MappingOf[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """`server=a, port=80`, for people; empty where there is no `for_each`."""
        text = ", ".join(f"{name}={value}" for name, value in self.values.items()).replace("\n", "⏎")
        return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


ONCE = (Item(),)
"""What an entry without `for_each` makes."""


def items_of(node: Node, interpolator: Interpolator) -> tuple[Item, ...]:
    """The items of a `for_each`: every combination of its lists, the last one changing fastest; or those of a list of
    mappings, one by one. None at all where something is wrong, which is reported."""
    if isinstance(node, Mapping) and node.items:
        return _combinations(node, interpolator)
    if isinstance(node, Sequence):
        items = [_item(entry, interpolator) for entry in node.items]
        return tuple(item for item in items if item is not None) if None not in items else ()
    _wrong(node, f"{FOR_EACH} takes lists by name, not {node.what}", interpolator)
    return ()


def _combinations(node: Mapping, interpolator: Interpolator) -> tuple[Item, ...]:
    lists = {key.text: _texts(key, value, interpolator) for key, value in node.items if _is_name(key, interpolator)}
    found = [texts for texts in lists.values() if texts is not None]
    if len(found) < len(node.items):
        return ()
    count = prod(map(len, found))
    if count > MOST_ITEMS:
        _wrong(node, f"this {FOR_EACH} has {count:,} items; an entry takes {MOST_ITEMS:,}", interpolator)
        return ()
    return tuple(Item(dict(zip(lists, turn, strict=True))) for turn in product(*found))


def _item(entry: Node, interpolator: Interpolator) -> Item | None:
    if not isinstance(entry, Mapping) or not entry.items:
        _wrong(entry, f"an item of {FOR_EACH} takes a mapping, not {entry.what}", interpolator)
        return None
    values = {key.text: _text(value, interpolator) for key, value in entry.items if _is_name(key, interpolator)}
    found = {name: text for name, text in values.items() if text is not None}
    return Item(found) if len(found) == len(entry.items) else None


def _texts(key: Scalar, node: Node, interpolator: Interpolator) -> list[str] | None:
    if not isinstance(node, Sequence):
        _wrong(node, f"{key.text} takes a list, not {node.what}", interpolator)
        return None
    found = [_text(item, interpolator) for item in node.items]
    return None if None in found else [text for text in found if text is not None]


def _text(node: Node, interpolator: Interpolator) -> str | None:
    if not isinstance(node, Scalar) or node.is_null or node.tag:
        _wrong(node, f"a value of {FOR_EACH} is a text, not {node.what}", interpolator)
        return None
    found = interpolator.public(node)
    wrong = type(found) is not Interpolated and PLACEHOLDER.search(node.text) is not None
    return None if wrong or found.missing else found.text


def _is_name(key: Scalar, interpolator: Interpolator) -> bool:
    if _NAME.fullmatch(key.text):
        return True
    _wrong(key, "this is no name for an ${each:NAME}: a letter, then letters, digits, _ . or -", interpolator)
    return False


def _wrong(node: Node, message: str, interpolator: Interpolator) -> None:
    interpolator.findings.error(Code.BAD_FOR_EACH, node, message, _FORMS)
