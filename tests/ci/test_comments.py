"""Which comment a step keeps: one for each plan of a pull request, and over all of its runs the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click
import pytest
from github_comment import Comment
from github_identity import MEANS, TAKES, Identity
from runner import TOKEN, pull_request

from komodo_sync.cli.drift import drift
from komodo_sync.cli.plan import plan

if TYPE_CHECKING:
    from runner import GitHub, Runner

SHA, OTHER = "0123456789abcdef" * 2 + "01234567", "fedcba9876543210" * 2 + "fedcba98"
PLACE = {
    "INPUT_TOKEN": TOKEN,
    "INPUT_DIRECTORY": ".",
    "INPUT_COMMENT_KEY": "null",
    "GITHUB_REPOSITORY": "team/infra",
    "GITHUB_WORKFLOW": "komodo",
    "GITHUB_WORKFLOW_REF": "team/infra/.github/workflows/komodo.yaml@refs/pull/5/merge",
    "GITHUB_JOB": "plan",
    "GITHUB_ACTION": "__owner_komodo-sync",
    "KOMODO_CLI_HOST": "https://komodo.example.com",
}


def marker(**environment: str) -> str:
    return Comment.of({**PLACE, **environment}, 5).marker


DIFFERENT: dict[str, dict[str, str]] = {
    "as it is": {},
    "a folder": {"INPUT_DIRECTORY": "a"},
    "another folder": {"INPUT_DIRECTORY": "b"},
    "a target": {"INPUT_TARGET": "eu"},
    "paths": {"INPUT_PATHS": "stacks"},
    "other paths": {"INPUT_PATHS": "builds"},
    "paths among the options": {"INPUT_ARGS": "--no-deploy repos"},
    "an overlay": {"INPUT_ARGS": "--overlay eu --var region=eu"},
    "another overlay": {"INPUT_ARGS": "--overlay us --var region=us"},
    "two overlays": {"INPUT_ARGS": "--overlay=us --overlay eu"},
    "two overlays the other way round": {"INPUT_ARGS": "--overlay=eu --overlay us"},
    "a selection": {"INPUT_ARGS": "--select 'tag:eu and not stack/x'"},
    "another selection": {"INPUT_ARGS": "--select tag:us"},
    "an owner": {"INPUT_ARGS": "--owner me"},
    "settings": {"INPUT_ARGS": "--settings eu.yaml"},
    "a file of values": {"INPUT_ARGS": "--env-file eu.env"},
    "a profile": {"INPUT_ARGS": "--profile eu"},
    "a Core": {"INPUT_URL": "https://eu.example.com"},
    "a Core of the job": {"KOMODO_CLI_HOST": "us.example.com"},
    "a Core of the command line": {"INPUT_ARGS": "--url https://de.example.com"},
    "a Core in a file": {"KOMODO_CLI_HOST": "sim:/tmp/a.db"},
    "a Core in another file": {"KOMODO_CLI_HOST": "sim:/tmp/b.db"},
    "the next step": {"GITHUB_ACTION": "__owner_komodo-sync_2"},
    "a job": {"GITHUB_JOB": "other"},
    "a job of a matrix": {"INPUT_COMMENT_KEY": '{\n  "region": "eu"\n}'},
    "another job of a matrix": {"INPUT_COMMENT_KEY": '{\n  "region": "us"\n}'},
    "a workflow of the same name": {
        "GITHUB_WORKFLOW_REF": "team/infra/.github/workflows/other.yaml@refs/pull/5/merge",
    },
    "a workflow where the runner names no file": {"GITHUB_WORKFLOW_REF": ""},
}
SAME: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "what is allowed": ({}, {"INPUT_ARGS": "--allow-deletes 3 --adopt-changes --no-refresh -vv --max-bytes=9000"}),
    "the key": ({}, {"INPUT_KEY": "K_x", "INPUT_SECRET": "S_x", "INPUT_ARGS": "--key K_x --secret=S_x"}),
    "apply's options": ({}, {"INPUT_APPLY_ARGS": "--backup old"}),
    "how a folder is written": ({"INPUT_DIRECTORY": "a"}, {"INPUT_DIRECTORY": "./a/"}),
    "how an option is written": ({"INPUT_ARGS": "--overlay eu"}, {"INPUT_ARGS": "--overlay='eu'"}),
    "how a Core is written": ({}, {"INPUT_URL": "https://me:word@komodo.example.com/"}),
    "the values of a variable": ({"INPUT_ARGS": "--var tag=1.2.3"}, {"INPUT_ARGS": "--var=tag=1.2.4"}),
    "a secret": ({"INPUT_ARGS": "--var TOKEN=hunter2"}, {"INPUT_ARGS": "--var 'TOKEN=hunter 3'"}),
    "a secret without its name": ({"INPUT_ARGS": "--var hunter2"}, {"INPUT_ARGS": "--var hunter3"}),
    "the ref": ({}, {"GITHUB_WORKFLOW_REF": "team/infra/.github/workflows/komodo.yaml@refs/heads/x@y"}),
    "the workflow's name": ({}, {"GITHUB_WORKFLOW": "renamed"}),
    "the run": ({}, {"GITHUB_RUN_ID": "78", "GITHUB_SHA": OTHER}),
    "a commit to compare with": (
        {"INPUT_ARGS": f"--select changed:{SHA}"},
        {"INPUT_ARGS": f"--select changed:{OTHER}"},
    ),
}


def test_what_plans_something_else_has_a_comment_of_its_own() -> None:
    found: dict[str, str] = {}
    for what, environment in DIFFERENT.items():
        other = found.setdefault(marker(**environment), what)
        assert other == what, f"{what} has the comment of {other}"


@pytest.mark.parametrize("what", SAME)
def test_what_plans_the_same_keeps_its_comment(what: str) -> None:
    one, other = SAME[what]
    assert marker(**one) == marker(**other)
    assert re.fullmatch(r"<!-- komodo-sync job [0-9a-f]{16} -->", marker(**one))


def test_every_option_is_known() -> None:
    """Of an option that is not, the value would be taken for a path."""
    options = [item for command in (plan, drift) for item in command.params if isinstance(item, click.Option)]
    takes = {word for item in options if not item.is_flag and not item.count for word in item.opts}
    assert takes == TAKES
    assert takes > set(MEANS)


@pytest.mark.parametrize(
    ("steps", "inputs"),
    [
        ([{}, {}], [{"working_directory": "a"}, {"working_directory": "b"}]),
        ([{}, {}], [{"args": f"--overlay {region} --var region={region}"} for region in ("eu", "us")]),
        ([{}, {}], [{"paths": "a"}, {"paths": "b"}]),
        ([{"id": "eu"}, {"id": "us"}], [{"args": f"--var region={region}"} for region in ("eu", "us")]),
        ([{"matrix": {"region": "eu"}}, {"matrix": {"region": "us"}}], [{}, {}]),
    ],
)
def test_no_comment_replaces_that_of_another_plan(
    runner: Runner, github: GitHub, steps: list[dict[str, Any]], inputs: list[dict[str, str]]
) -> None:
    """Also where one plan becomes a failure, and a plan again."""
    (runner.work / "komodo-sync.yaml").write_text("vars: {region: none}\n")
    manifests = {
        "m.yaml": "stacks: [{name: web, description: '${var:region}'}]\n",
        "a/n.yaml": "stacks: [{name: a}]\n",
        "b/n.yaml": "stacks: [{name: b}]\n",
        "overlays/eu/o.yaml": "stacks: [{name: web, tags: [eu]}]\n",
        "overlays/us/o.yaml": "stacks: [{name: web, tags: [us]}]\n",
    }
    for name, text in manifests.items():
        (runner.work / name).parent.mkdir(parents=True, exist_ok=True)
        (runner.work / name).write_text(text)

    def told() -> list[str]:
        for step, given in zip(steps, inputs, strict=True):
            runner.place["GITHUB_ACTION"] = step.get("id", "__owner_komodo-sync")
            runner.matrix = step.get("matrix")
            pull_request(runner, **given)
        return [item["body"] for item in github.comments]

    first = told()
    assert [said.count(" to create") > 0 for said in first] == [True, True]
    assert told() == first
    for name in manifests:
        (runner.work / name).write_text("stacks: [{nam: web}]\n")
    assert ["unknown key `nam`" in said for said in told()] == [True, True]
    for name, text in manifests.items():
        (runner.work / name).write_text(text)
    assert told() == first


def test_a_core_that_is_not_reached_is_told_in_the_comment_of_its_plan(runner: Runner, github: GitHub) -> None:
    runner.env |= {"KOMODO_CLI_KEY": "K_x", "KOMODO_CLI_SECRET": "S_x", "KOMODO_CLI_HOST": "http://127.0.0.1:1"}
    assert pull_request(runner).code == 1
    (runner.work / "m.yaml").write_text("stacks: [{nam: web}]\n")
    assert pull_request(runner).code == 1
    [comment] = github.comments
    assert "unknown key `nam`" in comment["body"]


def test_a_comment_says_of_what_it_is(runner: Runner, github: GitHub) -> None:
    """Its reader has several before them, and one may be old: of a step that there is no more."""
    inner = runner.work / "a`b"
    (inner / "overlays" / "x").mkdir(parents=True)
    (inner / "komodo-sync.yaml").write_text("owner: me\n")
    (inner / "m.yaml").write_text("stacks: [{name: i}]\n")
    (inner / "overlays" / "x" / "m.yaml").write_text("stacks: [{name: i, description: x}]\n")
    runner.matrix = {"region": "eu", "zone": {"name": "1"}}
    ran = pull_request(
        runner,
        working_directory="a`b",
        paths="m.yaml",
        args="--overlay x --var TOKEN=hunter2 --allow-deletes 3 --var=b=hunter3 --key K_1 --secret=S_1",
    )
    assert ran.code == 0, ran.log
    [comment] = github.comments
    footer = comment["body"].splitlines()[-3]
    assert footer == (
        '*`komodo` · `plan` · `region: eu, zone: {"name": "1"}` · in `a\'b` · `--overlay x` · `m.yaml` · '
        "commit `12ab12a` · [The run with all of it](https://github.example/team/infra/actions/runs/77)*"
    )
    assert "hunter" not in comment["body"]


def test_a_long_label_leaves_room_for_the_plan() -> None:
    long = dict.fromkeys((*PLACE, "INPUT_PATHS", "INPUT_ARGS", "INPUT_TARGET"), "\N{SNOWMAN}" * 5_000)
    label = Identity.of({**PLACE, **long}, "").label
    assert 0 < len(label.encode()) <= 500


@pytest.mark.parametrize("said", ["x\ny", "x\u202ey", "`` x", "x" * 500])
def test_what_is_told_of_a_step_ends_no_code(said: str) -> None:
    label = Identity.of({"INPUT_COMMENT_KEY": said, "GITHUB_JOB": said}, said).label
    assert label.count("`") == 6
    assert not re.search(r"[^\x20-\x7e\xb7\u2026\ufffd]", label)
