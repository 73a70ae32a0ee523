"""Values for every field of every kind, made from the kinds' own declarations: any text that a Core keeps, references
to what is there, secrets too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    FloatShape,
    GrantsShape,
    IntShape,
    JsonShape,
    ListShape,
    PairsShape,
    StructShape,
    Tagged,
    TargetGrantsShape,
    TargetsShape,
    TextListShape,
    TextShape,
    VersionShape,
)
from komodo_sync.kinds.spec import NameRule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field, Struct

    Names = Mapping[str, list[str]]

LETTERS = (
    "aB01éÉ🦎#,:;=-_/'\"[]{}()\\|>%@`!&*?~$.<^ \t\n\r\x0b\x0c\x1c\x85\xa0\u2003\u2028\u200b\ufeff\x00\x07\x7f\ufffe"
)
WORDS = (
    "", "~", "null", "yes", "no", "on", "true", "False", "1.10", "0123", "1e3", "0x1f", "1_000", "-1", ".5", ".inf",
    "2024-01-01", "<<", "=", "-", "- a", "a: b", "a:", "# a", "a #b", "[a]", "{a}", "*a", "&a", "!file a", "'a'", '"a"',
    " a", "a ", "\na", "a\n\n", "  a\n b\n", "\ta\nb\n", "a\tb", "a\r\nb\r\n", "a\n \nb\n", "a\n   ", "---", "...",
    "---\na\n", "https://x:80/", "${HOME}", "$${HOME}", "[[NAME]]", "a, b", "|", ">", "%a", "@a", "`a`", "ü" * 200,
    "x" * 130, "word " * 40,
)  # fmt: skip
TEXTS = st.text(LETTERS, max_size=12) | st.sampled_from(WORDS)
KEYS = st.sampled_from(["A", "LOG_LEVEL", "a.b", "1", "null", "PORT", "x-y", "yes", "<<"])
PLAIN = st.sampled_from(
    ["", "1", "8080", "no", "a b", "a=b", "a: b", "'q'", '"q"', "[[X]]", "${Y:-z}", "#", "0x", "é", "007"]
)
LINES = st.one_of(
    st.builds("{}={}".format, KEYS, PLAIN),
    st.builds("{}: {}".format, KEYS, PLAIN),
    st.builds("  {} = {}".format, KEYS, PLAIN),
    st.sampled_from(["", "# note", "  ", "A=1 # note", "- A=1", "A=1\r", "A =1", "\tB=2"]),
)
PAIRS = st.lists(LINES, max_size=5).map("\n".join)
NAMES = {
    NameRule.DOCKER: ("a", "0", "1e3", "no"),
    NameRule.CONTAINER: ("a", "0.", "A.b"),
    NameRule.PATH: ("a", "a/b", "é", "#", "{x}"),
    NameRule.GENERAL: (
        "a", "A b", "a: b", "a #", "é/ü", "0", "~", "- ", "*", "w?", "'a'", '"', "[x]", "{{a}}", "!file x",
        "\\a\\", "..", "a,b", "\\^x",
    ),
    NameRule.VARIABLE: ("A", "_", "no"),
    NameRule.EXACT: ("a", " a", "A b", "a: b", "é/ü", "0", "~", "*", "'a'"),
    NameRule.ACCOUNT: ("a", "a.b:80", "é"),
}  # fmt: skip
"""How names may begin that a Core keeps as they are."""
RESOURCES = frozenset(spec.name for spec in KINDS.values() if spec.owned)


def config(spec: KindSpec, names: Names) -> st.SearchStrategy[dict[str, Any]]:
    """A config to create a resource with; `names` are those that it may refer to, by kind."""
    return shape_values(spec.config, names) if isinstance(spec.config, Tagged) else struct_values(spec.config, names)


def name_for(spec: KindSpec, number: int) -> st.SearchStrategy[str]:
    """A name for one of a kind, another for each number."""
    return st.sampled_from(NAMES[spec.names]).map(lambda word: "/".join([f"{word}_{number}"] * len(spec.identity)))


def struct_values(struct: type[Struct], names: Names) -> st.SearchStrategy[dict[str, Any]]:
    required, optional = {}, {}
    for name, item in struct.fields().items():
        if item.required:
            required[name] = field_values(item, names)
        else:
            optional[name] = field_values(item, names)
    return st.fixed_dictionaries(required, optional=optional)


def field_values(item: Field, names: Names) -> st.SearchStrategy[Any]:
    if item.ref:
        known = names.get(item.ref, [])
        if isinstance(item.shape, TextListShape):
            return st.lists(st.sampled_from(known), max_size=3) if known else st.just([])
        return st.sampled_from(["", *known])
    values = shape_values(item.shape, names)
    return values | st.none() if item.nullable else values


def shape_values(shape: Any, names: Names) -> st.SearchStrategy[Any]:
    match shape:
        case TextShape():
            return TEXTS
        case PairsShape():
            return PAIRS
        case FlagShape():
            return st.booleans()
        case IntShape(minimum=minimum, maximum=maximum):
            return st.integers(max(minimum, -(2**53)), min(maximum, 2**53))
        case FloatShape():
            return st.integers(-1000, 1000) | st.floats(-1e6, 1e6, allow_nan=False)
        case EnumShape(values=values):
            return st.sampled_from(values)
        case TextListShape(values=values):
            return st.lists(st.sampled_from(values) if values else TEXTS, max_size=4)
        case VersionShape():
            return st.tuples(*[st.integers(0, 30)] * 3).map(lambda parts: ".".join(map(str, parts)))
        case StructShape(struct=nested):
            return struct_values(nested, names)
        case ListShape(struct=nested):
            return st.lists(struct_values(nested, names), max_size=3)
        case Tagged():
            return st.sampled_from(variants(shape, names)).flatmap(
                lambda pair: st.fixed_dictionaries({"type": st.just(pair[0]), "params": struct_values(pair[1], names)})
            )
        case TargetsShape():
            found = [(KINDS[kind].core, name) for kind in names if kind in RESOURCES for name in names[kind]]
            targets = [{"type": core, "id": name} for core, name in found]
            return st.lists(st.sampled_from(targets), max_size=3) if targets else st.just([])
        case GrantsShape(struct=nested):
            cores = st.sampled_from([KINDS[kind].core for kind in sorted(RESOURCES)])
            return st.dictionaries(cores, struct_values(nested, names), max_size=3)
        case TargetGrantsShape(struct=nested):
            found = [(KINDS[kind].core, name) for kind in names if kind in RESOURCES for name in names[kind]]
            targets = [{"type": core, "id": name} for core, name in found]
            grants = st.builds(lambda target, given: {"target": target, **given},
                               st.sampled_from(targets or [{}]), struct_values(nested, names))  # fmt: skip
            return st.lists(grants, max_size=3) if targets else st.just([])
        case JsonShape(texts=True):
            return st.dictionaries(TEXTS, TEXTS, max_size=3)
        case JsonShape():
            leaves = (
                st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
            )
            return st.dictionaries(TEXTS, leaves | st.lists(leaves, max_size=2), max_size=3)
    raise AssertionError(shape)


def variants(shape: Tagged, names: Names) -> list[tuple[str, type[Struct]]]:
    """The variants that can be made with what there is."""
    return [
        (word, variant)
        for word, variant in shape.all_variants().items()
        if all(not item.required or not item.ref or names.get(item.ref) for item in variant.fields().values())
    ]
