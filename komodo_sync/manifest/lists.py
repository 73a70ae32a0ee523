"""Fields that hold several things: lists of texts, of objects, and of resources; JSON; and what depends on a type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import BY_CORE, KINDS
from komodo_sync.kinds.shapes import Tagged
from komodo_sync.manifest.findings import choices, nearest, quoted
from komodo_sync.manifest.interpolate import misplaced
from komodo_sync.manifest.scalars import NOTHING, json_of, version_of
from komodo_sync.model.address import Address
from komodo_sync.model.desired import Reference
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Form, Interpolated, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.kinds.shapes import JsonShape, ListShape, TextListShape
    from komodo_sync.kinds.struct import Field, Struct
    from komodo_sync.manifest.bind import Binder
    from komodo_sync.source.nodes import Node


def bind_texts(binder: Binder, item: Field, shape: TextListShape, node: Node, path: str) -> Any:
    if isinstance(node, Scalar) and shape.from_text and not node.tag and not item.ref:
        return binder.text(item, node)
    if isinstance(node, Scalar) and shape.from_text and item.ref and not node.tag:
        name = binder.part(item, node, path)
        return name if name is NOTHING else [binder.reference(item.ref, name, node, f"{path}/0")]
    if not isinstance(node, Sequence):
        return binder.mistyped(item, node, "a list of texts", "write [one, two]")
    texts = []
    for index, entry in enumerate(node.items):
        if isinstance(entry, Scalar) and entry.is_null:
            binder.wrong(item, Code.NULL, entry, f"an item of {item.name} is null", 'write "" for an empty text')
            continue
        if not isinstance(entry, Scalar):
            binder.mistyped(item, entry, "a text for each item", f"write a text after each dash of {item.name}")
            continue
        place = f"{path}/{index}"
        text = binder.word(item, shape.values, entry, place) if shape.values else binder.part(item, entry, place)
        if text is not NOTHING:
            texts.append(binder.reference(item.ref, text, entry, place) if item.ref else text)
    return texts


def bind_objects(binder: Binder, item: Field, shape: ListShape, node: Node, path: str) -> Any:
    if isinstance(node, Mapping) and shape.single:
        return [binder.struct(shape.struct, node, f"{path}/0/")]
    if not isinstance(node, Sequence):
        return binder.mistyped(item, node, "a list", "write one item after another, each after a dash")
    objects: list[Any] = []
    for index, entry in enumerate(node.items):
        if isinstance(entry, Mapping):
            objects.append(binder.struct(shape.struct, entry, f"{path}/{index}/"))
        elif isinstance(entry, Scalar) and shape.short and not entry.is_null:
            text = binder.part(item, entry, f"{path}/{index}/{shape.short}")
            if text is not NOTHING:
                objects.append({shape.short: text})
        else:
            binder.mistyped(item, entry, "a mapping for each item", f"write key: value after each dash of {item.name}")
    return objects


def bind_tagged(binder: Binder, shape: Tagged, node: Node, path: str, name: str) -> Any:
    """`{type, params}` of a variant, with the declared params alone."""
    if not isinstance(node, Mapping):
        binder.findings.error(
            Code.WRONG_TYPE,
            node,
            f"{name} takes a mapping with type and params, not {node.what}",
            "write {type: ..., params: {...}}",
            secret=binder.secret,
        )
        return NOTHING
    kind = node.get("type")
    if kind is None:
        if not node.torn:
            message = f"type is missing in {name}"
            binder.findings.error(Code.MISSING_KEY, node, message, choices("", shape.all_variants()))
        return NOTHING
    if kind.secret:
        misplaced(binder.findings, kind)
        return NOTHING
    variants = shape.all_variants()
    word = kind.text if isinstance(kind, Scalar) and not kind.tag else ""
    if word not in variants:
        message = f"{name} has no type {quoted(word)}"
        aside = shape.elsewhere(word) if shape.elsewhere else ""
        way_out = f"{word} {aside}" if aside else choices(word, list(variants))
        binder.findings.error(Code.UNKNOWN_VARIANT, kind, message, way_out)
        return NOTHING
    params: Node = Mapping(node.source, node.line, node.column)
    for key, value in node.items:
        if key.text == "params":
            params = value
        elif key.text != "type":
            binder.unknown_key(key, {"type": None, "params": None})
    if not isinstance(params, Mapping):
        binder.findings.error(Code.WRONG_TYPE, params, f"params takes a mapping, not {params.what}", "write params: {}")
        return NOTHING
    return {"type": word, "params": binder.struct(variants[word], params, path + "params/")}


def is_unwrapped(binder: Binder, struct: type[Struct], mapping: Mapping) -> bool:
    """Whether type and params stand beside the key under which they belong, which is then reported."""
    if mapping.get("type") is None:
        return False
    fields = struct.fields().items()
    name = next((name for name, item in fields if item.required and isinstance(item.shape, Tagged)), "")
    if not name or mapping.get(name) is not None:
        return False
    key = next(key for key, _ in mapping.items if key.text == "type")
    way_out = f"write {name}: {{type: ..., params: {{...}}}}"
    binder.findings.error(Code.MISSING_KEY, key, f"type and params belong under {name}", way_out)
    return True


def bind_json(binder: Binder, item: Field, shape: JsonShape, node: Node, path: str) -> Any:
    """JSON of anything, or a mapping; where it holds texts, each is what was written."""
    if shape.mapping and not isinstance(node, Mapping):
        return binder.mistyped(item, node, "a mapping", f"write {item.name}: {{name: value}}")
    if not (shape.texts and isinstance(node, Mapping)):
        allowed = [binder.may_stand(item, each, f"{path}{place}") for place, each in _interpolated(node, "")]
        return json_of(node) if all(allowed) else NOTHING
    texts = {}
    for key, value in node.items:
        if isinstance(value, Scalar) and value.is_null:
            binder.wrong(item, Code.NULL, value, f"{key.text} is null", 'write "" for an empty text')
            continue
        text = binder.part(item, value, f"{path}/{key.text}")
        if text is not NOTHING:
            texts[key.text] = text
    return texts


def _interpolated(node: Node, path: str) -> Iterator[tuple[str, Interpolated]]:
    """What holds `${...}` in a node, each with its place in it."""
    if type(node) is Interpolated:
        yield path, node
    elif isinstance(node, Mapping):
        for key, value in node.items:
            yield from _interpolated(value, f"{path}/{key.text}")
    elif isinstance(node, Sequence):
        for index, value in enumerate(node.items):
            yield from _interpolated(value, f"{path}/{index}")


def bind_targets(binder: Binder, item: Field, node: Node, path: str) -> Any:
    if not isinstance(node, Sequence):
        return binder.mistyped(item, node, "a list", "write [stack/web, server/prod]")
    targets = []
    for index, entry in enumerate(node.items):
        secret = next((each for each in (entry, *_values(entry)) if each.secret), None)
        if secret is not None:
            misplaced(binder.findings, secret)
            continue
        address = target_of(entry)
        if address is None:
            message = f"an item of {item.name} is no resource"
            binder.wrong(item, Code.BAD_ADDRESS, entry, message, target_help(entry))
            continue
        name = entry.get("id") if isinstance(entry, Mapping) else None
        binder.references.append(Reference(address, f"{path}/{index}", (name or entry).span))
        targets.append({"type": KINDS[address.kind].core, "id": address.name})
    return targets


def _values(entry: Node) -> list[Node]:
    return [value for _, value in entry.items] if isinstance(entry, Mapping) else []


def target_of(entry: Node) -> Address | None:
    """The resource that `stack/web` or `{type: Stack, id: web}` names; None where that is no such name."""
    if isinstance(entry, Scalar):
        kind, _, name = entry.text.partition("/")
        return Address(kind, name) if kind in KINDS and KINDS[kind].owned and name else None
    if not isinstance(entry, Mapping) or {key.text for key, _ in entry.items} != {"type", "id"}:
        return None
    words = {key.text: value.text for key, value in entry.items if isinstance(value, Scalar)}
    spec = BY_CORE.get(words.get("type", ""))
    return Address(spec.name, words["id"]) if spec and spec.owned and words.get("id") else None


def target_help(entry: Node) -> str:
    """The way out where `target_of` found none: the kind that is meant, or how a target is written."""
    owned = [spec for spec in KINDS.values() if spec.owned]
    if isinstance(entry, Mapping):
        node = entry.get("type")
        word, words = (node.text if isinstance(node, Scalar) else ""), [spec.core for spec in owned]
    else:
        kind, slash, _ = entry.text.partition("/") if isinstance(entry, Scalar) else ("", "", "")
        word, words = (kind if slash else ""), [spec.name for spec in owned]
    close = nearest(word, words) if word and word not in words else ""
    return close if close.startswith("did") else "write stack/web, or {type: Stack, id: web}"


def bind_version(binder: Binder, item: Field, node: Node) -> Any:
    """`1.2.3`, or its parts, of which none can be a secret: everybody reads them."""
    parts = [value for _, value in node.items] if isinstance(node, Mapping) else []
    secret = next((part for part in parts if part.secret), None)
    if secret is not None:
        misplaced(binder.findings, secret)
        return NOTHING
    version = version_of(node)
    if version is None and not any(part.missing for part in parts):
        number = isinstance(node, Scalar) and node.form > Form.TEXT
        message = f"{item.name} is no version" + (" but a number" if number else "")
        binder.wrong(item, Code.BAD_VERSION, node, message, 'write "1.10.0" in quotes' if number else "write 1.2.3")
    return NOTHING if version is None else version
