"""Words and JSON that are checked before anything is sent; what the shell is offered."""

# ruff: noqa: E501  one line a case
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click
import pytest

from komodo_sync.calling.batches import fates, matches
from komodo_sync.calling.configs import check_config
from komodo_sync.calling.masking import Masker
from komodo_sync.calling.naming import find_named
from komodo_sync.calling.parameters import read_given
from komodo_sync.calling.subjects import subject_of
from komodo_sync.calling.targets import Living, chosen
from komodo_sync.calling.values import check
from komodo_sync.cli import complete
from komodo_sync.errors import NotFoundError, UsageError
from komodo_sync.kinds import KINDS
from komodo_sync.model.called import Fate
from komodo_sync.operations import find, operations

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("stack", {"server": "a", "links": "x, y", "config_files": ["a", {"path": "b"}], "pre_deploy": {"command": "x"}}),
        ("stack", {"environment": [{"variable": "A", "value": "1"}], "auto_pull": None}),
        ("deployment", {"image": {"type": "Image", "params": {"image": "x"}}, "restart": "on-failure"}),
        ("build", {"version": "1.2.3", "image_registry": {"domain": "x"}}),
        ("server", {"cpu_warning": 90, "maintenance_windows": []}),
        ("builder", {"type": "Server", "params": {"server_ids": ["a"]}}),
        ("git_account", {"domain": "github.com", "username": "me", "token": "x"}),
    ],
)  # fmt: skip
def test_configs_that_a_core_takes(kind: str, config: dict[str, Any]) -> None:
    check_config("config", KINDS[kind], config)


@pytest.mark.parametrize(
    ("kind", "config", "told"),
    [
        ("stack", {"pre_deploy": "x"}, "config.pre_deploy is a text, and not an object"),
        ("stack", {"pre_deploy": {"comand": "x"}}, "config.pre_deploy has no field comand"),
        ("stack", {"config_files": [{"pth": "x"}]}, "config.config_files[0] has no field pth"),
        ("stack", {"config_files": "x"}, "config.config_files is a text, and not a list"),
        ("stack", {"links": 1}, "config.links is a number, and not a list of texts"),
        ("stack", {"environment": {"A": "1"}}, "config.environment is an object, and not a text of KEY=value lines"),
        ("deployment", {"termination_timeout": True}, "config.termination_timeout is true or false, and not a whole"),
        ("deployment", {"restart": 1}, "config.restart is a number, and not a word"),
        ("deployment", {"image": {"type": "Imge"}}, "config.image has no type Imge"),
        ("deployment", {"image": {"type": "Image", "image": "x"}}, "config.image has no field image"),
        ("deployment", {"image": None, "links": "x"}, "config.links is a text, and not a list"),
        ("server", {"cpu_warning": "90"}, "config.cpu_warning is a text, and not a number"),
        ("builder", {"server_ids": []}, "config has no type"),
        ("git_account", {"tokn": "x"}, "config has no field tokn"),
    ],
)
def test_configs_that_a_core_refuses_or_misreads(kind: str, config: dict[str, Any], told: str) -> None:
    with pytest.raises(UsageError) as raised:
        check_config("config", KINDS[kind], config)
    assert told in raised.value.summary
    assert raised.value.hint


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("str", 1), ("str", None), ("bool", 1), ("int", True), ("u64", -1), ("list[str]", "a"), ("list[str]", [1]),
        ("TagColor", "Blu"), ("TagColor", 1), ("map[any]", []), ("PartialStackConfig", "x"), ("ResourceQuery", []),
        ("ResourceQuery", {"tags": 1}), ("ResourceTarget", {"type": "Stack"}), ("ResourceTarget", {"type": "X", "id": "a"}),
        ("ResourceTarget", "Stack"), ("list[ResourceTarget]", [{}]),
    ],
)  # fmt: skip
def test_json_that_does_not_fit_its_type(kind: str, value: Any) -> None:
    with pytest.raises(UsageError):
        check("x", kind, value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("str | null", None), ("any", None), ("null | TerminationSignal", None), ("int | null", 5), ("list[str]", []),
        ("ResourceQuery", {"names": "web", "specific": {}}), ("ResourceTarget", {"type": "System", "id": ""}),
        ("PermissionLevelAndSpecifics", {"level": "Read"}), ("UserTarget", {"type": "User", "id": "x"}),
    ],
)  # fmt: skip
def test_json_that_fits(kind: str, value: Any) -> None:
    check("x", kind, value)


def given(*words: str, stdin: str = "") -> Any:
    named = find_named(words)
    return read_given(named.operation, named.rest, lambda: stdin)


