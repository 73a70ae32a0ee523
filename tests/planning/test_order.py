"""In which order steps are taken, and that the order in which a world was read changes nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from planning_worlds import OURS, change, codes, declared, desired, live, observed, planned, waves


def runs(name: str) -> dict[str, Any]:
    execution = {"execution": {"type": "RunProcedure", "params": {"procedure": name}}, "enabled": True}
    return {"stages": [{"name": "s", "enabled": True, "executions": [execution]}]}


def needs(made: Any, text: str, action: str) -> list[str]:
    return [str(need) for need in change(made, text, action).needs]


def test_what_is_referred_to_comes_first() -> None:
    wanted = desired(
        declared("stack/web", {"server_id": "s", "linked_repo": "r"}),
        declared("repo/r", {"server_id": "s"}),
        declared("server/s"),
    )
    made = planned(wanted, observed())
    assert waves(made) == [["server/s create"], ["repo/r create"], ["stack/web create"]]
    assert needs(made, "stack/web", "create") == ["server/s create", "repo/r create"]


def test_after_is_an_order_too() -> None:
    wanted = desired(
        declared("stack/a", after=["stack/b"]), declared("stack/b", after=["deployment/c"]), declared("deployment/c")
    )
    assert waves(planned(wanted, observed())) == [["deployment/c create"], ["stack/b create"], ["stack/a create"]]


def test_independent_work_is_one_wave_in_the_order_of_kinds_and_names() -> None:
    wanted = desired(declared("stack/b"), declared("server/z"), declared("stack/a"), declared("variable/V"))
    [wave] = waves(planned(wanted, observed()))
    assert wave == ["variable/V create", "server/z create", "stack/a create", "stack/b create"]


def test_renames_come_first_and_deletes_last_in_reverse() -> None:
    held = observed(
        live("server/old", {}, OURS),
        live("server/s", {}, OURS),
        live("builder/b", {"type": "Server", "params": {"server_ids": ["s"]}}, OURS),
        live("build/x", {"builder_id": "b"}, OURS),
        live("stack/y", {"server_id": "s"}, OURS),
    )
    wanted = desired(declared("server/new", renamed_from="old"), declared("stack/z", {"server_id": "new"}, tags=()))
    made = planned(wanted, held, owner="us", prune=True)
    assert waves(made) == [
        ["server/new rename"],
        ["stack/z create"],
        ["stack/y delete", "build/x delete"],
        ["builder/b delete"],
        ["server/s delete"],
    ]
    assert needs(made, "server/s", "delete") == ["stack/y delete", "builder/b delete"]
    assert needs(made, "stack/z", "create") == ["server/new rename"]


def test_a_reference_is_given_up_before_its_target_goes() -> None:
    held = observed(live("server/s", {}, OURS), live("server/t", {}, OURS), live("stack/a", {"server_id": "s"}, OURS))
    wanted = desired(declared("server/t"), declared("stack/b", {"server_id": "t"}, renamed_from="a"))
    made = planned(wanted, held, owner="us", prune=True)
    assert codes(made) == []
    assert needs(made, "server/s", "delete") == ["stack/b rename", "stack/b update"]


def test_an_adoption_comes_before_its_changes_and_after_the_tag() -> None:
    made = planned(
        desired(declared("stack/a", {"repo": "x"})), observed(live("stack/a", {}, "t")), owner="us", adopt_changes=True
    )
    assert waves(made) == [[f"tag/{OURS} create"], ["stack/a adopt"], ["stack/a update"]]


def test_procedures_that_run_each_other_are_deleted_in_some_order() -> None:
    held = observed(live("procedure/a", runs("b"), OURS), live("procedure/b", runs("a"), OURS))
    made = planned(desired(), held, owner="us", prune=True)
    assert waves(made) == [["procedure/a delete"], ["procedure/b delete"]]
    assert needs(made, "procedure/a", "delete") == []
    assert needs(made, "procedure/b", "delete") == ["procedure/a delete"]


def test_a_narrowed_run_says_what_else_it_needs() -> None:
    wanted = desired(declared("stack/web", {"server_id": "s"}), declared("server/s"))
    made = planned(wanted, observed(), select=("stack/*",))
    assert codes(made) == ["not-selected"]
    assert made.plan.refusals[0].override == "--select server/s"
    assert codes(planned(wanted, observed(live("server/s")), select=("stack/*",))) == []
    assert codes(planned(wanted, observed(live("stack/web", {"server_id": "s"})), select=("stack/*",))) == []


@given(st.randoms(use_true_random=False))
def test_the_order_in_which_a_world_was_read_changes_nothing(random: Any) -> None:
    resources = [
        declared("stack/a", {"server_id": "new"}, tags=("x", "y"), renamed_from="b"),
        declared("stack/b", {"repo": "q"}, renamed_from="c"),
        declared("stack/p", renamed_from="q"),
        declared("stack/q", renamed_from="p"),
        declared("server/new"),
        declared("build/x", after=["stack/a"]),
        declared("procedure/m", runs("n")),
        declared("procedure/n"),
    ]
    held = [
        live("stack/b", {}, OURS),
        live("stack/c", {}, OURS),
        live("stack/p", {}, OURS),
        live("stack/q", {}, OURS),
        live("server/gone", {}, OURS),
        live("stack/theirs", {"server_id": "gone"}),
        live("build/x", {"repo": "z"}, "hand"),
        live("procedure/z", runs("y"), OURS),
        live("procedure/y", runs("z"), OURS),
    ]
    options = {"owner": "us", "prune": True}
    first = planned(desired(*resources), observed(*held), **options)
    random.shuffle(resources)
    random.shuffle(held)
    again = planned(desired(*resources), observed(*held), **options)
    assert again.plan == first.plan
    assert again.payloads == first.payloads
