"""`apply --plan`: exactly what was approved is done, or nothing."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from asking import Asker
from shell import Host, Said, Shell, fresh_core, write, writes
from worlds import FILES, WEB, mark, names, populate

from komodo_sync.report.integrity import integrity

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.simulator import EmbeddedCore


@pytest.fixture
def world(work: Path, ask: Asker) -> None:
    write(work, FILES)
    populate(ask)
    mark(ask, "Repo", "found", tags=[], description="")


def approved(shell: Shell, *arguments: str) -> dict[str, Any]:
    shell.good("plan", "--out", "plan.json", "-q", *arguments)
    document: dict[str, Any] = json.loads(Path("plan.json").read_text(encoding="utf-8"))
    return document


def refused(shell: Shell, core: EmbeddedCore, *arguments: str) -> Said:
    before = writes(core)
    said = shell("apply", "--plan", "plan.json", *arguments)
    assert said.code == 4, said.all
    assert writes(core) == before
    return said


@pytest.mark.usefixtures("world")
def test_what_was_approved_is_done_without_a_question(shell: Shell, ask: Asker) -> None:
    document = approved(shell)
    changes = [change for item in document["resources"] for change in item["changes"]]
    assert changes
    assert all(change["approval"]["before"] or change["approval"]["after"] for change in changes)
    said = shell.good("apply", "--plan", "plan.json")
    assert "nothing is left to do" in said.out
    assert names(ask, "Stacks") == ["theirs", "web"]
    # once more: all of it is done already
    assert "Nothing to do" in shell.good("apply", "--plan", "plan.json").out


@pytest.mark.usefixtures("world")
def test_show_prints_what_plan_printed(shell: Shell) -> None:
    assert shell.good("plan", "--out", "plan.json").out == shell.good("show", "plan.json").out


@pytest.mark.usefixtures("world")
def test_a_live_change_since_is_refused_and_told(shell: Shell, ask: Asker, core: EmbeddedCore) -> None:
    approved(shell)
    ask.write("UpdateStack", id="web", config={"environment": "LOG_LEVEL=trace\nPORT=8080\n"})
    said = refused(shell, core)
    assert "stack/web update: config/environment is not as approved" in said.err
    assert "was approved: update config/environment LOG_LEVEL info -> debug" in said.err
    assert "is now:       update config/environment LOG_LEVEL trace -> debug" in said.err


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("stacks/web.yaml", WEB.replace("debug", "warn"), "is now:       update config/environment LOG_LEVEL info -> "),
        ("stacks/web.yaml", WEB.replace("tags: [public]", "tags: [other]"), "tag/other create\n    was approved: no"),
        ("more.yaml", "stacks: [{name: more}]\n", "stack/more create"),
        ("rest.yaml", FILES["rest.yaml"].replace("variables:\n  - {name: REGION, value: eu}\n", ""),
         "variable/REGION create: no manifest declares it any more"),
        ("rest.yaml", FILES["rest.yaml"] + "  - {name: SECOND, value: x}\n", "variable/SECOND create"),
        ("stacks/web.yaml", WEB + "  - {name: gone, config: {server: prod}}\n", "stack/gone delete: it is to stay"),
    ],
)  # fmt: skip
def test_manifests_that_say_something_else_are_refused(
    shell: Shell, core: EmbeddedCore, work: Path, file: str, text: str, told: str
) -> None:
    approved(shell)
    write(work, {file: text})
    assert told in refused(shell, core).err


@pytest.mark.usefixtures("world")
def test_an_approved_change_that_was_taken_back_is_no_success(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    approved(shell)
    before = "LOG_LEVEL: info"
    write(work, {"stacks/web.yaml": WEB.replace("LOG_LEVEL: debug", before)})
    assert "stack/web update" in refused(shell, core).err


@pytest.mark.usefixtures("world")
def test_a_plan_may_come_on_stdin_and_begin_with_a_byte_order_mark(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = shell.good("plan", "--out", "plan.json").out
    marked = b"\xef\xbb\xbf" + Path("plan.json").read_bytes()
    Path("marked.json").write_bytes(marked)
    assert shell.good("show", "marked.json").out == told

    def given(text: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))

    given(marked)
    assert shell.good("show", "-").out == told
    given(b"{}")
    assert "the plan on stdin cannot be shown" in shell("show", "-").err
    given(b"")
    said = shell("apply", "--plan", "-")
    assert said.code == 4
    assert "the plan on stdin is not applied" in said.err
    given(marked)
    assert "nothing is left to do" in shell.good("apply", "--plan", "-").out


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda text: text.replace("LOG_LEVEL", "LOG_LEVAL"), "was changed after it was written"),
        (lambda text: text.replace('"prune": true', '"prune": false'), "was changed after it was written"),
        (lambda text: text[: len(text) // 2], "cut off"),
        (lambda text: text.replace('"format_version": 1', '"format_version": 0'), "An older komodo-sync wrote it"),
        (lambda text: text.replace('"format_version": 1', '"format_version": 9'), "A newer komodo-sync wrote it"),
        (lambda _: "stacks: []\n", "not a plan of komodo-sync"),
        (lambda _: "", "not a plan of komodo-sync"),
    ],
)
def test_a_file_that_is_no_whole_plan_is_refused(
    shell: Shell, core: EmbeddedCore, spoil: Callable[[str], str], reason: str
) -> None:
    approved(shell)
    path = Path("plan.json")
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")
    assert reason in refused(shell, core).err
    shown = shell("show", "plan.json")
    assert (shown.code, shown.out) == (1, ""), "it does nothing that could be refused"
    assert reason in shown.err


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("part", "name", "value", "reason"),
    [
        ("core", "host", "http://[::1", "the plan was made for http://[::1"),
        ("core", "host", "https://core:port", "the plan was made for https://core:port"),
        ("scope", "paths", ["a\0b"], "as no file can be named"),
        ("scope", "manifests", ["\0"], "as no file can be named"),
        ("scope", "settings", "\0", "as no file can be named"),
        ("scope", "env_files", ["\0"], "as no file can be named"),
    ],
)
def test_a_forged_file_is_refused_whatever_it_says(
    shell: Shell, core: EmbeddedCore, part: str, name: str, value: Any, reason: str
) -> None:
    """Whoever has no plan key to beat makes a new digest."""
    document = approved(shell)
    document[part][name] = value
    document["summary"]["digest"] = integrity(document, None)
    Path("plan.json").write_text(json.dumps(document), encoding="utf-8")
    assert reason in refused(shell, core).err


def test_a_file_that_cannot_be_read_is_an_error(shell: Shell, core: EmbeddedCore, tmp_path: Path) -> None:
    for name in ("gone.json", str(tmp_path), "."):
        for words in (("apply", "--plan"), ("show",)):
            said = shell(*words, name)
            assert (said.code, f"error: {name} cannot be read" in said.err) == (1, True), said.all
    for words in (("apply", "--plan", ""), ("show", "")):
        said = shell(*words)
        assert (said.code, "an empty name names no plan file" in said.err) == (64, True), said.all
    assert core.requests == []


@pytest.mark.usefixtures("world")
def test_a_key_that_stands_twice_is_refused(shell: Shell, core: EmbeddedCore) -> None:
    approved(shell)
    text = Path("plan.json").read_text(encoding="utf-8")
    Path("plan.json").write_text('{"core": {"host": "h", "version": "1"},' + text[1:], encoding="utf-8")
    assert "a key stands in it twice" in refused(shell, core).err


@pytest.mark.usefixtures("world")
def test_a_plan_and_its_report_are_two_files(shell: Shell) -> None:
    for report in ("plan.json", "./sub/../plan.json"):
        said = shell("plan", "--out", "plan.json", "--report", f"json={report}")
        assert (said.code, "the plan goes to that file" in said.err) == (64, True), said.all
    said = shell("plan", "--report", "json=a.json", "--report", f"markdown={Path.cwd() / 'a.json'}")
    assert (said.code, "another report goes to that file" in said.err) == (64, True), said.all


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("stacks",), "PATH: approved none, now stacks"),
        (("--select", "stack"), "--select: approved none, now stack"),
        (("--owner", "other"), "owner: approved me, now other"),
        (("--no-deploy",), "deploys: approved on, now off"),
        (("--omitted-fields", "keep"), "omitted_fields: approved reset, now keep"),
        (("--var", "A=1"), "--var: approved none, now A=1"),
        (("--no-prune",), "the approved plan prunes"),
    ],
)
def test_another_scope_is_refused(shell: Shell, core: EmbeddedCore, flags: tuple[str, ...], told: str) -> None:
    approved(shell)
    assert told in refused(shell, core, *flags).err


@pytest.mark.usefixtures("world")
def test_the_same_scope_may_be_said_again(shell: Shell) -> None:
    approved(shell, "--select", "stack/web", "--var", "A=1")
    said = shell.good("apply", "--plan", "plan.json", "--select", "stack/web", "--var", "A=1")
    assert "changed stack/web" in said.out or "updated stack/web" in said.out


@pytest.mark.usefixtures("world")
def test_a_narrowed_plan_does_its_part_alone(shell: Shell, ask: Asker) -> None:
    approved(shell, "stacks", "--select", "stack/web")
    shell.good("apply", "--plan", "plan.json")
    assert names(ask, "Stacks") == ["gone", "theirs", "web"]
    assert ask.read("ListVariables") == []
    assert names(ask, "Builds") == []


@pytest.mark.usefixtures("world")
def test_another_core_is_refused(shell: Shell, core: EmbeddedCore) -> None:
    approved(shell)
    assert "the plan was made for" in refused(shell, core, "--url", "sim:other.db").err


def test_without_settings_the_file_knows_the_manifests(shell: Shell, work: Path, ask: Asker) -> None:
    write(work, {"m/a.yaml": "stacks: [{name: a, config: {project_name: '${var:P}'}}]\n"})
    approved(shell, "m", "--var", "P=x")
    shell.good("apply", "--plan", "plan.json")
    assert names(ask, "Stacks") == ["a"]


@pytest.mark.parametrize(
    ("words", "gone"),
    [(("m/a.yaml",), "m/a.yaml"), (("--settings", "other.yaml"), "other.yaml"), (("m/a.yaml", "m/b.yaml"), "m/a.yaml")],
)
def test_what_it_was_made_of_must_be_here(
    shell: Shell, core: EmbeddedCore, work: Path, words: tuple[str, ...], gone: str
) -> None:
    """Nobody has named a path on this command line that could be checked."""
    files = {"m/a.yaml": "stacks: [{name: a}]\n", "m/b.yaml": "stacks: [{name: b}]\n", "other.yaml": "manifests: [m]\n"}
    write(work, files)
    approved(shell, *words)
    (work / gone).unlink()
    said = refused(shell, core).err
    assert f"the plan was made of {gone}, which is not here" in said
    assert "apply it in the folder that it was made in, or make it again" in said


@pytest.mark.usefixtures("world")
def test_a_crash_is_finished_by_the_same_plan(
    shell: Shell, host: Host, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts that are done, by whomever, are fine: a create that was cut off before its tags, a rename, a delete."""
    approved(shell)
    with fresh_core(host, monkeypatch) as core:
        ask = Asker(core)
        populate(ask)
        mark(ask, "Repo", "found", tags=[], description="")
        ask.write("RenameRepo", id="page", name="site")
        ask.write("CreateBuild", name="app", config={"linked_repo": "site"})
        ask.write("DeleteStack", id="gone")
        assert "nothing is left to do" in shell.good("apply", "--plan", "plan.json").out


@pytest.mark.usefixtures("world")
def test_what_was_created_otherwise_meanwhile_is_refused(shell: Shell, ask: Asker, core: EmbeddedCore) -> None:
    approved(shell)
    ask.write("CreateBuild", name="app", config={"branch": "dev"})
    said = refused(shell, core)
    assert "build/app" in said.err


@pytest.mark.usefixtures("world")
def test_a_doomed_resource_that_was_changed_is_refused(shell: Shell, ask: Asker, core: EmbeddedCore) -> None:
    approved(shell)
    ask.write("UpdateStack", id="gone", config={"auto_pull": False})
    assert "stack/gone delete: it was changed since the plan" in refused(shell, core).err