def test_words() -> None:
    assert dict(given("GetUpdate", "id=5").params) == {}
    assert given("GetUpdate", "id=5").names == ("5",)
    assert given("DeployStack", "web", "services=a,b", "stop_time=null").params == {
        "services": ["a", "b"],
        "stop_time": None,
    }
    assert given("UpdateVariableValue", "X", "value=a=b").params == {"value": "a=b"}
    assert given("StopDeployment", "d", "signal=SIGTERM").params == {"signal": "SIGTERM"}
    assert given("ListAllContainers", 'state=["running"]').params == {"state": ["running"]}
    assert given("UpdatePermissionOnTarget", "user_target={\"type\": \"User\", \"id\": \"x\"}", "resource_target=stack/a",
                 "permission=Read").params["resource_target"] == {"type": "Stack", "id": "a"}  # fmt: skip
    assert given("UpdateStack", "web", "@-", stdin='{"config": {"branch": "x"}}').params == {"config": {"branch": "x"}}
    assert given("UpdateStack", "web", "config.auto_pull=off", "config.links=[]").params["config"] == {
        "auto_pull": False,
        "links": [],
    }
    assert given("BatchDeployStack", "a*", "\\b.=x\\").names == ("a*", "\\b.=x\\")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("UpdateStack", "a", "config={}", "config.branch=x"), ""),
        (("UpdateStack", "a", "config=[]", "config.branch=x"), "config is given as a whole"),
        (("UpdateStack", "a", "config.branch=x", "config.branch=y"), "config.branch is given twice"),
        (("GetVersion", "version=1"), "GetVersion has no parameter version"),
        (("UpdateStack", "a", "@-"), "@- holds no parameters"),
        (("ListAllContainers", "state=dancing"), "state[0] has no value dancing"),
        (("GetStack", "stack=a", "b", '{"stack": "c"}'), "stack is given twice"),
    ],
)
def test_words_that_do_not_go_together(words: tuple[str, ...], told: str) -> None:
    if not told:
        assert given(*words).params == {"config": {"branch": "x"}}
        return
    with pytest.raises(UsageError) as raised:
        given(*words, stdin="[]")
    assert told in raised.value.summary


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError) as raised:
        given("UpdateVariableValue", "X", f"value=@{tmp_path / 'x'}")
    assert "is not UTF-8" in raised.value.summary


def test_every_operation_has_a_subject_that_is_one_of_its_parameters() -> None:
    for group in ("read", "write", "execute"):
        for name, operation in operations(group).items():
            subject = subject_of(operation)
            assert subject is None or operation.params[subject.param].required, name
    by_name = {
        name: subject_of(find(name)[0]) for name in ("DeleteVariable", "GetVariable", "CreateVariable", "RenameTag")
    }
    kinds = {name: subject.kind and subject.kind.name for name, subject in by_name.items() if subject}
    assert kinds == {
        "DeleteVariable": "variable",
        "GetVariable": "variable",
        "CreateVariable": None,
        "RenameTag": "tag",
    }


def test_names_of_many() -> None:
    alive = [Living(f"s{number}", str(number)) for number in range(30)]
    assert [item.name for item in chosen(KINDS["stack"], ["s1*", "s10", "2"], alive)] == [
        "s1", "s10", "s11", "s12", "s13", "s14", "s15", "s16", "s17", "s18", "s19", "s2",
    ]  # fmt: skip
    with pytest.raises(NotFoundError) as raised:
        chosen(KINDS["stack"], ["zzz"], alive)
    assert raised.value.hint == "there are 30: komodo-sync call read ListStacks"
    with pytest.raises(NotFoundError) as raised:
        chosen(KINDS["stack"], ["x"], [])
    assert raised.value.hint == "there is no stack that this key can see"


def test_an_item_that_the_core_refused() -> None:
    [operation] = find("BatchDeployStack")
    error = {"error": "User does not have required permissions", "trace": ["token: hunter2"]}
    answer = [{"status": "Err", "data": {"name": "web", "error": error}}, {"status": "Err"}, "odd"]
    refused, silent = sorted(
        fates(answer, operation, Masker(lambda: ()), lambda _id: "", list), key=lambda each: each.subject, reverse=True
    )
    assert (refused.subject, refused.fate) == ("web", Fate.FAILED)
    assert refused.message == "User does not have required permissions; token: (secret)"
    assert silent.message == "the Core refused it without a word"


def test_what_a_pattern_fits() -> None:
    alive = [Living("api-1", "1"), Living("web", "2")]
    assert matches("api-*, nope\nweb", "stack", alive) == ("api-1", "web")
    assert matches("\\^a\\", "stack", alive) is None


def offered(*words: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(complete, "_living", lambda kind, _params: [f"{kind}-1", f"{kind}-2"])
    ctx = click.Context(click.Command("call"))
    ctx.params = {"words": words[:-1]}
    return complete.complete_words(ctx, click.Argument(["words"]), words[-1])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("DeployStackI",), ["DeployStackIfChanged"]),
        (("auth", "Get"), ["GetLoginOptions", "GetUser", "GetUserId"]),
        (("execute", "RunSt"), ["RunStackService"]),
        (("DeployStack", "stack-"), ["stack-1", "stack-2"]),
        (("DeployStack", "web", "st"), ["stack-1", "stack-2", "stop_time="]),
        (("DeployStack", "stack-1", "st"), ["stack-2", "stop_time="]),
        (("CopyStack", "stack-1", ""), ["name="]),
        (("DeployStack", "stack=", ), ["stack=stack-1", "stack=stack-2"]),
        (("DeployStack", "stack", "=", "stack-2"), ["stack-2"]),
        (("DeployStack", "stack", ""), ["stack-1", "stack-2"]),
        (("DestroyStack", "web", "remove_orphans="), ["remove_orphans=true", "remove_orphans=false"]),
        (("RunBuild", "nope="), []),
        (("GetUpdate", "id="), []),
        (("Frobnicate", ""), []),
        (("GetVersion", ""), []),
    ],
)  # fmt: skip
def test_what_the_shell_is_offered(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: list[str]) -> None:
    assert offered(*words, monkeypatch=monkeypatch) == told
