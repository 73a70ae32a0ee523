"""Results in every format: printed, and written beside it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from shell import Shell, write
from worlds import mark

from komodo_sync.cli.formats import FORMATS

if TYPE_CHECKING:
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

OUTCOMES = jsonschema.Draft202012Validator(
    json.loads((Path(__file__).parents[2] / "schemas" / "outcome.schema.json").read_text())
)
MANIFEST = "stacks:\n  - name: web\n    description: ping @all\n"


@pytest.fixture
def declared(work: Path, core: EmbeddedCore) -> None:
    """One stack that is not there yet."""
    write(work, {"m.yaml": MANIFEST})


@pytest.mark.usefixtures("declared")
def test_markdown_is_printed_and_written(shell: Shell, work: Path) -> None:
    said = shell.good("plan", "m.yaml", "--format", "markdown", "--report", "markdown=a/plan.md", "--out", "plan.json")
    assert said.out == (work / "a/plan.md").read_text()
    assert said.out.startswith("<!-- komodo-sync plan ")
    assert "+ ping @all" in said.out
    assert shell.good("show", "plan.json", "--format", "markdown").out == said.out
    applied = shell.good("apply", "m.yaml", "--yes", "--format", "markdown").out
    assert applied.startswith(said.out.splitlines()[0].replace(" plan ", " apply "))
    assert "✅ Done: 1 change" in applied


@pytest.mark.usefixtures("declared")
def test_markdown_keeps_to_its_room(shell: Shell, work: Path) -> None:
    many = "".join(f"  - {{name: web-{n:04}, description: the number {n}}}\n" for n in range(60))
    write(work, {"m.yaml": f"stacks:\n{many}"})
    said = shell.good("plan", "m.yaml", "--format", "markdown", "--max-bytes", "4096")
    assert len(said.out.encode()) <= 4096
    assert "Left out for want of room" in said.out
    assert shell("plan", "m.yaml", "--max-bytes", "4000").code == 64


def test_unowned_knows_two_formats(shell: Shell, core: EmbeddedCore) -> None:
    said = shell("plan", "--unowned", "--format", "markdown")
    assert said.code == 64
    assert "--unowned has no format markdown" in said.err
    assert shell("plan", "--unowned", "--report", "markdown=x").code == 64


@pytest.mark.usefixtures("declared")
def test_every_format_is_printed_as_it_is_written(shell: Shell, work: Path) -> None:
    for form in FORMATS:
        said = shell.good("plan", "m.yaml", "--format", form, "--report", f"{form}=out")
        assert "stack/web" in said.out or form == "github"
        assert (work / "out").read_text() == said.out
    assert (
        shell.good("plan", "m.yaml", "--format", "github").out
        == "::notice title=komodo-sync plan::1 to create, 0 unchanged\n"
    )


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize("form", ["text", "json", "markdown", "html", "junit", "sarif", "github", "ndjson"])
def test_what_was_applied_is_told_in_every_format_in_which_a_plan_is(
    shell: Shell, work: Path, core: EmbeddedCore, form: str
) -> None:
    core.faults.add("CreateStack=422:1")
    failed = shell("apply", "m.yaml", "--yes", "--format", form, "--report", f"{form}=out")
    assert failed.code == 3
    assert "stack/web" in failed.out
    said = shell.good("apply", "m.yaml", "--yes", "--format", form, "--report", f"{form}=out")
    # text tells the plan before, and what is printed meanwhile is written meanwhile
    assert said.out.endswith((work / "out").read_text())
    if form == "sarif":
        [failure, left] = json.loads(failed.out)["runs"][0]["results"]
        assert (failure["ruleId"], failure["level"]) == ("failed/create", "error")
        assert failure["message"]["text"].startswith("stack/web create: failed\nCreateStack: ")
        assert failure["locations"][0]["physicalLocation"]["region"] == {"startLine": 2, "startColumn": 5}
        assert (left["ruleId"], left["level"]) == ("left/create", "warning")
        assert json.loads(said.out)["runs"][0]["results"] == []


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize("command", ["plan", "apply", "drift", "validate", "graph"])
def test_a_format_that_is_none_is_refused_with_those_that_are(shell: Shell, core: EmbeddedCore, command: str) -> None:
    said = shell(command, "m.yaml", "--format", "xml")
    assert said.code == 64
    assert "text" in said.err
    assert core.requests == []


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("json=-",), "is no file\nhelp: to print it: --format json"),
        (("json=out", "html=out"), "another report goes to that file"),
        (("json=out", "json=./out"), "another report goes to that file"),
        (("json=m.yaml",), "m.yaml is not written"),
    ],
)
def test_a_report_overwrites_nothing_that_is_wanted(
    shell: Shell, core: EmbeddedCore, work: Path, given: tuple[str, ...], said: str
) -> None:
    before = {path.name: path.read_bytes() for path in work.iterdir()}
    found = shell("plan", "m.yaml", *(word for each in given for word in ("--report", each)))
    assert found.code in (1, 64)
    assert said in found.err
    assert {path.name: path.read_bytes() for path in work.iterdir()} == before
    assert core.requests == []
    assert "m.yaml is not written" in shell("plan", "m.yaml", "--out", "m.yaml").err


@pytest.mark.usefixtures("declared")
def test_one_report_that_cannot_be_written_keeps_no_other_back(shell: Shell, work: Path) -> None:
    """Above all not what an apply did."""
    said = shell("apply", "m.yaml", "--yes", "--report", "json=/dev/full", "--report", "markdown=out.md")
    assert said.code == 1
    assert "/dev/full cannot be written" in said.err
    assert "created stack/web" in said.out
    assert "stack/web" in (work / "out.md").read_text()


@pytest.mark.usefixtures("declared")
def test_files_are_named_as_the_repository_names_them(shell: Shell, work: Path) -> None:
    (work / ".git").mkdir()
    write(work, {"deploy/komodo-sync.yaml": "omitted_fields: reset\n", "deploy/m.yaml": MANIFEST})
    said = shell.good("plan", "--settings", "deploy/komodo-sync.yaml", "--format", "sarif").json
    place = said["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "deploy/m.yaml"
    assert place["region"]["startLine"] == 2


@pytest.mark.usefixtures("declared")
def test_the_step_summary_grows_where_github_asks_for_one(
    shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(work / "summary"))
    write(work, {"summary": "before\n"})
    shell.good("plan", "m.yaml", "--format", "markdown")
    assert (work / "summary").read_text() == "before\n"
    markdown = shell.good("plan", "m.yaml", "--report", "github=g", "--format", "markdown").out
    assert (work / "summary").read_text() == f"before\n{markdown}\n"
    shell.good("apply", "m.yaml", "--yes", "--format", "github")
    assert "Komodo apply" in (work / "summary").read_text()
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(work))
    said = shell("plan", "m.yaml", "--format", "github")
    assert said.code == 1
    assert "GITHUB_STEP_SUMMARY" in said.err


def events(text: str) -> list[str]:
    return [json.loads(line)["event"] for line in text.splitlines()]


@pytest.mark.usefixtures("declared")
def test_an_apply_tells_its_events_as_they_happen(shell: Shell, work: Path) -> None:
    said = shell.good("apply", "m.yaml", "--yes", "--format", "ndjson", "--report", "ndjson=a/b", "--report", "json=j")
    assert events(said.out) == ["plan", "change", "summary", "started", "finished", "note", "outcome"]
    assert (work / "a/b").read_text() == said.out
    assert json.loads((work / "j").read_text())["complete"]
    assert "created stack/web (1/1)" in said.err
    again = events(shell.good("apply", "m.yaml", "--yes", "--format", "ndjson").out)
    assert [*again[:2], again[-1]] == ["plan", "summary", "outcome"]


def test_what_is_refused_has_its_plan_among_the_events(shell: Shell, work: Path, ask: Asker) -> None:
    ask.write("CreateStack", name="web", config={"links": ["https://theirs.example"]})
    write(work, {"komodo-sync.yaml": "owner: me\n", "m.yaml": MANIFEST})
    said = shell("apply", "--yes", "--report", "ndjson=events")
    assert said.code == 4
    assert "finding" in events((work / "events").read_text())
    assert "outcome" not in events((work / "events").read_text())


def test_nothing_live_is_a_command_in_a_log_of_github(
    shell: Shell, work: Path, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "".join(f"        {line}\n" for line in ("a", "::add-mask::x", "b ##[error]x", "c"))
    head = "stacks:\n  - name: web\n    config:\n      file_contents: |\n"
    write(work, {"m.yaml": head + lines.replace("a\n", "old\n")})
    shell.good("apply", "m.yaml", "--yes")
    write(work, {"m.yaml": head + lines})
    plain = shell.good("plan", "m.yaml").out
    assert command_lines(plain) == 2
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    for form in FORMATS:
        said = shell.good("plan", "m.yaml", "--format", form, "--report", f"{form}=f")
        if form == "github":
            continue
        assert not command_lines(said.out), form
        if form in ("json", "ndjson", "sarif"):
            pairs = zip(said.out.splitlines(), (work / "f").read_text().splitlines(), strict=True)
            whole = [(said.out, (work / "f").read_text())] if form != "ndjson" else pairs
            assert all(json.loads(one) == json.loads(other) for one, other in whole)
    assert not command_lines(shell.good("apply", "m.yaml", "--yes").all)
    for words in (("explain", "stack/web", "m.yaml"), ("call", "read", "GetStack", "stack=web", "--format", "text")):
        assert not command_lines(shell.good(*words).all), words


def test_nothing_that_an_error_shows_is_a_command_either(
    shell: Shell, work: Path, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        work,
        {"m.yaml": "stacks:\n  - nam:\n      ::error::spoofed\n  - ##[error]spoofed\n  - {name: '##[x]', nam: 1}\n"},
    )
    for command in ("validate", "plan"):
        said = shell(command, "m.yaml")
        assert (said.code, command_lines(said.all)) == (1, 3)
        with monkeypatch.context() as patch:
            patch.setenv("GITHUB_ACTIONS", "true")
            again = shell(command, "m.yaml")
        assert (again.code, command_lines(again.all)) == (1, 0)
        assert again.all.replace("\u266f", "#") == said.all


def command_lines(text: str) -> int:
    return sum(line.lstrip().startswith("::") or "##[" in line for line in text.splitlines())


SAYS = {
    "text": ("REFUSED", "Refused: nothing was done"),
    "json": ('"refused": [\n', '"complete": false', '"not started"'),
    "markdown": ("<!-- komodo-sync apply ", "## ❌ Komodo apply", "[!CAUTION]"),
    "html": ("Refused: apply will not start",),
    "junit": ('<error type="refused"', '<failure type="incomplete" message="Refused: nothing was done'),
    "sarif": ('"level": "error"', "finding/"),
    "github": ("::error title=komodo-sync apply::Refused: nothing was done", "::error "),
    "ndjson": ('"event":"finding"', '"severity":"refusal"'),
}


def report_of_refused(shell: Shell, work: Path, form: str, *words: str) -> str:
    """The report of an apply that is refused, in one format; what is printed in that format is the same."""
    for name in ("out", "json"):
        (work / name).unlink(missing_ok=True)
    said = shell("apply", *words, "--report", f"{form}=out", *(("--report", "json=json") if form != "json" else ()))
    assert said.code == 4, said.all
    text = (work / "out").read_text()
    for each in SAYS[form]:
        assert each.replace('":"', '": "') in text.replace('":"', '": "'), (each, text)
    if form != "text":
        again = shell("apply", *words, "--format", form)
        assert (again.code, again.out) == (4, text)
    if form not in ("json", "ndjson"):
        OUTCOMES.validate(json.loads((work / "json").read_text()))
    return text


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_refused_by_a_limit_is_told_in_every_report(
    shell: Shell, work: Path, core: EmbeddedCore, ask: Asker, form: str
) -> None:
    ask.write("CreateStack", name="old", config={})
    write(work, {"komodo-sync.yaml": "owner: me\nprune: true\nlimits: {deletes: 0}\n", "m.yaml": MANIFEST})
    mark(ask, "Stack", "old")
    text = report_of_refused(shell, work, form, "--yes")
    assert "limit-deletes" in text
    assert "--allow-deletes" in text


@pytest.mark.parametrize("form", FORMATS)
def test_what_moved_since_it_was_approved_is_told_in_every_report(
    shell: Shell, work: Path, core: EmbeddedCore, form: str
) -> None:
    write(work, {"m.yaml": MANIFEST})
    shell.good("plan", "m.yaml", "--out", "plan.json")
    write(work, {"m.yaml": MANIFEST.replace("@all", "@some")})
    text = report_of_refused(shell, work, form, "--plan", "plan.json")
    assert "moved" in text
    assert "description is not as approved" in text
    assert "was approved: create description" in text


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize("form", FORMATS)
def test_what_would_have_to_be_asked_is_told_in_every_report(shell: Shell, work: Path, form: str) -> None:
    assert "run apply with " in report_of_refused(shell, work, form, "m.yaml")


@pytest.mark.usefixtures("declared")
def test_a_report_of_what_is_refused_that_cannot_be_written_changes_nothing(
    shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(work))
    said = shell("apply", "m.yaml", "--report", "github=out")
    assert said.code == 4
    assert "warning: " in said.err
    assert (work / "out").exists()


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize("place", ["/proc/none/x.md", "m.yaml/x.md", "locked/a/b/x.md", "n" * 300, "new/" + "n" * 300])
def test_a_file_that_cannot_be_made_is_told_before_anything_is_asked_or_done(
    shell: Shell, core: EmbeddedCore, work: Path, place: str
) -> None:
    (work / "locked").mkdir(mode=0o500)
    before = sorted(work.rglob("*"))
    arguments = [("apply", "m.yaml", "--yes", "--report", f"markdown={place}"), ("plan", "m.yaml", "--out", place)]
    for words in arguments if os.geteuid() or "locked" not in place else ():
        said = shell(*words)
        assert said.code == 1
        assert f"{place} cannot be written" in said.err
    assert core.requests == []
    assert sorted(work.rglob("*")) == before


@pytest.mark.usefixtures("declared")
def test_a_place_that_is_tried_is_left_as_it_was(shell: Shell, work: Path) -> None:
    """Also where nothing comes of what was to be written there."""
    write(work, {"m.yaml": "stacks: 1\n", "was.md": "what was there\n"})
    (work / "dangling").symlink_to(work / "target.md")
    before = sorted(work.rglob("*"))
    reports = ("--report", "markdown=a/b/x.md", "--report", "html=was.md", "--report", "json=dangling")
    assert shell("plan", "m.yaml", *reports, "--out", "a/c/plan.json").code == 1
    assert sorted(work.rglob("*")) == before
    assert (work / "was.md").read_text() == "what was there\n"
    write(work, {"m.yaml": MANIFEST})
    shell.good("plan", "m.yaml", *reports)
    assert "stack/web" in (work / "target.md").read_text()
