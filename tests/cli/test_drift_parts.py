"""What an apply leaves for drift where it did not do, or did not prove, all that a commit says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from shell import Shell, write
from test_drift import alice, commit, drift, findings, git
from test_drift_sides import DEPLOYED, SERVER, edited, started, told

if TYPE_CHECKING:
    from pathlib import Path

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

__all__ = ["alice"]
APPLIED = "KOMODO_SYNC_APPLIED_me"
STACK = "stacks:\n  - name: a\n    config: {branch: one}\n"


def kept(ask: Asker) -> tuple[str, list[str]]:
    """The commit that is kept, and those of which a part was applied since."""
    found = json.loads(ask.read("GetVariable", name=APPLIED)["value"])
    return found["commit"], found.get("parts", [])


@pytest.fixture
def reader(ask: Asker) -> tuple[str, ...]:
    """The options of a key that sees every resource, and what admins alone see not at all."""
    ask.write("CreateServiceUser", username="reader", description="")
    user = ask.read("FindUser", user="reader")["_id"]["$oid"]
    for core in ("Stack", "Server"):
        target = {"type": "User", "id": user}
        ask.write("UpdatePermissionOnResourceType", user_target=target, resource_type=core, permission="Read")
    key = ask.write("CreateApiKeyForServiceUser", user_id=user, name="k", expires=0)
    return ("--key", key["key"], "--secret", key["secret"])


def by_a_reader(shell: Shell, reader: tuple[str, ...]) -> None:
    """As CI does it: planned with a key that reads, applied by an admin."""
    assert shell("plan", "--out", "out.json", "--detailed-exitcode", *reader).code == 2
    shell.good("apply", "--plan", "out.json")


def test_what_the_key_of_the_plan_did_not_see_is_left(
    shell: Shell, work: Path, ask: Asker, reader: tuple[str, ...]
) -> None:
    started(shell, work, STACK + "user_groups: [{name: devs, everyone: false}]\n")
    first = git(work, "rev-parse", "HEAD")
    edited(work, "one", "two")
    short = edited(work, "everyone: false", "everyone: true")
    by_a_reader(shell, reader)
    assert kept(ask) == (first, [git(work, "rev-parse", "HEAD")])
    assert {address: told(cause) for address, cause in drift(shell).items()} == {
        "user_group/devs": ("git", [(short, "bob")])
    }
    shell.good("apply", "--yes")
    assert kept(ask) == (git(work, "rev-parse", "HEAD"), [])


@pytest.mark.parametrize("more", ["", "user_groups: [{name: devs, everyone: false}]\n"])
def test_a_readers_plan_that_leaves_nothing_keeps_the_commit(
    shell: Shell, work: Path, ask: Asker, reader: tuple[str, ...], more: str
) -> None:
    """Also where something was withheld in it that turns out to be as declared."""
    started(shell, work, STACK + more)
    edited(work, "one", "two")
    by_a_reader(shell, reader)
    assert kept(ask) == (git(work, "rev-parse", "HEAD"), [])
    assert shell("drift").code == 0


def test_without_deploys_it_is_a_part(shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, alice: Asker) -> None:
    started(shell, work, SERVER + DEPLOYED)
    first = git(work, "rev-parse", "HEAD")
    short = edited(work, 'PORT: "1"', 'PORT: "2"')
    shell.good("apply", "--yes", "--no-deploy")
    part = git(work, "rev-parse", "HEAD")
    assert kept(ask) == (first, [part])
    said = shell("drift", "--format", "json")
    [message] = [item for item in findings(said) if item.startswith("compared with")]
    assert f"applied last as a whole, and with {part[:12]}, of which a part was applied since" in message
    assert told(drift(shell)["stack/web"]) == ("git", [(short, "bob")])
    alice.write("UpdateStack", id="web", config={"environment": "PORT=7\n"})
    assert told(drift(shell)["stack/web"]) == ("both", [("UpdateStack", "alice"), (short, "bob")])
    alice.write("UpdateStack", id="web", config={"environment": "PORT=2\n"})
    alice.execute("StopStack", stack="web")
    core.settle()
    assert told(drift(shell)["stack/web"]) == ("both", [("StopStack", "alice"), (short, "bob")])
    shell.good("apply", "--yes")
    assert kept(ask) == (part, [])


def test_nothing_to_do_without_deploys_proves_nothing(shell: Shell, work: Path, ask: Asker) -> None:
    started(shell, work, STACK)
    first = git(work, "rev-parse", "HEAD")
    edited(work, "stacks:", "# more\nstacks:")
    shell.good("apply", "--yes", "--no-deploy")
    assert kept(ask) == (first, [])
    shell.good("apply", "--yes")
    assert kept(ask) == (git(work, "rev-parse", "HEAD"), [])


def test_what_nobody_checked_is_a_part(shell: Shell, work: Path, ask: Asker, alice: Asker) -> None:
    started(shell, work, STACK)
    first = git(work, "rev-parse", "HEAD")
    edited(work, "one", "two")
    shell.good("apply", "--yes", "--no-verify")
    second = git(work, "rev-parse", "HEAD")
    assert kept(ask) == (first, [second])
    assert shell("drift").code == 0
    # what was applied is told from what somebody changed since
    alice.write("UpdateStack", id="a", config={"branch": "three"})
    where, records = told(drift(shell)["stack/a"])
    assert (where, records[0]) == ("both", ("UpdateStack", "alice"))
    alice.write("UpdateStack", id="a", config={"branch": "two"})
    short = edited(work, "two", "four", "carol")
    where, records = told(drift(shell)["stack/a"])
    assert (where, records[0]) == ("git", (short, "carol"))


def test_what_was_selected_or_failed_is_a_part(
    shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, alice: Asker
) -> None:
    started(shell, work, STACK + "  - name: b\n    config: {branch: one}\n")
    first = git(work, "rev-parse", "HEAD")
    edited(work, "{branch: one}", "{branch: two}")
    edited(work, "{branch: one}", "{branch: two}")
    shell.good("apply", "--yes", "--select", "stack/a")
    second = git(work, "rev-parse", "HEAD")
    assert kept(ask) == (first, [second])
    assert {address: told(cause)[0] for address, cause in drift(shell).items()} == {"stack/b": "git"}
    short = edited(work, "{branch: two}", "{branch: three}", "carol")
    assert told(drift(shell)["stack/a"])[0] == "git", "what we wrote ourselves was not changed in Komodo"
    assert told(drift(shell)["stack/a"])[1][0] == (short, "carol")
    core.faults.add("UpdateStack=500:1")
    assert shell("apply", "--yes", "--parallelism", "1").code == 3
    assert kept(ask) == (first, [second, git(work, "rev-parse", "HEAD")])
    assert {told(cause)[0] for cause in drift(shell).values()} == {"git"}
    shell.good("apply", "--yes")
    assert kept(ask) == (git(work, "rev-parse", "HEAD"), [])


def test_what_a_part_made_is_told_by_that(shell: Shell, work: Path, ask: Asker, alice: Asker) -> None:
    started(shell, work, STACK)
    write(work, {"n.yaml": "stacks: [{name: n, config: {branch: one}}]\n"})
    commit(work)
    shell.good("apply", "--yes", "--select", "stack/n")
    alice.write("UpdateStack", id="n", config={"branch": "two"})
    assert told(drift(shell)["stack/n"]) == ("komodo", [("UpdateStack", "alice")])
    (work / "n.yaml").unlink()
    commit(work)
    assert told(drift(shell)["stack/n"])[0] == "git"


def test_a_part_of_what_is_in_no_commit_leaves_nothing_to_compare_with(
    shell: Shell, work: Path, ask: Asker, alice: Asker
) -> None:
    started(shell, work, STACK)
    first = git(work, "rev-parse", "HEAD")
    write(work, {"m.yaml": STACK.replace("one", "two")})
    shell.good("apply", "--yes", "--no-verify")
    assert kept(ask) == (first, [""])
    git(work, "checkout", "-q", ".")
    said = shell("drift", "--format", "json")
    assert any("a part of what is in no commit was applied" in message for message in findings(said))
    assert told(drift(shell)["stack/a"])[0] == "unknown"


def test_many_parts_are_not_told_apart(shell: Shell, work: Path, ask: Asker) -> None:
    started(shell, work, STACK)
    for number in range(6):
        write(work, {"m.yaml": STACK.replace("one", f"branch-{number}")})
        commit(work)
        shell.good("apply", "--yes", "--no-verify")
    assert kept(ask)[1] == [""]


@pytest.mark.parametrize("parts", [[""], "x", ["--output=/tmp/x"], [7], None])
def test_parts_that_nobody_can_read(shell: Shell, work: Path, ask: Asker, parts: object) -> None:
    started(shell, work, STACK)
    found = json.loads(ask.read("GetVariable", name=APPLIED)["value"])
    ask.write("UpdateVariableValue", name=APPLIED, value=json.dumps(found | {"parts": parts}))
    edited(work, "one", "two")
    assert told(drift(shell)["stack/a"])[0] == "unknown"
