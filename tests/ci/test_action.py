"""action.yml: its steps, run as a runner runs them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from github_action import MODES, UNSURE, decide
from github_comment import Comment, CommentError
from github_failure import Failure
from runner import REQUEST, TOKEN, TOP, GitHub, Ran, Runner, pull_request, read_yaml

from komodo_sync.client.transport import Transport
from komodo_sync.client.writer import Writer
from komodo_sync.model.finding import MISSING, UNPROVEN, UNSEEN, UNSEEN_VALUES
from komodo_sync.model.sealed import Sealed
from komodo_sync.simulator import EmbeddedCore
from komodo_sync.simulator.listening import Listener

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORK = {"pull_request": {"number": 5, "head": {"repo": {"id": 2}}, "base": {"repo": {"id": 1}}}}
GONE = {"pull_request": {"number": 5, "head": {"repo": None}, "base": {"repo": {"id": 1}}}}
PUSH = {"repository": {"default_branch": "main"}}


def push(runner: Runner, branch: str = "main", *, shell: bool = False, **inputs: str) -> Ran:
    return runner.run("push", PUSH, ref=f"refs/heads/{branch}", shell=shell, **inputs)


@contextmanager
def serving(core: EmbeddedCore) -> Iterator[str]:
    """The address of `core`, for as long as the block runs."""
    listener = Listener(core.app, "127.0.0.1", 0)
    thread = threading.Thread(target=listener.serve, daemon=True)
    thread.start()
    try:
        yield listener.url
    finally:
        listener.stop()
        thread.join(10)


def reader(url: str, key: str, secret: str) -> dict[str, str]:
    """The key of a user who is no admin."""
    with Transport(url, Sealed(key), Sealed(secret)) as transport:
        ask = Writer(transport)
        user = ask.write("CreateServiceUser", {"username": "ci", "description": ""})
        params = {"user_id": user["_id"]["$oid"], "name": "ci", "expires": 0}
        made = ask.write("CreateApiKeyForServiceUser", params)
    return {"key": made["key"], "secret": made["secret"]}


def test_a_pull_request_gets_its_plan(runner: Runner, github: GitHub) -> None:
    ran = pull_request(runner, shell=True)
    assert ran.code == 0, ran.log
    assert (ran.outputs["mode"], ran.outputs["changes"]) == ("plan", "true")
    assert "Plan: 3 to create" in ran.log
    assert "\n::notice title=komodo-sync plan::" in ran.log
    assert "## Komodo plan: 3 to create" in ran.summary
    assert json.loads((ran.folder / "plan.json").read_text())["summary"]["changed"] == 3
    assert ran.outputs["plan"] == str(ran.folder / "plan.json")
    assert {path.name for path in ran.folder.iterdir()} == {
        "plan.json", "report.md", "report.html", "junit.xml", "annotations.txt",
    }  # fmt: skip
    [comment] = github.comments
    assert comment["body"].startswith("<!-- komodo-sync plan ")
    assert "3 to create" in comment["body"]
    assert "(https://github.example/team/infra/actions/runs/77)" in comment["body"]
    assert not (runner.work.parent / "core.db").exists(), "a plan writes nothing"


def test_the_comment_is_kept_up_to_date(runner: Runner, github: GitHub) -> None:
    github.comments += [{"id": number + 1, "body": "somebody else's"} for number in range(130)]
    pull_request(runner)
    assert len(github.comments) == 131
    (runner.work / "m.yaml").write_text("stacks: [{name: web}]\n")
    pull_request(runner)
    assert len(github.comments) == 131
    assert "2 to create" in github.comments[130]["body"]
    # a plan that fails does not leave the last one standing
    (runner.work / "m.yaml").write_text("stacks: [{nam: web}]\n")
    ran = pull_request(runner)
    assert (ran.code, ran.outputs["changes"], ran.outputs["plan"]) == (1, "false", "")
    assert len(github.comments) == 131
    assert github.comments[130]["body"].startswith("## Komodo plan: failed")
    assert "unknown key `nam`" in github.comments[130]["body"]
    (runner.work / "m.yaml").write_text("stacks: [{name: web}]\n")
    pull_request(runner)
    assert len(github.comments) == 131
    assert github.comments[130]["body"].startswith("<!-- komodo-sync plan ")
    assert {said for _, said in github.asked} == {f"Bearer {TOKEN}"}


def test_jobs_have_comments_of_their_own(runner: Runner, github: GitHub) -> None:
    (runner.work / "komodo-sync.yaml").write_text("owner: me\ntargets: {a: {owner: a}, b: {owner: b}}\n")
    for target in ("a", "b", "a"):
        assert pull_request(runner, target=target).code == 0
    assert len(github.comments) == 2


def test_a_large_plan_fits_into_its_comment(runner: Runner, github: GitHub) -> None:
    entries = "".join(f"  - {{name: s{number}, description: {'x' * 60}}}\n" for number in range(1500))
    (runner.work / "m.yaml").write_text(f"stacks:\n{entries}")
    assert pull_request(runner).code == 0
    [comment] = github.comments
    assert 20_000 < len(comment["body"].encode()) <= 65_536


def test_a_comment_that_cannot_be_written_is_a_warning(runner: Runner, github: GitHub) -> None:
    github.refuses["POST"] = 403
    ran = pull_request(runner, shell=True)
    assert ran.code == 0
    assert "::warning title=komodo-sync::the comment could not be written: 403 from POST" in ran.log
    assert "pull-requests: write" in ran.log
    assert TOKEN not in ran.log


@pytest.mark.parametrize(("method", "status"), [("GET", 403), ("POST", 500), ("GET", 302), ("POST", 301), ("GET", 204)])
def test_what_the_api_refuses_is_said(github: GitHub, method: str, status: int) -> None:
    github.refuses[method] = status
    environment = {"INPUT_TOKEN": TOKEN, "GITHUB_API_URL": github.url, "GITHUB_REPOSITORY": "team/infra"}
    with pytest.raises(CommentError) as caught:
        Comment.of(environment, 5).write("<!-- komodo-sync plan 1 -->\n")
    assert f"from {method} /issues/5/comments" in str(caught.value)
    assert (str(status) in str(caught.value)) is (status != 204)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("said", [[], None, "me", {"login": None}])
def test_who_the_token_is_of_may_be_told_by_no_object(
    github: GitHub, monkeypatch: pytest.MonkeyPatch, said: Any
) -> None:
    answer = github.answer
    monkeypatch.setattr(github, "answer", lambda *asked: (200, said) if asked[1] == "/user" else answer(*asked))
    comment = Comment.of({"INPUT_TOKEN": TOKEN, "GITHUB_API_URL": github.url, "GITHUB_REPOSITORY": "team/infra"}, 5)
    for text in ("one", "two"):
        comment.write(f"<!-- komodo-sync plan 1 -->\n{text}")
    [written] = github.comments
    assert "two" in written["body"]
    monkeypatch.setattr(github, "answer", lambda *_: (200, said))
    with pytest.raises(CommentError, match=r"no JSON (list|object) from "):
        comment.write("<!-- komodo-sync plan 1 -->\n")


@pytest.mark.parametrize("login", ["", "me"])
def test_a_comment_that_is_somebody_elses_is_left(github: GitHub, login: str) -> None:
    """Somebody copied it: ours is found behind it, and changed, whether GitHub would let us change theirs or not."""
    github.login = login
    comment = Comment.of({"INPUT_TOKEN": TOKEN, "GITHUB_API_URL": github.url, "GITHUB_REPOSITORY": "team/infra"}, 5)
    for number, text in enumerate((comment.marker, "<!-- komodo-sync plan 1 -->\ntheirs"), 1):
        user = {"login": "mallory", "type": "User"}
        github.comments.append({"id": number, "body": text, "user": user})
    before = [item["body"] for item in github.comments]
    for text in ("one", "two"):
        comment.write(f"<!-- komodo-sync plan 1 -->\n{text}")
        assert [item["id"] for item in github.comments] == [1, 2, 3]
        assert [item["body"] for item in github.comments[:2]] == before
        assert text in github.comments[2]["body"]


def test_a_comment_of_another_app_that_may_not_be_changed_is_passed_over(github: GitHub) -> None:
    comment = Comment.of({"INPUT_TOKEN": TOKEN, "GITHUB_API_URL": github.url, "GITHUB_REPOSITORY": "team/infra"}, 5)
    bot = {"login": "echo[bot]", "type": "Bot"}
    github.comments.append({"id": 1, "body": "<!-- komodo-sync plan 1 -->\ntheirs", "user": bot})
    github.theirs.add(1)
    for text in ("one", "two"):
        comment.write(f"<!-- komodo-sync plan 1 -->\n{text}")
        assert github.comments[0]["body"].endswith("theirs")
        assert text in github.comments[1]["body"]


@pytest.mark.parametrize(("said", "written"), [("false", 0), ("FALSE", 0), ("", 0), ("True", 1), (" yes ", 1)])
def test_whether_a_comment_is_wanted(runner: Runner, github: GitHub, said: str, written: int) -> None:
    assert pull_request(runner, comment=said).code == 0
    assert len(github.comments) == written


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"comment": "maybe"}, "comment: maybe is neither true nor false"),
        ({"args": "--select 'x"}, "args: No closing quotation"),
        ({"apply_args": '"'}, "apply-args: No closing quotation"),
    ],
)
def test_inputs_that_make_no_sense_are_said(runner: Runner, inputs: dict[str, str], words: str) -> None:
    ran = pull_request(runner, **inputs)
    assert (ran.code, ran.log) == (64, f"::error title=komodo-sync::{words}\n")


def test_why_there_is_no_plan_stands_where_people_look(runner: Runner, github: GitHub) -> None:
    (runner.work / "inner").mkdir()
    (runner.work / "inner" / "komodo-sync.yaml").write_text("owner: me\n")
    (runner.work / "inner" / "m.yaml").write_text("stacks: [{nam: '```'}, {name: db, config: {server: nope}}]\n")
    runner.env["GITHUB_WORKSPACE"] = str(runner.work)
    ran = pull_request(runner, working_directory="inner")
    assert ran.code == 1
    assert (
        "\n::error file=inner/m.yaml,line=1,col=11,title=KS021::unknown key `nam`%0Ahelp: did you mean name?" in ran.log
    )
    assert "the Core has no server of that name" in ran.log.partition("title=KS043::")[2], (
        "also what only a Core can tell"
    )
    [comment] = github.comments
    for text in (ran.summary, comment["body"]):
        assert text.startswith("## Komodo plan: failed\n\nThere is no plan (exit status 1).\n\n````text\nm.yaml:1:")
    (runner.work / "inner" / "m.yaml").unlink()
    runner.env["KOMODO_CLI_HOST"] = "http://127.0.0.1:1"
    for ran in (pull_request(runner, key="K_x", secret="S_x"), push(runner, key="K_x", secret="S_x")):
        assert ran.code == 1
        assert "\n::error title=komodo-sync plan%3A failed::error: 127.0.0.1:1 cannot be reached" in ran.log
        assert "127.0.0.1:1 cannot be reached" in ran.summary
    assert "127.0.0.1:1 cannot be reached" in github.comments[1]["body"]


def test_the_summary_of_a_run_tells_each_report_once(runner: Runner) -> None:
    ran = pull_request(runner)
    assert ran.summary.count("## Komodo plan: ") == 1
    done = push(runner)
    assert (done.summary.count("## Komodo plan: "), done.summary.count(" Komodo apply")) == (1, 1)


def test_what_was_said_can_end_no_block_and_hides_nothing() -> None:
    said = ["warming up", "error: `` ```` x\u202ey \x1b[31mred\x1b[0m\x07", "  @everyone", *["more " * 20] * 200]
    text = Failure("plan", 1, said).markdown()
    assert "`````text\nerror: `` ```` x\ufffdy red\ufffd\n  @everyone\n" in text
    assert text.endswith("\n... the log has the rest\n`````\n")
    assert len(text) < 7_000
    assert (
        Failure("drift", 70, []).markdown()
        == "## Komodo drift: failed\n\nThere is no report of this drift (exit status 70).\n"
    )
    assert [item.text for item in Failure("drift", 70, []).annotations("")] == ["the log says why"]


def test_a_finding_is_at_its_file_wherever_the_run_began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are named from the folder of the settings, and a working-directory may lie below it."""
    (tmp_path / "infra/stacks").mkdir(parents=True)
    (tmp_path / "infra/stacks/s.yaml").write_text("")
    said = ["error: 2 errors", "stacks/s.yaml:3:5: error[KS011]: wrong", "gone.yaml:1:1: error[KS001]: no such file"]
    for here, gone in (("infra", "infra/gone.yaml"), ("infra/stacks", "infra/stacks/gone.yaml")):
        monkeypatch.chdir(tmp_path / here)
        told = Failure("plan", 1, said).annotations(str(tmp_path))
        assert [item.place["file"] for item in told] == ["infra/stacks/s.yaml", gone]


