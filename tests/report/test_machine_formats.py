"""A plan and an outcome for machines: JUnit, SARIF, workflow commands of GitHub, events."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xmlschema
from big_plans import plan_of_size
from counts import costly
from hypothesis import given
from junitparser import Error, Failure, JUnitXml, Skipped
from plan_strategies import outcomes as any_outcomes
from plan_strategies import plans
from report_examples import empty_plan, outcomes, plan_of, rich_plan, small_plan, update_of

from komodo_sync.model.address import Address
from komodo_sync.model.cause import Cause, Record
from komodo_sync.model.data import replace
from komodo_sync.model.outcome import FailedStage, Outcome, Status, StepOutcome, Wait
from komodo_sync.model.plan import Action, Diff, DiffEntry, FieldChange, Finding, Plan, Resource, Shown, Step
from komodo_sync.report.events import (
    finished_event,
    note_event,
    outcome_event,
    outcome_events,
    plan_events,
    started_event,
    waiting_event,
)
from komodo_sync.report.html import plan_html
from komodo_sync.report.html_outcome import outcome_html
from komodo_sync.report.json import plan_document
from komodo_sync.report.junit import outcome_junit, plan_junit
from komodo_sync.report.markdown import plan_markdown
from komodo_sync.report.markdown_outcome import outcome_markdown
from komodo_sync.report.outcome import ending
from komodo_sync.report.places import Place, place_of
from komodo_sync.report.plan_github import outcome_github, plan_github
from komodo_sync.report.plan_sarif import outcome_sarif, plan_sarif
from komodo_sync.report.text import plan_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

XSD = xmlschema.XMLSchema(Path(__file__).parent / "junit.xsd")
STEP = Step(Address("stack", "web"), Action.DEPLOY)


def cases(text: str) -> dict[str, Any]:
    """The cases by name, as another reader of the format sees them."""
    XSD.validate(text)
    parsed = JUnitXml.fromstring(text.encode())
    found = {case.name: case for suite in parsed for case in suite}
    assert parsed.tests == len([case for suite in parsed for case in suite])
    return found


def test_a_resource_is_a_case_and_drift_is_its_failure() -> None:
    found = cases(plan_junit(rich_plan()))
    web = found["stack/web"].result
    assert [type(item) for item in web] == [Failure]
    assert web[0].type == "drift"
    assert web[0].message.startswith("update, deploy: differs from the manifest; branch, commit")
    assert "+     image: nginx:1.27" in web[0].text
    limit = found["limits.deletes"].result
    assert [type(item) for item in limit] == [Error]
    assert "to allow it: --allow-deletes 2" in limit[0].text
    assert not found["foreign.sync"].result
    assert "warning:" in found["foreign.sync"].system_out


def test_what_is_as_declared_passes() -> None:
    quiet = replace(
        empty_plan(), resources=(Resource(Address("stack", "a")), Resource(Address("stack", "b"), refused=True))
    )
    found = cases(plan_junit(quiet))
    assert not found["stack/a"].result
    assert [type(item) for item in found["stack/b"].result] == [Error]


def test_steps_fail_are_skipped_or_pass_and_the_proof_is_a_case() -> None:
    found = cases(outcome_junit(outcomes()["partial"]))
    assert [type(item) for item in found["stack/api deploy"].result] == [Failure]
    assert "port is already allocated" in found["stack/api deploy"].result[0].text
    assert [type(item) for item in found["stack/api start"].result] == [Skipped]
    assert not found["stack/web update"].result
    assert [type(item) for item in found["everything is as declared"].result] == [Failure]
    assert found["stack/docs"].result[0].type == "drift"
    assert not cases(outcome_junit(outcomes()["complete"]))["everything is as declared"].result


def test_findings_of_one_code_are_cases_of_names_of_their_own() -> None:
    web, api = Address("stack", "web"), Address("stack", "api")
    about: list[tuple[Address, ...]] = [(web,), (api, web), (), (), (web,)]
    moved = tuple(Finding("moved", "refusal", "it is not as approved", addresses=them) for them in about)
    findings = (*moved, Finding("busy", "warning", "it runs", addresses=(web,)))
    names = ["moved: stack/web", "moved: stack/api and 1 more", "moved", "moved (2)", "moved: stack/web (2)", "busy"]
    assert list(cases(plan_junit(replace(empty_plan(), findings=findings)))) == names


@given(plan=plans)
@costly(40)
def test_any_plan_is_junit_that_can_be_read(plan: Plan) -> None:
    cases(plan_junit(plan))


@given(outcome=any_outcomes)
@costly(25)
def test_any_outcome_is_junit_that_can_be_read(outcome: Outcome) -> None:
    cases(outcome_junit(outcome))


def results(plan: Plan, base: str = "") -> list[dict[str, Any]]:
    return sarif_results(plan_sarif(plan, version="1.2", base=base))


def sarif_results(text: str) -> list[dict[str, Any]]:
    log = json.loads(text)
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    assert run["tool"]["driver"]["version"] == "1.2"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert all(rules[item["ruleIndex"]] == item["ruleId"] for item in run["results"])
    return run["results"]


def test_sarif_has_changes_and_findings_at_their_place() -> None:
    found = {
        (item["ruleId"], item["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]): item
        for item in results(rich_plan(), "deploy")
        if item["locations"]
    }
    web = found["change/update", "stack/web"]
    assert web["level"] == "note"
    physical = web["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "deploy/stacks/web.yaml"
    assert physical["region"] == {"startLine": 3, "startColumn": 5}
    deleted = found["change/delete", "stack/legacy"]
    assert deleted["level"] == "warning"
    assert "physicalLocation" not in deleted["locations"][0]
    assert found["finding/limits.deletes", "stack/legacy"]["level"] == "error"
    assert found["change/rename", "stack/toolbox"]["level"] == "warning"  # it loses volumes


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    found = []
    for line in text.splitlines():
        name, words, data = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line).groups()  # type: ignore[union-attr]
        found.append((name, dict(word.split("=", 1) for word in words.split(",")), data))
    return found


def test_github_is_told_the_gravest_first() -> None:
    found = commands(plan_github(rich_plan(), base="deploy"))
    assert found[0][0] == "notice"
    assert "2 to delete" in found[0][2]
    refusal = found[1]
    assert refusal[0] == "error"
    assert refusal[1] == {"title": "limits.deletes", "file": "deploy/variables.yaml", "line": "7", "col": "9"}
    assert "To allow it: --allow-deletes 2." in refusal[2]
    grave = [item for item in found if item[1]["title"].startswith(("Stops", "Irreversible"))]
    assert {item[0] for item in grave} == {"warning"}
    deploys = [item for item in found if item[1]["title"].startswith("Deployed")]
    assert {item[0] for item in deploys} == {"notice"}
    assert found.index(grave[0]) < found.index(deploys[0])
    assert any(item[1].get("file") == "deploy/stacks/web.yaml" for item in deploys)


def test_many_deploys_for_one_reason_are_one_annotation() -> None:
    found = commands(plan_github(plan_of_size(100)))
    never = [item for item in found if "never deployed" in item[2]]
    assert len(never) == 1
    assert never[0][1]["title"] == "Deployed%2C started or run%3A 10 resources"


def test_github_is_told_what_failed() -> None:
    found = commands(outcome_github(outcomes()["partial"]))
    assert found[0][0] == "error"
    assert found[0][2].startswith("Applied in part: 13 done")
    assert found[1][0] == "error"
    assert found[1][1]["file"] == "stacks/api.yaml"
    assert commands(outcome_github(outcomes()["complete"]))[0][0] == "notice"


@pytest.mark.parametrize("form", [outcome_github, outcome_markdown, outcome_html])
def test_what_failed_is_told_with_what_the_core_said_and_where_it_tells_all(form: Callable[[Outcome], str]) -> None:
    """Whoever reads it was not at the terminal."""
    outcome = outcomes()["partial"]
    stages = (FailedStage("Compose Up", "port is taken"),)
    results = [replace(item, stages=stages, update="6b0d") for item in outcome.of(Status.FAILED)]
    text = form(replace(outcome, results=tuple(results)))
    assert "Compose Up:" in text
    assert "port is taken" in text
    assert "https://komodo.example.com/updates/6b0d" in text


def test_an_effect_is_told_from_its_detail() -> None:
    told = " ".join(item[2] for item in commands(plan_github(rich_plan())))
    assert "restarts 2 services: compose up recreates" in told


@given(outcome=any_outcomes)
@costly(40)
def test_any_outcome_is_whole_commands(outcome: Outcome) -> None:
    commands(outcome_github(outcome))
    commands(plan_github(outcome.plan))
    plan_sarif(outcome.plan, version="1")


@given(outcome=any_outcomes)
@costly(40)
def test_any_outcome_is_sarif_with_each_step_that_is_not_done(outcome: Outcome) -> None:
    found = sarif_results(outcome_sarif(outcome, version="1.2"))
    missed = [item.step for item in outcome.results if item.status is not Status.DONE]
    told = [item for item in found if item["ruleId"].startswith(("failed/", "skipped/", "not-started/"))]
    assert len(told) == len(missed)
    if outcome.complete:
        assert not [item for item in found if not item["ruleId"].startswith("finding/")]


def read(lines: Iterable[str]) -> list[dict[str, Any]]:
    found = []
    for line in lines:
        assert line.endswith("\n")
        assert line[:-1].isascii()
        assert line[:-1].isprintable()
        found.append(json.loads(line))
    return found


def test_a_plan_is_an_event_a_change_between_what_it_is_of_and_its_counts() -> None:
    plan = rich_plan()
    found = read(plan_events(plan))
    document = plan_document(plan)
    assert [item["event"] for item in found] == ["plan", *["finding"] * 4, *["change"] * 16, "summary"]
    assert found[0]["core"] == document["core"]
    assert found[5]["address"] == "deployment/cache"
    assert found[5]["action"] == "stop"
    assert found[5]["effects"] == document["resources"][0]["changes"][0]["effects"]
    assert found[-1]["actions"] == document["summary"]["actions"]


def test_an_apply_is_events() -> None:
    lines = [
        started_event(STEP),
        waiting_event(STEP, Wait("it is busy", 35.0, 300.0)),
        finished_event(StepOutcome(STEP, Status.FAILED, "no", "try", (FailedStage("Compose Up", "bad"),), "abc")),
        note_event("the lock is taken over"),
        outcome_event(outcomes()["partial"]),
    ]
    assert read(lines) == [
        {"event": "started", "address": "stack/web", "action": "deploy"},
        {
            "event": "waiting",
            "address": "stack/web",
            "action": "deploy",
            "why": "it is busy",
            "seconds": 35.0,
            "limit": 300.0,
            "update": "",
        },
        {
            "event": "finished",
            "address": "stack/web",
            "action": "deploy",
            "status": "failed",
            "message": "no",
            "hint": "try",
            "update": "abc",
            "stages": [{"name": "Compose Up", "text": "bad"}],
        },
        {"event": "note", "message": "the lock is taken over"},
        {
            "event": "outcome",
            "complete": False,
            "stopped": False,
            "message": ending(outcomes()["partial"]),
            "verification": "",
            "summary": {"done": 13, "failed": 1, "skipped": 2, "not started": 0},
            "left": 3,
        },
    ]


@given(outcome=any_outcomes)
@costly(40)
def test_any_outcome_is_a_line_an_event(outcome: Outcome) -> None:
    found = read(outcome_events(outcome))
    assert found[0]["event"] == "plan"
    assert found[-1]["event"] == "outcome"
    assert [item["status"] for item in found if item["event"] == "finished"] == [
        result.status for result in outcome.results
    ]


@pytest.mark.parametrize("text", ["", "m.yaml", "m.yaml:3", "m.yaml:a:b", "m.yaml:٣:1", "m.yaml:-1:2"])
def test_what_is_no_place_is_none(text: str) -> None:
    assert place_of(text) is None


def test_a_place_may_have_colons() -> None:
    assert place_of("C:/x:y.yaml:3:5") == Place("C:/x:y.yaml", 3, 5)
    assert small_plan().resources[0].source == "web.yaml:2:9"


def test_where_a_difference_comes_from_is_in_every_form() -> None:
    cause = Cause("komodo", records=(Record("komodo", "UpdateStack", "alice", "2026-11-24 05:00 UTC"),))
    resource = replace(update_of(), cause=cause)
    plan = replace(plan_of(resource), subject="drift")
    for form in (plan_html, plan_junit, plan_markdown):
        told = form(plan)
        assert "alice" in told
        assert "UpdateStack" in told
    assert "<h1>Komodo drift</h1>" in plan_html(plan)
    assert "alice" in plan_sarif(plan, version="1")
    assert read(plan_events(plan))[1]["cause"]["records"][0]["by"] == "alice"


def test_a_text_of_many_lines_inside_a_list_is_a_diff_in_every_form() -> None:
    lines = ("@@ -1,2 +1,2 @@", " set -e", "-old", "+new")
    entries = (
        DiffEntry("0/command", Shown(""), Shown(""), lines),
        DiffEntry("1/command", None, Shown(""), ("@@ -0,0 +1,1 @@", "+made")),
        DiffEntry("2/command", Shown(""), None, ("@@ -1,1 +0,0 @@", "-gone")),
    )
    field = FieldChange("config/stages", Shown(), Shown(), Diff("items", entries=entries))
    plan = plan_of(update_of(field))
    assert "! 0/command:\n@@ -1,2 +1,2 @@\n  set -e\n- old\n+ new\n+ 1/command:\n+ made\n" in plan_markdown(plan)
    assert "- 2/command:\n- gone\n" in plan_markdown(plan)
    html = plan_html(plan)
    assert "<code>0/command</code>" in html
    assert '<td class="old"><div>old</div></td><td class="new"><div>new</div></td>' in html
    text = plan_text(plan, color=False, width=120)
    assert "~ 0/command:\n" in text
    assert "- 2/command:\n" in text
