"""Fields of `KEY=value` lines, given as a mapping, as a list of objects, or as the text itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.normal import normalise
from komodo_sync.kinds.pairs import read_keys, read_pair, read_pairs
from komodo_sync.manifest.findings import quoted
from komodo_sync.manifest.pairs import write_pair
from komodo_sync.manifest.scalars import NOTHING
from komodo_sync.model.sealed import Sealed, Unknown
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
    lines: list[str] = []
    pairs: dict[str, Any] = {}
    for key, value in node.items:
        if not isinstance(value, Scalar):
            binder.mistyped(item, value, "a text for each key", f"write {key.text}: text")
            continue
        if value.is_null:
            binder.wrong(item, Code.NULL, value, f"{key.text} is null", 'write "" for an empty text')
            continue
        text = value.text if value.form > Form.TEXT else binder.part(item, value, f"{path}/{key.text}")
        if text is NOTHING:
            continue
        if isinstance(text, Unknown):
            pairs[key.text] = text
            continue
        line = write_pair(key.text, value.text if isinstance(text, Sealed) else text, shape.written)
        if line is None:
            _unwritable(binder, item, key, value.text)
            continue
        lines.append(line)
        if isinstance(text, Sealed):
            pairs[key.text] = Sealed((read_pair(line) or ("", ""))[1])
    if not item.secret:
        binder.clear_keys[path] = frozenset(key.text for key, _ in node.items if key.text not in pairs)
    return _opaque(item, "\n".join(lines), pairs) if pairs else "\n".join(lines)


def _opaque(item: Field, text: str, opaque: dict[str, Any]) -> Sealed | Unknown:
    """A text with keys that may not be shown or are not known; the others can be told as ever."""
    pairs = {pair.key: pair.value for pair in read_pairs(text)[0]} | opaque
    if any(isinstance(value, Unknown) for value in opaque.values()):
        return Unknown(pairs)
    return Sealed(normalise(item, text), pairs)


def _pair_objects(binder: Binder, item: Field, shape: PairsShape, node: Sequence, path: str) -> Any:
    pairs = []
    hidden = missing = False
    for index, entry in enumerate(node.items):
        if not isinstance(entry, Mapping) or {key.text for key, _ in entry.items} != {shape.key, shape.value}:
            binder.mistyped(item, entry, f"KEY{shape.written}value", f"write a mapping: KEY: value under {item.name}")
            continue
        texts = {key.text: binder.part(item, value, f"{path}/{index}/{key.text}") for key, value in entry.items}
        hidden = hidden or any(isinstance(text, Sealed) for text in texts.values())
        missing = missing or any(isinstance(text, Unknown) for text in texts.values())
        if NOTHING not in texts.values():
            pairs.append({key.text: value.text for key, value in entry.items if isinstance(value, Scalar)})
    if missing:
        return Unknown()
    if hidden:
        return Sealed(normalise(item, pairs))
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