def test_where_apply_refuses_the_plan_is_still_kept(runner: Runner) -> None:
    assert push(runner).code == 0
    (runner.work / "komodo-sync.yaml").write_text("owner: me\nprune: true\nlimits: {deletes: 0}\n")
    (runner.work / "m.yaml").write_text("stacks: [{name: web}]\n")
    ran = push(runner)
    assert ran.code == 4
    assert {path.name for path in ran.folder.iterdir()} == {
        "plan.json", "report.md", "report.html", "junit.xml", "annotations.txt",
        "apply-report.md", "apply-report.html", "apply-junit.xml", "apply-annotations.txt",
    }  # fmt: skip
    _, _, told = ran.summary.partition("## ❌ Komodo apply\n\nRefused: nothing was done, for 1 reason.")
    assert "To allow it: `--allow-deletes 1`" in told
    assert "::error title=limit-deletes" in ran.log
    assert "<error type=" in (ran.folder / "apply-junit.xml").read_text()
    ran = push(runner, args="--allow-deletes 1")
    assert ran.code == 0
    assert {path.name for path in ran.folder.iterdir()} > {"report.html", "apply-report.html", "apply-report.md"}


def test_a_fork_is_validated_alone(runner: Runner, github: GitHub) -> None:
    ran = runner.run("pull_request", FORK, shell=True, command="apply")
    assert (ran.code, ran.outputs["mode"]) == (0, "validate")
    assert "## Komodo validate: no errors, 2 resources in 1 file" in ran.summary
    assert "comes from a fork" in ran.log
    assert github.asked == []
    assert not (runner.work.parent / "core.db").exists()
    (runner.work / "m.yaml").write_text("stacks: [{nam: web}]\n")
    ran = runner.run("pull_request", FORK)
    assert ran.code == 1
    assert "m.yaml:1:11: error[KS" in ran.log
    assert "::error " in ran.log
    assert ran.summary.count("## Komodo validate: **2 errors**, 0 resources in 1 file") == 1
    assert "unknown key `nam`" in ran.summary
    (runner.work / "m.yaml").unlink()
    for wrong in ({}, {"paths": "gone.yaml"}, {"target": "nobody"}):
        ran = runner.run("pull_request", FORK, **wrong)
        assert ran.code != 0
        assert ran.summary.count("## Komodo validate: ") == 1, wrong
        assert "\n::error " in ran.log, wrong
    assert "## Komodo validate: failed" in ran.summary
    assert "nobody" in ran.summary


