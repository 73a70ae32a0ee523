"""What holds for every plan, over worlds made of every field of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from counts import costly
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from planning_worlds import OURS, applied, changes, declared, desired, live, observed, planned

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.normal import normalise
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
    VersionShape,
)
from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action, Step
from komodo_sync.model.sealed import Sealed
from komodo_sync.planning import dangling

if TYPE_CHECKING:
    from komodo_sync.kinds.struct import Field, Struct

NAMES = ("a", "b", "c")
WORDS = st.sampled_from(["", "x", "one two", "1.0", "main", "é"])
PAIRS = st.sampled_from(["", "A=1", "A=1\nB=2\n", "# c\nA: 1\n", "A_TOKEN=x\n"])
TAGS = st.lists(st.sampled_from(["red", "blue", "protected", OURS, "owner:them"]), max_size=3, unique=True)
KINDS_USED = ("tag", "variable", "server", "builder", "repo", "build", "stack", "deployment", "action", "alerter")
"""Those whose references form no ring."""


def raw(field: Field) -> st.SearchStrategy[Any]:
    """Values of a field as a manifest or a Core may give them."""
    match field.shape:
        case FlagShape():
            return st.booleans()
        case IntShape() as shape:
            return st.integers(max(shape.minimum, -9), 9)
        case FloatShape():
            return st.sampled_from([1.5, 90.0, 12.3])
        case EnumShape() as shape:
            return st.sampled_from(shape.values)
        case VersionShape():
            return st.sampled_from(["0.0.0", "1.2.3"])
        case PairsShape():
            return PAIRS
        case TextListShape() as shape:
            words = st.sampled_from(NAMES) if field.ref else st.sampled_from(shape.values or ("x", "y z"))
            return st.lists(words, max_size=2)
        case StructShape() as shape:
            return struct(shape.struct)
        case ListShape() as shape:
            return st.lists(struct(shape.struct), max_size=2)
        case Tagged() as shape:
            return tagged(shape) if field.name != "execution" else st.nothing()
        case _:
            words = st.sampled_from(["", *NAMES]) if field.ref else WORDS
            return words if not field.nullable else st.none() | words


def value(field: Field) -> st.SearchStrategy[Any]:
    normal = raw(field).map(lambda given: normalise(field, given))
    if not field.secret:
        return normal
    # a text of its own: what is a secret here is hidden wherever it stands, for as long as it is one here
    return normal.map(lambda text: Sealed(f"secret {text}") if isinstance(text, str) and text else text)


def struct(of: type[Struct]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({name: value(field) for name, field in of.fields().items()})


def tagged(shape: Tagged) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        [
            st.fixed_dictionaries({"type": st.just(name), "params": struct(variant)})
            for name, variant in shape.all_variants().items()
        ]
    )


def config(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    shape = KINDS[kind].config
    if isinstance(shape, Tagged):
        return tagged(shape)
    left_out = {"resources", "except_resources"}
    return st.fixed_dictionaries(
        {}, optional={name: value(field) for name, field in shape.fields().items() if name not in left_out}
    )


@st.composite
def worlds(draw: Any) -> Any:
    """(declared, live) of some resources of some kinds, and options."""
    wanted, held = [], []
    for kind in draw(st.lists(st.sampled_from(KINDS_USED), min_size=1, max_size=4, unique=True)):
        spec = KINDS[kind]
        for name in NAMES:
            meta = set(spec.meta)
            if draw(st.booleans()):
                beside: dict[str, Any] = {}
                if "description" in meta:
                    beside["description"] = draw(st.none() | WORDS)
                if "tags" in meta:
                    beside["tags"] = draw(st.none() | TAGS.map(lambda tags: tuple(t for t in tags if ":" not in t)))
                    beside["template"] = draw(st.none() | st.booleans())
                    beside["protect"] = draw(st.none() | st.booleans())
                    beside["adopt_from"] = draw(st.sampled_from([None, None, "them"]))
                beside["omitted_fields"] = draw(st.sampled_from([None, None, "reset", "keep"]))
                if spec.rename:
                    beside["renamed_from"] = draw(
                        st.sampled_from([None, None, *(other for other in NAMES if other > name)])
                    )
                wanted.append(declared(f"{kind}/{name}", draw(config(kind)), **beside))
            if draw(st.booleans()):
                given = draw(config(kind))
                if not isinstance(spec.config, Tagged):
                    fields = spec.fields()
                    given = {key: item for key, item in given.items() if item != fields[key].default}
                tags = draw(TAGS) if "tags" in meta else []
                text = draw(WORDS) if "description" in meta else ""
                template = draw(st.booleans()) if "template" in meta else False
                held.append(live(f"{kind}/{name}", given, *tags, description=text, template=template))
    options = {
        "owner": draw(st.sampled_from(["", "us"])),
        "prune": draw(st.booleans()),
        "omitted_fields": draw(st.sampled_from(["reset", "keep"])),
        "adopt_changes": True,
    }
    return desired(*wanted), observed(*held), options


MANY = settings(deadline=None, suppress_health_check=list(HealthCheck))


@MANY
@given(worlds())
def test_a_plan_that_was_applied_leaves_nothing(world: Any) -> None:
    wanted, held, options = world
    assume(not dangling(wanted, held))
    made = planned(wanted, held, **options)
    assume(not made.plan.refusals)
    after = applied(held, made)
    again = planned(wanted, after, **options)
    assert changes(again) == {}
    assert not again.payloads
    assert not again.plan.refusals


@MANY
@given(worlds())
def test_every_change_has_a_payload_and_a_place_in_the_waves(world: Any) -> None:
    wanted, held, options = world
    made = planned(wanted, held, **options)
    steps = {Step(item.address, each.action) for item in made.plan.resources for each in item.changes}
    assert steps == set(made.payloads)
    assert sorted(str(step) for wave in made.plan.waves for step in wave) == sorted(map(str, steps))
    assert made.plan.has_changes is bool(steps)
    turn = {step: number for number, wave in enumerate(made.plan.waves) for step in wave}
    for item in made.plan.resources:
        for each in item.changes:
            assert all(turn[need] < turn[Step(item.address, each.action)] for need in each.needs)


@MANY
@given(worlds())
def test_only_what_differs_is_sent_and_all_that_is_sent_is_told(world: Any) -> None:
    wanted, held, options = world
    made = planned(wanted, held, **options)
    renamed = {
        sent.address: Address(sent.address.kind, sent.previous) for sent in made.payloads.values() if sent.previous
    }
    for item in made.plan.resources:
        for each in item.changes:
            sent = made.payloads[Step(item.address, each.action)]
            # what another type loses is told, and cannot be sent
            told = {field.pointer for field in each.fields if not field.diff.note.startswith("lost with the type")}
            if each.action is not Action.UPDATE:
                continue
            before = held.resources[renamed.get(item.address, item.address)]
            names = set(sent.config.get("params", sent.config)) if sent.config else set()
            if "type" not in sent.config:
                fields = KINDS[item.address.kind].fields()
                assert all(sent.config[name] != before.config.get(name, fields[name].default) for name in names)
            elif sent.config["type"] == before.config["type"]:
                assert all(sent.config["params"][name] != before.config["params"][name] for name in names)
            beside = {name for name in ("description", "tags", "template") if getattr(sent, name) is not None}
            shown = {pointer.rsplit("/", 1)[-1] for pointer in told} - {"type"}
            assert shown <= names | beside
            if "config/type" not in told:
                assert shown == names | beside


@MANY
@given(worlds())
def test_kept_fields_are_never_told_nor_sent(world: Any) -> None:
    wanted, held, options = world
    kept = {address: replace(item, omitted_fields="keep") for address, item in wanted.resources.items()}
    made = planned(replace(wanted, resources=kept), held, **options)
    for sent in made.payloads.values():
        if sent.action is Action.UPDATE and "type" not in sent.config:
            assert set(sent.config) <= set(kept[sent.address].config)


SECRET = st.text("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!%+-_.~", min_size=6, max_size=30).map(
    "cn4ry{}".format
)
PUBLIC = "pub11c"


def secret_stack(one: str, two: str) -> dict[str, Any]:
    compose = f"""\
