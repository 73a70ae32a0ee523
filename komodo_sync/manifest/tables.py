"""A file's top level: which kinds it declares, in YAML and in Komodo's Resource Sync TOML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from komodo_sync.kinds import BY_PLURAL, KINDS
from komodo_sync.manifest.findings import nearest, quoted
from komodo_sync.manifest.resources import bind_resource
from komodo_sync.model.address import Address
from komodo_sync.model.desired import Mention
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from komodo_sync.manifest.findings import Findings
    from komodo_sync.manifest.interpolate import Interpolator
    from komodo_sync.manifest.resources import Declared
    from komodo_sync.source.nodes import Node

BY_TOML = {word: spec for spec in KINDS.values() for word in spec.toml}
"""Every kind by the names of its tables in Resource Sync TOML, singular and plural."""

NOT_YET = {
    "defaults": "write the fields out in each resource",
}
"""Top-level keys that are planned and not read yet: what to do until then."""

_MENTIONS = ("absent", "forget")


@dataclass
class World:
    """What all files declare, in the order in which it was read."""

    declared: list[Declared] = field(default_factory=list)
    mentions: dict[str, list[tuple[Mention, Node]]] = field(default_factory=lambda: {word: [] for word in _MENTIONS})


def is_ours(root: Node, *, toml: bool) -> bool:
    """Whether a document has a top-level key that we know."""
    known = _known(toml=toml)
    return isinstance(root, Mapping) and any(key.text in known for key, _ in root.items)


def is_compose(root: Node) -> bool:
    """Whether a document that is not ours is a compose file."""
    return isinstance(root, Mapping) and root.get("services") is not None


def looks_like_compose(text: str) -> bool:
    """The same for a text that is not well-formed."""
    words = {match[1] for match in _TOP_KEYS.finditer(text)}
    return "services" in words and not words & _known(toml=False)


_TOP_KEYS = re.compile(r"^([a-z_]+)[ \t]*:", re.MULTILINE)


def bind_document(root: Node, *, toml: bool, world: World, interpolator: Interpolator) -> None:
    """Adds what one document declares. Every error in it is reported; an unknown table declares nothing."""
    findings = interpolator.findings
    if not isinstance(root, Mapping):
        findings.error(
            Code.WRONG_TYPE,
            root,
            f"a manifest is a mapping of kinds, not {root.what}",
            "begin it with stacks:, builds:, ...",
        )
        return
    kinds, later = (BY_TOML, {}) if toml else (BY_PLURAL, NOT_YET)
    for key, node in root.items:
        word = key.text
        if word in kinds:
            for entry in _entries(key, node, findings):
                final = interpolator.node(entry) if entry.source.interpolates else entry
                declared = bind_resource(kinds[word], final, findings, interpolator.files)
                if declared is not None:
                    world.declared.append(declared)
        elif word in _MENTIONS and not toml:
            for entry in _entries(key, node, findings):
                place = interpolator.public(entry) if isinstance(entry, Scalar) else entry
                mention = _mention(word, place, findings)
                if mention is not None:
                    world.mentions[word].append((mention, place))
        elif word in later:
            findings.error(Code.NOT_YET, key, f"{word} is not read yet", later[word])
        else:
            _unknown(key, node, toml=toml, findings=findings)


def _known(*, toml: bool) -> set[str]:
    return set(BY_TOML) if toml else {*BY_PLURAL, *NOT_YET, *_MENTIONS}


def _entries(key: Scalar, node: Node, findings: Findings) -> list[Node]:
    if isinstance(node, Sequence):
        return node.items
    code = Code.NULL if isinstance(node, Scalar) and node.is_null else Code.WRONG_TYPE
    findings.error(code, key, f"{key.text} takes a list, not {node.what}", "write - name: ... below it, or []")
    return []


def _mention(word: str, entry: Node, findings: Findings) -> Mention | None:
    text = entry.text if isinstance(entry, Scalar) and not entry.tag else ""
    kind, _, name = text.partition("/")
    if kind not in KINDS or not name:
        example = nearest(kind, list(KINDS)) if text and kind not in KINDS else ""
        message = f"{quoted(text)} is no address" if text else f"an item of {word} is {entry.what}"
        findings.error(Code.BAD_ADDRESS, entry, message, example or "write kind/name, as in stack/web")
        return None
    if word == "forget" and not KINDS[kind].owned:
        message = f"a {kind} carries no owner that could be taken off"
        findings.error(Code.CONTRADICTION, entry, message, "leave it out: what is not declared is left alone")
        return None
    return Mention(Address(kind, name), entry.span())


def _unknown(key: Scalar, node: Node, *, toml: bool, findings: Findings) -> None:
    """An unknown table: one error for each time that it is written."""
    word = key.text
    spelled = word.replace("-", "_").lower()
    singular = {spec.name: spec.plural for spec in KINDS.values()}
    if toml:
        named = f"[[{word}]]"
        right = spelled if spelled in BY_TOML else ""
        close = nearest(spelled, list(BY_TOML))
    else:
        named = f"key {quoted(word)}"
        right = spelled if spelled in BY_PLURAL else singular.get(spelled, "")
        close = nearest(spelled, sorted(_known(toml=False)))
    right = f"[[{right}]]" if right and toml else right
    help_text = f"write {right}" if right else close or "name the files that are manifests, or leave this one out"
    tables = node.items if toml and isinstance(node, Sequence) else []
    headers: list[Node] = [*(table for table in tables if isinstance(table, Mapping))] or [key]
    for header in headers:
        findings.error(
            Code.UNKNOWN_TABLE, header, f"unknown {'table ' if toml else ''}{named}: it declares nothing", help_text
        )