def test_a_fork_is_validated_with_what_its_plan_is_made_with(runner: Runner) -> None:
    (runner.work / "m.yaml").write_text("stacks: [{name: '${var:NAME}'}]\n")
    ran = runner.run(
        "pull_request", FORK, shell=True, args="--var NAME=web --prune --allow-deletes 3 --select stack/web"
    )
    assert ran.code == 0, ran.log
    assert "## Komodo validate: no errors, 1 resource in 1 file" in ran.summary
    assert runner.run("pull_request", FORK).code == 1, "a variable that is not set is an error"


@pytest.mark.parametrize("asked", ["auto", *MODES])
@pytest.mark.parametrize("name", ["pull_request", "pull_request_review", "pull_request_review_comment"])
@pytest.mark.parametrize("event", [FORK, GONE, {"pull_request": {"number": 5}}, {"pull_request": None}, {}])
def test_what_may_be_a_strangers_is_never_more_than_validated(event: Any, asked: str, name: str) -> None:
    assert decide(asked, name, event, "refs/heads/main", has_key=True).mode == "validate"


@pytest.mark.parametrize(
    ("asked", "name", "ref", "mode"),
    [
        ("auto", "pull_request", "refs/pull/5/merge", "plan"),
        ("apply", "pull_request", "refs/pull/5/merge", "plan"),
        ("validate", "pull_request", "refs/pull/5/merge", "validate"),
        ("auto", "pull_request_review", "refs/pull/5/merge", "plan"),
        ("apply", "pull_request_review", "refs/pull/5/merge", "plan"),
        ("apply", "pull_request_review_comment", "refs/pull/5/merge", "plan"),
        ("auto", "push", "refs/heads/main", "apply"),
        ("auto", "push", "refs/heads/other", "plan"),
        ("auto", "push", "refs/tags/main", "plan"),
        ("apply", "push", "refs/heads/other", "apply"),
        ("auto", "schedule", "refs/heads/main", "drift"),
        ("auto", "workflow_dispatch", "refs/heads/main", "plan"),
        ("auto", "merge_group", "refs/heads/gh-readonly-queue/main/x", "plan"),
    ],
)
def test_what_is_done_for_an_event(asked: str, name: str, ref: str, mode: str) -> None:
    event = REQUEST if name.startswith("pull_request") else PUSH
    assert decide(asked, name, event, ref, has_key=True).mode == mode


