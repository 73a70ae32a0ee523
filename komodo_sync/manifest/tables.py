"""A file's top level: the entries of each kind, their defaults, and what is to go; in YAML and in Komodo's Resource
Sync TOML."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.kinds import BY_PLURAL, KINDS
from komodo_sync.manifest.findings import nearest, quoted
from komodo_sync.manifest.for_each import FOR_EACH
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data, field
from komodo_sync.model.desired import Mention
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf
    from collections.abc import Sequence as SequenceOf

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.manifest.findings import Findings
    from komodo_sync.manifest.interpolate import Interpolator

BY_TOML = {word: spec for spec in KINDS.values() for word in spec.toml}
"""Every kind by the names of its tables in Resource Sync TOML, singular and plural."""

_MENTIONS = ("absent", "forget")
DEFAULTS = "defaults"
NO_DEFAULT = frozenset(("name", "renamed_from", FOR_EACH))
"""What every resource has to say itself."""


class Entry(Data, frozen=True):
    """One entry of a kind's list as it is written, and the defaults that its file has for the kind."""

    spec: KindSpec
    node: Node
    default: Mapping | None = None


Mentions = dict[str, list[tuple[Mention, Node]]]
"""What stands under `absent` and under `forget`, with its place."""


class Tables(Data):
    """What files say, in the order in which it was read."""

    entries: list[Entry] = field(default_factory=list)
    mentions: Mentions = field(default_factory=lambda: {word: [] for word in _MENTIONS})


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


def read_tables(
    roots: SequenceOf[Node], *, toml: bool, tables: Tables, interpolator: Interpolator, overlay: bool = False
) -> None:
    """Adds what the documents of one file say. Every error at their top is reported; an unknown table says nothing.
    The file of an overlay has no defaults."""
    defaults: dict[str, Mapping] = {}
    mappings = [root for root in roots if isinstance(root, Mapping) and not toml]
    for node in (node for root in mappings if (node := root.get(DEFAULTS)) is not None):
        if overlay:
            message = f"{DEFAULTS} mean nothing in an overlay, which is laid over what they would be laid under"
            way_out = "put them into komodo-sync.yaml: under targets, for one target alone"
            interpolator.findings.error(Code.UNKNOWN_TABLE, node, message, way_out)
        else:
            defaults |= read_defaults(node, interpolator.findings, defaults)
    before = len(tables.entries)
    for root in roots:
        _read_document(root, defaults, toml=toml, tables=tables, interpolator=interpolator)
    kinds = {entry.spec.name for entry in tables.entries[before:]} if defaults else set()
    for kind in (kind for kind in defaults if kind not in kinds):
        message = f"these defaults are for the {KINDS[kind].plural} of this file, and it declares none"
        way_out = "put them into komodo-sync.yaml: there they are for all files"
        interpolator.findings.warning(Code.IDLE_DEFAULT, defaults[kind], message, way_out)


def read_defaults(node: Node, findings: Findings, given: MappingOf[str, Mapping]) -> dict[str, Mapping]:
    """The `defaults:` of a file or of the settings, by kind. `given` are those that stand in the same file already."""
    if not isinstance(node, Mapping):
        _mistyped(node, f"{DEFAULTS} take a mapping of kinds", findings)
        return {}
    found = {}
    for key, value in node.items:
        spec = BY_PLURAL.get(key.text)
        if spec is None:
            singular = {item.name: item.plural for item in KINDS.values()}.get(key.text)
            close = f"write {singular}" if singular else nearest(key.text, sorted(BY_PLURAL))
            message = f"{quoted(key.text)} is no kind of resource"
            findings.error(Code.UNKNOWN_TABLE, key, message, close or "write stacks, builds, ...")
        elif not isinstance(value, Mapping):
            _mistyped(value, f"the defaults of {key.text} take a mapping", findings, at=key)
        elif spec.name in given:
            message = f"this file has defaults of {key.text} already, in line {given[spec.name].line}"
            findings.error(Code.DUPLICATE_KEY, key, message, "put them together")
        else:
            for own in (word for word, _ in value.items if word.text in NO_DEFAULT):
                message = f"{own.text} has no default: every resource has its own"
                findings.error(Code.NO_DEFAULT, own, message, "write it in the entries")
            kept = [pair for pair in value.items if pair[0].text not in NO_DEFAULT]
            found[spec.name] = Mapping(value.source, value.line, value.column, kept)
    return found


def _mistyped(node: Node, wanted: str, findings: Findings, at: Node | None = None) -> None:
    code = Code.NULL if isinstance(node, Scalar) and node.is_null else Code.WRONG_TYPE
    findings.error(code, at or node, f"{wanted}, not {node.what}", "write {stacks: {config: {server: prod-1}}}")


def _read_document(
    root: Node, defaults: MappingOf[str, Mapping], *, toml: bool, tables: Tables, interpolator: Interpolator
) -> None:
    findings = interpolator.findings
    if not isinstance(root, Mapping):
        findings.error(
            Code.WRONG_TYPE,
            root,
            f"a manifest is a mapping of kinds, not {root.what}",
            "begin it with stacks:, builds:, ...",
        )
        return
    kinds = BY_TOML if toml else BY_PLURAL
    for key, node in root.items:
        word = key.text
        if word in kinds:
            spec = kinds[word]
            default = defaults.get(spec.name)
            way_out = f"write [[{word}]]" if toml else "write - name: ... below it, or []"
            tables.entries += [Entry(spec, entry, default) for entry in _entries(key, node, way_out, findings)]
        elif word in _MENTIONS and not toml:
            for entry in _entries(key, node, "write - kind/name below it, or []", findings):
                place = interpolator.public(entry) if isinstance(entry, Scalar) else entry
                mention = None if place.missing else _mention(word, place, findings)
                if mention is not None:
                    tables.mentions[word].append((mention, place))
        elif word != DEFAULTS or toml:
            _unknown(key, node, toml=toml, findings=findings)


def _known(*, toml: bool) -> set[str]:
    return set(BY_TOML) if toml else {*BY_PLURAL, *_MENTIONS, DEFAULTS}


def _entries(key: Scalar, node: Node, way_out: str, findings: Findings) -> list[Node]:
    if isinstance(node, Sequence):
        return node.items
    code = Code.NULL if isinstance(node, Scalar) and node.is_null else Code.WRONG_TYPE
    findings.error(code, key, f"{key.text} takes a list, not {node.what}", way_out)
    return []


def _mention(word: str, entry: Node, findings: Findings) -> Mention | None:
    text = entry.text if isinstance(entry, Scalar) and not entry.tag else ""
    kind, _, name = text.partition("/")
    if kind not in KINDS or not name:
        example = nearest(kind, list(KINDS)) if text and kind not in KINDS else ""
        message = f"{quoted(text)} is no address" if text else f"an item of {word} is {entry.what}"
        findings.error(Code.BAD_ADDRESS, entry, message, example or "write kind/name, as in stack/web")
        return None
    identity = KINDS[kind].identity_of(name)
    if len(identity) < len(KINDS[kind].identity) or not all(identity.values()):
        message = f"{quoted(text)} names no {kind}"
        way_out = f"write {kind}/{'/'.join(KINDS[kind].identity)}"
        findings.error(Code.BAD_ADDRESS, entry, message, way_out)
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
