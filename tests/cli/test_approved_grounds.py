"""What an approved deploy brings: what was approved, and nothing that came since or that the plan could not see."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from deploying import SERVERS
from shell import Said, Shell, write

if TYPE_CHECKING:
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

pytestmark = pytest.mark.usefixtures("core")
SETTINGS = "owner: me\n"
WEB = f"""{SERVERS}stacks:
  - name: web
    deploy: true
    config: {{server: one, repo: acme/web%s, environment: {{LOG_LEVEL: %s}}}}
"""
AS_IT_WAS = 'services: {web: {image: "nginx:1"}}'
EVIL = 'services: {web: {image: "nginx:1"}, miner: {image: "evil:1"}}'


def web(work: Path, level: str, more: str = "") -> None:
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": WEB % (more, level)})


@pytest.fixture
def commits(shell: Shell, work: Path, core: EmbeddedCore) -> list[str]:
    """The commit that web is deployed from; its environment is to change."""
    first = core.push("acme/web", {"compose.yaml": AS_IT_WAS})
    web(work, "info")
    shell.good("apply", "--yes")
    web(work, "debug")
    return [first[:7]]


def saved(shell: Shell, *arguments: str) -> dict[str, list[dict[str, Any]]]:
    """The changes of a plan that is kept, by resource."""
    shell.good("plan", "--out", "plan.json", *arguments)
    document = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    return {item["address"]: item["changes"] for item in document["resources"] if item["changes"]}


def applied(shell: Shell, core: EmbeddedCore, *arguments: str, code: int = 0, deploys: int = 1) -> str:
    before = core.requests.count("DeployStack")
    said: Said = shell("apply", "--plan", "plan.json", *arguments)
    assert said.code == code, said.all
    assert core.requests.count("DeployStack") - before == deploys, said.all
    return " ".join(said.out.split())


def grounds(changes: list[dict[str, Any]]) -> Any:
    return changes[-1]["approval"]["grounds"]


# files


def test_a_file_that_came_after_the_approval_is_not_deployed(
    shell: Shell, core: EmbeddedCore, commits: list[str]
) -> None:
    changes = saved(shell)["stack/web"]
    assert changes[-1]["reason"] == "environment changes"
    assert grounds(changes) == {
        "topics": [{"name": "config/environment", "at": 0}],
        "commit": commits[0],
        "open": False,
    }
    second = core.push("acme/web", {"compose.yaml": EVIL})[:7]
    said = applied(shell, core, code=3, deploys=0)
    assert (
        "stack/web: deploy is skipped, nobody approved what it brings: compose.yaml differs from what is deployed; "
        f"commit {second}, where that of the plan was {commits[0]} [not-approved] "
        "next: plan again, and have it approved"
    ) in said
    assert "~ updated stack/web" in said
    # the same file never does it; one that shows it does
    applied(shell, core, code=3, deploys=0)
    [deploy] = saved(shell)["stack/web"]
    assert "compose.yaml differs from what is deployed" in deploy["reason"]
    applied(shell, core)


def test_of_an_approved_difference_no_other_commit_is_deployed(
    shell: Shell, core: EmbeddedCore, commits: list[str]
) -> None:
    second = core.push("acme/web", {"compose.yaml": AS_IT_WAS.replace(":1", ":2")})[:7]
    saved(shell)
    third = core.push("acme/web", {"compose.yaml": EVIL})[:7]
    said = applied(shell, core, code=3, deploys=0)
    assert f"nobody approved what it brings: commit {third}, where that of the plan was {second}" in said


def test_a_commit_that_changes_other_files_is_told_with_both(
    shell: Shell, core: EmbeddedCore, commits: list[str]
) -> None:
    saved(shell)
    second = core.push("acme/web", {"README.md": "two\n"})[:7]
    assert f"commit {second}, where that of the plan was {commits[0]}" in applied(shell, core, code=3, deploys=0)


def test_a_pinned_commit_is_deployed_whatever_is_pushed(
    shell: Shell, core: EmbeddedCore, work: Path, commits: list[str]
) -> None:
    more = f", commit: {commits[0]}"
    web(work, "info", more)
    shell.good("apply", "--yes")
    web(work, "debug", more)
    saved(shell)
    core.push("acme/web", {"compose.yaml": EVIL})
    applied(shell, core)


def test_fewer_reasons_are_no_other_deploy(shell: Shell, core: EmbeddedCore, ask: Asker, commits: list[str]) -> None:
    """Somebody deployed the files that were approved; also newer ones, which run by now."""
    core.push("acme/web", {"compose.yaml": AS_IT_WAS.replace(":1", ":2")})
    saved(shell)
    core.push("acme/web", {"README.md": "three\n"})
    ask.execute("DeployStack", stack="web")
    applied(shell, core)


# variables


@pytest.fixture
def region(shell: Shell, work: Path, ask: Asker) -> None:
    """The stack uses a variable that no manifest declares."""
    ask.write("CreateVariable", name="REGION", value="eu")
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": REGION % "info"})
    shell.good("apply", "--yes")


REGION = f"""{SERVERS}stacks:
  - name: web
    deploy: true
    config: {{server: one, file_contents: "services: {{web: {{image: x}}}}", environment: "R=[[REGION]]\\nL=%s\\n"}}