def test_without_a_key_a_pull_request_is_validated(runner: Runner) -> None:
    runner.env = {"KOMODO_CLI_HOST": "https://komodo.example.com"}
    ran = pull_request(runner)
    assert (ran.code, ran.outputs["mode"]) == (0, "validate")
    assert "this run has no API key" in ran.log


def test_never_on_pull_request_target(runner: Runner) -> None:
    ran = runner.run("pull_request_target", REQUEST)
    assert ran.code == 4
    assert ran.log.startswith("::error title=komodo-sync::pull_request_target hands secrets")
    # also where the step before is left out
    environment = {"GITHUB_EVENT_NAME": "pull_request_target", "INPUT_COMMAND": "apply", "PATH": "/usr/bin:/bin"}
    script = [sys.executable, TOP / "ci/github_action.py"]
    done = subprocess.run(script, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout.startswith("::error ")) == (4, True)


def test_a_push_to_the_default_branch_applies_what_it_planned(runner: Runner) -> None:
    ran = push(runner, shell=True)
    assert ran.code == 0, ran.log
    assert (ran.outputs["mode"], ran.outputs["changes"]) == ("apply", "true")
    assert "nothing is left to do" in ran.log
    assert "## " in ran.summary
    assert "Komodo apply" in ran.summary
    again = push(runner)
    assert (again.code, again.outputs["changes"]) == (0, "false")
    assert "No changes" in again.log
    assert "Nothing to do: everything is as declared." in again.log, "also a plan of nothing is proved"


