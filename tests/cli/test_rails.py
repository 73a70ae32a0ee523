"""The rails from end to end: a plan shows them and does not fail, apply refuses before the first write, a flag lifts
them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from shell import Said, Shell, write, writes
from worlds import mark, names

if TYPE_CHECKING:
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

SETTINGS = "owner: me\nprune: true\n"
KEPT = "stacks: [{name: kept}]\n"


@pytest.fixture
def doomed(ask: Asker, work: Path) -> None:
    """Three stacks that are ours and declared no more, beside one that is."""
    ask.write("CreateTag", name="owner:me")
    for name in ("kept", "a", "b", "c"):
        ask.write("CreateStack", name=name)
        mark(ask, "Stack", name)
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": KEPT})


def refused(shell: Shell, core: EmbeddedCore, *arguments: str) -> Said:
    before = writes(core)
    said = shell("apply", *arguments)
    assert said.code == 4, said.all
    assert writes(core) == before
    return said


@pytest.mark.usefixtures("doomed")
@pytest.mark.parametrize("limit", ["deletes: 2", "delete_percent: 50", "deletes: 0"])
def test_a_limit_is_shown_by_a_plan_and_kept_by_apply(
    shell: Shell, core: EmbeddedCore, ask: Asker, work: Path, limit: str
) -> None:
    write(work, {"komodo-sync.yaml": f"{SETTINGS}limits: {{{limit}}}\n"})
    plan = shell.good("plan")
    assert "to allow it: --allow-deletes 3" in plan.out
    assert f"limits.{limit.partition(':')[0]}" in " ".join(plan.out.split())
    assert "--allow-deletes 3" in refused(shell, core, "--yes").err
    assert "--allow-deletes 3" in refused(shell, core, "--yes", "--allow-deletes", "2").err
    shell.good("apply", "--yes", "--allow-deletes", "3")
    assert names(ask, "Stacks") == ["kept"]


@pytest.mark.usefixtures("doomed")
def test_an_approved_plan_keeps_the_limits_too(shell: Shell, core: EmbeddedCore, ask: Asker, work: Path) -> None:
    write(work, {"komodo-sync.yaml": f"{SETTINGS}limits: {{deletes: 1}}\n"})
    shell.good("plan", "--out", "over.json")
    refused(shell, core, "--plan", "over.json")
    # what was allowed when it was made is approved with it
    shell.good("plan", "--out", "plan.json", "--allow-deletes", "3")
    scope = json.loads(Path("plan.json").read_text(encoding="utf-8"))["scope"]
    assert scope["allow_deletes"] == 3
    shell.good("apply", "--plan", "plan.json")
    assert names(ask, "Stacks") == ["kept"]


@pytest.mark.usefixtures("doomed")
@pytest.mark.parametrize("how", ["setting", "tag", "template", "shared"])
def test_what_is_protected_stays(shell: Shell, ask: Asker, work: Path, how: str) -> None:
    if how == "setting":
        write(work, {"komodo-sync.yaml": f"{SETTINGS}protect: ['stack/a']\n"})
    else:
        tags = {"tag": ["owner:me", "protected"], "shared": ["owner:me", "owner:them"]}.get(how, ["owner:me"])
        for tag in ("protected", "owner:them"):
            ask.write("CreateTag", name=tag)
        template = True if how == "template" else None
        ask.write("UpdateResourceMeta", target={"type": "Stack", "id": "a"}, tags=tags, template=template)
    said = shell.good("apply", "--yes")
    assert names(ask, "Stacks") == ["a", "kept"]
    assert "stack/a is kept although no manifest declares it" in " ".join(said.out.split())


def test_a_rival_sync(shell: Shell, core: EmbeddedCore, ask: Asker, work: Path) -> None:
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": KEPT})
    sync = {"file_contents": '[[stack]]\nname = "x"\n', "delete": True, "match_tags": ["owner:me"]}
    ask.write("CreateResourceSync", name="all", config=sync)
    assert "rival-sync" in shell.good("plan").out
    assert "resource_sync/all (delete: true) would fight" in refused(shell, core, "--yes").err
    shell.good("apply", "--yes", "--allow-syncs")
    # out of its scope it is none
    ask.write("UpdateResourceSync", id="all", config={"match_tags": ["legacy"]})
    assert "rival-sync" not in shell.good("plan").out


@pytest.mark.usefixtures("core")
def test_a_rival_sync_of_our_own_is_warned_of(shell: Shell, work: Path) -> None:
    sync = "resource_syncs: [{name: all, config: {repo: acme/x, managed: true}}]\n"
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": KEPT + sync})
    assert "rival-sync" in shell.good("plan").out
    shell.good("apply", "--yes")


# what a plan records of the command line


def document(shell: Shell, *arguments: str) -> dict[str, Any]:
    shell.good("plan", "--out", "plan.json", *arguments)
    found: dict[str, Any] = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    return found


TARGETS = SETTINGS + "vars: {region: none}\ntargets: {prod: {owner: prod, overlay: prod, vars: {region: eu}}}\n"


def test_everything_that_was_given_is_given_again(shell: Shell, ask: Asker, work: Path) -> None:
    write(
        work,
        {
            "komodo-sync.yaml": TARGETS,
            "m.yaml": "stacks: [{name: a, description: '${var:region} ${var:B}', config: {branch: '${env:BRANCH}'}}]\n",
            "overlays/prod/m.yaml": "stacks: [{name: a, config: {run_directory: prod}}]\n",
            "overlays/more/m.yaml": "stacks: [{name: a, config: {project_name: more}}]\n",
            "a.env": "BRANCH=canary\n",
        },
    )
    given = ("--target", "prod", "--overlay", "more", "--var", "B=b c", "--env-file", "a.env", "--no-deploy")
    scope = document(shell, *given)["scope"]
    assert scope["target"] == "prod"
    assert scope["overlays"] == ["prod", "more"]
    assert scope["env_files"] == ["a.env"]
    assert scope["variables"] == [{"name": "B", "value": "b c"}]
    assert "canary" not in Path("plan.json").read_text(encoding="utf-8")
    shell.good("apply", "--plan", "plan.json")
    [made] = ask.read("ListFullStacks", query={}, page=0, limit=0)
    assert made["description"] == "eu b c"
    assert made["config"]["branch"] == "canary"
    assert (made["config"]["run_directory"], made["config"]["project_name"]) == ("prod", "more")


def test_another_target_or_overlay_is_refused(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(work, {"komodo-sync.yaml": TARGETS, "m.yaml": KEPT, "overlays/prod/m.yaml": KEPT})
    document(shell)
    said = refused(shell, core, "--plan", "plan.json", "--target", "prod")
    assert "--target: approved none, now prod" in said.err
    assert "--overlay: approved none, now prod" in said.err


def test_a_target_or_overlay_that_went_is_no_wrong_usage(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    """Whoever applies the plan has named none."""
    write(
        work, {"komodo-sync.yaml": TARGETS, "m.yaml": KEPT, "overlays/more/m.yaml": KEPT, "overlays/prod/m.yaml": KEPT}
    )
    document(shell, "--target", "prod")
    write(work, {"komodo-sync.yaml": SETTINGS})
    said = refused(shell, core, "--plan", "plan.json").err
    assert "the plan cannot be made again here: there is no target prod" in said
    document(shell, "--overlay", "more")
    (work / "overlays/more/m.yaml").unlink()
    (work / "overlays/more").rmdir()
    said = refused(shell, core, "--plan", "plan.json").err
    assert "the plan cannot be made again here: there is no overlay `more`" in said


@pytest.mark.usefixtures("core")
def test_a_selection_is_the_resources_that_it_picked(shell: Shell, ask: Asker, work: Path) -> None:
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": "stacks: [{name: a, tags: [x]}, {name: b}]\n"})
    document(shell, "--select", "tag:x")
    # b would be picked now, too, and was not when it was approved
    write(work, {"m.yaml": "stacks: [{name: a, tags: [x]}, {name: b, tags: [x]}]\n"})
    shell.good("apply", "--plan", "plan.json")
    assert names(ask, "Stacks") == ["a"]


@pytest.mark.usefixtures("core")
def test_settings_that_came_or_went(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(work, {"m/a.yaml": KEPT})
    document(shell, "m")
    write(work, {"komodo-sync.yaml": SETTINGS})
    assert "the plan was made without a komodo-sync.yaml, and " in refused(shell, core, "--plan", "plan.json").err
    document(shell, "m")
    Path("komodo-sync.yaml").unlink()
    assert (
        "the plan was made with a komodo-sync.yaml, and there is none"
        in refused(shell, core, "--plan", "plan.json").err
    )


@pytest.mark.usefixtures("core")
def test_a_newer_core_is_another_one(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(work, {"komodo-sync.yaml": SETTINGS, "m.yaml": KEPT})
    found = document(shell)
    found["core"]["version"] = "2.2.0"
    from komodo_sync.report.integrity import integrity

    found["summary"]["digest"] = integrity(found, None)
    Path("plan.json").write_text(json.dumps(found), encoding="utf-8")
    said = refused(shell, core, "--plan", "plan.json")
    assert "the Core has version 2.3.2 now, and had 2.2.0 when the plan was made" in said.err
