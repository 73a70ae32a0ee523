"""Whatever is declared, apply makes it so: the next plan is empty, and an edit sends nothing but what it changed."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from asking import Asker
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shell import Host, Shell, fresh_core

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import (
    EnumShape,
    FlagShape,
    FloatShape,
    GrantsShape,
    IntShape,
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from komodo_sync.kinds.struct import Field, Struct

World = dict[str, dict[str, dict[str, Any]]]
"""Entries by kind and name, as they stand in a manifest."""

NAMES = ("a", "b")
USERS = ("alice", "bob")
KIND_NAMES = sorted(KINDS)
LEVELS = st.sampled_from(["None", "Read", "Execute", "Write"])
GRANTS = st.fixed_dictionaries(
    {"level": LEVELS}, optional={"specific": st.lists(st.sampled_from(["Logs", "Attach", "Terminal"]), max_size=3)}
)
TEXTS = st.sampled_from(["x", "1.10", "no", "0123", "two words", "a: b # c", "ä→🦎", "two\nlines\n", "$X [[REGION]]"])
WORDS = st.sampled_from(["x", "1.10", "yes", "a/b", "y-z"])
PAIRS = st.sampled_from(["A=1", "A: 1\n# c\n", "B=two words\nA=1\n"]) | st.dictionaries(
    st.sampled_from(["A", "B", "TOKEN"]), st.sampled_from(["1", "no", "two words", "", "a=b", "#x"]), max_size=3
)
# an execution's parameters refer to anything: those that matter stand here
EXECUTIONS = (
    {"type": "None", "params": {}},
    {"type": "Sleep", "params": {"duration_ms": 5}},
    {"type": "BatchDeployStack", "params": {"pattern": "web-*"}},
    {"type": "SendAlert", "params": {"message": "m"}},
)
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"


class Values:
    """Values for fields, which refer to declared resources alone."""

    def __init__(self, declared: dict[str, list[str]], types: dict[str, str], own: str = "") -> None:
        self.declared = declared
        self.types = types
        self.own = own

    def field(self, field: Field) -> st.SearchStrategy[Any]:
        if field.ref:
            names = list(USERS) if field.ref == "user" else self.declared.get(field.ref, [])
            if isinstance(field.shape, TextListShape):
                return st.lists(st.sampled_from(names), max_size=2) if names else st.just([])
            return st.sampled_from(["", *names])
        return self.shape(field.shape)

    def shape(self, shape: Any) -> st.SearchStrategy[Any]:
        match shape:
            case FlagShape():
                return st.booleans()
            case IntShape():
                return st.integers(max(shape.minimum, 0), min(shape.maximum, 20))
            case FloatShape():
                return st.sampled_from([1.5, 90.0, 12.3])
            case EnumShape():
                return st.sampled_from(shape.values)
            case VersionShape():
                return st.sampled_from(["0.0.0", "1.2.3"])
            case PairsShape(key="signal"):
                return st.sampled_from(["SIGINT=x", "SIGTERM: y\n"])
            case PairsShape():
                return PAIRS
            case TextListShape():
                return st.lists(st.sampled_from(shape.values) if shape.values else WORDS, max_size=3)
            case StructShape():
                return self.struct(shape.struct)
            case ListShape():
                return st.lists(self.struct(shape.struct), max_size=2)
            case TextShape(longest=longest) if longest:
                return WORDS
            case TargetsShape():
                targets = self.targets("stack", "procedure", "alerter")
                return st.lists(st.sampled_from(targets), unique=True) if targets else st.just([])
            case GrantsShape():
                return st.dictionaries(st.sampled_from(["Server", "Stack", "build"]), GRANTS | LEVELS, max_size=3)
            case TargetGrantsShape():
                patterns = ["stack/*", "procedure/?", "stack/\\^[ab]$\\", "stack/nobody*"]
                targets = st.sampled_from([*self.targets("stack", "procedure"), *patterns])
                found = st.builds(lambda target, given: {"target": target, **given}, targets, GRANTS)
                return st.lists(found, max_size=3, unique_by=lambda grant: grant["target"])
            case Tagged() if "Sleep" in shape.all_variants():
                # no procedure runs itself, but they may run each other
                others = [name for name in self.declared.get("procedure", ()) if name != self.own]
                runs = [{"type": "RunProcedure", "params": {"procedure": name}} for name in others]
                alerters = self.declared.get("alerter", [])
                alerts = [{"type": "SendAlert", "params": {"message": "m", "alerters": [name]}} for name in alerters]
                return st.sampled_from([*EXECUTIONS, *runs, *alerts])
            case Tagged():
                return st.one_of(
                    [
                        st.fixed_dictionaries({"type": st.just(name), "params": self.struct(variant)})
                        for name, variant in shape.all_variants().items()
                    ]
                )
            case _:
                return TEXTS

    def struct(self, struct: type[Struct]) -> st.SearchStrategy[dict[str, Any]]:
        fields = struct.fields()
        return st.fixed_dictionaries(
            {name: self.field(field) for name, field in fields.items() if field.required},
            optional={name: self.field(field) for name, field in fields.items() if not field.required},
        )

    def targets(self, *kinds: str) -> list[str]:
        return [f"{kind}/{name}" for kind in kinds for name in self.declared.get(kind, ())]

    def entry(self, kind: str, name: str) -> st.SearchStrategy[dict[str, Any]]:
        spec = KINDS[kind]
        if isinstance(spec.config, Tagged):
            type_ = self.types[name]
            params = self.struct(spec.config.all_variants()[type_])
            config = st.fixed_dictionaries({"type": st.just(type_), "params": params})
        else:
            config = self.struct(spec.config)
        beside: dict[str, st.SearchStrategy[Any]] = {}
        if "description" in spec.meta:
            beside["description"] = TEXTS
        if "tags" in spec.meta:
            beside["tags"] = st.lists(st.sampled_from(["red", "blue"]), unique=True)
            beside["template"] = st.booleans()
        if spec.flat:
            # the embedded Core takes no line ends in a variable's value
            config = config.filter(lambda fields: "\n" not in fields.get("value", ""))
            return st.tuples(config, st.fixed_dictionaries({}, optional=beside)).map(lambda two: {**two[0], **two[1]})
        return st.fixed_dictionaries({"config": config}, optional=beside)


@st.composite
def worlds(draw: Callable[[st.SearchStrategy[Any]], Any]) -> tuple[World, World]:
    """A world, and an edited one: some entries again, some changed in part, some gone, some new."""
    # a set has another order in each process, and so would the world that is drawn
    kinds = sorted(draw(st.sets(st.sampled_from(KIND_NAMES), min_size=1, max_size=5)))
    first_names, second_names = (
        {kind: sorted(draw(st.sets(st.sampled_from(NAMES), min_size=1))) for kind in kinds} for _ in range(2)
    )
    # a change to the defaults of another type is ignored by a Core, and told as such elsewhere
    types = {name: draw(st.sampled_from(["Aws", "Server", "Url"])) for name in NAMES}
    first = _world(draw, Values(first_names, types))
    fresh = _world(draw, Values(second_names, types))
    second: World = {}
    for kind, entries in fresh.items():
        second[kind] = {}
        for name, entry in entries.items():
            old = first.get(kind, {}).get(name)
            stays = old is not None and _stands(old, second_names) and draw(st.booleans())
            second[kind][name] = old if stays and old is not None else _named_as(old, kind, entry)
    for kind, entries in first.items():
        for name in entries.keys() - second.get(kind, {}).keys():
            # a template is never pruned: it would stay, and hold what it refers to
            entries[name].pop("template", None)
    return first, second


def _world(draw: Callable[[st.SearchStrategy[Any]], Any], values: Values) -> World:
    names = values.declared
    return {
        kind: {
            name: _alone(kind, name, draw(Values(names, values.types, name).entry(kind, name))) for name in names[kind]
        }
        for kind in names
    }


def _alone(kind: str, name: str, entry: dict[str, Any]) -> dict[str, Any]:
    """`entry` with a name of its own where it runs: two of one name in one place are refused. Servers are on."""
    if kind == "server":
        # a Core does not delete a checkout on a server that is switched off
        return {**entry, "config": {**entry["config"], "enabled": True}}
    field = KINDS[kind].runs_as
    given = entry.get("config", {}).get(field)
    return {**entry, "config": {**entry["config"], field: f"{given}-{name}"}} if field and given else entry


def _named_as(old: dict[str, Any] | None, kind: str, entry: dict[str, Any]) -> dict[str, Any]:
    """`entry` with the name under which `old` runs: a Core refuses to change it while it does not know what runs."""
    if old is None or kind != "deployment":
        return entry
    field = KINDS[kind].runs_as
    kept = {name: value for name, value in old["config"].items() if name == field}
    return {**entry, "config": {**{name: value for name, value in entry["config"].items() if name != field}, **kept}}


def _stands(entry: dict[str, Any], names: dict[str, list[str]]) -> bool:
    """Whether everything that an entry refers to is still declared; more than is needed is taken for a reference."""
    text = json.dumps(entry)
    return all(f'"{name}"' not in text and f'/{name}"' not in text for name in NAMES)


def yaml(world: World) -> str:
    """JSON is YAML, and says which scalars are texts."""
    listed = {
        KINDS[kind].plural: [{**dict.fromkeys(KINDS[kind].identity, name), **entry} for name, entry in entries.items()]
        for kind, entries in world.items()
    }
    return json.dumps(listed, ensure_ascii=False)


class Recorder:
    """Hands requests on and keeps the bodies of writes."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.bodies: list[dict[str, Any]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if environ["PATH_INFO"] == "/write":
            self.bodies.append(json.loads(body))
        answer: Iterable[bytes] = self._app({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
        return answer


def configs(ask: Asker) -> dict[str, dict[str, Any]]:
    """What the Core holds, by id."""
    found = {}
    for spec in KINDS.values():
        if not spec.flat:
            for item in ask.read(spec.lists, query={}, page=0, limit=0):
                found[item["_id"]["$oid"]] = item["config"]
    return found


@settings(
    max_examples=1000 if LONG else 100,
    deadline=None,
    derandomize=not LONG,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(pair=worlds())
def test_any_world_and_any_edit_converge(pair: tuple[World, World], shell: Shell, host: Host, work: Path) -> None:
    first, second = pair
    (work / "komodo-sync.yaml").write_text("owner: me\nprune: true\n")
    with pytest.MonkeyPatch.context() as patch, fresh_core(host, patch) as core:
        ask = Asker(core)
        for name in USERS:
            ask.write("CreateServiceUser", username=name, description="")
        for world in (first, second):
            (work / "m.yaml").write_text(yaml(world), encoding="utf-8")
            before = configs(ask)
            host.app = recorder = Recorder(core.app)
            shell.good("apply", "--yes", "--format", "json")
            after = configs(ask)
            shell.good("plan", "--detailed-exitcode")
            for body in recorder.bodies:
                config = body["params"].get("config")
                # what goes round in a circle is written right after it was made
                known = body["params"].get("id") in before
                if body["type"].startswith("Update") and known and config and "type" not in config:
                    old, new = (state[body["params"]["id"]] for state in (before, after))
                    assert {name for name in config if old[name] == new[name]} == set(), body