def test_what_could_not_be_compared_may_be_a_change(runner: Runner) -> None:
    """Without this, the job that waits for `changes` never runs when a secret value was rotated."""
    assert {UNSEEN, UNSEEN_VALUES, MISSING, *UNPROVEN} == UNSURE
    with EmbeddedCore.open(key="K_admin", secret="S_admin", pace=0) as core, serving(core) as url:
        runner.env = {"KOMODO_CLI_HOST": url}
        (runner.work / "m.yaml").write_text("variables: [{name: T, value: first-value, is_secret: true}]\n")
        admin = {"key": "K_admin", "secret": "S_admin"}
        assert push(runner, **admin).code == 0
        (runner.work / "m.yaml").write_text("variables: [{name: T, value: other-value, is_secret: true}]\n")
        ran = push(runner, command="plan", **reader(url, **admin))
        assert (ran.code, ran.outputs["changes"]) == (0, "true")
        assert "No changes as far as is known here" in ran.log
        done = push(runner, command="apply", plan=ran.outputs["plan"], **admin)
        assert (done.code, done.outputs["changes"]) == (0, "true")
        assert "as far as the key of the plan sees" in done.log
        assert push(runner, **admin).outputs["changes"] == "true"
        assert push(runner, command="plan", **admin).outputs["changes"] == "false"