services:
  db:
    image: {PUBLIC}-image
    environment:
      POSTGRES_PASSWORD: {one}
      DATABASE_URL: postgres://bob:{two}@db/app
      CERT_KEY: |
        {one}
        {two}
    command: serve --token {one} --port 80
    labels:
      - auth.token={two}
      - "api.key={one}"
  web:
    environment: {{DB_PASSWORD: "{one}", PLAIN: {PUBLIC}-flow}}
    entrypoint: ["x", "--password", "{two}"]
"""
    return {
        "webhook_secret": Sealed(one),
        "file_contents": compose,
        "environment": f"PLAIN={PUBLIC}-env-{len(one)}\nAPI_TOKEN={one}\nURL=https://bob:{two}@host/\n",
        "links": [f"https://bob:{one}@host/{PUBLIC}-link"],
        "extra_args": ["--password", two, f"--token={one}"],
        "pre_deploy": {"path": "", "command": f"export TOKEN={one}\necho {PUBLIC}-command\n", "shell_mode": False},
        "compose_cmd_wrapper": f"run --api-key {two} [[COMPOSE_COMMAND]]",
    }


def secret_world(one: str, two: str, *, handmade: str) -> list[tuple[str, dict[str, Any], str]]:
    """(address, config, description) with `one` and `two` wherever a secret may stand; `handmade` is an environment
    key that only this world has."""
    stack = secret_stack(one, two)
    stack["environment"] += f"{handmade}={one}\n" if handmade else ""
    execution = {"type": "RunAction", "params": {"action": "x", "args": {"password": one, "list": [f"TOKEN={two}"]}}}
    made = {"type": "CreateSwarmSecret", "params": {"swarm": "sw", "name": PUBLIC, "data": one}}
    stage = {
        "name": "s",
        "enabled": True,
        "executions": [{"execution": each, "enabled": True} for each in (execution, made)],
    }
    return [
        ("stack/web", stack, f"login https://bob:{one}@host/ {PUBLIC}-description"),
        (
            "build/b",
            {
                "secret_args": Sealed(f"A={one}\nB={two}\n"),
                "build_args": f"NPM_TOKEN={one}\nPLAIN={PUBLIC}-arg\n",
                "extra_args": ["--build-arg", f"TOKEN={two}"],
                "labels": f"auth.key: {one}\n",
                "dockerfile": f"FROM {PUBLIC}-from\nARG NPM_TOKEN={one}\nENV PASSWORD {two}\nENV PASSWORD={two}\n",
                "webhook_secret": Sealed(two),
            },
            "",
        ),
        ("server/s", {"passkey": Sealed(one), "address": f"https://bob:{two}@host"}, ""),
        (
            "builder/u",
            {"type": "Url", "params": {"address": f"https://{PUBLIC}-{len(two)}", "passkey": Sealed(one)}},
            "",
        ),
        (
            "builder/a",
            {"type": "Aws", "params": {"region": one[:2], "user_data": Sealed(f"#!/bin/sh\necho {one}\n")}},
            "",
        ),
        ("repo/r", {"webhook_secret": Sealed(one), "environment": f"SECRET={two}\n"}, ""),
        (
            "deployment/d",
            {"environment": f"DB_PASS={one}\n", "command": f"serve --token {two}", "labels": f"x.password: {one}\n"},
            "",
        ),
        ("alerter/a", {"endpoint": {"type": "Slack", "params": {"url": Sealed(f"https://hooks/{one}")}}}, ""),
        ("procedure/p", {"webhook_secret": Sealed(one), "stages": [stage]}, ""),
        ("action/x", {"file_contents": f'const apiKey = "{one}";\nconst x = {{password: "{two}"}};\n'}, ""),
        ("resource_sync/y", {"webhook_secret": Sealed(one), "file_contents": f'secret = "{two}"\n'}, ""),
        ("variable/HIDDEN", {"value": Sealed(one), "is_secret": True}, ""),
        ("variable/DB_PASSWORD", {"value": one}, ""),
        ("variable/PLAIN", {"value": f"{PUBLIC}-value-{len(one)}"}, ""),
    ]


def clear_keys(given: dict[str, Any]) -> dict[str, frozenset[str]]:
    names = ("environment", "build_args", "labels")
    return {
        name: frozenset(line.replace(":", "=").split("=")[0] for line in given[name].splitlines())
        for name in names
        if name in given
    }


@costly(40)
@given(st.lists(SECRET, min_size=4, max_size=4, unique=True), st.booleans())
def test_no_secret_is_ever_in_a_plan(secrets: list[str], exists: bool) -> None:
    one, two, three, four = secrets
    wanted = desired(
        *(
            declared(text, given, description=about or None, clear_keys=clear_keys(given))
            for text, given, about in secret_world(one, two, handmade="")
        ),
        declared("variable/WAS_SECRET", {"value": one}),
        declared("variable/BECOMES_SECRET", {"value": Sealed(one), "is_secret": True}),
    )
    held = observed(
        *(
            live(text, given, description=about)
            for text, given, about in secret_world(three, four, handmade="HANDMADE")
        ),
        live("variable/WAS_SECRET", {"value": Sealed(three), "is_secret": True}),
        live("variable/BECOMES_SECRET", {"value": three}),
    )
    made = planned(wanted, held if exists else observed(), owner="us", adopt_changes=True)
    assert len(changes(made)) > 14 or exists
    dump = msgspec.json.encode(made.plan, enc_hook=str).decode() + repr(made.plan) + repr(made) + repr(made.payloads)
    for secret in (one, two, three, four):
        assert secret not in dump
    for public in ("image", "flow", "env", "link", "command", "description", "arg", "from", "value"):
        assert f"{PUBLIC}-{public}" in dump or exists


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_field_that_is_declared_secret_is_hidden(kind: str) -> None:
    shape = KINDS[kind].config
    variants = shape.all_variants() if isinstance(shape, Tagged) else {"": shape}
    for name, variant in variants.items():
        for field in variant.fields().values():
            if not field.secret:
                continue
            given: dict[str, Any] = {field.name: Sealed("hunter2\n")}
            given = {"type": name, "params": given} if name else given
            other: dict[str, Any] = {field.name: Sealed("hunter3\n")}
            other = {"type": name, "params": other} if name else other
            for held in (observed(), observed(live(f"{kind}/x", other))):
                made = planned(desired(declared(f"{kind}/x", given)), held)
                assert changes(made)
                assert "hunter" not in repr(made.plan)
