"""One entry of a manifest to one declared resource: the keys beside its config, and the config by its kind."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import EnumShape, FlagShape, Tagged, TextListShape, TextShape
from komodo_sync.kinds.struct import Field
from komodo_sync.manifest.bind import Binder
from komodo_sync.manifest.findings import nearest, quoted
from komodo_sync.manifest.lists import bind_tagged
from komodo_sync.manifest.origin import files_of, place
from komodo_sync.manifest.scalars import NOTHING
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data
from komodo_sync.model.desired import DesiredResource
from komodo_sync.model.marks import OWNER, is_mark
from komodo_sync.model.sealed import Sealed
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Form, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as MappingOf

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.manifest.files import Files
    from komodo_sync.manifest.findings import Findings
    from komodo_sync.model.diagnostic import Span
    from komodo_sync.source.nodes import Node
    from komodo_sync.source.text import Source


class Declared(Data, frozen=True):
    """A resource as one entry declares it. `after` is still what was written: what a bare name means is known once
    everything is read. `name` is where the name stands; `sources` are all the texts in which it is said, where that is
    more than one."""

    resource: DesiredResource
    name: Scalar
    after: tuple[Scalar, ...]
    sources: tuple[Source, ...] = ()

    def source(self, span: Span) -> Source:
        """The text in which a place of this resource lies."""
        return next((source for source in self.sources if source.name == span.file), self.name.source)


_TEXT, _LONG, _FLAG = TextShape(), TextShape(multiline=True), FlagShape()
_LIST = TextListShape(from_text=False)

_BESIDE: tuple[Field, ...] = (
    Field("description", _LONG, ""),
    Field("tags", _LIST, []),
    Field("template", _FLAG, default=False),
    Field("renamed_from", _TEXT, ""),
    Field("adopt_from", _TEXT, ""),
    Field("protect", _FLAG, default=False),
    Field("ignore", _LIST, []),
    Field("omitted_fields", EnumShape(("reset", "keep")), "reset"),
    Field("after", _LIST, []),
    Field("deploy", _FLAG, default=False),
    Field("state", EnumShape(("running", "stopped", "down")), ""),
    Field("wait", EnumShape(("running", "healthy")), ""),
    Field("run_on_change", _FLAG, default=False),
)


def _beside(spec: KindSpec) -> dict[str, Field]:
    missing = {"description", "tags", "template"} - set(spec.meta)
    missing |= set() if spec.owned else {"adopt_from", "protect"}
    missing |= set() if spec.rename else {"renamed_from"}
    missing |= set() if spec.deploys else {"deploy"}
    missing |= set() if spec.states else {"state", "wait"}
    missing |= set() if spec.runs else {"run_on_change"}
    return {item.name: item for item in _BESIDE if item.name not in missing}


KEYS_BESIDE: MappingOf[str, MappingOf[str, Field]] = {name: _beside(spec) for name, spec in KINDS.items()}
"""For each kind, the keys that its resources take beside `name` and `config`."""


_NAMES = {word: Field(word, _TEXT, "") for spec in KINDS.values() for word in spec.identity}
"""The keys that name a resource."""


def written_name(spec: KindSpec, entry: Node) -> Scalar | None:
    """The name that an entry has as it is written; None where it has none that is a text."""
    if not isinstance(entry, Mapping):
        return None
    parts = {word: node for word in spec.identity if isinstance(node := entry.get(word), Scalar)}
    return _whole_name(spec, {word: node for word, node in parts.items() if node.text and not node.tag})


def bind_resource(spec: KindSpec, entry: Node, findings: Findings, files: Files) -> Declared | None:
    """What `entry` declares; None when it has no usable name. Every error in it is reported."""
    if not isinstance(entry, Mapping):
        findings.error(Code.WRONG_TYPE, entry, f"a {spec.name} is a mapping, not {entry.what}", "write - name: ...")
        return None
    binder = Binder(findings, files, secret=_is_secret(spec, entry))
    known = KEYS_BESIDE[spec.name]
    names: dict[str, Scalar | None] = {}
    given: dict[str, Any] = {}
    config: dict[str, Any] = {}
    after: tuple[Scalar, ...] = ()
    flat: list[tuple[Scalar, Node]] = []
    fields = {} if not spec.flat or isinstance(spec.config, Tagged) else spec.config.spellings()
    for key, node in entry.items:
        word = key.text
        if word in spec.identity:
            names[word] = _name(spec, word, node, binder)
        elif word in fields:
            flat.append((key, node))
        elif word == "config" and not spec.flat:
            binder.prefix = "config/"
            config = _config(spec, node, binder)
            binder.prefix = ""
        elif word in known:
            binder.public = word != "description"
            value = binder.value(known[word], node, word)
            binder.public = False
            if word == "after":
                items = node.items if isinstance(node, Sequence) else []
                after = tuple(
                    item
                    for item in items
                    if isinstance(item, Scalar) and not (item.is_null or item.secret or item.missing)
                )
            elif value is not NOTHING:
                given[word] = value
            if word == "tags" and isinstance(node, Sequence):
                _marks(node.items, findings)
            elif word == "renamed_from" and spec.keeps_books:
                _marks([node], findings)
        else:
            _unknown(spec, key, [*known, *fields], binder)
    if spec.flat and not isinstance(spec.config, Tagged):
        rest = Mapping(entry.source, entry.line, entry.column, flat)
        binder.prefix = "config/"
        config = binder.struct(spec.config, rest, "")
        if config.get("is_secret") and isinstance(config.get("value"), str):
            config["value"] = Sealed(config["value"])
            binder.clear_keys.clear()
    for word in spec.identity:
        if word not in names and not entry.torn:
            findings.error(Code.MISSING_KEY, entry, f"this {spec.name} has no {word}", f"add {word}: ...")
    name = _whole_name(spec, names)
    if name is None:
        return None
    if spec.keeps_books:
        _marks([name], findings)
    return Declared(_resource(spec, entry, name.text, config, given, binder), name, after)


def _resource(
    spec: KindSpec, entry: Mapping, name: str, config: dict[str, Any], given: dict[str, Any], binder: Binder
) -> DesiredResource:
    if "tags" in given:
        given["tags"] = tuple(dict.fromkeys(given["tags"]))
    if "ignore" in given:
        given["ignore"] = _ignored(spec, entry, binder)
    return DesiredResource(
        address=Address(spec.name, name),
        span=entry.source.span(entry.line, entry.column),
        config=config,
        references=tuple(binder.references),
        clear_keys=binder.clear_keys,
        interpolated=tuple(binder.interpolated),
        origin=partial(place, spec, entry),
        files=partial(files_of, binder.files.root, entry),
        **given,
    )


def _marks(tags: Iterable[Node], findings: Findings) -> None:
    """An error for each tag that keeps our books: by hand it would say what nobody has approved."""
    for tag in tags:
        if isinstance(tag, Scalar) and is_mark(tag.text):
            owner = tag.text.removeprefix(OWNER)
            way_out = "`protect: true` gives it to a resource, and `protect: false` takes it away"
            if owner != tag.text:
                name = owner or "NAME"
                way_out = f"`owner: {name}` in komodo-sync.yaml gives it; `adopt_from: {name}` takes a resource over"
            message = f"{quoted(tag.text)} is a tag that we keep, and cannot be written by hand"
            findings.error(Code.RESERVED_TAG, tag, message, f"leave it out: {way_out}")


def _name(spec: KindSpec, word: str, node: Node, binder: Binder) -> Scalar | None:
    if not isinstance(node, Scalar) or node.tag:
        binder.findings.error(Code.WRONG_TYPE, node, f"{word} takes a text, not {node.what}", f"write {word}: ...")
        return None
    binder.public = True
    text = binder.value(_NAMES[word], node, word)
    binder.public = False
    if text is NOTHING:
        return None
    if not text:
        binder.findings.error(Code.MISSING_KEY, node, f"the {word} of this {spec.name} is empty", f"give it a {word}")
        return None
    if "/" in text and word != spec.identity[-1]:
        message = f"the {word} of this {spec.name} has a slash in it"
        binder.findings.error(Code.UNKNOWN_VALUE, node, message, "write the host alone, as in github.com")
        return None
    return node


def _whole_name(spec: KindSpec, names: MappingOf[str, Scalar | None]) -> Scalar | None:
    """What `spec.identity` says, as one text where the first of it stands; None when a part is missing or wrong."""
    if len(spec.identity) == 1:
        return names.get(spec.identity[0])
    parts = [names.get(word) for word in spec.identity]
    given = [part for part in parts if part is not None]
    if len(given) < len(parts):
        return None
    first = given[0]
    return Scalar(first.source, first.line, first.column, "/".join(part.text for part in given), Form.TEXT)


def _config(spec: KindSpec, node: Node, binder: Binder) -> dict[str, Any]:
    if isinstance(spec.config, Tagged):
        value = bind_tagged(binder, spec.config, node, "", "config")
        return {} if value is NOTHING else value
    if not isinstance(node, Mapping):
        code = Code.NULL if isinstance(node, Scalar) and node.is_null else Code.WRONG_TYPE
        message = f"config takes a mapping, not {node.what}"
        binder.findings.error(code, node, message, "write key: value below it, or leave config out")
        return {}
    return binder.struct(spec.config, node, "")


def _ignored(spec: KindSpec, entry: Mapping, binder: Binder) -> tuple[str, ...]:
    """`ignore` with every field under its own name: `config.server` is `config.server_id`."""
    node = entry.get("ignore")
    assert isinstance(node, Sequence)
    spellings = {} if isinstance(spec.config, Tagged) else spec.config.spellings()
    words = {meta: meta for meta in spec.meta}
    words |= {f"config.{word}": f"config.{item.name}" for word, item in spellings.items()}
    if spec.flat:
        words |= {word: f"config.{item.name}" for word, item in spellings.items()}
    if isinstance(spec.config, Tagged):
        words |= {"config.type": "config.type", "config.params": "config.params"}
    result = []
    for item in node.items:
        if not isinstance(item, Scalar) or item.secret or item.missing:
            continue
        if item.text in words:
            result.append(words[item.text])
        elif isinstance(spec.config, Tagged) and item.text.startswith("config.params."):
            result.append(item.text)
        else:
            message = f"{quoted(item.text)} is no field of a {spec.name}"
            binder.findings.error(
                Code.UNKNOWN_KEY, item, message, nearest(item.text, list(words)) or "write config.field"
            )
    return tuple(dict.fromkeys(result))


def _unknown(spec: KindSpec, key: Scalar, words: list[str], binder: Binder) -> None:
    """A key that is none of a resource's; one of its config's fields is shown the way there."""
    word = key.text
    choices = [*spec.identity, *words] if spec.flat else [*spec.identity, "config", *words]
    help_text = nearest(word, choices) or f"a {spec.name} takes {', '.join(choices)}"
    if not spec.flat and not isinstance(spec.config, Tagged) and word in spec.config.spellings():
        choices, help_text = [word], f"{word} belongs under config"
    binder.findings.unknown_key(key, choices, help_text, secret=binder.secret)


@cache
def _may_be_secret(kind: str) -> bool:
    return "is_secret" in KINDS[kind].fields()


def _is_secret(spec: KindSpec, entry: Mapping) -> bool:
    """Whether the entry calls itself secret; in doubt it is."""
    if not _may_be_secret(spec.name):
        return False
    node = entry.get("is_secret")
    return node is not None and not (isinstance(node, Scalar) and node.text.lower() in ("false", "no", "off"))
