"""The facts that planner and embedded Core share, against sources that neither of them wrote.

`config_types.json` has the types of every config in the OpenAPI document that a Core 2.3.2 serves; the recordings have
what it answers for fields that were not sent. Were a field missing or a default wrong in `kinds`, both would agree on
the mistake, and only this would notice.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from komodo_sync.kinds import BY_CORE, KINDS
from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    FloatShape,
    IntShape,
    ListShape,
    PairsShape,
    StructShape,
    Tagged,
    TargetsShape,
    TextListShape,
    TextShape,
    VersionShape,
)
from komodo_sync.simulator.resources import RESOURCES, empty_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.kinds.struct import Field, Struct

HERE = Path(__file__).parent
TYPES: dict[str, Any] = json.loads((HERE / "config_types.json").read_text())
PLAIN = {TextShape: "str", PairsShape: "str", FlagShape: "bool", IntShape: "int", FloatShape: "float"}
VARIANT = re.compile(r"\{params: (\w+|\{[^}]*\}), type: \"(\w+)\"\}")


def compared(struct: type[Struct], kind: Any, at: str) -> Iterator[tuple[str, Any, Any]]:
    """(place, fact of ours, fact of the document) for every field, downwards. `kind` is fields by name."""
    fields = struct.fields()
    yield at, sorted(fields), sorted(kind)
    for name, item in fields.items():
        if name not in kind:
            continue
        text, optional = kind[name].removesuffix(" ?"), kind[name].endswith(" ?")
        yield f"{at}.{name} is required", item.required, not optional
        yield f"{at}.{name} takes null", item.nullable, "null" in text.split(" | ")
        yield from shape_compared(item, text.removesuffix(" | null"), f"{at}.{name}")


def shape_compared(item: Field, text: str, at: str) -> Iterator[tuple[str, Any, Any]]:
    match item.shape:
        case StructShape(struct=nested):
            yield from compared(nested, TYPES[text], at)
        case ListShape(struct=nested):
            yield from compared(nested, TYPES[inner(text)], at)
        case EnumShape(values=values):
            yield at, sorted(values), words(text)
        case TextListShape(values=values):
            yield at, sorted(values), words(inner(text)) if inner(text) in TYPES else []
        case Tagged() as tagged if tagged.resolve is None:
            yield from tagged_compared(tagged, TYPES[text], at)
        case Tagged():
            yield at, "Execution", text
        case TargetsShape():
            yield at, "list[ResourceTarget]", text
        case VersionShape():
            yield at, "Version", text
        case shape:
            yield at, PLAIN.get(type(shape)), text


def tagged_compared(tagged: Tagged, text: str, at: str) -> Iterator[tuple[str, Any, Any]]:
    found = {variant: params for params, variant in VARIANT.findall(text)}
    yield at, sorted(tagged.variants), sorted(found)
    for variant, struct in tagged.variants.items():
        params = found[variant]
        # the document does not say which of the fields written in place may be left out
        fields = TYPES.get(params) or {name: f"{kind} ?" for name, kind in re.findall(r"(\w+): (\w+)", params)}
        yield from compared(struct, fields, f"{at}.{variant}")


def inner(text: str) -> str:
    assert text.startswith("list["), text
    return text[5:-1]


def words(name: str) -> list[str]:
    return sorted(re.findall(r'"([^"]*)"', TYPES[name]))


@pytest.mark.parametrize("core", RESOURCES)
def test_fields_and_their_types_are_those_of_the_api(core: str) -> None:
    config, kind = BY_CORE[core].config, TYPES[f"{core}Config"]
    found = tagged_compared(config, kind, core) if isinstance(config, Tagged) else compared(config, kind, core)
    seen = list(found)
    assert len(seen) > 4
    assert [(at, ours, theirs) for at, ours, theirs in seen if ours != theirs] == []


def test_fields_of_kinds_without_a_config() -> None:
    [color] = KINDS["tag"].fields().values()
    assert isinstance(color.shape, EnumShape)
    assert sorted(color.shape.values) == words("TagColor")
    assert {*KINDS["variable"].fields(), "name", "description"} == TYPES["Variable"].keys()


def recorded_creates() -> list[Any]:
    """(kind, sent config, answered config) of every Create that was recorded."""
    found = []
    for path in sorted((HERE.parent / "conformance" / "cassettes").glob("*.json")):
        for step in json.loads(path.read_text())["steps"]:
            body = step["request"].get("body")
            core = body["type"].removeprefix("Create") if isinstance(body, dict) and "type" in body else ""
            if step["status"] == 200 and core in RESOURCES and body["type"].startswith("Create"):
                found.append((core, body["params"].get("config", {}), step["answer"]["config"]))
    return found


def test_every_kind_was_recorded() -> None:
    assert {core for core, _, _ in recorded_creates()} == RESOURCES.keys()


@pytest.mark.parametrize("core", RESOURCES)
def test_what_is_not_sent_is_answered_as_its_default(core: str) -> None:
    config, empty = BY_CORE[core].config, empty_config(core)
    checked: set[str] = set()
    for found, sent, answered in recorded_creates():
        if found != core:
            continue
        if isinstance(config, Tagged):
            given = sent.get("params", {})
            struct, answered = config.variants[answered["type"]], answered["params"]
        else:
            given, struct = sent, config
        spelled = {struct.spellings()[key].name for key in given if key in struct.spellings()}
        for name, item in struct.fields().items():
            if name in spelled or (core, name) == ("Action", "file_contents"):
                continue
            assert answered_form(item.shape, item.default) == answered[name], (core, name)
            checked.add(name)
            if not isinstance(config, Tagged):
                assert empty[name] == answered[name], (core, name)
    # the recorded builders and swarms all name their servers
    assert checked | {"server_ids", "file_contents"} >= (set() if isinstance(config, Tagged) else set(config.fields()))
    assert checked or isinstance(config, Tagged)


def answered_form(shape: Any, normal: Any) -> Any:
    """A default as it is answered: a version as an object, everything else as it is."""
    if isinstance(shape, VersionShape):
        return dict(zip(("major", "minor", "patch"), map(int, normal.split(".")), strict=True))
    return normal
