"""Any operation with any parameters: errors of the tree alone, no secret in what is told, and bounded parallelism."""

from __future__ import annotations

import itertools
import json
import random
import threading
from typing import TYPE_CHECKING, Any

import pytest

from komodo_sync.calling.masking import Masker
from komodo_sync.errors import KomodoSyncError
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import ListShape, StructShape, Tagged
from komodo_sync.model.called import Fate
from komodo_sync.operations import find, operations
from komodo_sync.report.called import called_json, called_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from asking import Asker

    from komodo_sync.kinds.struct import Struct
    from komodo_sync.model.called import Calls

    Call = Callable[..., Calls]

GROUPS = ("read", "write", "execute")
SENTINEL = "5ecret-sentinel"
WORDS: dict[str, list[str]] = {
    "str": ["s", "x", "*", "s*", "t", "0" * 24, "", "\x1b[31m"],
    "bool": ["true", "no", "perhaps"],
    "int": ["0", "5", "-1", "x"],
    "u64": ["0", "5", "-1"],
    "i64": ["0", "5"],
    "list[str]": ["s", "[]", '["s"]', "s,x", "[1]"],
    "ResourceQuery": ["{}", '{"names": ["s"]}', "", '{"specific": {}}'],
    "ResourceTarget": ["stack/s", '{"type": "Stack", "id": "s"}', "System/", "s"],
}
ODD = ["{}", "[]", "null", "1", "x", '{"a": 1}']


@pytest.mark.parametrize("seed", range(2))
def test_no_words_end_in_anything_but_errors_of_the_tree(call: Call, ask: Asker, seed: int) -> None:
    chance = random.Random(seed)
    for kind in (
        "Stack",
        "Server",
        "Build",
        "Repo",
        "Deployment",
        "Procedure",
        "Action",
        "Alerter",
        "Builder",
        "Swarm",
    ):
        ask.write(f"Create{kind}", name="s")
    ask.write("CreateTag", name="t")
    ask.write("CreateVariable", name="s", value=SENTINEL, is_secret=True)
    done = 0
    for group in GROUPS:
        for name, operation in operations(group).items():
            words = [
                f"{param.name}={chance.choice(param.enum or WORDS.get(param.type, ODD))}"
                for param in operation.params.values()
                if param.required or chance.random() < 0.3
            ]
            try:
                calls = call(group, name, *words)
            except KomodoSyncError as error:
                said = f"{error.summary} {error.detail} {error.hint}"
            else:
                said = called_json(calls) + called_text(calls, color=False, width=80)
                done += 1
            assert SENTINEL not in said, (name, words)
    assert done > 100


def with_secrets(struct: type[Struct], deep: int = 0) -> dict[str, Any]:
    """A config in which every secret field holds the sentinel, at any depth."""
    found: dict[str, Any] = {}
    for field in struct.fields().values():
        if field.secret:
            found[field.name] = SENTINEL
        match field.shape:
            case Tagged(resolve=None) if field.shape.variants and deep < 3:
                name, variant = sorted(field.shape.variants.items())[-1]
                found[field.name] = {"type": name, "params": with_secrets(variant, deep + 1)}
            case StructShape():
                found[field.name] = with_secrets(field.shape.struct, deep + 1)
            case ListShape():
                found[field.name] = [with_secrets(field.shape.struct, deep + 1)]
            case _:
                pass
    return found


def configs() -> Iterator[tuple[str, Any]]:
    for spec in KINDS.values():
        if isinstance(spec.config, Tagged):
            for name, variant in spec.config.variants.items():
                yield spec.name, {"type": name, "params": with_secrets(variant)}
        else:
            yield spec.name, with_secrets(spec.config)


@pytest.mark.parametrize(("kind", "config"), list(configs()))
def test_secret_fields_of_every_kind_are_hidden(kind: str, config: Any) -> None:
    spec, masker = KINDS[kind], Masker(lambda: ())
    answer = {"_id": {"$oid": "0" * 24}, "name": "x", **(config if spec.flat else {"config": config})}
    for name in (spec.lists, spec.create, f"Get{spec.core}"):
        for operation in find(name):
            told = masker.answer(operation, [answer] if name == spec.lists else answer)
            assert SENTINEL not in json.dumps(told), name
    [operation] = find(spec.create)
    if spec.body in operation.params:
        assert SENTINEL not in json.dumps(masker.params(operation, {"name": "x", spec.body: config}))


