"""`watch`: cycles against a Core, with git, with signals, and what may be applied."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import threading
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from shell import COMMAND, Said, Shell, checked, process, write, writes

from komodo_sync.execution.process import Process

if TYPE_CHECKING:
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

CYCLE = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "schemas" / "cycle.schema.json").read_text())
)
GIT = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a"}


def once(shell: Shell, *words: str, code: int = 0) -> dict[str, Any]:
    said = shell("watch", "--once", *words)
    assert said.code == code, said.all
    [line] = said.out.splitlines()
    told: dict[str, Any] = json.loads(line)
    CYCLE.validate(told)
    return told


@pytest.fixture
def world(work: Path) -> Path:
    write(work, {"komodo-sync.yaml": "owner: me\nprune: true\n", "m.yaml": "stacks: [{name: a}, {name: b}]\n"})
    return work


def names(ask: Asker) -> list[str]:
    return [item["name"] for item in ask.read("ListFullStacks")]


def test_never_applies_nothing(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    told = once(shell, code=2)
    assert (told["result"], told["changes"]["create"]) == ("drift", 3)
    assert "stack/a create" in told["left"]
    assert writes(core) == []


def test_always_applies_and_then_there_is_nothing_to_do(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker
) -> None:
    told = once(shell, "--apply", "always")
    assert told["result"] == "applied"
    assert set(told["done"]) == {"tag/owner:me create", "stack/a create", "stack/b create"}
    assert told["core"].startswith("127.0.0.1") or told["core"].startswith("http")
    before = len(writes(core))
    assert once(shell, "--apply", "always")["result"] == "in sync"
    assert len(writes(core)) == before
    assert names(ask) == ["a", "b"]


def test_safe_does_what_takes_nothing_away_and_holds_the_rest(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker
) -> None:
    once(shell, "--apply", "safe")
    write(world, {"m.yaml": "stacks: [{name: a, config: {branch: next}}, {name: c}]\n"})
    told = once(shell, "--apply", "safe", code=2)
    assert told["result"] == "held"
    assert set(told["done"]) == {"stack/a update", "stack/c create"}
    assert told["held"] == [{"step": "stack/b delete", "why": "delete is done on purpose alone"}]
    assert names(ask) == ["a", "b", "c"]
    assert once(shell, "--apply", "safe", code=2)["result"] == "held"
    assert once(shell, "--apply", "always")["result"] == "applied"
    assert names(ask) == ["a", "c"]


def test_what_would_be_deployed_is_held_as_a_whole(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    compose = "services:\n  web:\n    image: nginx:1\n"
    stack = {"name": "a", "deploy": True, "config": {"server": "prod", "file_contents": compose}}
    write(world, {"m.yaml": json.dumps({"stacks": [stack, {"name": "b"}]})})
    told = once(shell, "--apply", "safe", code=2)
    assert set(told["done"]) == {"tag/owner:me create", "stack/b create"}
    assert [each["step"] for each in told["held"]] == ["stack/a create", "stack/a deploy"]
    told = once(shell, "--apply", "always")
    assert (told["result"], told["done"]) == ("applied", ["stack/a create", "stack/a deploy"])
    assert once(shell, "--apply", "always")["result"] == "in sync"
    assert [item["info"]["state"] for item in ask.read("ListStacks") if item["name"] == "a"] == ["running"]


def test_what_is_not_compared_is_told(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = ask.write("CreateServiceUser", username="ci", description="")
    made = ask.write("CreateApiKeyForServiceUser", user_id=user["_id"]["$oid"], name="ci", expires=0)
    monkeypatch.setenv("KOMODO_CLI_KEY", made["key"])
    monkeypatch.setenv("KOMODO_CLI_SECRET", made["secret"])
    unseen = ["user groups are not planned: Komodo lists them for admins alone, and ci is none"]
    write(world, {"m.yaml": "user_groups: [{name: devs}]\n"})
    told = once(shell)
    assert (told["result"], told["unseen"]) == ("in sync", unseen)
    write(world, {"m.yaml": "user_groups: [{name: devs}]\nstacks: [{name: a}]\n"})
    told = once(shell, code=2)
    assert (told["result"], told["unseen"]) == ("drift", unseen)


def test_a_value_that_is_not_set_here_is_told(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    ask.write("CreateStack", name="a", config={"environment": "A=x"})
    ask.write("UpdateResourceMeta", target={"type": "Stack", "id": "a"}, tags=["owner:me"])
    stack = "stacks: [{name: a, config: {environment: {A: '${env:NOWHERE}'}}}]\n"
    write(world, {"m.yaml": stack})
    told = once(shell)
    assert told["result"] == "in sync"
    assert "NOWHERE" in told["unseen"][0]


def test_what_nobody_can_tell_is_not_in_sync(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    compose = "services:\n  web:\n    image: nginx:1\n"
    stack = {"name": "a", "deploy": True, "config": {"server": "prod", "file_contents": compose}}
    write(world, {"m.yaml": json.dumps({"stacks": [stack, {"name": "b"}]})})
    once(shell, "--apply", "always")
    core.faults.add("unreachable=prod")
    for applies in ("always", "safe", "never"):
        told = once(shell, "--apply", applies, code=3)
        assert told["result"] == "unproven"
        assert told["unproven"] == [
            (
                "whether stack/a runs as declared cannot be told: server/prod is not reached "
                "(NotOk: Server prod is not connected)"
            )
        ]
    # what is done beside it is told as well
    write(world, {"m.yaml": json.dumps({"stacks": [stack, {"name": "b", "description": "x"}]})})
    told = once(shell, "--apply", "always", code=3)
    assert (told["result"], told["done"]) == ("unproven", ["stack/b update"])
    core.faults.clear()
    assert once(shell, "--apply", "always")["result"] == "in sync"


def test_a_deploy_that_fails_is_told_without_secrets(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    compose = "x-simulate: fail\nservices:\n  web:\n    image: nginx:1\n"
    config = {"server": "prod", "file_contents": compose, "environment": {"TOKEN": "hunter2-value"}}
    write(world, {"m.yaml": json.dumps({"stacks": [{"name": "a", "deploy": True, "config": config}]})})
    said = shell("watch", "--once", "--apply", "always")
    told = json.loads(said.out)
    assert (said.code, told["result"]) == (3, "partly")
    [failed] = told["failed"]
    assert failed["step"] == "stack/a deploy"
    assert re.fullmatch(r".+; Compose Up: told to fail; update [0-9a-f]{24}", failed["why"]), failed
    assert "hunter2-value" not in said.all


def test_wrong_manifests_are_told_and_nothing_is_written(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    write(world, {"m.yaml": "stacks: [{name: a, confg: {}}]\n"})
    told = once(shell, "--apply", "always", code=1)
    assert (told["result"], told["error"]) == ("failed", "1 error in the input")
    assert "m.yaml:1:" in told["detail"]
    assert writes(core) == []


def test_what_may_not_be_applied_is_refused(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    ask.write("CreateStack", name="a", config={"branch": "theirs"})
    told = once(shell, "--apply", "always", code=4)
    assert told["result"] == "refused"
    assert "--adopt-changes" in told["detail"]
    # while nobody looks, the rest of it goes on
    told = once(shell, "--apply", "safe", code=2)
    assert "stack/b create" in told["done"]
    assert {each["step"] for each in told["held"]} == {"stack/a adopt", "stack/a update"}


def test_the_lock_of_another_apply_is_heeded(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    elsewhere = Process("runner-7", 4711, "2026-11-24 05:00:00 UTC", "another place", "", "")
    ask.write("CreateVariable", name="KOMODO_SYNC_LOCK_me", value=elsewhere.text(), description="", is_secret=False)
    told = once(shell, "--apply", "always", code=4)
    assert told["error"] == "another apply holds the lock of owner me"
    assert "runner-7" in told["detail"]
    assert names(ask) == []


def test_a_failed_step_is_told(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    core.faults.add("CreateStack:a=500")
    told = once(shell, "--apply", "always", code=3)
    assert told["result"] == "partly"
    assert [each["step"] for each in told["failed"]] == ["stack/a create"]
    assert "stack/a create" in told["left"]


def test_a_core_that_is_away_is_a_failed_cycle(
    shell: Shell, world: Path, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = once(shell, "--url", "http://127.0.0.1:1", code=1)
    assert told["result"] == "failed"
    assert "cannot be reached" in told["error"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--interval", "soon"], "no interval"),
        (["--interval", "0"], "no interval"),
        (["--listen", "9090"], "no address"),
        (["--apply", "some"], "'some' is not one of"),
        (["--select", "stak/web"], "there is no kind stak"),
        (["--select", "tag:"], "write tag:NAME"),
    ],
)
def test_wrong_usage(shell: Shell, world: Path, core: EmbeddedCore, words: list[str], told: str) -> None:
    said = shell("watch", *words)
    assert (said.code, said.out) == (64, "")
    assert told in said.err


def test_what_no_cycle_can_mend_ends_it_at_once(shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KOMODO_CLI_HOST", raising=False)
    assert shell("watch").code == 64
    write(work, {"komodo-sync.yaml": "owner: me\n"})
    said = shell("watch")
    assert (said.code, said.out) == (64, "")
    assert "no Core is named" in said.err


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", "-C", str(folder), *words],
        env={**GIT, "GIT_COMMITTER_EMAIL": "a@b", "PATH": "/usr/bin:/bin", "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.fixture
def origin(world: Path, tmp_path: Path) -> Path:
    """The repository that `world` is a clone of; commit there with `commit`."""
    folder = tmp_path / "origin"
    folder.mkdir()
    git(folder, "init", "-q")
    commit(folder, {name: (world / name).read_text() for name in ("komodo-sync.yaml", "m.yaml")})
    for path in world.iterdir():
        path.unlink()
    git(world, "clone", "-q", str(folder), ".")
    return folder


def commit(folder: Path, files: dict[str, str]) -> str:
    write(folder, files)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "a commit")
    return git(folder, "rev-parse", "HEAD")


def test_git_pulls_first(shell: Shell, world: Path, origin: Path, core: EmbeddedCore, ask: Asker) -> None:
    told = once(shell, "--git", "--apply", "always")
    assert (told["result"], "pulled" in told) == ("applied", False)
    new = commit(origin, {"m.yaml": "stacks: [{name: a}, {name: b}, {name: c}]\n"})
    told = once(shell, "--git", "--apply", "always")
    assert (told["result"], told["commit"], told["pulled"]) == ("applied", new, True)
    assert names(ask) == ["a", "b", "c"]
    kept = ask.read("GetVariable", name="KOMODO_SYNC_APPLIED_me")["value"]
    assert {**json.loads(kept), "at": 0} == {"commit": new, "dirty": False, "at": 0}
    assert "pulled" not in once(shell, "--git", "--apply", "always")


def test_a_part_that_is_held_leaves_the_last_applied_commit_alone(
    shell: Shell, world: Path, origin: Path, core: EmbeddedCore, ask: Asker
) -> None:
    once(shell, "--git", "--apply", "always")
    before = ask.read("GetVariable", name="KOMODO_SYNC_APPLIED_me")["value"]
    commit(origin, {"m.yaml": "stacks: [{name: a, config: {branch: x}}]\n"})
    assert once(shell, "--git", "--apply", "safe", code=2)["result"] == "held"
    assert ask.read("GetVariable", name="KOMODO_SYNC_APPLIED_me")["value"] == before


def test_a_history_that_was_rewritten_is_a_failed_cycle(
    shell: Shell, world: Path, origin: Path, core: EmbeddedCore
) -> None:
    git(world, "commit", "-q", "--allow-empty", "-m", "mine")
    commit(origin, {"m.yaml": "stacks: []\n"})
    told = once(shell, "--git", "--apply", "always", code=1)
    assert (told["result"], told["error"]) == ("failed", f"git pull failed in {world}")
    assert "hint" in told
    assert writes(core) == []


def test_nothing_of_the_repository_is_run(shell: Shell, world: Path, origin: Path, core: EmbeddedCore) -> None:
    hook = world / ".git" / "hooks" / "post-merge"
    hook.write_text("#!/bin/sh\ntouch ran\n")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    commit(origin, {"m.yaml": "stacks: []\n"})
    assert once(shell, "--git", code=0)["pulled"] is True
    assert not (world / "ran").exists()


def test_where_there_is_no_repository(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    told = once(shell, "--git", code=1)
    assert told["result"] == "failed"
    assert "git rev-parse failed in" in told["error"]


def test_a_signal_lets_the_running_call_end(world: Path, core: EmbeddedCore, ask: Asker) -> None:
    arrived, release = threading.Event(), threading.Event()

    class Held(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            if name == "CreateStack" and not arrived.is_set():
                arrived.set()
                release.wait(30)

    core.app.requests = Held()
    command = [*COMMAND, "watch", "--interval", "1h", "--apply", "always", "--parallelism", "1"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert arrived.wait(30)
    run.send_signal(signal.SIGTERM)
    assert run.stderr is not None
    assert "stopping" in run.stderr.readline()
    release.set()
    out, err = run.communicate(timeout=30)
    said = checked(Said(run.returncode, out, err))
    told = json.loads(said.out)
    assert (said.code, told["result"]) == (0, "stopped")
    assert "stack/a create" in told["done"]
    assert told["skipped"] == ["stack/b create"]
    assert names(ask) == ["a"]
    assert [item["name"] for item in ask.read("ListVariables")] == [], "the lock is given back"


def test_a_signal_gives_up_a_plan_that_is_being_made(world: Path, core: EmbeddedCore) -> None:
    """Nothing is written in it, and a Core that does not answer would be waited for until its time is over."""
    arrived, release = threading.Event(), threading.Event()

    class Held(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            if name.startswith("ListFull"):
                arrived.set()
                release.wait(60)

    core.app.requests = Held()
    command = [*COMMAND, "watch", "--interval", "1h", "--apply", "always"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert arrived.wait(30)
    run.send_signal(signal.SIGTERM)
    out, err = run.communicate(timeout=30)
    release.set()
    said = checked(Said(run.returncode, out, err))
    told = json.loads(said.out)
    CYCLE.validate(told)
    assert (said.code, told["result"], told["error"]) == (0, "stopped", "stopped before there was a plan")
    assert "stopping" in said.err
    assert writes(core) == []


def test_what_is_not_pulled_and_planned_all_the_same_is_told(
    shell: Shell, world: Path, origin: Path, core: EmbeddedCore
) -> None:
    assert "notes" not in once(shell, "--git", code=2)
    write(world, {"m.yaml": "stacks: [{name: a}]\n", "unrelated.log": "x"})
    assert once(shell, "--git", code=2)["notes"] == ["warning: the checkout has 1 changed file in no commit"]
    git(world, "commit", "-q", "-a", "-m", "mine")
    assert once(shell, "--git", code=2)["notes"] == ["warning: the checkout has 1 commit that its upstream has not"]


def test_one_cycle_has_no_next_one(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    told = once(shell, "--url", "http://127.0.0.1:1", code=1)
    assert (told["failures"], "next_in" in told) == (1, False)


def test_health_and_metrics_while_it_waits_and_a_signal_that_ends_it(world: Path, core: EmbeddedCore) -> None:
    command = [*COMMAND, "watch", "--interval", "1h", "--listen", "127.0.0.1:0"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stdout is not None
    assert run.stderr is not None
    url = run.stderr.readline().split()[4].removesuffix("/healthz")
    assert json.loads(run.stdout.readline())["result"] == "drift"
    with urllib.request.urlopen(f"{url}/metrics", timeout=30) as answer:
        text = answer.read().decode()
    assert 'komodo_sync_changes{action="create"} 3.0' in text
    with urllib.request.urlopen(f"{url}/healthz", timeout=30) as answer:
        assert (answer.status, json.loads(answer.read())["status"]) == (200, "ok")
    run.send_signal(signal.SIGTERM)
    out, err = run.communicate(timeout=30)
    assert (run.returncode, out) == (0, ""), err


def test_an_address_that_is_taken(world: Path, core: EmbeddedCore, host: Any) -> None:
    said = process("watch", "--listen", host.url.removeprefix("http://"))
    assert (said.code, said.out) == (1, "")
    assert "nobody can listen on" in said.err
