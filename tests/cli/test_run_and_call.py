"""`run` and `call`: names and wildcards, waiting, exit status, refusals, what is printed and what never is."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from shell import COMMAND, Said, Shell, checked, process, write, writes

if TYPE_CHECKING:
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

CALLS = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "schemas" / "calls.schema.json").read_text())
)
FAILS = "x-simulate: fail\nservices: {a: {image: b}}\n"
WORKS = "services: {a: {image: b}}\n"


@pytest.fixture
def stacks(ask: Asker) -> Asker:
    """`web`, `api-1` and `api-2`, of which `api-1` fails to deploy."""
    ask.write("CreateServer", name="prod", config={"enabled": True})
    for name, text in (("web", WORKS), ("api-1", FAILS), ("api-2", WORKS)):
        ask.write("CreateStack", name=name, config={"server": "prod", "file_contents": text})
    return ask


def test_a_name_that_is_taken_is_told_and_a_value_is_not(shell: Shell, core: EmbeddedCore) -> None:
    words = ("call", "write", "CreateVariable", "name=SECX", "value=hunter2", "is_secret=true", "description=")
    shell.good(*words)
    said = shell(*words)
    assert said.code == 1
    assert "name 'SECX'" in said.err
    assert "hunter2" not in said.err
    alike = shell(*(word.replace("hunter2", "SECX") for word in words))
    assert "SECX" not in alike.err


def states(ask: Asker) -> dict[str, str]:
    return {item["name"]: item["info"]["state"] for item in ask.read("ListStacks")}


def rows(said: Said) -> list[str]:
    """The result without the time that it took."""
    return re.sub(r" in \d+\.\d s", "", said.out).splitlines()


def test_one(shell: Shell, stacks: Asker) -> None:
    said = shell.good("run", "DeployStack", "web")
    assert (rows(said), said.err) == (["web  done"], "")
    assert states(stacks)["web"] == "running"
    assert shell.good("run", "execute", "StopStack", "stack=web").err == ""
    assert states(stacks)["web"] == "stopped"


def test_several_with_wildcards_and_one_of_them_fails(shell: Shell, stacks: Asker) -> None:
    said = shell("run", "DeployStack", "web", "api-*")
    assert said.code == 3
    assert rows(said)[:4] == [
        "web    done",
        "api-1  failed: stage Compose Up failed",
        "  Compose Up:",
        "    | told to fail",
    ]
    assert said.out.splitlines()[-1] == "DeployStack: 2 done, 1 failed"
    # progress alone
    assert sorted(re.sub(r" in \d+\.\d s", "", said.err).splitlines()) == [
        "api-1: failed: stage Compose Up failed",
        "api-2: done",
        "web: done",
    ]
    assert shell("run", "-q", "DeployStack", "*").err == ""
    assert states(stacks) == {"web": "running", "api-1": "down", "api-2": "running"}


def test_none_of_it_is_1(shell: Shell, stacks: Asker) -> None:
    assert shell("run", "DeployStack", "api-1").code == 1
    stacks.write("UpdateStack", id="web", config={"file_contents": FAILS})
    assert shell("run", "DeployStack", "api-1", "web").code == 1


def test_the_result_as_a_document(shell: Shell, stacks: Asker) -> None:
    said = shell("run", "DeployStack", "web", "api-1", "--format", "json")
    told = said.json
    CALLS.validate(told)
    assert (told["operation"], told["group"], told["summary"]) == ("DeployStack", "execute", {"done": 1, "failed": 1})
    web, api = told["results"]
    assert (web["subject"], web["fate"], web["stages"]) == ("web", "done", [])
    assert web["answer"]["_id"]["$oid"] == web["update"]
    assert (api["fate"], api["stages"]) == ("failed", [{"stage": "Compose Up", "text": "told to fail"}])
    assert api["link"].endswith(f"/updates/{api['update']}")


def test_a_name_that_is_not_there_keeps_everything_from_beginning(shell: Shell, stacks: Asker) -> None:
    before = len(writes(stacks.core))
    said = shell("run", "DeployStack", "web", "wbe")
    assert (said.code, said.out) == (1, "")
    assert "there is no stack wbe, or this key cannot see it\nhelp: did you mean web?" in said.err
    said = shell("run", "DeployStack", "x-*")
    assert (said.code, "no stack matches x-*" in said.err) == (1, True)
    said = shell("call", "read", "GetStack", "stack=wbe")
    assert (said.code, "did you mean web?" in said.err) == (1, True)
    assert len(writes(stacks.core)) == before


def test_an_id_is_a_name(shell: Shell, stacks: Asker) -> None:
    key = stacks.read("GetStack", stack="web")["_id"]["$oid"]
    assert shell.good("run", "DeployStack", key).out.startswith("web  done")


def test_wildcards_of_a_read(shell: Shell, stacks: Asker) -> None:
    told = shell.good("call", "GetStack", "api-*").json
    assert [(each["subject"], each["answer"]["name"]) for each in told["results"]] == [("api-1",) * 2, ("api-2",) * 2]


def test_kinds_that_take_an_id_alone_take_names(shell: Shell, ask: Asker) -> None:
    for name in ("old-a", "old-b", "kept"):
        ask.write("CreateTag", name=name)
    shell.good("run", "RenameTag", "kept", "name=fresh")
    shell.good("run", "DeleteTag", "old-*", "--yes")
    assert [item["name"] for item in ask.read("ListTags")] == ["fresh"]


def test_a_dry_run_sends_nothing(shell: Shell, stacks: Asker) -> None:
    before = len(writes(stacks.core))
    said = shell.good("run", "DeployStack", "api-*", "stop_time=5", "--dry-run")
    assert said.out.splitlines()[0] == 'would execute DeployStack {"stack": "api-1", "stop_time": 5}'
    said = shell.good("run", "BatchDeployStack", "api-*,web", "--dry-run", "--format", "json")
    CALLS.validate(said.json)
    assert said.json["requests"] == [
        {"subject": "api-*,web", "params": {"pattern": "api-*,web"}, "matches": ["api-1", "api-2", "web"]}
    ]
    shell.good("run", "DestroyStack", "*", "--dry-run")
    assert len(writes(stacks.core)) == before


def test_without_waiting(shell: Shell, stacks: Asker) -> None:
    stacks.core.faults.add("DeployStack=takes:60")
    said = shell.good("run", "DeployStack", "web", "--no-wait")
    assert said.out.startswith("web  started: the Core is doing it\n  see: http://")
    assert shell.good("call", "DeployStack", "api-2", "--no-wait").json["status"] == "InProgress"


def test_what_takes_too_long_is_no_success(shell: Shell, stacks: Asker) -> None:
    stacks.core.faults.add("DeployStack=hang")
    said = shell("run", "DeployStack", "web", "--timeout", "0.001")
    assert said.code == 1
    assert said.out.startswith("web  unfinished: DeployStack is still running")
    assert "see: http" in said.out


def test_a_batch_without_a_match_is_no_success(shell: Shell, stacks: Asker) -> None:
    said = shell("run", "BatchPullRepo", "nope")
    assert (said.code, said.out) == (1, "BatchPullRepo: nothing fits, nothing was done\n")
    assert shell("call", "BatchPullRepo", "nope").json == []


def test_a_batch_tells_each_fate(shell: Shell, stacks: Asker) -> None:
    said = shell("run", "BatchDeployStack", "api-*")
    assert said.code == 3
    assert rows(said)[0] == "api-1  failed: stage Compose Up failed"
    assert rows(said)[-2:] == ["api-2  done", "BatchDeployStack: 1 done, 1 failed"]


def test_what_is_named_is_destroyed_and_what_wildcards_fit_needs_a_yes(shell: Shell, stacks: Asker) -> None:
    shell.good("run", "DeployStack", "web")
    before = len(writes(stacks.core))
    for words in (["DestroyStack", "*"], ["BatchDestroyStack", "pattern=*"], ["write", "DeleteStack", "api-?"]):
        said = shell("run", *words)
        assert (said.code, said.out) == (4, "")
        assert "would do away with what wildcards fit, and there is no terminal to ask on" in said.err
    assert len(writes(stacks.core)) == before
    shell.good("run", "DestroyStack", "web")
    shell.good("run", "DeleteStack", "api-?", "--yes")
    assert states(stacks) == {"web": "down"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("write CreateStackWebhook stack=web action=Deploy", "/listener/github/stack/NAME/deploy"),
        ("write DeleteRepoWebhook repo=r action=Pull", "/listener/github/repo/NAME/pull"),
        ("write CreateBuildWebhook build=b", "webhook_enabled"),
        ("GetStackWebhooksEnabled stack=web", "read GetStack"),
        ("read GetSyncWebhooksEnabled sync=x", "read GetResourceSync"),
        ("GetPeripheryVersion server=x", "use GetPeripheryInformation"),
    ],
)
def test_what_is_gone_names_the_version_and_the_way_out(
    shell: Shell, core: EmbeddedCore, words: str, told: str
) -> None:
    said = shell("call", *words.split())
    assert (said.code, said.out) == (64, "")
    assert "Komodo 2.0.0 has removed " in said.err
    assert told in said.err
    assert core.requests == []


@pytest.mark.parametrize(
    "words",
    [
        "terminal",
        "/terminal/execute",
        "POST /terminal",
        "execute terminal",
        "write CreateTerminal",
        "DeleteAllTerminals x",
        "ExecuteTerminal x",
        "ConnectContainerExec x",
    ],
)
def test_terminals_are_refused_with_a_hint(shell: Shell, core: EmbeddedCore, words: str) -> None:
    said = shell("call", *words.split())
    assert (said.code, said.out) == (4, "")
    assert "a terminal is interactive" in said.err
    assert "Komodo's UI" in said.err
    assert core.requests == []


@pytest.mark.parametrize("query", ["query=", 'query=""', "query=web"])
def test_the_query_of_older_clients(shell: Shell, core: EmbeddedCore, query: str) -> None:
    said = shell("call", "read", "ListStacks", query)
    assert (said.code, said.out, core.requests) == (64, "", [])
    assert "query" in said.err
    assert "leave query out for everything" in said.err


@pytest.mark.parametrize(
    ("image", "instead"),
    [
        ('{"image": "nginx", "tag": "1.27"}', '{"type": "Image", "params": {"image": "nginx:1.27"}}'),
        ('{"image": "nginx:1"}', '{"type": "Image", "params": {"image": "nginx:1"}}'),
        ('"nginx:1"', '{"type": "Image", "params": {"image": "nginx:1"}}'),
    ],
)
def test_the_image_of_older_clients(shell: Shell, core: EmbeddedCore, image: str, instead: str) -> None:
    said = shell("call", "write", "CreateDeployment", "d", f"config.image={image}")
    assert (said.code, said.out, core.requests) == (64, "", [])
    assert "config.image has no type: this is the shape of an older client" in said.err
    assert f"write {instead}" in said.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "which operation?"),
        (["read"], "which operation of read?"),
        (["DeploStack", "web"], "did you mean DeployStack"),
        (["deploystack", "web"], "did you mean DeployStack?"),
        (["frobnicate"], "there is no operation frobnicate"),
        (["read", "DeployStack", "web"], "DeployStack is an execution\nhelp: write: execute DeployStack"),
        (["auth", "DeployStack", "web"], "DeployStack is an execution\nhelp: write: execute DeployStack"),
        (["auth", "CreateApiKeyForServiceUser"], "is a write\nhelp: write: write CreateApiKeyForServiceUser"),
        (["Sleep"], "Sleep is a step of procedures alone"),
        (["auth", "LoginLocalUser"], "API key"),
        (["DeployStack"], "DeployStack needs stack"),
        (["DeployStack", "stak=web"], "has no parameter stak\nhelp: did you mean stack?"),
        (["DeployStack", "web", "stop_time=soon"], "stop_time=soon: this is no whole number"),
        (["DeployStack", "web", 'services="a"', "services=b"], "services is given twice"),
        (["DestroyStack", "web", "remove_orphans=perhaps"], "this is no flag"),
        (["DestroyDeployment", "d", "signal=SIGTRM"], "did you mean SIGTERM?"),
        (["GetVersion", "x"], "GetVersion takes no names"),
        (["GetStackLog", "web"], "GetStackLog needs services"),
        (["GetContainerLog", "prod", "container=c", "tail=-1"], "tail is below 0"),
        (["CreateStack", "a", "config.enviroment=x"], "no field enviroment\nhelp: did you mean environment?"),
        (["CreateStack", "a", "config=[]"], "config is a list, and not an object"),
        (["CreateStack", "a", "config={"], "config is no JSON"),
        (["CreateStack", "a", 'config={"server": "x", "server_id": "y"}'], "which are one field"),
        (["UpdateStack", "a", 'config={"auto_pull": "yes"}'], "config.auto_pull is a text, and not true or false"),
        (["UpdateDeployment", "d", "config.restart=sometimes"], "config.restart has no value sometimes"),
        (["RenameStack", "a", "b", "name=c"], "RenameStack does one at a time"),
        (["ListStacks", "query.name=web"], "query has no key name\nhelp: did you mean names?"),
        (["ListStacks", 'query={"templates": "All"}'], "query.templates has no value All"),
        (["UpdateResourceMeta", "target=web"], "names no resource"),
        (["CreateStack", "@missing.json"], "missing.json cannot be read: no such file"),
        (["CreateApiKey", "name=ci"], "add --out FILE"),
        (["Start", "d"], "did you mean StartAllContainers or StartContainer or StartDeployment or StartStack?"),
        (["ListStacks", "web", "api-*"], "ListStacks takes no names: web\nhelp: write query.names=web,api-*"),
        (["DeployStack", ""], "an empty text names no stack\nhelp: name the stack: DeployStack NAME"),
        (["GetServer", "server="], "an empty text names no server"),
        (["DeployStack", "web", 'services=["a"'], "services is no JSON (line 1, column 5)\nhelp: write services=a,b"),
        (["DeployStack", '{"stack": web}'], "this object is no JSON (line 1, column 11)\nhelp: write all"),
    ],
)  # fmt: skip
def test_wrong_words_send_nothing(shell: Shell, core: EmbeddedCore, words: list[str], told: str) -> None:
    said = shell("call", *words)
    assert (said.code, said.out) == (64, ""), said.all
    assert told in said.err
    assert "help: " in said.err
    assert core.requests == []


def test_values_from_files_and_stdin(shell: Shell, stacks: Asker, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(work, {"compose.yaml": WORKS, "all.json": '{"name": "x", "config": {"server": "prod", "branch": "1.10"}}'})
    shell.good("call", "write", "CreateStack", "@all.json")
    assert stacks.config("Stack", "stack", "x")["branch"] == "1.10"
    shell.good("call", "write", "UpdateStack", "x", "config.file_contents=@compose.yaml", "config.branch=@@x")
    assert stacks.config("Stack", "stack", "x")["file_contents"] == WORKS
    assert stacks.config("Stack", "stack", "x")["branch"] == "@x"
    monkeypatch.setattr("sys.stdin.read", lambda: '{"environment": "A=1"}', raising=False)
    shell.good("call", "write", "UpdateStack", "x", "config=@-")
    assert stacks.config("Stack", "stack", "x")["environment"] == "A=1\n"
    shell.good("call", "write", "UpdateResourceMeta", "target=stack/x", "description=here", 'tags=["public"]')
    assert stacks.read("GetStack", stack="x")["description"] == "here"


def test_all_parameters_as_one_object(shell: Shell, stacks: Asker) -> None:
    assert shell.good("call", "read", "GetStack", '{"stack": "web"}').json["name"] == "web"
    said = shell("call", "read", "ListStacks", '{"query": ""}')
    assert (said.code, "the shape of an older client" in said.err) == (64, True)
    assert "this object is no JSON (line 1, column 9)" in shell("call", "GetStack", '{"stack"').err


def test_old_names_are_taken(shell: Shell, stacks: Asker) -> None:
    assert shell.good("call", "read", "ListDockerContainers", "prod").json == []


def test_a_busy_resource_is_waited_for(shell: Shell, stacks: Asker, pauses: list[float]) -> None:
    stacks.core.faults.add("DeployStack:web=busy:2")
    stacks.core.faults.add("UpdateStack:web=busy:2")
    shell.good("run", "DeployStack", "web")
    shell.good("run", "UpdateStack", "web", "config.branch=x")
    assert len(pauses) >= 4


def test_wrong_credentials_are_tried_once(shell: Shell, stacks: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOMODO_CLI_SECRET", "S_wrong")
    said = shell("run", "DeployStack", "web", "api-2")
    assert (said.code, said.out) == (1, "")
    assert "does not accept the API key" in said.err
    assert "remaining" not in shell.good("call", "auth", "GetLoginOptions").err, "this one needs no key"


def test_no_secret_is_printed(shell: Shell, stacks: Asker, work: Path) -> None:
    secrets = ["hunter2-value", "tok-3n-value", "wh-value-1", "inner-value-1"]
    stacks.write("CreateVariable", name="DB", value="hunter2-value", is_secret=True)
    config = {
        "environment": "API_TOKEN=tok-3n-value\nLEVEL=info\nURL=x-hunter2-value-y\n",
        "webhook_secret": "wh-value-1",
        "file_contents": "services:\n  a:\n    image: b\n    environment:\n      PASSWORD: inner-value-1\n",
    }
    stacks.write("UpdateStack", id="web", config=config)
    stacks.execute("DeployStack", stack="web")
    words = [
        ("call", "GetStack", "web"),
        ("call", "ListFullStacks"),
        ("call", "ListVariables"),
        ("call", "GetVariable", "DB"),
        ("call", "ListUpdates"),
        ("call", "ExportResourcesToToml", 'targets=[{"type": "Stack", "id": "web"}]', "include_variables=true"),
        ("call", "DeployStack", "web"),
        ("run", "DeployStack", "web", "--format", "json"),
        ("call", "write", "UpdateVariableValue", "DB", "value=hunter2-value"),
        ("call", "write", "UpdateVariableValue", "DB", "value=hunter2-value", "--dry-run"),
        ("call", "write", "UpdateStack", "web", f"config={json.dumps(config)}", "--dry-run"),
        ("call", "write", "UpdateStack", "web", f"config={json.dumps(config)}"),
        ("-v", "call", "write", "UpdateStack", "web", "config.environment=API_TOKEN tok-3n-value"),
    ]
    stack = shell.good("call", "GetStack", "web").json
    assert stack["config"]["environment"] == "API_TOKEN=(secret)\nLEVEL=info\nURL=x-(secret)-y\n"
    assert stack["config"]["webhook_secret"] == "(secret)"
    assert stack["info"]["deployed_contents"][0]["contents"] == "(secret)"
    for each in words:
        said = shell(*each) if each[0] != "-v" else shell(*each[1:], "-vv")
        for secret in secrets:
            assert secret not in said.all, (each, secret)


def test_a_secret_of_the_stack_is_hidden_in_what_was_said_of_it(shell: Shell, stacks: Asker) -> None:
    """An environment's secret that docker repeats in a log, where no name stands before it."""
    text = "services: {a: {image: tok-3n-value}}\n"
    stacks.write("UpdateStack", id="web", config={"environment": "API_TOKEN=tok-3n-value\n", "file_contents": text})
    for words in (["call", "DeployStack", "web"], ["call", "BatchDeployStack", "web"], ["run", "PullStack", "web"]):
        assert "tok-3n-value" not in shell.good(*words).all
    assert "tok-3n-value" not in shell.good("call", "ListStackServices", "web").all
    stacks.write("UpdateStack", id="web", config={"file_contents": f"x-simulate: fail\n{text}"})
    assert "tok-3n-value" not in shell("run", "DeployStack", "web").all


