"""Resource syncs of Komodo's own that would undo what is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from planning_worlds import alive, change, codes, declared, desired, live, observed, planned

from komodo_sync.model.sealed import Unknown
from komodo_sync.report.attention import attentions

if TYPE_CHECKING:
    from komodo_sync.model.plan import Planned

STACK = declared("stack/web", {"branch": "x"}, tags=("public",))
LIVE = live("stack/web", {"branch": "x"}, "owner:us", "public")


def plan(sync: dict[str, Any], *more: Any, declares: bool = False, **options: Any) -> Planned:
    wanted = [STACK, *more]
    if declares:
        wanted.append(declared("resource_sync/all", sync))
    there = [LIVE, live("resource_sync/all", sync, *(["owner:us"] if declares else []))]
    return planned(desired(*wanted), observed(*there), owner="us", **options)


@pytest.mark.parametrize(
    ("sync", "fights"),
    [
        ({"repo": "acme/x", "delete": True}, True),
        ({"repo": "acme/x", "managed": True}, True),
        ({"managed": True}, True),
        ({"file_contents": "a\n", "delete": True}, True),
        ({"files_on_host": True, "delete": True}, True),
        ({"repo": "acme/x"}, False),
        ({"delete": True}, False),
        ({"repo": "acme/x", "delete": True, "match_tags": ["public"]}, True),
        ({"repo": "acme/x", "delete": True, "match_tags": ["owner:us", "public"]}, True),
        ({"repo": "acme/x", "delete": True, "match_tags": ["public", "other"]}, False),
        ({"repo": "acme/x", "delete": True, "include_resources": False}, False),
        ({"repo": "acme/x", "delete": True, "include_resources": False, "include_variables": True}, False),
    ],
)
def test_its_scope_decides(sync: dict[str, Any], fights: bool) -> None:
    assert codes(plan(sync)) == (["rival-sync"] if fights else [])


@pytest.mark.parametrize(
    ("field", "kind"), [("include_variables", "variable/A"), ("include_user_groups", "user_group/a")]
)
def test_variables_and_groups_are_in_it_whatever_they_carry(field: str, kind: str) -> None:
    sync = {"repo": "acme/x", "delete": True, "match_tags": ["none"]}
    assert codes(plan(sync, declared(kind))) == []
    assert codes(plan({**sync, field: True}, declared(kind))) == ["rival-sync"]


def test_one_that_the_manifests_declare_is_warned_of() -> None:
    made = plan({"repo": "acme/x", "delete": True}, declares=True)
    assert codes(made) == []
    assert "rival-sync" in codes(made, "warning")


def test_one_that_this_plan_tames_is_no_rival() -> None:
    tamed = declared("resource_sync/all", {"repo": "acme/x"})
    there = live("resource_sync/all", {"repo": "acme/x", "delete": True}, "owner:us")
    made = planned(desired(STACK, tamed), observed(LIVE, there), owner="us")
    assert [code for code in (*codes(made), *codes(made, "warning")) if code == "rival-sync"] == []


def test_one_that_this_plan_deletes_is_no_rival() -> None:
    there = live("resource_sync/all", {"repo": "acme/x", "delete": True}, "owner:us")
    made = planned(desired(STACK), observed(LIVE, there), owner="us", prune=True)
    assert "rival-sync" not in codes(made)


def test_one_that_is_still_to_be_created_is_warned_of() -> None:
    sync = declared("resource_sync/all", {"repo": "acme/x", "managed": True})
    made = planned(desired(STACK, sync), observed(LIVE), owner="us")
    assert "rival-sync" in codes(made, "warning")


def test_it_may_be_allowed() -> None:
    made = plan({"repo": "acme/x", "delete": True}, allow_syncs=True)
    assert codes(made) == []
    assert "rival-sync" in codes(made, "warning")
    refusal = next(item for item in plan({"managed": True}).plan.refusals)
    assert refusal.override == "--allow-syncs"
    assert "stack/web" in refusal.message


def test_what_is_not_selected_is_not_touched() -> None:
    other = declared("stack/other", tags=("private",))
    sync = {"repo": "acme/x", "delete": True, "match_tags": ["private"]}
    assert codes(plan(sync, other, select=["stack/web"])) == []
    assert codes(plan(sync, other)) == ["rival-sync"]


@pytest.mark.parametrize(
    ("sync", "more", "way"),
    [
        ({}, (), "give it match_tags that these do not carry"),
        (
            {"include_resources": False, "include_variables": True},
            ("variable/A",),
            "set its include_variables to false",
        ),
        (
            {"include_resources": False, "include_user_groups": True},
            ("user_group/a",),
            "set its include_user_groups to false",
        ),
        (
            {"include_variables": True},
            ("variable/A",),
            "give it match_tags that these resources do not carry and set its include_variables to false",
        ),
    ],
)
def test_what_is_proposed_takes_it_out_of_the_scope(sync: dict[str, Any], more: tuple[str, ...], way: str) -> None:
    """Komodo filters variables and user groups by no tags."""
    sync = {"repo": "acme/x", "delete": True, **sync}
    [refused] = plan(sync, *map(declared, more)).plan.refusals
    assert refused.hint.startswith(f"in Komodo, {way}, or switch its managed and delete off")
    [warned] = [
        item for item in plan(sync, *map(declared, more), allow_syncs=True).plan.findings if item.code == "rival-sync"
    ]
    assert warned.hint == f"{way}; or set managed and delete to false"


WRITES = "writes and deploys what its files say"
DELETES = f"deletes what is in its scope and not in its files, and {WRITES}"
UNSEEN = "RunSync all: what that does is not seen here, and it may stop what runs"


def stages(*operations: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Of a procedure that does these."""
    return {
        "stages": [{"executions": [{"execution": {"type": name, "params": params}} for name, params in operations]}]
    }


