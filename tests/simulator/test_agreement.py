"""What the embedded Core stores is what the planner said that it would store, for any value that may be sent.

The two have functions of their own, each held against the recordings: where this finds a difference, the recordings
say who is wrong, and the value becomes an example here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import Asker, timed
from counts import costly
from hypothesis import example, given
from hypothesis import strategies as st

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.grants import grant, settled
from komodo_sync.kinds.names import normal_name
from komodo_sync.kinds.normal import normal_struct, normalise
from komodo_sync.kinds.pairs import read_pairs
from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    FloatShape,
    IntShape,
    ListShape,
    PairsShape,
    StructShape,
    Tagged,
    TextListShape,
    TextShape,
    VersionShape,
)
from komodo_sync.kinds.spec import NameRule
from komodo_sync.simulator.names import stored_name
from komodo_sync.simulator.whitespace import trim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.kinds.struct import Field, Struct

FEW = costly(60, database=None)
LETTERS = "aB07éÉ🦎#,:=-/'\"[]{}\\$._ \t\n\r\x0b\x0c\x1c\x1f\x85\xa0\u1680\u2003\u2028\u200b\ufeff"
# those that name no other resource
EXECUTIONS = (
    {"type": "None", "params": {}},
    {"type": "Sleep", "params": {"duration_ms": 5}},
    {"type": "BatchDeployStack", "params": {"pattern": "web-*"}},
    {"type": "BatchRunBuild", "params": {"pattern": "a, b", "tags": ["x", "x"]}},
    {"type": "SendAlert", "params": {"message": "m", "level": "WARNING"}},
    {"type": "RotateCoreKeys", "params": {"force": True}},
)
TEXTS = st.text(LETTERS, max_size=12)


def sent(item: Field) -> st.SearchStrategy[Any]:
    """What may be sent for a field; nothing for one that refers to other resources."""
    return st.nothing() if item.ref else sent_shape(item.shape)


def sent_shape(shape: Any) -> st.SearchStrategy[Any]:
    match shape:
        case TextShape():
            return TEXTS
        case PairsShape(key=key, value=value):
            keys = st.sampled_from(["SIGINT", "SIGTERM"]) if key == "signal" else TEXTS
            lines = st.lists(st.fixed_dictionaries({key: keys, value: TEXTS}), max_size=3)
            return TEXTS | st.sampled_from(["A=1", "A: 1\r\n\r\n", "- A=1\n#\n"]) | lines
        case FlagShape():
            return st.booleans()
        case IntShape(minimum=minimum, maximum=maximum):
            return st.integers(minimum, maximum)
        case FloatShape():
            return st.integers(-1000, 1000) | st.floats(-1e6, 1e6, allow_nan=False)
        case EnumShape(values=values, aliases=aliases):
            return st.sampled_from([*values, *aliases])
        case TextListShape(values=values, from_text=from_text):
            lists = st.lists(st.sampled_from(values) if values else TEXTS, max_size=4)
            return lists | TEXTS if from_text else lists
        case VersionShape():
            parts = st.integers(0, 300)
            text = st.lists(parts, min_size=1, max_size=4).map(lambda found: ".".join(map(str, found)))
            return text | st.fixed_dictionaries(dict.fromkeys(("major", "minor", "patch"), parts))
        case StructShape(struct=nested):
            return sent_struct(nested)
        case ListShape(struct=nested, short=short, single=single):
            items = sent_struct(nested) | (TEXTS if short else st.nothing())
            return st.lists(items, max_size=3) | (sent_struct(nested) if single else st.nothing())
        case Tagged(resolve=None, variants=variants):
            return st.one_of(
                st.fixed_dictionaries({"type": st.just(word), "params": sent_struct(variant)})
                for word, variant in variants.items()
            )
        case Tagged():
            return st.sampled_from(EXECUTIONS)
        case _:
            return st.nothing()


def sent_struct(struct: type[Struct]) -> st.SearchStrategy[Any]:
    fields = {name: item for name, item in struct.fields().items() if not item.ref}
    required = {name: sent(item) for name, item in fields.items() if item.required}
    optional = {name: sent(item) for name, item in fields.items() if not item.required}
    return st.fixed_dictionaries(required, optional=optional)


def answered(item: Field, normal: Any) -> Any:
    """A value in normal form as a Core answers it."""
    match item.shape:
        case VersionShape():
            return dict(zip(("major", "minor", "patch"), map(int, normal.split(".")), strict=True))
        case StructShape(struct=nested):
            return answered_struct(nested, normal)
        case ListShape(struct=nested):
            return [answered_struct(nested, each) for each in normal]
        case Tagged() as tagged:
            return normal | {"params": answered_struct(tagged.all_variants()[normal["type"]], normal["params"])}
        case _:
            return normal


def answered_struct(struct: type[Struct], normal: Any) -> Any:
    return {
        name: answered(item, normal[name])
        for name, item in struct.fields().items()
        if not (item.omitted and normal[name] == item.default)
    }


@pytest.fixture(scope="module")
def asker() -> Iterator[Asker]:
    with timed() as core:
        ask = Asker(core)
        with ask.http:
            for spec in KINDS.values():
                if not spec.flat and not isinstance(spec.config, Tagged):
                    ask.write(spec.create, name="x")
            yield ask


def fields() -> list[Any]:
    return [
        pytest.param(spec.name, item.name, id=f"{spec.name}-{item.name}")
        for spec in KINDS.values()
        if not spec.flat and not isinstance(spec.config, Tagged)
        for item in spec.fields().values()
        if not sent(item).is_empty
    ]


@pytest.mark.parametrize(("kind", "name"), fields())
def test_any_value_is_stored_as_predicted(asker: Asker, kind: str, name: str) -> None:
    spec = KINDS[kind]
    item = spec.fields()[name]

    # most fields are plain texts and flags, and all alike
    @(costly(5, long=60, database=None) if item.shape in (TextShape(), FlagShape()) else FEW)
    @given(sent(item))
    def check(value: Any) -> None:
        answer = asker.send("write", spec.update, id="x", config={name: value})
        if answer.status_code != 200:
            # a line without an assignment is the only thing that Core has against a value that fits its type
            assert isinstance(item.shape, PairsShape)
            assert item.shape.validated
            return
        assert answer.json()["config"][name] == answered(item, normalise(item, value))

    check()


@pytest.mark.parametrize("name", ["build_args", "secret_args"])
def test_the_planner_knows_which_texts_core_refuses(asker: Asker, name: str) -> None:
    @FEW
    @given(TEXTS)
    @example("A\nB")
    @example("\n\nA #=1")
    @example("// A")
    def check(text: str) -> None:
        answer = asker.send("write", "UpdateBuild", id="x", config={name: text})
        _, unreadable = read_pairs(trim(text))
        if not unreadable:
            assert answer.status_code == 200, answer.text
            return
        body = answer.json()
        assert (answer.status_code, body["error"]) == (500, f"Invalid {name}")
        assert body["trace"] == [f"line {unreadable[0]} missing assignment character ('=' or ':')"]

    check()


@pytest.mark.parametrize("rule", [NameRule.DOCKER, NameRule.CONTAINER, NameRule.PATH, NameRule.GENERAL])
def test_names(rule: NameRule) -> None:
    @costly(300, database=None)
    @given(TEXTS)
    def check(name: str) -> None:
        assert stored_name(rule, name) == normal_name(rule, name)

    check()


@pytest.mark.parametrize(
    ("kind", "name", "value", "stored"),
    [
        # recorded: an entry of spaces alone is dropped, one of other white space is kept
        ("build", "extra_args", ["Ba", "\u2028", "", "  "], ["Ba", "\u2028"]),
        ("stack", "file_contents", " \u200b\x85\u2028", " \u200b\n"),
        ("server", "cpu_warning", 33.333333333, 33.333332),
        ("build", "version", "01.002.3.4", {"major": 1, "minor": 2, "patch": 3}),
    ],
)
def test_what_differed_once(asker: Asker, kind: str, name: str, value: Any, stored: Any) -> None:
    item = KINDS[kind].fields()[name]
    assert answered(item, normalise(item, value)) == stored
    assert asker.write(KINDS[kind].update, id="x", config={name: value})["config"][name] == stored


@pytest.mark.parametrize("kind", ["git_account", "registry_account"])
def test_accounts(asker: Asker, kind: str) -> None:
    spec, number = KINDS[kind], iter(range(10_000))

    @FEW
    @given(sent_struct(spec.config))  # type: ignore[arg-type] # it has no types
    def check(value: dict[str, Any]) -> None:
        made = asker.write(spec.create, account={"domain": "x", "username": str(next(number)), **value})
        kept = {name: made[name] for name in spec.fields()}
        assert kept == normal_struct(spec.config, value)  # type: ignore[arg-type]
        assert made in asker.read(spec.lists)

    check()


LEVELS = st.sampled_from(["None", "Read", "Execute", "Write"])
SPECIFICS = st.lists(st.sampled_from(["Terminal", "Attach", "Inspect", "Logs", "Processes"]), max_size=4)
GRANTS = LEVELS | st.fixed_dictionaries({"level": LEVELS, "specific": SPECIFICS})


def test_permissions(asker: Asker) -> None:
    fields, number = KINDS["user_group"].fields(), iter(range(10_000))
    ids = {core: asker.write(f"Create{core}", name="granted")["_id"]["$oid"] for core in ("Stack", "Server")}

    @FEW
    @given(st.lists(st.tuples(st.sampled_from(["Stack", "Server"]), GRANTS), max_size=4))
    def check(grants: list[tuple[str, Any]]) -> None:
        name = f"group {next(number)}"
        identity = asker.write("CreateUserGroup", name=name)["_id"]["$oid"]
        target = {"type": "UserGroup", "id": identity}
        for core, allowed in grants:
            subject = {"type": core, "id": "granted"}
            asker.write("UpdatePermissionOnResourceType", user_target=target, resource_type=core, permission=allowed)
            asker.write("UpdatePermissionOnTarget", user_target=target, resource_target=subject, permission=allowed)
        [held] = [each for each in asker.read("ListUserGroups") if each["name"] == name]
        assert normalise(fields["all"], held["all"]) == normalise(fields["all"], dict(grants))
        rows = asker.read("ListUserTargetPermissions", user_target=target)
        wanted = [{"target": {"type": core, "id": ids[core]}, **grant(allowed)} for core, allowed in grants]
        assert settled(normalise(fields["permissions"], rows)) == settled(wanted)

    check()