"""


@pytest.mark.usefixtures("region")
def test_a_variable_that_was_changed_after_the_approval_is_not_deployed(
    shell: Shell, core: EmbeddedCore, ask: Asker, work: Path
) -> None:
    write(work, {"m.yaml": REGION % "debug"})
    saved(shell)
    ask.write("UpdateVariableValue", name="REGION", value="evil")
    said = applied(shell, core, code=3, deploys=0)
    assert "nobody approved what it brings: variable/REGION was changed after the last deploy (2" in said
    saved(shell)
    applied(shell, core)


@pytest.mark.usefixtures("region")
def test_a_variable_that_was_changed_again_is_not_deployed(
    shell: Shell, core: EmbeddedCore, ask: Asker, work: Path
) -> None:
    ask.write("UpdateVariableValue", name="REGION", value="us")
    saved(shell)
    text = Path("plan.json").read_text(encoding="utf-8")
    ask.write("UpdateVariableValue", name="REGION", value="evil")
    said = applied(shell, core, code=3, deploys=0)
    assert "variable/REGION was changed after the last deploy (2" in said
    assert ", again since the plan" in said
    assert '"us"' not in text


def test_a_variable_of_the_plan_is_deployed_also_at_the_second_try(
    shell: Shell, core: EmbeddedCore, work: Path
) -> None:
    declared = REGION % "info" + "variables: [{name: REGION, value: %s}]\n"
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": declared % "eu"})
    shell.good("apply", "--yes")
    write(work, {"m.yaml": declared % "us"})
    assert saved(shell)["stack/web"][0]["reason"] == "variable/REGION, which it uses, changes"
    core.faults.add("DeployStack=fails:Compose Up")
    applied(shell, core, code=3)
    core.faults.clear()
    applied(shell, core)


# what a plan could not see


@pytest.fixture
def reader(ask: Asker) -> tuple[str, ...]:
    """The options of a key that only reads."""
    identity = ask.write("CreateServiceUser", username="ro", description="")["_id"]["$oid"]
    made = ask.write("CreateApiKeyForServiceUser", user_id=identity, name="k", expires=0)
    ask.write("UpdateUserBasePermissions", user_id=identity, enabled=True)
    for kind in ("Server", "Stack"):
        ask.write(
            "UpdatePermissionOnResourceType",
            user_target={"type": "User", "id": identity},
            resource_type=kind,
            permission={"level": "Read", "specific": []},
        )
    return ("--key", made["key"], "--secret", made["secret"])


def test_what_a_key_that_only_reads_could_not_see_is_not_deployed(
    shell: Shell, core: EmbeddedCore, commits: list[str], reader: tuple[str, ...]
) -> None:
    second = core.push("acme/web", {"compose.yaml": EVIL})[:7]
    changes = saved(shell, *reader)["stack/web"]
    assert (changes[-1]["reason"], grounds(changes)["commit"]) == ("environment changes", commits[0])
    said = applied(shell, core, code=3, deploys=0)
    assert (
        "nobody approved what it brings: compose.yaml differs from what is deployed and "
        f"commit {second}, where that of the plan was {commits[0]}, which the plan could not see, because it was not "
        "refreshed"
    ) in said
    assert "next: plan again, and have it approved: the Core has fetched its files by now, for any key" in said
    # what it says to do works, with the same key
    [deploy] = saved(shell, *reader)["stack/web"]
    assert deploy["reason"].endswith("; compose.yaml differs from what is deployed")
    applied(shell, core)


def test_where_nothing_was_to_be_seen_the_plan_of_a_key_that_only_reads_is_deployed(
    shell: Shell, core: EmbeddedCore, commits: list[str], reader: tuple[str, ...]
) -> None:
    saved(shell, *reader)
    applied(shell, core)


@pytest.mark.usefixtures("region")
def test_a_variable_that_the_key_could_not_follow_is_told_with_what_to_do(
    shell: Shell, core: EmbeddedCore, ask: Asker, work: Path, reader: tuple[str, ...]
) -> None:
    ask.write("UpdateVariableValue", name="REGION", value="us")
    write(work, {"m.yaml": REGION % "debug"})
    saved(shell, *reader)
    said = applied(shell, core, code=3, deploys=0)
    assert "which the plan could not see, because its key is not an admin's" in said
    assert "next: plan again with an admin's key, and have it approved" in said
    saved(shell)
    applied(shell, core)


# tried again


TWO = "servers:\n  - {name: two, config: {address: 'https://two:8120', enabled: true}}\n"
AGAIN = {
    "field": lambda: WEB % ("", "debug"),
    "moved": lambda: (WEB % ("", "info")).replace("server: one", "server: two"),
    "renamed": lambda: (WEB % ("", "debug")).replace("name: web\n", "name: shop\n    renamed_from: web\n"),
    "other branch": lambda: WEB % (", branch: next", "info"),
    "other path": lambda: WEB % (", file_paths: [next.yaml]", "info"),
    "created": lambda: (WEB % ("", "debug")).replace("name: web\n", "name: made\n"),
}


@pytest.mark.parametrize("push", [False, True])
@pytest.mark.parametrize("how", AGAIN)
def test_what_failed_is_tried_again(
    shell: Shell, core: EmbeddedCore, work: Path, commits: list[str], how: str, push: bool
) -> None:
    """By the same plan; and where something was pushed meanwhile, only where that plan could not know any commit."""
    core.push("acme/web", {"compose.yaml": AS_IT_WAS, "next.yaml": AS_IT_WAS}, branch="next")
    if how == "other path":
        core.push("acme/web", {"next.yaml": AS_IT_WAS.replace(":1", ":2")})
    write(work, {"m.yaml": AGAIN[how](), "two.yaml": TWO})
    saved(shell)
    core.faults.add("DeployStack=fails:Compose Up")
    applied(shell, core, code=3)
    core.faults.clear()
    if push:
        core.push("acme/web", {"compose.yaml": EVIL, "next.yaml": EVIL})
    known = how in ("field", "moved", "renamed", "other path")
    applied(shell, core, code=3 if push and known else 0, deploys=0 if push and known else 1)


CHAIN = f"""{SERVERS}builders:
  - {{name: big, config: {{type: Server, params: {{servers: [one]}}}}}}