def test_updates_of_every_stack_show_no_secret(shell: Shell, stacks: Asker) -> None:
    stacks.write("CreateAlerter", name="chat")
    url = {"type": "Custom", "params": {"url": "https://chat.example.com/hook/abc-123-def"}}
    stacks.write("UpdateAlerter", id="chat", config={"endpoint": url})
    for item in stacks.read("ListUpdates")["updates"]:
        said = shell.good("call", "GetUpdate", f"id={item['id']}")
        assert "abc-123-def" not in said.all
    assert "abc-123-def" not in shell.good("call", "GetAlerter", "chat").all
    assert "abc-123-def" not in shell.good("call", "ListFullAlerters").all


def test_a_new_key_goes_to_a_file_for_its_owner(shell: Shell, ask: Asker, work: Path) -> None:
    said = shell.good("call", "auth", "CreateApiKey", "name=ci", "--out", "key.json")
    kept = json.loads((work / "key.json").read_text())
    assert kept["secret"].startswith("S_")
    assert kept["secret"] not in said.all
    assert stat.S_IMODE((work / "key.json").stat().st_mode) == 0o600
    said = shell("call", "auth", "CreateApiKey", "name=ci", "--out", "key.json")
    assert (said.code, "there is such a file" in said.err) == (64, True)