def test_a_value_that_the_job_lacks_is_no_success(runner: Runner) -> None:
    (runner.work / "m.yaml").write_text("variables: [{name: T, value: '${env:UNSET_IN_CI}', is_secret: true}]\n")
    runner.env["UNSET_IN_CI"] = "some-value"
    assert push(runner).code == 0
    del runner.env["UNSET_IN_CI"]
    planned = push(runner, command="plan")
    assert (planned.code, planned.outputs["changes"]) == (0, "true")
    assert push(runner).code == 4


def test_a_push_to_another_branch_applies_nothing(runner: Runner) -> None:
    ran = push(runner, "feature")
    assert (ran.code, ran.outputs["mode"]) == (0, "plan")
    assert not (runner.work.parent / "core.db").exists()


def test_an_approved_plan_of_an_earlier_job(runner: Runner) -> None:
    plan = push(runner, command="plan").outputs["plan"]
    ran = push(runner, command="apply", plan=plan)
    assert (ran.code, ran.outputs["mode"], ran.outputs["plan"]) == (0, "apply", plan)
    # another world by then is refused
    plan = push(runner, command="plan").outputs["plan"]
    (runner.work / "m.yaml").write_text("stacks: [{name: web, description: new}]\n")
    ran = push(runner, command="apply", plan=plan)
    assert ran.code == 4
    assert "stack/web" in ran.log


def test_drift_by_the_clock(runner: Runner) -> None:
    assert push(runner).code == 0
    clean = runner.run("schedule", {"schedule": "0 3 * * *"})
    assert (clean.code, clean.outputs["mode"], clean.outputs["changes"]) == (0, "drift", "false")
    (runner.work / "m.yaml").write_text("stacks: [{name: web}, {name: db, description: new}]\n")
    ran = runner.run("schedule", {"schedule": "0 3 * * *"})
    assert (ran.code, ran.outputs["changes"]) == (2, "true")
    assert "## Komodo drift: 1 to update" in ran.summary
    assert 'type="drift"' in (ran.folder / "junit.xml").read_text()


def test_options_and_paths_are_words_and_never_a_shell(runner: Runner) -> None:
    (runner.work / "a folder").mkdir()
    (runner.work / "a folder" / "n.yaml").write_text("stacks: [{name: n}]\n")
    ran = pull_request(runner, shell=True, args="--select 'stack/n' --no-deploy", paths="'a folder'")
    assert ran.code == 0, ran.log
    assert json.loads((ran.folder / "plan.json").read_text())["scope"]["select"] == ["stack/n"]
    ran = pull_request(runner, shell=True, paths="$(touch owned) ; touch owned")
    assert ran.code != 0
    assert not (runner.work / "owned").exists()
    assert pull_request(runner, command="destroy").code == 64