repos:
  - {{name: code, deploy: true, config: {{server: one, repo: acme/web}}}}
builds:
  - {{name: img, deploy: true, config: {{builder: big, linked_repo: code}}}}
deployments:
  - name: app
    deploy: true
    config: {{server: one, image: {{type: Build, params: {{build: img}}}}}}
stacks:
  - {{name: linked, deploy: true, config: {{server: one, linked_repo: code}}}}
"""


@pytest.fixture
def chain(shell: Shell, work: Path, core: EmbeddedCore) -> None:
    core.push("acme/web", {"compose.yaml": AS_IT_WAS, "Dockerfile": "FROM x\n"})
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": CHAIN})
    shell.good("apply", "--yes")
    core.push("acme/web", {"compose.yaml": AS_IT_WAS.replace(":1", ":2"), "Dockerfile": "FROM y\n"})


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize("refresh", [(), ("--no-refresh",)])
@pytest.mark.parametrize("fault", ["", "DeployStack", "Deploy", "RunBuild", "PullRepo"])
def test_what_is_pulled_and_built_by_the_plan_is_deployed_also_at_the_second_try(
    shell: Shell, core: EmbeddedCore, refresh: tuple[str, ...], fault: str
) -> None:
    shell.good("plan")
    found = saved(shell, *refresh)
    assert set(found) == {"repo/code", "build/img", "deployment/app", "stack/linked"}
    if fault:
        core.faults.add(f"{fault}=fail")
        assert shell("apply", "--plan", "plan.json").code == 3
        core.faults.clear()
    said = shell("apply", "--plan", "plan.json")
    assert said.code == 0, said.all


@pytest.mark.usefixtures("chain")
def test_nothing_of_a_chain_is_of_another_commit(shell: Shell, core: EmbeddedCore) -> None:
    saved(shell)
    core.push("acme/web", {"compose.yaml": EVIL, "Dockerfile": "FROM evil\n"})
    before = len(core.requests)
    said = shell("apply", "--plan", "plan.json")
    assert said.code == 3, said.all
    done = {*core.requests[before:]}
    assert done.isdisjoint({"DeployStack", "RunBuild", "PullRepo", "CloneRepo"}), said.all
