"""Fields of `KEY=value` lines, given as a mapping, as a list of objects, or as the text itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.pairs import read_keys
from komodo_sync.manifest.findings import quoted
from komodo_sync.manifest.pairs import write_pair
from komodo_sync.manifest.scalars import NOTHING
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Form, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from komodo_sync.kinds.shapes import PairsShape
    from komodo_sync.kinds.struct import Field
    from komodo_sync.manifest.bind import Binder
    from komodo_sync.source.nodes import Node


def bind_pairs(binder: Binder, item: Field, shape: PairsShape, node: Node, path: str) -> Any:
    if isinstance(node, Scalar):
        text = binder.text(item, node)
        if text is not NOTHING and not item.secret:
            binder.clear_keys[path] = read_keys(text)
        return text
    if isinstance(node, Sequence):
        return _pair_objects(binder, item, shape, node, path)
    assert isinstance(node, Mapping)
    lines = []
    for key, value in node.items:
        if not isinstance(value, Scalar):
            binder.mistyped(item, value, "a text for each key")
            continue
        if value.is_null:
            binder.wrong(item, Code.NULL, key, f"{key.text} is null", 'write "" for an empty text')
            continue
        text = value.text if value.form > Form.TEXT else binder.text(item, value)
        if text is NOTHING:
            continue
        line = write_pair(key.text, text, shape.written)
        if line is None:
            _unwritable(binder, item, key, text)
        else:
            lines.append(line)
    if not item.secret:
        binder.clear_keys[path] = frozenset(key.text for key, _ in node.items)
    return "\n".join(lines)


def _pair_objects(binder: Binder, item: Field, shape: PairsShape, node: Sequence, path: str) -> Any:
    pairs = []
    for entry in node.items:
        if not isinstance(entry, Mapping) or {key.text for key, _ in entry.items} != {shape.key, shape.value}:
            binder.mistyped(item, entry, f"KEY{shape.written}value", f"write a mapping: KEY: value under {item.name}")
            continue
        texts = {key.text: binder.text(item, value) for key, value in entry.items}
        if NOTHING not in texts.values():
            pairs.append(texts)
    if not item.secret:
        binder.clear_keys[path] = frozenset(pair[shape.key] for pair in pairs)
    return pairs


def _unwritable(binder: Binder, item: Field, key: Scalar, value: str) -> None:
    if "\n" in value:
        reason, way_out = (
            "has several lines",
            "put the text into a file of its own, or write \\n if its reader knows that",
        )
    elif " #" in value:
        reason = "has ` #` in it, and the Core drops what follows"
        way_out = "write it without the space, or keep such a value out of this field"
    else:
        reason, way_out = "would be read as something else by the Core", "a key has no =, :, # or quotes in it"
    message = f"{quoted(key.text)} {reason}"
    binder.findings.error(Code.UNWRITABLE_PAIR, key, message, way_out, secret=binder.secret or item.secret)