def test_the_folder_to_work_in(runner: Runner) -> None:
    inner = runner.work / "inner"
    inner.mkdir()
    (inner / "komodo-sync.yaml").write_text("owner: inner\n")
    (inner / "i.yaml").write_text("stacks: [{name: i}]\n")
    ran = pull_request(runner, working_directory="inner")
    assert json.loads((ran.folder / "plan.json").read_text())["scope"]["owner"] == "inner"


def test_credentials_reach_the_core_and_nothing_else(runner: Runner, github: GitHub) -> None:
    secrets = {"key": "K_canary-of-the-key", "secret": "S_canary-of-the-secret", "plan_key": "canary-of-the-plan-key"}
    with EmbeddedCore.open(key=secrets["key"], secret=secrets["secret"], pace=0) as core:
        runner.env = {}
        (runner.work / "m.yaml").write_text("variables: [{name: T, value: canary-of-a-value, is_secret: true}]\n")
        with serving(core) as url:
            plan = pull_request(runner, shell=True, url=url, **secrets)
            done = push(runner, shell=True, url=url, **secrets)
            wrong = pull_request(runner, shell=True, url=url, **{**secrets, "secret": "S_canary-that-is-wrong"})
    assert (plan.code, done.code, wrong.code) == (0, 0, 1)
    files = "".join(path.read_text() for ran in (plan, done) for path in ran.folder.iterdir())
    said = files + str(github.comments) + "".join(ran.log + ran.summary for ran in (plan, done, wrong))
    assert "canary" not in said
    assert TOKEN not in said
    assert "variable/T" in said


# what stands in it


def test_every_other_action_is_pinned_to_a_commit() -> None:
    for name in ("action.yml", "ci/gitea.yaml", "docs/ci.md"):
        for line in (TOP / name).read_text().splitlines():
            used = re.search(r"^\s+(?:- )?uses: (\S+)(.*)", line)
            if used and not used[1].startswith("OWNER/komodo-sync@"):
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", used[1]), line
                assert re.fullmatch(r" # v\d+\.\d+\.\d+", used[2]), line


def test_no_value_is_part_of_a_shells_text() -> None:
    for step in read_yaml(TOP / "action.yml")["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


def test_every_input_is_used_and_documented() -> None:
    text = (TOP / "action.yml").read_text()
    documented = (TOP / "docs/ci.md").read_text()
    for name in read_yaml(TOP / "action.yml")["inputs"]:
        assert f"inputs.{name} }}}}" in text or f"inputs.{name} !=" in text
        assert f"`{name}`" in documented, name


def test_what_is_installed_is_what_the_action_lies_beside(tmp_path: Path) -> None:
    """The step itself, with a python that only says what it was told."""
    steps = read_yaml(TOP / "action.yml")["runs"]["steps"]
    [step] = [item for item in steps if item.get("name") == "Install komodo-sync"]
    fake = tmp_path / "python"
    fake.write_text(
        '#!/bin/sh\necho "$0 $*" >> "$LOG"\nif [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; fi\n'
    )
    fake.chmod(0o755)
    temp, log = tmp_path / "t", tmp_path / "log"
    temp.mkdir()
    environment = {"PYTHON": str(fake), "GITHUB_ACTION_PATH": "/action path", "RUNNER_TEMP": str(temp), "LOG": str(log)}
    command = ["bash", "-eo", "pipefail", "-c", step["run"]]
    subprocess.run(command, env={"PATH": "/usr/bin:/bin", **environment}, check=True)
    made, installed = log.read_text().splitlines()
    assert made.endswith(f"-m venv {tmp_path}/t/komodo-sync-venv")
    assert installed.startswith(f"{tmp_path}/t/komodo-sync-venv/bin/python -m pip install ")
    assert installed.endswith(" --constraint /action path/ci/constraints.txt /action path")
