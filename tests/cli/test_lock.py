"""One apply per owner: who gets the lock, who is told by whom it is held, and how it comes back."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import pytest
from shell import COMMAND, Said, Shell, checked, process, write, writes

from komodo_sync.execution.process import Process
from komodo_sync.model.data import replace

if TYPE_CHECKING:
    from pathlib import Path

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

LOCK, APPLIED = "KOMODO_SYNC_LOCK_me", "KOMODO_SYNC_APPLIED_me"
ELSEWHERE = Process("runner-7", 4711, "2026-11-24 05:00:00 UTC", "another place", "", "")


@pytest.fixture
def world(work: Path) -> Path:
    write(work, {"komodo-sync.yaml": "owner: me\nprune: true\n", "m.yaml": "stacks: [{name: a}, {name: b}]\n"})
    return work


def variables(ask: Asker) -> dict[str, str]:
    return {item["name"]: item["value"] for item in ask.read("ListVariables")}


def hold(ask: Asker, holder: Process, name: str = LOCK) -> None:
    ask.write("CreateVariable", name=name, value=holder.text(), description="", is_secret=False)


def gone(folder: Path) -> Process:
    """A process of this machine that has ended."""
    run = subprocess.Popen(["true"])
    run.wait()
    ours = Process.this()
    return replace(ours, process=run.pid)


def test_the_lock_is_held_from_the_first_write_to_the_end(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker
) -> None:
    seen: list[tuple[str, Any]] = []

    class Watched(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            if name in ("CreateStack", "GET /user"):
                seen.append((name, core.state.storage.get("Variable", LOCK)))

    core.app.requests = Watched()
    said = shell.good("apply", "--yes")
    assert "lock" not in said.all
    assert [name for name, _ in seen] == ["GET /user", "CreateStack", "CreateStack", "GET /user"]
    assert seen[0][1] is None
    holder = Process.parse(seen[1][1]["value"])
    assert holder is not None
    assert (holder.host, holder.process) == (os.uname().nodename, os.getpid())
    assert holder.is_here()
    assert not holder.is_gone()
    assert seen[3][1] is not None, "the verifying plan belongs to the apply"
    assert variables(ask) == {}
    assert writes(core)[0] == "CreateVariable"
    assert writes(core)[-1] == "DeleteVariable"
    before = len(writes(core))
    shell.good("apply", "--yes")
    assert writes(core)[before:] == [], "nothing to write takes no lock"


def test_who_holds_it_is_named_and_nothing_is_written(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker
) -> None:
    hold(ask, ELSEWHERE)
    said = shell("apply", "--yes")
    assert said.code == 4
    assert "another apply holds the lock of owner me" in said.err
    assert "process 4711 on runner-7, since 2026-11-24 05:00:00 UTC" in said.err
    assert "komodo-sync unlock" in said.err
    assert [name for name in writes(core) if "Stack" in name] == []
    assert variables(ask) == {LOCK: ELSEWHERE.text()}
    # what only reads asks nobody, and shows nothing of it
    plan = shell.good("plan", "--format", "json")
    assert LOCK not in plan.all
    # another owner's apply goes on
    shell.good("apply", "--yes", "--owner", "you", "--no-prune")


def test_a_holder_that_is_gone_from_this_host_is_taken_over(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker
) -> None:
    dead = gone(world)
    hold(ask, dead)
    said = shell.good("apply", "--yes")
    assert f"took over the lock of owner me: process {dead.process} on {dead.host}, " in said.err
    assert "is gone" in said.err
    assert variables(ask) == {}


@pytest.mark.parametrize(
    ("change", "taken"),
    [
        ({}, False),
        ({"began": "another boot 77"}, True),  # the number was given again
        ({"host": "another"}, False),
        ({"place": "another container"}, False),
        ({"process": 2**70}, True),
    ],
)
def test_only_what_certainly_is_gone_is_taken_over(change: dict[str, Any], taken: bool) -> None:
    ours = json.loads(Process.this().text())
    assert Process(**(ours | change)).is_gone() is taken


def test_a_variable_that_nobody_can_read_is_somebodys(shell: Shell, world: Path, ask: Asker) -> None:
    ask.write("CreateVariable", name=LOCK, value="mine", description="", is_secret=False)
    said = shell("apply", "--yes")
    assert said.code == 4
    assert "somebody unknown: the variable says 'mine'" in said.err
    assert "is held by somebody unknown" in shell.good("unlock", "--yes").out
    shell.good("apply", "--yes")


def killed(world: Path, core: EmbeddedCore, number: signal.Signals) -> Said:
    """An apply that gets a signal while its first stack is made."""
    arrived, release = threading.Event(), threading.Event()

    class Held(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            if name == "CreateStack" and not arrived.is_set():
                arrived.set()
                release.wait(30)

    core.app.requests = Held()
    command = [*COMMAND, "apply", "--yes", "--parallelism", "1"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert arrived.wait(30)
    run.send_signal(number)
    if number is signal.SIGINT:
        assert run.stderr is not None
        run.stderr.readline()
    release.set()
    out, err = run.communicate(timeout=30)
    core.app.requests = []
    return checked(Said(run.returncode, out, err))


def test_a_kill_leaves_it_to_the_next_apply_on_this_host(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker
) -> None:
    assert killed(world, core, signal.SIGKILL).code == -signal.SIGKILL
    assert LOCK in variables(ask)
    said = shell.good("apply", "--yes")
    assert "took over the lock of owner me" in said.err
    assert "nothing is left to do" in said.out
    assert variables(ask) == {}


def test_ctrl_c_gives_it_back(world: Path, core: EmbeddedCore, ask: Asker) -> None:
    assert killed(world, core, signal.SIGINT).code == 130
    assert variables(ask) == {}


def test_of_two_applies_at_once_one_is_told_of_the_other(world: Path, core: EmbeddedCore, ask: Asker) -> None:
    """Both have planned before either writes."""
    both = threading.Barrier(2)
    first = threading.Event()

    class Together(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            if name == "CreateVariable":
                both.wait(30)
            if name == "CreateStack":
                first.wait(30)

    core.app.requests = Together()
    command = [*COMMAND, "apply", "--yes"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    results: list[Said] = []

    def follow(run: subprocess.Popen[str]) -> None:
        out, err = run.communicate(timeout=60)
        results.append(checked(Said(run.returncode, out, err)))
        first.set()

    threads = [threading.Thread(target=follow, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    refused, done = results
    assert (refused.code, done.code) == (4, 0), (refused.all, done.all)
    assert re.search(r"process \d+ on \S+, since ", refused.err)
    assert "komodo-sync unlock" in refused.err
    assert variables(ask) == {}


def test_two_who_find_it_dead_do_not_both_get_it(world: Path, core: EmbeddedCore, ask: Asker) -> None:
    hold(ask, gone(world))
    both = threading.Barrier(2)

    class Together(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            # both have seen the dead holder before either deletes
            if name == "GetVariable" and self.count("GetVariable") <= 2:
                both.wait(30)

    core.app.requests = Together()
    command = [*COMMAND, "apply", "--yes"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [Said(run.returncode, *texts) for run in runs for texts in [run.communicate(timeout=60)]]
    assert sum("took over the lock" in each.err for each in said) == 1
    assert {each.code for each in map(checked, said)} <= {0, 4}
    assert variables(ask) == {}


def test_without_an_owner_there_is_none(shell: Shell, work: Path, core: EmbeddedCore, ask: Asker) -> None:
    write(work, {"m.yaml": "stacks: [{name: a}]\n"})
    shell.good("apply", "--yes", "m.yaml")
    assert writes(core) == ["CreateStack"]
    said = shell("unlock")
    assert (said.code, "Without an owner there is none" in said.err) == (64, True)


@pytest.mark.parametrize("fault", ["CreateVariable=500", "write/*=500"])
def test_a_lock_that_cannot_be_had(shell: Shell, world: Path, core: EmbeddedCore, fault: str) -> None:
    core.faults.add(fault)
    said = shell("apply", "--yes")
    assert said.code == 1
    assert "error: the lock of owner me could not be taken, so nothing was written: CreateVariable: " in said.err
    assert "help: " in said.err
    assert set(writes(core)) == {"CreateVariable"}


def test_a_lock_that_cannot_be_given_back(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    core.faults.add("DeleteVariable=500")
    said = shell.good("apply", "--yes")
    assert "the lock of owner me could not be given back: DeleteVariable" in said.err
    assert "komodo-sync unlock" in said.err
    assert LOCK in variables(ask)


def test_twice_ctrl_c_does_not_wait_for_it(world: Path, core: EmbeddedCore, ask: Asker) -> None:
    arrived, release = threading.Event(), threading.Event()

    class Held(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            if name in ("CreateStack", "GetVariable"):
                arrived.set()
                release.wait(30)

    core.app.requests = Held()
    command = [*COMMAND, "apply", "--yes"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stderr is not None
    assert arrived.wait(30)
    run.send_signal(signal.SIGINT)
    while "stopping" not in (line := run.stderr.readline()):
        assert line
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=30)
    release.set()
    said = checked(Said(run.returncode, out, err))
    assert said.code == 130
    assert "could not be given back: the Core did not answer in time" in said.err


# a key that is not an admin's


@pytest.fixture
def limited(ask: Asker) -> tuple[str, ...]:
    """The options of a key that may change the stacks a and b, and make nothing but stacks."""
    ask.write("CreateStack", name="a")
    ask.write("CreateTag", name="owner:me")
    user = ask.write("CreateServiceUser", username="ci", description="")
    identity = user["_id"]["$oid"]
    made = ask.write("CreateApiKeyForServiceUser", user_id=identity, name="ci", expires=0)
    ask.write(
        "UpdatePermissionOnTarget",
        user_target={"type": "User", "id": identity},
        resource_target={"type": "Stack", "id": ask.read("GetStack", stack="a")["_id"]["$oid"]},
        permission="Write",
    )
    return ("--key", made["key"], "--secret", made["secret"])


def test_a_key_that_may_make_no_variables_goes_on_and_says_so(
    shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, limited: tuple[str, ...]
) -> None:
    write(work, {"komodo-sync.yaml": "owner: me\n", "m.yaml": "stacks: [{name: a, description: d}]\n"})
    before = len(writes(core))
    said = shell("apply", "--yes", "--adopt-changes", *limited)
    assert said.code == 0, said.all
    assert "warning: this key may not make variables, so this apply holds no lock" in said.err
    assert set(writes(core)[before:]) == {"UpdateResourceMeta"}


def test_a_key_that_may_make_no_variables_heeds_the_lock(
    shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, limited: tuple[str, ...]
) -> None:
    write(work, {"komodo-sync.yaml": "owner: me\n", "m.yaml": "stacks: [{name: a, description: d}]\n"})
    hold(ask, ELSEWHERE)
    before = len(writes(core))
    said = shell("apply", "--yes", "--adopt-changes", *limited)
    assert said.code == 4
    assert "process 4711 on runner-7" in said.err
    assert writes(core)[before:] == []
    denied = shell("unlock", "--yes", *limited)
    assert denied.code == 1
    assert "may not do this" in denied.err


# unlock


def test_unlock_shows_who_and_asks(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    assert "Nobody holds the lock of owner me" in shell.good("unlock").out
    hold(ask, ELSEWHERE)
    said = shell("unlock")
    assert said.code == 4
    assert "is held by process 4711 on runner-7, since 2026-11-24 05:00:00 UTC." in said.out
    assert "breaking the lock of owner me is asked for first, and there is no terminal to ask on" in said.err
    assert variables(ask) == {LOCK: ELSEWHERE.text()}
    assert "The lock is broken." in shell.good("unlock", "--yes").out
    assert variables(ask) == {}
    hold(ask, Process.this())
    assert "That process still runs on this host." in shell.good("unlock", "--yes").out


def test_unlock_breaks_no_lock_but_the_one_it_showed(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    hold(ask, ELSEWHERE)

    class Watched(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            if self.count("GetVariable") == 2:
                core.app.requests = []
                ask.write("UpdateVariableValue", name=LOCK, value=Process.this().text())

    core.app.requests = Watched()
    said = shell("unlock", "--yes")
    assert said.code == 4
    assert "not the one any more" in said.err
    assert LOCK in variables(ask)


@pytest.mark.parametrize(
    ("owner", "name"),
    [("platform", "platform"), ("my-team", "my_2Dteam"), ("my_2Dteam", "my_5F2Dteam"), ("a b/ä", "a_20b_2F_C3_A4")],
)
def test_no_two_owners_share_a_lock(shell: Shell, world: Path, ask: Asker, owner: str, name: str) -> None:
    hold(ask, ELSEWHERE, f"KOMODO_SYNC_LOCK_{name}")
    assert "process 4711" in shell.good("unlock", "--owner", owner, "--yes").out


# what is ours is nobody's business


def test_our_variables_are_neither_planned_nor_exported_nor_pruned(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker
) -> None:
    hold(ask, ELSEWHERE, "KOMODO_SYNC_LOCK_other")
    hold(ask, ELSEWHERE, "KOMODO_SYNC_APPLIED_other")
    ask.write("CreateVariable", name="REGION", value="eu", description="", is_secret=False)
    write(world, {"m.yaml": "stacks: [{name: a}]\nabsent: [variable/KOMODO_SYNC_LOCK_other]\n"})
    shell.good("apply", "--yes")
    assert set(variables(ask)) == {"KOMODO_SYNC_LOCK_other", "KOMODO_SYNC_APPLIED_other", "REGION"}
    shell.good("export", "--out", "out")
    text = "".join(path.read_text() for path in (world / "out").rglob("*.yaml"))
    assert "KOMODO_SYNC" not in text
    assert "REGION" in text
    write(world, {"m.yaml": "variables: [{name: KOMODO_SYNC_APPLIED_x, value: v}]\n"})
    assert "error[KS035]" in shell("validate").out


# the last applied commit


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", *words],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def kept(ask: Asker) -> dict[str, Any]:
    """What is kept of the commit, which also says when that was."""
    found: dict[str, Any] = json.loads(variables(ask)[APPLIED])
    assert found.pop("at") > 10**12
    return found


def test_the_last_applied_commit_is_kept(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    git(world, "init", "-q")
    git(world, "add", ".")
    git(world, "commit", "-qm", "first")
    shell.good("apply", "--yes", "--select", "stack/a")
    assert variables(ask) == {}, "a part alone is no commit"
    shell.good("apply", "--yes")
    first = git(world, "rev-parse", "HEAD")
    assert kept(ask) == {"commit": first, "dirty": False}
    write(world, {"m.yaml": "stacks: [{name: a, description: new}, {name: b}]\n"})
    shell.good("apply", "--yes")
    assert kept(ask) == {"commit": first, "dirty": True}
    git(world, "commit", "-qam", "second")
    before = len(writes(core))
    said = shell.good("apply", "--yes")
    assert (said.out.splitlines()[-1], said.err) == ("Nothing to do: everything is as declared.", "")
    assert writes(core)[before:] == ["CreateVariable", "UpdateVariableValue", "DeleteVariable"], "under the lock"
    second = {"commit": git(world, "rev-parse", "HEAD"), "dirty": False}
    assert kept(ask) == second, "it is proved that this is what lives"
    before = len(writes(core))
    shell.good("apply", "--yes")
    write(world, {"m.yaml": "stacks: [{name: a, description: 'new'}, {name: b}]\n"})
    shell.good("apply", "--yes")
    assert writes(core)[before:] == [], "nothing to write, and no other commit, writes nothing"
    first = second["commit"]
    write(world, {"m.yaml": "stacks: [{name: a, description: newer}, {name: b}]\n"})
    git(world, "commit", "-qam", "third")
    core.faults.add("UpdateResourceMeta=500:1")
    assert shell("apply", "--yes").code == 3
    part = [git(world, "rev-parse", "HEAD")]
    assert kept(ask) == {"commit": first, "dirty": False, "parts": part}, "it failed"
    shell.good("apply", "--yes")
    assert kept(ask) == {"commit": git(world, "rev-parse", "HEAD"), "dirty": False}


def test_an_apply_of_nothing_keeps_only_what_it_has_proved(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker, limited: tuple[str, ...]
) -> None:
    write(world, {"komodo-sync.yaml": "owner: me\n", "m.yaml": "stacks: [{name: a}]\n"})
    shell.good("apply", "--yes")
    git(world, "init", "-q")
    git(world, "add", ".")
    git(world, "commit", "-qm", "first")
    before = len(writes(core))
    shell.good("apply", "--yes", *limited)
    shell.good("plan", "--out", "p.json", *limited)
    shell.good("apply", "--plan", "p.json")
    shell.good("apply", "--yes", "m.yaml")
    assert writes(core)[before:] == []
    core.faults.add("CreateVariable=500:1")
    assert "could not be kept in the Core" in shell.good("apply", "--yes").err
    hold(ask, ELSEWHERE)
    said = shell.good("apply", "--yes")
    assert "could not be kept in the Core: another apply holds the lock" in said.err
    assert APPLIED not in variables(ask)
    shell.good("unlock", "--yes")
    shell.good("plan", "--out", "p.json")
    shell.good("apply", "--plan", "p.json")
    assert kept(ask) == {"commit": git(world, "rev-parse", "HEAD"), "dirty": False}
    ask.write("UpdateVariableValue", name=APPLIED, value="garbled")
    shell.good("apply", "--yes")
    assert kept(ask)["dirty"] is False


@pytest.mark.parametrize(
    ("files", "dirty"),
    [
        ({"plan.json": "{}", "out/report.md": "x"}, False),
        ({"new.yaml": "stacks: [{name: n}]\n"}, True),
        ({"m.yaml": "stacks: [{name: a, description: y}, {name: b}]\n"}, True),
    ],
)
def test_only_what_was_read_makes_a_commit_dirty(
    shell: Shell, world: Path, ask: Asker, files: dict[str, str], dirty: bool
) -> None:
    git(world, "init", "-q")
    git(world, "add", ".")
    git(world, "commit", "-qm", "first")
    write(world, files)
    shell.good("apply", "--yes")
    assert kept(ask)["dirty"] is dirty


def test_without_git_no_commit_is_kept(world: Path, core: EmbeddedCore, ask: Asker, tmp_path: Path) -> None:
    said = process("apply", "--yes", env={"PATH": str(tmp_path)})
    assert said.code == 0, said.all
    assert variables(ask) == {}
    git(world, "init", "-q")
    write(world, {"m.yaml": "stacks: [{name: a, description: x}, {name: b}]\n"})
    assert process("apply", "--yes").code == 0
    assert variables(ask) == {}, "a repository without a commit"
