"""References that go round in a circle: something is made without one of them, which is written once both are there."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from planning_worlds import (
    applied,
    change,
    changes,
    declared,
    desired,
    live,
    observed,
    payload,
    planned,
    pointers,
    waves,
)

NAMES = "abcd"


def runs(*names: str) -> dict[str, Any]:
    executions = [
        {"execution": {"type": "RunProcedure", "params": {"procedure": name}}, "enabled": True} for name in names
    ]
    return {"stages": [{"name": "s", "enabled": True, "executions": executions}]} if names else {}


def about(*names: str) -> dict[str, Any]:
    return {"resources": [{"type": "Procedure", "id": name} for name in names]}


def test_one_is_made_without_what_it_names_and_written_after() -> None:
    schedule = {"schedule": "every day at 01:00"}
    wanted = desired(declared("procedure/a", runs("b") | schedule, description="d"), declared("procedure/b", runs("a")))
    made = planned(wanted, observed())
    assert waves(made) == [["procedure/a create"], ["procedure/b create"], ["procedure/a update"]]
    assert pointers(made, "procedure/a", "create") == ["config/schedule", "description"]
    late = change(made, "procedure/a", "update")
    assert (pointers(made, "procedure/a"), late.reason) == (
        ["config/stages"],
        "names procedure/b, which must be there first",
    )
    assert [str(need) for need in late.needs] == ["procedure/a create", "procedure/b create"]
    assert payload(made, "procedure/a").config == runs("b")
    assert not changes(planned(wanted, applied(observed(), made)))


def test_what_is_there_needs_no_detour() -> None:
    wanted = desired(declared("procedure/a", runs("b")), declared("procedure/b", runs("a")))
    for held, steps in (
        (observed(live("procedure/a")), [["procedure/b create"], ["procedure/a update"]]),
        (observed(live("procedure/b")), [["procedure/a create"], ["procedure/b update"]]),
        (observed(live("procedure/a"), live("procedure/b")), [["procedure/a update", "procedure/b update"]]),
    ):
        made = planned(wanted, held)
        assert sorted(step for wave in waves(made) for step in wave) == sorted(step for wave in steps for step in wave)
        assert not changes(planned(wanted, applied(held, made)))


def test_an_alerter_may_be_about_what_names_it_and_about_itself() -> None:
    alert = {"execution": {"type": "SendAlert", "params": {"alerters": ["x"]}}, "enabled": True}
    stages = {"stages": [{"name": "s", "enabled": True, "executions": [alert]}]}
    targets = about("a") | {"except_resources": [{"type": "Alerter", "id": "x"}]}
    wanted = desired(declared("procedure/a", stages), declared("alerter/x", targets))
    made = planned(wanted, observed())
    assert waves(made)[:2] == [["procedure/a create"], ["alerter/x create"]]
    assert pointers(made, "alerter/x", "create") == ["config/resources"]
    assert change(made, "alerter/x").reason == "names itself, which must be there first"
    assert not changes(planned(wanted, applied(observed(), made)))


def test_a_create_that_was_cut_off_is_finished() -> None:
    wanted = desired(declared("procedure/a", runs("b"), tags=("t",)), declared("procedure/b", runs("a")))
    # made by us, but neither its tags nor what it names were written
    held = observed(live("procedure/a"))
    made = planned(wanted, held, owner="us")
    assert changes(made)["procedure/a"] == ["update"]
    assert not changes(planned(wanted, applied(held, made), owner="us"))
    # what names somebody else is none of ours
    other = observed(live("procedure/a", {"schedule": "every day at 02:00"}))
    assert changes(planned(wanted, other, owner="us"))["procedure/a"] == ["adopt", "update"]


@given(
    st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES)), min_size=1),
    st.dictionaries(st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES))),
    st.sets(st.sampled_from(NAMES)),
)
def test_any_world_of_procedures_is_made(
    named: dict[str, set[str]], alerted: dict[str, set[str]], there: set[str]
) -> None:
    everybody = {*named, *there, *(other for others in (*named.values(), *alerted.values()) for other in others)}
    procedures = [declared(f"procedure/{name}", runs(*sorted(named.get(name, set()) - {name}))) for name in everybody]
    alerters = [declared(f"alerter/{name}", about(*sorted(names))) for name, names in alerted.items()]
    wanted = desired(*procedures, *alerters)
    held = observed(*(live(f"procedure/{name}") for name in there))
    # every reference is there when it is written, or this fails
    after = applied(held, planned(wanted, held))
    assert not changes(planned(wanted, after))
    # and all of it can go again, in some order
    gone = planned(desired(absent=[str(item.address) for item in (*procedures, *alerters)]), after)
    assert not [each for each in applied(after, gone).resources if each.kind != "tag"]
