"""Manifests of every kind as people may write them, made from the declarations: most are right, some are not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    FloatShape,
    GrantsShape,
    IntShape,
    ListShape,
    PairsShape,
    Shape,
    StructShape,
    Tagged,
    TargetGrantsShape,
    TargetsShape,
    TextListShape,
    VersionShape,
)
from komodo_sync.manifest.resources import KEYS_BESIDE

if TYPE_CHECKING:
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field, Struct

Text = st.SearchStrategy[str]

SCALARS = st.sampled_from(
    ["a", "b-c", "1", "010", "1.10", "0x1f", "1e3", ".5", "no", "Yes", "true", "'true'", "''", '"x: y"', "2024-01-01",
     "a b", "~x", "null2", "+1", "-3", "1_000", "${ELSE}", "$${env:A}"]
)  # fmt: skip
FLAGS = st.sampled_from(["true", "True", "FALSE", "yes", "No", "ON", "off"])
LEVELS = st.sampled_from(["None", "Read", "Execute", "Write"])
GRANTS = LEVELS | LEVELS.map(lambda level: f"{{level: {level}, specific: [Logs, Inspect]}}")
DEPTH = 3


def manifests() -> Text:
    """A whole manifest, in flow style."""
    kinds = st.lists(st.sampled_from(list(KINDS.values())), min_size=1, max_size=3, unique_by=lambda spec: spec.name)
    return kinds.flatmap(lambda specs: st.tuples(*map(_table, specs))).map("\n".join)


def _table(spec: KindSpec) -> Text:
    return st.lists(_resource(spec), max_size=2).map(lambda items: f"{spec.plural}: [{', '.join(items)}]")


def _resource(spec: KindSpec) -> Text:
    names = st.sampled_from(["a", "b", "c-d", "010", "x_1"])
    beside = {
        word: st.lists(st.sampled_from(["stack/a", "build/b"]), max_size=1).map(_list)
        if word == "after"
        else st.just("[]")
        if word == "ignore"
        else _value(item, 0)
        for word, item in KEYS_BESIDE[spec.name].items()
        if word not in spec.fields()
    }
    if isinstance(spec.config, Tagged):
        inner = {"config": _of(spec.config, DEPTH)}
    elif spec.flat:
        inner = _fields(spec.config, DEPTH)
    else:
        inner = {"config": _struct(spec.config, DEPTH)}
    named = names.map(lambda name: ", ".join(f"{word}: {name}" for word in spec.identity))
    return st.tuples(named, _mapping({}, {**beside, **inner})).map(lambda parts: f"{{{parts[0]}, {parts[1][1:]}")


def _fields(struct: type[Struct], depth: int) -> dict[str, Text]:
    return {word: _value(item, depth) for item in struct.fields().values() for word in item.spellings[-1:]}


def _struct(struct: type[Struct], depth: int) -> Text:
    fields = _fields(struct, depth)
    needed = {item.spellings[-1] for item in struct.fields().values() if item.required}
    return _mapping(
        {word: value for word, value in fields.items() if word in needed},
        {word: value for word, value in fields.items() if word not in needed} if depth else {},
    )


def _mapping(needed: dict[str, Text], others: dict[str, Text]) -> Text:
    words = st.lists(st.sampled_from(sorted(others)), max_size=4, unique=True) if others else st.just([])
    chosen = words.flatmap(lambda some: st.fixed_dictionaries(needed | {word: others[word] for word in some}))
    return chosen.map(lambda pairs: "{" + ", ".join(f"{word}: {value}" for word, value in pairs.items()) + "}")


def _value(item: Field, depth: int) -> Text:
    value = _of(item.shape, depth)
    return value | st.just("~") if item.nullable else value


def _of(shape: Shape, depth: int) -> Text:
    match shape:
        case FlagShape():
            return FLAGS
        case IntShape():
            return st.integers(max(shape.minimum, -5), min(shape.maximum, 90)).map(str)
        case FloatShape():
            return st.sampled_from(["90", "1.5", "1e1", "0.25"])
        case EnumShape():
            return st.sampled_from([*shape.values, *shape.aliases]).flatmap(
                lambda word: st.sampled_from([word, f"'{word}'"])
            )
        case VersionShape():
            return st.sampled_from(["1", "1.10", "1.2.3", "'1.0'", "{major: 1, minor: 2, patch: 3}"])
        case TextListShape():
            item = st.sampled_from(shape.values) if shape.values else SCALARS
            several = st.lists(item, max_size=2).map(_list)
            return several | SCALARS if shape.from_text else several
        case PairsShape():
            pairs = st.dictionaries(st.sampled_from(["A", "80", "b.c"]), SCALARS, max_size=2)
            return (
                pairs.map(_braces) | SCALARS | SCALARS.map(lambda text: f"[{{{shape.key}: a, {shape.value}: {text}}}]")
            )
        case StructShape():
            return _struct(shape.struct, depth - 1)
        case ListShape():
            entry = _struct(shape.struct, depth - 1)
            several = st.lists(entry | SCALARS if shape.short else entry, max_size=2).map(_list)
            return several | entry if shape.single else several
        case Tagged():
            variants: list[tuple[str, Any]] = sorted(shape.all_variants().items())
            return st.sampled_from(variants).flatmap(
                lambda pair: _struct(pair[1], depth - 1).map(lambda params: f"{{type: {pair[0]}, params: {params}}}")
            )
        case GrantsShape():
            words = st.lists(st.sampled_from(["Server", "stack", "Build"]), max_size=2, unique=True)
            return st.tuples(words, GRANTS).map(lambda two: _braces(dict.fromkeys(*two)))
        case TargetGrantsShape():
            targets = ["stack/a", "stack/*", "{type: Build, id: b}", "'stack/\\^a$\\'"]
            several = st.lists(st.tuples(st.sampled_from(targets), LEVELS), max_size=2, unique_by=lambda two: two[0])
            return several.map(
                lambda found: _list([f"{{target: {target}, level: {level}}}" for target, level in found])
            )
        case TargetsShape():
            return st.lists(st.sampled_from(["stack/a", "{type: Build, id: b}", "server/010"]), max_size=2).map(_list)
        case _:
            return SCALARS


def _list(items: list[str]) -> str:
    return f"[{', '.join(items)}]"


def _braces(pairs: dict[str, str]) -> str:
    return "{" + ", ".join(f"{json.dumps(key)}: {value}" for key, value in pairs.items()) + "}"