def test_values_of_secret_variables_are_hidden_wherever_they_are() -> None:
    asked: list[int] = []

    def secrets() -> list[str]:
        asked.append(1)
        return ["hunter2", "hunter2-long", "abc", ""]

    masker = Masker(secrets)
    [operation] = find("GetStackLog")
    told = masker.answer(operation, {"stdout": "x hunter2-long y\nabc", "stderr": "", "n": 1})
    assert told == {"stdout": "x (secret) y\nabc", "stderr": "", "n": 1}
    masker.answer(operation, {"stdout": "again and again"})
    assert asked == [1]
    untouched = Masker(lambda: pytest.fail("asked without a text to show"))
    assert untouched.answer(operation, {"n": 1, "short": "abc"}) == {"n": 1, "short": "abc"}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"JoinTokens": {"Manager": "SWMTKN-1"}}, {"JoinTokens": {"Manager": "(secret)"}}),
        ({"Env": ["DB_PASSWORD=x", "A=1"]}, {"Env": ["DB_PASSWORD=(secret)", "A=1"]}),
        ([{"variable": "TOKEN", "value": "x"}], [{"variable": "TOKEN", "value": "(secret)"}]),
        ({"token": "[[TOKEN]]"}, {"token": "[[TOKEN]]"}),
        ({"key": "K_abc", "secret": "S_abc"}, {"key": "K_abc", "secret": "(secret)"}),
        ({"is_secret": True, "webhook_enabled": False}, {"is_secret": True, "webhook_enabled": False}),
        (
            {"prev_toml": 'endpoint.params.url = "https://x/y"\nenabled = true\n'},
            {"prev_toml": "endpoint.params.url = '(secret)'\nenabled = true\n"},
        ),
        (
            {"current_toml": 'secret_args = """\nA=1\nB=2\n"""\nbranch = "x"\n'},
            {"current_toml": "secret_args = '(secret)'\nbranch = \"x\"\n"},
        ),
        ({"deployed_contents": [{"contents": "b"}]}, {"deployed_contents": [{"contents": "(secret)"}]}),
        # docker has put values for the names in it
        ({"deployed_config": "services: {a: {command: x}}", "n": {"deployed_config": None}},
         {"deployed_config": "(secret)", "n": {"deployed_config": None}}),
    ],
)  # fmt: skip
def test_what_looks_secret_is_hidden(answer: Any, told: Any) -> None:
    [operation] = find("GetUpdate")
    assert Masker(lambda: ()).answer(operation, answer) == told


def test_a_secret_of_a_config_is_hidden_wherever_the_answer_has_it(call: Call, ask: Asker) -> None:
    compose = "services: {a: {image: b, command: 'run --with hunter2-value'}}\n"
    config = {"environment": "TOKEN=hunter2-value\n", "file_contents": compose}
    ask.write("CreateStack", name="web", config=config)
    for words in (("GetStack", "web"), ("ListFullStacks",), ("UpdateStack", "web", "config.branch=x")):
        assert "hunter2-value" not in json.dumps(call(*words).called[0].answer), words


def test_what_a_variable_was_is_shown_no_more_than_what_it_is(call: Call, ask: Asker) -> None:
    """Its Updates tell its values, which nobody can look for once it has another one, or is gone."""
    ask.write("CreateVariable", name="T", value="hunter2-first", description="of the gate", is_secret=True)
    ask.write("CreateVariable", name="P", value="public-first", description="", is_secret=False)
    for value in ("hunter2-second", "hunter2-third"):
        ask.write("UpdateVariableValue", name="T", value=value)
    ask.write("DeleteVariable", name="T")
    updates = ask.read("ListUpdates", query=None, page=0)["updates"]
    told = json.dumps([call("GetUpdate", item["id"]).called[0].answer for item in updates])
    assert len(updates) == 5
    assert "hunter2" not in told
    for known in ("public-first", "variable</span>: 'T'", '\\"T\\"', "of the gate"):
        assert known in told, known


def test_a_name_that_looks_secret_hides_the_value_in_the_updates_of_its_variable_as_well(
    call: Call, ask: Asker
) -> None:
    ask.write("CreateVariable", name="DB_PASSWORD", value="Sommer, Regen02", description="", is_secret=False)
    ask.write("UpdateVariableValue", name="DB_PASSWORD", value="Winter, Schnee03")
    ask.write("DeleteVariable", name="DB_PASSWORD")
    updates = ask.read("ListUpdates", query=None, page=0)["updates"]
    told = json.dumps([call("GetUpdate", item["id"]).called[0].answer for item in updates])
    assert len(updates) == 3
    assert told.count("DB_PASSWORD") == 3
    for piece in ("Sommer", "Regen02", "Winter", "Schnee03"):
        assert piece not in told, piece


def test_what_names_an_account_is_no_secret() -> None:
    [operation] = find("CreateGitProviderAccount")
    account = {"domain": "github.com", "username": "me", "token": "hunter2"}
    assert Masker(lambda: ()).params(operation, {"account": account}) == {
        "account": {"domain": "github.com", "username": "me", "token": "(secret)"}
    }