def test_ctrl_c_tells_what_still_runs(stacks: Asker) -> None:
    """The first finishes what runs, the second leaves it."""
    core = stacks.core
    core.faults.add("DeployStack=hang")
    asked = threading.Event()

    class Heard(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            if name == "GetUpdate":
                asked.set()

    core.app.requests = Heard()
    run = subprocess.Popen(
        [*COMMAND, "run", "DeployStack", "web"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert asked.wait(30)
    assert run.stderr is not None
    run.send_signal(signal.SIGINT)
    assert "stopping: what runs is finished" in run.stderr.readline()
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=30)
    said = checked(Said(run.returncode, out, err))
    assert said.code == 130
    assert said.out.startswith("web  unfinished: not waited for any more: the Core goes on with it\n  see: http")


def completed(words: str, shell_name: str = "fish", number: int | None = None) -> list[str]:
    """What the shell is offered."""
    split = words.split(" ")
    env = {
        "_KOMODO_SYNC_COMPLETE": f"{shell_name}_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": split[-1] if shell_name == "fish" else str(number if number is not None else len(split) - 1),
    }
    said = process(env=env)
    assert said.err == ""
    return [line.split("\n")[0].split(",", 1)[1].split("\t")[0] for line in said.out.splitlines() if "," in line]


def test_a_read_that_is_stopped_answers_nothing(stacks: Asker) -> None:
    """`null` would pass for an answer."""
    arrived, release = threading.Event(), threading.Event()

    class Held(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            arrived.set()
            release.wait(30)

    stacks.core.app.requests = Held()
    run = subprocess.Popen([*COMMAND, "call", "GetVersion"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert arrived.wait(30)
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=30)
    release.set()
    said = checked(Said(run.returncode, out, err))
    assert (said.code, said.out) == (130, "")
    assert "not started: stopped before it was answered" in said.err


def test_a_batch_that_does_something_else_says_so(shell: Shell, ask: Asker) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    ask.write("CreateBuilder", name="b", config={"type": "Server", "params": {"server_ids": ["prod"]}})
    ask.write("CreateRepo", name="r", config={"server": "prod", "builder": "b", "repo": "acme/r"})
    said = shell.good("run", "BatchBuildRepo", "*")
    assert "done: the Core has done CloneRepo in its place" in " ".join(rows(said))
    assert "write BuildRepo with the pattern, without Batch" in said.out
    assert "in its place" not in shell.good("run", "BatchCloneRepo", "*").out


def test_what_went_wrong_does_not_speak_of_plans(shell: Shell, stacks: Asker) -> None:
    stacks.core.faults.add("DeployStack:api-2=hang")
    for words in (
        ["write", "CreateStack", "web"],
        ["write", "CreateStack", "new", "config.server=nowhere"],
        ["read", "ListStacks", "query.tags=nosuch"],
        ["read", "GetDeploymentStats", "nothing"],
        ["write", "WriteStackFileContents", "web", "file_path=a", "contents=b"],
        ["execute", "DeployStack", "api-2", "--timeout", "1"],
    ):
        said = shell("call", *words)
        assert said.code == 1, said.all
        assert "help: " in said.err or "next: " in said.err
        assert not re.search(r"\b(plan|apply)\b", said.err), said.err


def test_a_read_that_gets_no_answer_has_done_nothing(shell: Shell, stacks: Asker) -> None:
    for fault, told in (("html", "check the URL"), ("drop", "then try again"), ("503", "check that the Core runs")):
        stacks.core.faults.clear()
        stacks.core.faults.add(f"*={fault}")
        said = shell("call", "GetStack", "web")
        assert (said.code, said.out) == (1, "")
        assert told in said.err
        assert "may have been done" not in said.err


def test_what_a_stage_says_keeps_its_shape(shell: Shell, ask: Asker) -> None:
    ask.write("CreateStack", name="gone", config={})
    run = {"enabled": True, "execution": {"type": "DeployStack", "params": {"stack": "gone", "services": []}}}
    ask.write("CreateProcedure", name="p", config={"stages": [{"name": "s", "executions": [run]}]})
    ask.write("DeleteStack", id="gone")
    said = shell("run", "RunProcedure", "p")
    assert said.code == 1
    assert "\\t" not in said.out
    assert "    |     1: " in said.out, said.out


def test_a_name_that_the_core_makes_another_of_is_told(shell: Shell, ask: Asker) -> None:
    assert rows(shell.good("run", "CreateStack", "My Stack!")) == ["My Stack!  done: the Core calls it my_stack_"]
    assert rows(shell.good("run", "CreateStack", "plain")) == ["plain  done"]
    assert "the Core calls it plain_2" in shell.good("run", "CopyStack", "plain", "name=Plain 2").out


def test_a_version_is_taken_as_it_is_written(shell: Shell, ask: Asker) -> None:
    ask.write("CreateBuild", name="b", config={})
    assert shell.good("call", "UpdateBuild", "b", "config.version=1.2").json["config"]["version"] == {
        "major": 1, "minor": 2, "patch": 0,
    }  # fmt: skip


def test_a_link_is_whole_in_a_narrow_terminal(shell: Shell, stacks: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    said = shell("run", "DeployStack", "api-1")
    assert re.search(r"^  see: http://\S+/updates/[0-9a-f]{24}$", said.out, re.MULTILINE), said.out


def test_the_user_as_the_api_writes_it(shell: Shell, ask: Asker) -> None:
    assert shell.good("call", "GET", "/user").json["username"] == shell.good("call", "user").json["username"]


def test_completion_offers_groups_operations_parameters_and_names(stacks: Asker) -> None:
    assert {"read", "execute", "DeployStack", "GetStack", "user"} <= set(completed("komodo-sync call "))
    assert completed("komodo-sync run DeployStackI") == ["DeployStackIfChanged"]
    assert completed("komodo-sync call read GetStackAct") == ["GetStackActionState"]
    assert completed("komodo-sync run DeployStack api") == ["api-1", "api-2"]
    assert completed("komodo-sync run DeployStack web st") == ["stop_time="]
    assert completed("komodo-sync call DestroyStack stack=w") == ["stack=web"]
    assert completed("komodo-sync call DestroyDeployment signal=SIGT") == ["signal=SIGTERM"]
    # bash makes three words of it, and replaces the last
    assert completed("komodo-sync call DestroyStack stack = w", "bash") == ["web"]
    assert completed("komodo-sync call DestroyStack stack =", "bash") == ["api-1", "api-2", "web"]


def test_completion_fails_silently(host: object, monkeypatch: pytest.MonkeyPatch, core: EmbeddedCore) -> None:
    monkeypatch.setenv("KOMODO_CLI_HOST", "http://127.0.0.1:1")
    assert completed("komodo-sync run DeployStack w") == []
    assert completed("komodo-sync run Frobnicate w") == []


def test_what_the_manifests_take_from_an_env_file_is_not_printed_either(
    shell: Shell, stacks: Asker, work: Path
) -> None:
    write(work, {"komodo-sync.yaml": "manifests: [m.yaml]\n", "prod.env": "SPICE=cinnamon-4711\nAPP_KEY=pepper-0815\n"})
    write(work, {"m.yaml": "stacks: [{name: web, config: {environment: {FLAVOUR: '${env:SPICE}'}}}]\n"})
    stacks.write("UpdateStack", id="web", config={"environment": "FLAVOUR=cinnamon-4711\nX=pepper-0815\n"})
    asked = ("call", "read", "GetStack", "stack=web")
    assert "pepper-0815" in shell.good(*asked).out
    said = shell.good(*asked, "--env-file", "prod.env").out
    assert "cinnamon-4711" not in said
    assert "pepper-0815" not in said
    wrong = shell("run", "DeployStack", "web", "--env-file", "none.env")
    assert wrong.code == 64
    assert "none.env: the file cannot be read" in wrong.err
    assert states(stacks)["web"] != "running"
