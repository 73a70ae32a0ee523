"""Fields of `KEY=value` lines, given as a mapping, as a list of objects, or as the text itself.

Where a secret stands among them, the public keys are known all the same (`Sealed.pairs`): a plan tells which of them
differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.normal import normalise
from komodo_sync.kinds.pairs import read_keys, read_pair, read_pairs
from komodo_sync.manifest.findings import quoted
from komodo_sync.manifest.interpolate import SECRET, asked_in
from komodo_sync.manifest.pairs import write_pair
from komodo_sync.manifest.scalars import NOTHING
from komodo_sync.model.data import replace
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Form, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from komodo_sync.kinds.shapes import PairsShape
    from komodo_sync.kinds.struct import Field
    from komodo_sync.manifest.bind import Binder
    from komodo_sync.source.nodes import Interpolated, Node

_MARK = "\0"
"""Stands for a secret: no text of a manifest holds one."""


_COMMENTS = ("#", "//")


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
            pairs[key.text] = Sealed((read_pair(line) or ("", ""))[1], around=text.around)
    if not item.secret:
        binder.clear_keys[path] = frozenset(key.text for key, _ in node.items if key.text not in pairs)
    if not pairs:
        return "\n".join(lines)
    return _opaque(item, "\n".join(lines), pairs, [key.text for key, _ in node.items])


def _opaque(item: Field, text: str, opaque: dict[str, Any], order: list[str]) -> Sealed | Unknown:
    """A text with keys that may not be shown or are not known; the others can be told as ever, all in their order."""
    known = {pair.key: pair.value for pair in read_pairs(text)[0]} | opaque
    pairs = {key: known[key] for key in order if key in known}
    if any(isinstance(value, Unknown) for value in opaque.values()):
        return Unknown(pairs)
    return Sealed(normalise(item, text), pairs)


def opaque_text(binder: Binder, item: Field, node: Interpolated, path: str) -> Sealed | Unknown | None:
    """A text of lines that holds a secret, or a value that is missing here; None where it holds neither. Which line
    asks for what is noted in either case."""
    asking = {} if item.secret or node.tag else _asking(node)
    pairs = _told_pairs(node, asking) if asking else None
    if pairs is not None:
        _note_each(binder, node, asking)
    if not (node.secret or node.missing):
        return None
    if pairs is not None:
        opaque = (key for key, value in pairs.items() if isinstance(value, Sealed | Unknown))
        binder.clear_keys[path] = frozenset(pairs).difference(opaque)
    around = () if item.secret else node.around
    return Unknown(pairs, around) if node.missing else Sealed(normalise(item, node.text), pairs, around)


def _asking(node: Interpolated) -> dict[int, list[str]]:
    """What each line of a text asks for, by its number from 0."""
    lines = node.raw.split("\n")
    return {number: asked for number, line in enumerate(lines) if (asked := list(asked_in(line)))}


def _note_each(binder: Binder, node: Interpolated, asking: dict[int, list[str]]) -> None:
    """What is interpolated, by key instead of for the whole text; what a comment asks for has none."""
    whole = binder.interpolated.pop()
    keys = {pair.line: pair.key for pair in read_pairs(node.text)[0]}
    for number, names in asking.items():
        secret = any(name.startswith(SECRET) for name in names)
        missing = tuple(name for name in names if name in node.missing)
        pointer = f"{whole.pointer}/{keys[number]}" if number in keys else whole.pointer
        binder.interpolated.append(replace(whole, pointer=pointer, names=tuple(names), secret=secret, missing=missing))


def _told_pairs(node: Interpolated, asking: dict[int, list[str]]) -> dict[str, Any] | None:
    """The pairs of the text, opaque where a line holds something that is; None where its lines may be other than they
    are written, or more."""
    written, lines = node.raw.split("\n"), node.text.split("\n")
    pairs, unreadable = read_pairs(node.text)
    if len(written) != len(lines) or unreadable or any(_is_open(pair.value) for pair in pairs):
        return None
    told: dict[str, Any] = {}
    others = asking.keys() - {pair.line for pair in pairs}
    if not all(written[number].lstrip().startswith(_COMMENTS) for number in others):
        return None
    for pair in pairs:
        names = asking.get(pair.line, [])
        line = written[pair.line]
        key, value = (read_pair(line) or ("", "")) if names else (pair.key, "")
        of_value, of_comment = list(asked_in(value)), list(asked_in(line.partition(" #")[2]))
        if pair.key in told or key != pair.key or (names and [*of_value, *of_comment] != names):
            return None
        names = of_value
        hides = any(name.startswith(SECRET) for name in names)
        around = _around(node, pair.line) if names else ()
        known = Sealed(pair.value, around=around) if hides else pair.value
        told[pair.key] = Unknown(around=around) if any(name in node.missing for name in names) else known
    return told


def _around(node: Interpolated, line: int) -> tuple[str, ...]:
    """What stands around the secrets in the value of one line."""
    _, value = read_pair(_MARK.join(node.around).split("\n")[line]) or ("", "")
    return tuple(value.strip("\"'").split(_MARK))


def _is_open(value: str) -> bool:
    """Whether a quote begins with the value and does not end with it: it may go on in the next line."""
    return value[:1] in ("'", '"') and (len(value) < 2 or value[-1] != value[0])


def _pair_objects(binder: Binder, item: Field, shape: PairsShape, node: Sequence, path: str) -> Any:
    pairs = []
    told: list[tuple[Any, Any]] = []
    hidden = missing = False
    for index, entry in enumerate(node.items):
        if not isinstance(entry, Mapping) or {key.text for key, _ in entry.items} != {shape.key, shape.value}:
            binder.mistyped(item, entry, f"KEY{shape.written}value", f"write a mapping: KEY: value under {item.name}")
            continue
        texts = {key.text: binder.part(item, value, f"{path}/{index}/{key.text}") for key, value in entry.items}
        hidden = hidden or any(isinstance(text, Sealed) for text in texts.values())
        missing = missing or any(isinstance(text, Unknown) for text in texts.values())
        if all(text is not NOTHING for text in texts.values()):
            pairs.append({key.text: value.text for key, value in entry.items if isinstance(value, Scalar)})
            told.append((texts[shape.key], texts[shape.value]))
    if missing or hidden:
        several = any("\n" in text for pair in pairs for text in pair.values())
        public = None if item.secret or several else _public_pairs(told)
        if public is not None:
            opaque = (key for key, value in public.items() if isinstance(value, Sealed | Unknown))
            binder.clear_keys[path] = frozenset(public).difference(opaque)
        return Unknown(public) if missing else Sealed(normalise(item, pairs), public)
    if not item.secret:
        binder.clear_keys[path] = frozenset(pair[shape.key] for pair in pairs)
    return pairs


def _public_pairs(told: list[tuple[Any, Any]]) -> dict[str, Any] | None:
    """The same of keys and values that were given one by one; None where Core reads them otherwise."""
    found: dict[str, Any] = {}
    for key, value in told:
        if not isinstance(key, str) or key in found:
            return None
        if isinstance(value, str) and read_pair(f"{key} = {value}") != (key, value):
            return None
        found[key] = value
    return found


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