def test_a_secret_is_found_as_others_write_it() -> None:
    secrets = ["p@ss w/rd", 'say "hunter2"', "first-line\nsecond-line\n"]
    told = Masker(lambda: secrets).text('p%40ss%20w%2Frd p@ss w/rd\n{"a": "say \\"hunter2\\""}\n> second-line')
    assert told == '(secret) (secret)\n{"a": "(secret)"}\n> (secret)'


def test_a_list_is_answered_as_a_whole(call: Call, ask: Asker) -> None:
    for number in range(60):
        ask.write("CreateStack", name=f"s{number}")
    [called] = call("ListStacks").called
    assert len(called.answer) == 60
    [called] = call("ListStacks", "limit=5").called
    assert len(called.answer) == 5
    assert len(call("GetStack", "s*").called) == 60


def test_no_more_run_at_once_than_asked_for(call: Call, ask: Asker) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    for name in ("a", "b", "c"):
        ask.write("CreateStack", name=name, config={"server": "prod", "file_contents": "services: {a: {image: b}}\n"})
    before = len(ask.core.requests)
    calls = call("DeployStack", "*", parallelism=1)
    assert [each.fate for each in calls.called] == [Fate.DONE] * 3
    sent = [name for name in ask.core.requests[before:] if name in ("DeployStack", "GetUpdate")]
    for first, second in itertools.pairwise(sent):
        assert {first, second} != {"DeployStack"}, "each is complete before the next begins"


def test_what_is_given_up_is_told(call: Call, ask: Asker) -> None:
    """A read at the first signal; what acts at the second, with the id of its Update."""
    ask.write("CreateServer", name="prod", config={"enabled": True})
    ask.write("CreateStack", name="a", config={"server": "prod", "file_contents": "services: {a: {image: b}}\n"})
    asked, answered = threading.Event(), threading.Event()

    class Held(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            if name == "GetStack":
                asked.set()
                answered.wait(30)

    ask.core.app.requests = Held()
    calls = call("GetStack", "a", stopped=asked.is_set)
    answered.set()
    assert [(each.fate, each.message) for each in calls.called] == [
        (Fate.NOT_STARTED, "stopped before it was answered")
    ]
    ask.core.faults.add("DeployStack=hang")
    waits: list[str] = []

    def heard(_subject: str, wait: Any) -> None:
        waits.append(wait.update)

    calls = call("DeployStack", "a", heard=heard, stopped=lambda: bool(waits), abandoned=lambda: len(waits) > 2)
    [called] = calls.called
    assert (called.fate, called.update) == (Fate.UNFINISHED, waits[0])


def test_after_a_lost_connection_nothing_more_begins(call: Call, ask: Asker) -> None:
    for name in ("a", "b", "c"):
        ask.write("CreateStack", name=name)
    ask.core.faults.add("DeployStack=401")
    calls = call("DeployStack", "*", parallelism=1)
    assert [each.fate for each in calls.called] == [Fate.FAILED, Fate.NOT_STARTED, Fate.NOT_STARTED]
    assert ask.core.requests.count("DeployStack") == 1


def test_a_lost_answer_is_looked_for_and_nothing_is_sent_twice(call: Call, ask: Asker) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    ask.write("CreateStack", name="a", config={"server": "prod", "file_contents": "services: {a: {image: b}}\n"})
    ask.core.faults.add("DeployStack=drop")
    [called] = call("DeployStack", "a").called
    assert called.fate is Fate.DONE
    assert ask.core.requests.count("DeployStack") == 1


@pytest.mark.parametrize(
    ("words", "manner", "seconds"),
    [
        (("RunBuild", "img"), {}, 7200),
        (("DeployStack", "web"), {}, 1800),
        (("DeployStack", "web"), {"timeouts": {"stack": 60.0, "stack/w*": 90.0}}, 90),
        (("DeployStack", "web"), {"timeouts": {"stack": 60.0}, "timeout": 5.0}, 5),
        (("BatchDeployStack", "web"), {"timeouts": {"stack": 60.0}}, 60),
        (("RunBuild", "img"), {"timeouts": {"stack": 60.0}}, 7200),
    ],
)
def test_an_execution_is_waited_for_as_long_as_its_resource_is(
    call: Call, ask: Asker, words: tuple[str, ...], manner: dict[str, Any], seconds: float
) -> None:
    ask.write("CreateServer", name="s", config={"enabled": True})
    ask.write("CreateStack", name="web", config={"server_id": "s", "file_contents": "services: {a: {image: b}}"})
    ask.write("CreateBuilder", name="b", config={"type": "Server", "params": {"server_ids": ["s"]}})
    ask.write("CreateBuild", name="img", config={"builder_id": "b"})
    limits: set[float] = set()
    ask.core.faults.add(f"{words[0].removeprefix('Batch')}=takes:0.3")
    call("execute", *words, heard=lambda _subject, wait: limits.add(wait.limit), **manner)
    assert limits == {seconds}
