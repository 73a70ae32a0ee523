"""What a procedure runs in its turn is told too, over however many others: by a run of it, and by its schedule."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import OURS, alive, change, changes, declared, desired, live, observed, planned

from komodo_sync.model.plan import Action
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning.approved import judge

DAILY = {"schedule": "every day at 01:00"}
WEB, ONE = live("stack/web", state="running"), live("server/one", {"enabled": True})
GONE = "(unknown id 6b0d2de926dbe595de62acd9)"


def stage(operation: str, *, enabled: bool = True, **params: Any) -> dict[str, Any]:
    return {"name": "s", "enabled": True, "executions": [_execution(operation, params, enabled=enabled)]}


def _execution(operation: str, params: Any, *, enabled: bool = True) -> dict[str, Any]:
    return {"execution": {"type": operation, "params": params}, "enabled": enabled}


def calls(*names: str, **beside: Any) -> dict[str, Any]:
    return {"stages": [stage("RunProcedure", procedure=name) for name in names], **beside}


def batch(pattern: Any) -> dict[str, Any]:
    return {"stages": [stage("BatchRunProcedure", pattern=pattern)]}


DEPLOYS = {"stages": [stage("DeployStack", stack="web")]}
DESTROYS = {"stages": [stage("DestroyStack", stack="web")]}
NOTED = {"stages": [stage("DeployStack", stack="web")], "failure_alert": False}


def run(outer: Any, *held: Any, admin: bool = True, more: Any = ()) -> list[tuple[str, str]]:
    """What a run of it says: `procedure/outer`, declared with `more`, where `held` is live."""
    wanted = desired(declared("procedure/outer", outer, run_on_change=True), *more)
    made = planned(wanted, alive(observed(WEB, ONE, *held, admin=admin)))
    return [(each.kind, each.detail) for each in change(made, "procedure/outer", "run").effects]


LATER = "; not by this apply but at its time:"


def scheduled(made: Any, text: str, action: str = "update") -> list[str]:
    return [f"{each.kind}: {each.detail}" for each in change(made, text, action).effects if LATER in each.detail]


INNER = [("stops", "DestroyStack web (in procedure/inner)"), ("executes", "RunProcedure inner")]


def test_a_run_stops_what_the_procedure_stops_that_it_runs() -> None:
    changed = declared("procedure/inner", DESTROYS)
    assert run(calls("inner"), live("procedure/inner", DEPLOYS), more=[changed]) == INNER
    assert run(calls("inner"), more=[changed]) == INNER
    # nobody declares it
    assert run(calls("inner"), live("procedure/inner", DESTROYS)) == INNER
    renamed = declared("procedure/inner", DESTROYS, renamed_from="old")
    assert run(calls("inner"), live("procedure/old", DEPLOYS), more=[renamed]) == INNER
    assert run(calls("inner"), live("procedure/inner", DESTROYS), more=[declared("procedure/inner", DEPLOYS)]) == [
        ("executes", "RunProcedure inner, DeployStack web (in procedure/inner)")
    ]


def test_it_is_followed_over_many_and_through_each_once() -> None:
    chain = [live(f"procedure/{number}", calls(str(number + 1))) for number in range(2000)]
    kinds = dict(run(calls("0"), *chain, live("procedure/2000", DESTROYS)))
    assert kinds["stops"] == "DestroyStack web (in procedure/2000)"
    ring = [
        live("procedure/a", calls("b", "outer")),
        live("procedure/b", {"stages": [*calls("a")["stages"], *DESTROYS["stages"]]}),
    ]
    assert run(calls("a", "b"), *ring) == [
        ("stops", "DestroyStack web (in procedure/b)"),
        (
            "executes",
            "RunProcedure a, RunProcedure b (in procedure/a), RunProcedure outer (in procedure/a)",
        ),
    ]


@pytest.mark.parametrize("pattern", ["in*", "other, inner", "other\n\\^inner$\\", "i?ner"])
def test_a_batch_is_followed_to_what_its_pattern_fits(pattern: str) -> None:
    assert dict(run(batch(pattern), live("procedure/inner", DESTROYS)))["stops"] == INNER[0][1]
    assert dict(run(batch(pattern), more=[declared("procedure/inner", DESTROYS)]))["stops"] == INNER[0][1]


@pytest.mark.parametrize("pattern", ["out*", "x-*", "", "\\(\\"])
def test_a_batch_stops_nothing_that_its_pattern_does_not_fit(pattern: str) -> None:
    assert [kind for kind, _ in run(batch(pattern), live("procedure/inner", DESTROYS))] == ["executes"]


def test_what_is_switched_off_is_not_followed() -> None:
    inner = live("procedure/inner", DESTROYS)
    assert run({"stages": [stage("RunProcedure", procedure="inner", enabled=False)]}, inner) == []
    assert run({"stages": [{**stage("RunProcedure", procedure="inner"), "enabled": False}]}, inner) == []
    off = live("procedure/inner", {"stages": [stage("DestroyStack", stack="web", enabled=False)]})
    assert run(calls("inner"), off) == [("executes", "RunProcedure inner")]


UNSEEN = ": what that does is not seen here, and it may stop what runs"


@pytest.mark.parametrize(
    ("outer", "admin", "told"),
    [
        (calls(GONE), False, [("unknown", f"RunProcedure {GONE}{UNSEEN}")]),
        # an admin sees everything: it is gone, and its run fails
        (calls(GONE), True, [("executes", f"RunProcedure {GONE}")]),
        (calls(Sealed("inner")), True, [("unknown", f"RunProcedure{UNSEEN}")]),
        (batch("x-*"), False, [("unknown", f"BatchRunProcedure x-*{UNSEEN}")]),
        (batch(Unknown()), True, [("unknown", f"BatchRunProcedure{UNSEEN}")]),
        ({"stages": Unknown()}, True, [("unknown", f"stages{UNSEEN}")]),
        ({"stages": [{"name": "s", "executions": [{"execution": Unknown()}]}]}, True, [("unknown", f"stages{UNSEEN}")]),
    ],
)
def test_what_is_not_seen_may_stop_something(outer: Any, admin: bool, told: Any) -> None:
    held = live("procedure/outer", outer)
    wanted = desired(declared("procedure/outer", {"failure_alert": False}, run_on_change=True, omitted_fields="keep"))
    made = planned(wanted, alive(observed(WEB, held, admin=admin)))
    assert [(each.kind, each.detail) for each in change(made, "procedure/outer", "run").effects] == told


def test_a_script_is_said_not_to_be_looked_into_without_an_alarm() -> None:
    script = live("action/a", {"file_contents": "x"})
    inner = live("procedure/inner", {"stages": [stage("BatchRunAction", pattern="b*")]})
    outer = {"stages": [stage("RunAction", action="a"), *calls("inner")["stages"]]}
    assert run(outer, script, inner) == [
        (
            "executes",
            (
                "RunAction a (a script, not looked into), RunProcedure inner, "
                "BatchRunAction b* (a script, not looked into; in procedure/inner)"
            ),
        )
    ]
    made = planned(desired(declared("procedure/outer", outer | DAILY)), observed(script, inner))
    assert scheduled(made, "procedure/outer", "create") == []


def test_a_schedule_tells_what_the_procedure_stops_that_it_runs() -> None:
    wanted = desired(declared("procedure/outer", calls("inner", **DAILY)), declared("procedure/inner", DESTROYS))
    told = f"stops: DestroyStack web (in procedure/inner) by its schedule{LATER} every day at 01:00"
    assert scheduled(planned(wanted, observed(WEB)), "procedure/outer", "create") == [told]
    held = [live("procedure/outer", calls("inner")), live("procedure/inner", DESTROYS)]
    assert scheduled(planned(wanted, observed(WEB, *held)), "procedure/outer") == [told]


@pytest.mark.parametrize(
    ("outer", "counts"),
    [
        (calls("inner", **DAILY), True),
        (batch("in*") | DAILY, True),
        (calls("middle", **DAILY), True),
        (calls("inner"), False),
        (calls("inner", **DAILY, schedule_enabled=False), False),
        (calls("another", **DAILY), False),
        ({"stages": [stage("RunProcedure", procedure="inner", enabled=False)]} | DAILY, False),
    ],
)
@pytest.mark.parametrize("listed", [True, False])
def test_a_change_of_what_a_schedule_of_another_runs_is_told(outer: Any, counts: bool, listed: bool) -> None:
    """Whether somebody declares that other one or not."""
    held = [live("procedure/outer", outer), live("procedure/middle", calls("inner")), live("procedure/another")]
    more = [declared("procedure/outer", outer)] if listed else []
    told = f"stops: DestroyStack web by the schedule of procedure/outer{LATER} every day at 01:00"
    for before in (live("procedure/inner", DEPLOYS), None):
        there = [*held, before] if before else held
        made = planned(desired(declared("procedure/inner", DESTROYS), *more), observed(WEB, *there))
        assert scheduled(made, "procedure/inner", "update" if before else "create") == ([told] if counts else [])


def test_a_change_that_leaves_the_stages_alone_tells_no_schedule_of_another() -> None:
    held = [live("procedure/outer", calls("inner", **DAILY)), live("procedure/inner", DESTROYS)]
    wanted = desired(declared("procedure/inner", {**DESTROYS, "failure_alert": False}))
    assert scheduled(planned(wanted, observed(WEB, *held)), "procedure/inner") == []


def test_the_schedule_of_what_is_deleted_is_not_told() -> None:
    held = [live("procedure/outer", calls("inner", **DAILY), OURS), live("procedure/inner", DEPLOYS, OURS)]
    wanted = desired(declared("procedure/inner", DESTROYS))
    made = planned(wanted, observed(WEB, *held), owner="us", prune=True)
    assert changes(made)["procedure/outer"] == ["delete"]
    assert scheduled(made, "procedure/inner") == []


def test_a_schedule_says_what_it_may_stop() -> None:
    held = live("procedure/outer", calls(GONE))
    wanted = desired(declared("procedure/outer", DAILY, omitted_fields="keep"))
    assert scheduled(planned(wanted, observed(held, admin=False)), "procedure/outer") == [
        (
            f"unknown: RunProcedure {GONE} (what that does is not seen here, and it may stop what runs) by its "
            f"schedule{LATER} every day at 01:00"
        )
    ]


def test_of_a_ring_the_step_that_completes_it_tells_the_schedule() -> None:
    inner = {"stages": [*calls("a")["stages"], *DESTROYS["stages"]]}
    made = planned(desired(declared("procedure/a", calls("b", **DAILY)), declared("procedure/b", inner)), observed(WEB))
    told = f" by its schedule{LATER} every day at 01:00"
    assert scheduled(made, "procedure/a", "create") == []
    assert scheduled(made, "procedure/a") == [f"stops: DestroyStack web (in procedure/b){told}"]
    assert scheduled(made, "procedure/b", "create") == [
        f"stops: DestroyStack web by the schedule of procedure/a{LATER} every day at 01:00"
    ]


def test_an_approved_run_does_not_do_what_somebody_put_in_its_way_since() -> None:
    """What it runs in its turn is in no manifest, so that no other change of the plan tells it."""
    wanted = desired(declared("procedure/outer", calls("inner"), run_on_change=True))
    other = {"stages": [stage("DestroyStack", stack="db"), *DESTROYS["stages"]]}
    approved, same, now = (
        planned(wanted, alive(observed(WEB, live("stack/db"), live("procedure/inner", inner))))
        for inner in (DESTROYS, DESTROYS, other)
    )
    assert judge(same, approved.plan, wanted).skipped == ()
    [skipped] = judge(now, approved.plan, wanted).skipped
    assert skipped.step.action is Action.RUN
