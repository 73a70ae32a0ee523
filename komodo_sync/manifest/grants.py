"""Permissions: of all resources of a kind, and of single ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import BY_CORE, KINDS
from komodo_sync.kinds.patterns import is_pattern, pattern
from komodo_sync.kinds.shapes import TargetGrantsShape
from komodo_sync.manifest.findings import quoted
from komodo_sync.manifest.interpolate import misplaced
from komodo_sync.manifest.lists import target_help, target_of
from komodo_sync.manifest.scalars import NOTHING
from komodo_sync.model.desired import Reference
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Mapping, Sequence

if TYPE_CHECKING:
    from komodo_sync.kinds.shapes import GrantsShape
    from komodo_sync.kinds.struct import Field
    from komodo_sync.manifest.bind import Binder
    from komodo_sync.model.address import Address
    from komodo_sync.source.nodes import Node

_WORDS = {word: spec.core for spec in KINDS.values() if spec.owned for word in (spec.core, spec.name)}
"""The kinds of resources by Core's word and by ours."""


def bind_grants(binder: Binder, item: Field, shape: GrantsShape | TargetGrantsShape, node: Node, path: str) -> Any:
    """The value of a field of permissions, in which no secret may stand."""
    before, binder.public = binder.public, True
    try:
        if isinstance(shape, TargetGrantsShape):
            return _bind_target_grants(binder, item, shape, node, path)
        return _bind_grants(binder, item, shape, node, path)
    finally:
        binder.public = before


def _bind_grants(binder: Binder, item: Field, shape: GrantsShape, node: Node, path: str) -> Any:
    """`{Server: Read, Stack: {level: Write, specific: [Logs]}}`."""
    if not isinstance(node, Mapping):
        return binder.mistyped(item, node, "a mapping of kinds", "write Server: Read below it")
    found: dict[str, Any] = {}
    for key, value in node.items:
        core = _WORDS.get(key.text)
        if core is None:
            binder.unknown_key(key, {spec.core: spec for spec in KINDS.values() if spec.owned})
        elif core in found:
            message = f"{key.text} is given twice, as {core} and as {BY_CORE[core].name}"
            binder.wrong(item, Code.TWO_SPELLINGS, key, message, "keep one of them")
        else:
            found[core] = _grant(binder, shape, value, f"{path}/{core}")
    return {core: each for core, each in found.items() if each is not NOTHING}


def _bind_target_grants(binder: Binder, item: Field, shape: TargetGrantsShape, node: Node, path: str) -> Any:
    """`[{target: stack/web, level: Read}]`."""
    if not isinstance(node, Sequence):
        return binder.mistyped(item, node, "a list", "write - {target: stack/web, level: Read} below it")
    found: list[Any] = []
    seen: dict[Address, Node] = {}
    for index, entry in enumerate(node.items):
        if not isinstance(entry, Mapping):
            binder.mistyped(item, entry, "a mapping for each item", "write {target: stack/web, level: Read}")
            continue
        rest = [(key, value) for key, value in entry.items if key.text != "target"]
        given = _grant(binder, shape, Mapping(entry.source, entry.line, entry.column, rest), f"{path}/{index}")
        address = _target(binder, item, entry, f"{path}/{index}")
        if address is None:
            continue
        first = seen.setdefault(address, entry)
        if first is not entry:
            message = f"{address} is given twice, first in {first.span()}"
            binder.wrong(item, Code.DUPLICATE_KEY, entry, message, "keep one of them")
        elif given is not NOTHING:
            found.append({"target": {"type": KINDS[address.kind].core, "id": address.name}, **given})
    return found


def _grant(binder: Binder, shape: GrantsShape | TargetGrantsShape, node: Node, path: str) -> Any:
    """`{level, specific}`, or the level alone."""
    level = shape.struct.fields()["level"]
    if isinstance(node, Mapping):
        given = binder.struct(shape.struct, node, f"{path}/")
        return given if "level" in given else NOTHING
    value = binder.value(level, node, path)
    return value if value is NOTHING else {"level": value}


def _target(binder: Binder, item: Field, entry: Mapping, path: str) -> Address | None:
    """The resource or resources that an item is about; one that names a single one refers to it."""
    node = entry.get("target")
    if node is None:
        words = "add target: stack/web, or a wildcard: stack/web-*"
        binder.findings.error(Code.MISSING_KEY, entry, "target is missing", words)
        return None
    parts = [node, *(value for _, value in node.items)] if isinstance(node, Mapping) else [node]
    secret = next((part for part in parts if part.secret), None)
    if secret is not None:
        misplaced(binder.findings, secret)
        return None
    address = target_of(node)
    if address is None:
        message = f"the target of an item of {item.name} is no resource"
        binder.wrong(item, Code.BAD_ADDRESS, node, message, target_help(node))
        return None
    try:
        pattern(address.name)
    except re.error as error:
        message = f"{quoted(address.name)} is no regular expression: {error.msg}"
        binder.wrong(item, Code.BAD_REGEX, node, message, "write \\^web-[0-9]+$\\, or a wildcard: web-*")
        return None
    if not is_pattern(address.name):
        binder.references.append(Reference(address, f"{path}/target", node.span))
    return address
