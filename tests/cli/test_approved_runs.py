"""What is deployed of a plan file: what was approved and nothing else, and nothing that was approved is dropped."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shell import Shell, write
from test_approvals import SETTINGS, refused, saved

if TYPE_CHECKING:
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

COMPOSE = "services: {web: {image: 'nginx:1'}}"
RUNNING = """\
servers: [{name: prod, config: {address: 'https://prod:8120', enabled: true}}]
stacks:
  - {name: web, deploy: true, config: {server: prod, file_contents: "%s", environment: {A: "%s"}}}
  - {name: db, deploy: true, config: {server: prod, file_contents: "%s"}}
"""


def running(shell: Shell, work: Path, value: str = "1") -> None:
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": RUNNING % (COMPOSE, value, COMPOSE)})


@pytest.mark.usefixtures("core")
def test_a_deploy_whose_reason_arose_since_is_skipped_and_told(shell: Shell, ask: Asker, work: Path) -> None:
    running(shell, work)
    shell.good("apply", "--yes")
    running(shell, work, "2")
    document = saved(shell)
    assert [
        (item["address"], [change["action"] for change in item["changes"]])
        for item in document["resources"]
        if item["changes"]
    ] == [("stack/web", ["update", "deploy"])]
    # somebody changes what db runs with, and puts it back without a deploy
    ask.write("UpdateStack", id="db", config={"environment": "B=1\n"})
    ask.execute("DeployStack", stack="db")
    ask.write("UpdateStack", id="db", config={"environment": ""})
    before = len(ask.core.requests)
    said = shell("apply", "--plan", "plan.json")
    assert said.code == 3, said.all
    told = " ".join(said.out.split())
    assert "stack/db: deploy is skipped, it is not in the approved plan" in told
    assert "deployed stack/web" in said.out
    assert ask.core.requests[before:].count("DeployStack") == 1
    assert "Plan: 1 to update, 1 to deploy, 1 unchanged." in said.out, "prod is, and db is not"
    # the same file never does it
    assert said.out.rstrip().endswith("Plan again, and have that approved: what is done stays done.")
    again = shell("apply", "--plan", "plan.json")
    assert again.out.rstrip().endswith(
        "Not applied: 1 skipped. Plan again, and have that approved: what is done stays done."
    )
    assert "Nothing of the approved plan is left to do: 1 resource skipped, 2 unchanged." in again.out
    assert "as declared" not in again.out


@pytest.mark.usefixtures("core")
def test_an_approved_create_is_deployed_when_it_is_finished_later(shell: Shell, ask: Asker, work: Path) -> None:
    running(shell, work)
    saved(shell)
    ask.write("CreateServer", name="prod", config={"address": "https://prod:8120", "enabled": True})
    ask.write(
        "CreateStack",
        name="web",
        config={"server_id": "prod", "file_contents": COMPOSE, "environment": "A=1\n"},
    )
    said = shell.good("apply", "--plan", "plan.json")
    assert "deployed stack/web" in said.out


MOVED = RUNNING.replace(
    "name: web, deploy: true, config: {server: prod,", "name: web, deploy: true, config: {server: two,"
)
MOVED = MOVED.replace(
    "enabled: true}}]", "enabled: true}}, {name: two, config: {address: 'https://two:8120', enabled: true}}]"
)


@pytest.mark.parametrize(
    ("operation", "moves", "told"),
    [
        ("StopStack", False, "it is stopped by now, and is left so (StopStack, "),
        ("StopStack", True, "it is stopped by now, and is left so (StopStack, "),
        ("DestroyStack", False, "it is down by now, and is left so (DestroyStack, "),
        ("PauseStack", False, "it is paused by now, and is left so (PauseStack, "),
        ("PauseStack", True, "it is paused by now, and is left so (PauseStack, "),
    ],
)
def test_an_approved_deploy_of_what_somebody_stopped_since_is_not_dropped(
    shell: Shell, ask: Asker, core: EmbeddedCore, work: Path, operation: str, moves: bool, told: str
) -> None:
    """It stays as it is, so the plan would be done without its deploy: that is another plan."""
    running(shell, work)
    shell.good("apply", "--yes")
    write(work, {"m.yaml": (MOVED if moves else RUNNING) % (COMPOSE, "2", COMPOSE)})
    saved(shell)
    ask.execute(operation, stack="web")
    said = refused(shell, core)
    assert f"stack/web deploy: {told}" in said.err
    assert "was approved: deploy\n  is now:       nothing\n" in said.err.replace("\n    ", "\n  ")
    # what is approved anew knows of it
    saved(shell)
    shell.good("apply", "--plan", "plan.json")


def test_a_deploy_that_was_done_and_what_was_stopped_after_it_is_no_other_plan(
    shell: Shell, ask: Asker, work: Path
) -> None:
    running(shell, work)
    saved(shell)
    shell.good("apply", "--plan", "plan.json")
    ask.execute("StopStack", stack="web")
    assert "everything is as declared" in shell.good("apply", "--plan", "plan.json").out


WHY = (
    "whether 2 resources run as declared cannot be told: server/prod is not reached "
    "(NotOk: Server prod is not connected)"
)


def test_an_approved_deploy_that_cannot_be_done_now_is_told_as_left_out(
    shell: Shell, ask: Asker, core: EmbeddedCore, work: Path
) -> None:
    """Also to a machine; it is done by the first apply for which it can."""
    running(shell, work)
    shell.good("apply", "--yes")
    running(shell, work, "2")
    saved(shell)
    core.faults.add("unreachable=prod")
    said = shell("apply", "--plan", "plan.json", "--report", "json=done.json")
    assert said.code == 3, said.all
    document = json.loads(Path("done.json").read_text(encoding="utf-8"))
    [left] = [item for item in document["results"] if item["status"] == "skipped"]
    assert (left["address"], left["action"]) == ("stack/web", "deploy")
    assert left["message"] == WHY
    assert f"{WHY}: ^ deploy stack/web next: nothing is deployed there; plan again later" in " ".join(said.out.split())
    core.faults.clear()
    assert "deployed stack/web" in shell.good("apply", "--plan", "plan.json").out