RUNS = stages(("RunSync", {"sync": "all"}))


def run(sync: dict[str, Any], *more: Any, declares: bool = False, **options: Any) -> Planned:
    """A procedure that the plan runs, and that runs the sync."""
    procedure = declared("procedure/p", RUNS, run_on_change=True)
    wanted = [procedure, *more, *([declared("resource_sync/all", sync)] if declares else [])]
    return planned(desired(*wanted), alive(observed(LIVE, live("resource_sync/all", sync, "owner:us"))), **options)


def effects(made: Planned, text: str = "procedure/p", action: str = "run") -> list[tuple[str, str]]:
    return [(each.kind, each.detail) for each in change(made, text, action).effects]


@pytest.mark.parametrize("declares", [True, False])
@pytest.mark.parametrize(
    ("sync", "told"),
    [
        (
            {"repo": "acme/x", "delete": True},
            [("stops", f"RunSync all ({DELETES})"), ("loses", f"RunSync all ({DELETES})")],
        ),
        ({"managed": True}, [("stops", f"RunSync all ({DELETES})"), ("loses", f"RunSync all ({DELETES})")]),
        (
            {"repo": "acme/x", "delete": True, "include_resources": False, "include_variables": True},
            [("loses", f"RunSync all ({DELETES})")],
        ),
        ({"repo": "acme/x"}, [("syncs", f"RunSync all ({WRITES})")]),
        # without a source it does nothing
        ({"delete": True}, [("executes", "RunSync all")]),
    ],
)
def test_a_run_tells_what_the_sync_deletes(sync: dict[str, Any], told: Any, declares: bool) -> None:
    made = run(sync, declares=declares)
    assert effects(made) == told
    tops = {item.concern.value: item for item in attentions(made.plan)}
    assert {"Stops": bool(tops["Stops"].notices), "Irreversible": bool(tops["Irreversible"].notices)} == {
        "Stops": any(kind in ("stops", "unknown") for kind, _ in told),
        "Irreversible": any(kind == "loses" for kind, _ in told),
    }
    assert ("Also affected" in tops) is any(kind == "syncs" for kind, _ in told)


def test_a_sync_is_seen_through_other_procedures_and_by_their_schedules() -> None:
    there = [live("procedure/inner", RUNS), live("resource_sync/all", {"managed": True})]
    outer = stages(("RunProcedure", {"procedure": "inner"}))
    made = planned(desired(declared("procedure/p", outer, run_on_change=True)), alive(observed(*there)))
    assert effects(made)[:2] == [
        ("stops", f"RunSync all ({DELETES}; in procedure/inner)"),
        ("loses", f"RunSync all ({DELETES}; in procedure/inner)"),
    ]
    made = planned(desired(declared("procedure/p", RUNS | {"schedule": "daily"})), observed(*there))
    assert effects(made, action="create") == [
        (kind, f"RunSync all ({DELETES}) by its schedule; not by this apply but at its time: daily")
        for kind in ("stops", "loses")
    ]


def test_a_sync_that_is_not_seen_may_stop_something() -> None:
    procedure = declared("procedure/p", RUNS, run_on_change=True)
    assert effects(planned(desired(procedure), alive(observed(admin=False)))) == [("unknown", UNSEEN)]
    # an admin sees everything: it is gone, and its run fails
    assert effects(planned(desired(procedure), alive(observed()))) == [("executes", "RunSync all")]
    sync = declared("resource_sync/all", {"repo": "acme/x", "delete": Unknown()})
    assert effects(planned(desired(procedure, sync), alive(observed()))) == [("unknown", UNSEEN)]


def test_one_that_this_plan_runs_is_refused_also_where_the_manifests_declare_it() -> None:
    sync = {"repo": "acme/x", "delete": True}
    made = run(sync, STACK, declares=True)
    [refused] = [item for item in made.plan.refusals if item.code == "rival-sync"]
    assert refused.override == "--allow-syncs"
    assert "this apply runs it by procedure/p, and that takes away or changes procedure/p and 1 more" in refused.message
    assert "take it out of the stages that procedure/p runs" in refused.hint
    assert "then this is a warning" not in refused.hint
    [undeclared] = [item for item in run(sync, STACK).plan.refusals if item.code == "rival-sync"]
    assert "then this is a warning" not in undeclared.hint
    assert codes(run(sync, STACK, declares=True, allow_syncs=True)) == []
    # nothing of what is declared is in its scope
    assert "rival-sync" not in codes(run({**sync, "match_tags": ["x"]}, STACK, declares=True))
