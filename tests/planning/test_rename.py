"""Renames: which are done, which are refused, and what follows them."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import OURS, at, change, changes, codes, declared, desired, live, observed, payload, planned, waves

from komodo_sync.model.address import Address
from komodo_sync.planning import dangling
from komodo_sync.planning.safe import safe_part


def renamed(name: str, old: str, config: Any = None, **beside: Any) -> Any:
    return declared(name, config, renamed_from=old, **beside)


def test_a_rename_is_one_step_and_keeps_the_id() -> None:
    held = observed(live("stack/tools", {"repo": "x"}, state="running"))
    made = planned(desired(renamed("stack/toolbox", "tools", {"repo": "x"})), held)
    assert changes(made) == {"stack/toolbox": ["rename", "update"]}
    assert payload(made, "stack/toolbox").config == {"project_name": "tools"}
    step = change(made, "stack/toolbox", "rename")
    assert step.previous == "tools"
    assert [effect.kind for effect in step.effects] == ["renames", "loses"]
    sent = payload(made, "stack/toolbox", "rename")
    assert (sent.id, sent.previous, sent.config, sent.tags) == ("id of stack/tools", "tools", {}, None)
    assert made.ids == {at("stack/toolbox"): "id of stack/tools"}


def test_what_is_renamed_may_change_too() -> None:
    made = planned(desired(renamed("stack/b", "a", {"repo": "new"})), observed(live("stack/a", {"repo": "old"})))
    assert changes(made) == {"stack/b": ["rename", "update"]}
    assert waves(made) == [["stack/b rename"], ["stack/b update"]]
    assert [str(need) for need in change(made, "stack/b").needs] == ["stack/b rename"]


def test_renamed_from_is_harmless_once_it_is_done() -> None:
    wanted = desired(renamed("stack/b", "a"))
    assert changes(planned(wanted, observed(live("stack/b")))) == {}
    assert changes(planned(wanted, observed())) == {"stack/b": ["create"]}


def test_a_new_stack_may_take_the_old_name_later() -> None:
    wanted = desired(renamed("stack/b", "a"), declared("stack/a"))
    held = observed(live("stack/b"), live("stack/a"))
    assert (changes(planned(wanted, held)), codes(planned(wanted, held))) == ({}, [])


@pytest.mark.parametrize("order", [1, -1])
def test_a_chain_runs_from_its_end_and_is_harmless_once_done(order: int) -> None:
    chain = [renamed("stack/d", "c"), renamed("stack/c", "b"), renamed("stack/b", "a")][::order]
    made = planned(desired(*chain), observed(live("stack/a"), live("stack/b"), live("stack/c")))
    assert waves(made) == [["stack/d rename"], ["stack/c rename"], ["stack/b rename"]]
    assert made.ids == {
        at("stack/b"): "id of stack/a",
        at("stack/c"): "id of stack/b",
        at("stack/d"): "id of stack/c",
    }
    half = planned(desired(*chain), observed(live("stack/a"), live("stack/b"), live("stack/d")))
    assert waves(half) == [["stack/c rename"], ["stack/b rename"]]
    done = planned(desired(*chain), observed(live("stack/b"), live("stack/c"), live("stack/d")))
    assert (changes(done), codes(done)) == ({}, [])


def test_what_stands_behind_a_blocked_rename_is_blocked_too() -> None:
    chain = desired(renamed("stack/c", "b"), renamed("stack/b", "a"))
    made = planned(chain, observed(live("stack/a"), live("stack/b"), live("stack/c")))
    assert codes(made) == ["rename-blocked", "rename-blocked"]
    assert not any("rename" in actions for actions in changes(made).values())


@pytest.mark.parametrize("order", [1, -1])
def test_a_swap_is_refused_whatever_its_order(order: int) -> None:
    pair = [renamed("stack/a", "b"), renamed("stack/b", "a")][::order]
    made = planned(desired(*pair), observed(live("stack/a"), live("stack/b")))
    assert codes(made) == ["rename-swap"]
    assert changes(made) == {}
    [finding] = made.plan.refusals
    assert "a -> b -> a" in finding.message


@pytest.mark.parametrize(
    ("wanted", "held", "owner", "why"),
    [
        ([renamed("stack/b", "a")], [live("stack/a"), live("stack/b")], "", "the Core has both"),
        ([renamed("stack/b", "a"), declared("stack/a")], [live("stack/a")], "", "declared too"),
        ([renamed("stack/b", "a"), renamed("stack/c", "a")], [live("stack/a")], "", "both say renamed_from"),
        ([renamed("stack/b", "a")], [live("stack/a")], "us", "does not carry the tag owner:us"),
        ([renamed("stack/b", "a")], [live("stack/a", {}, "owner:them")], "us", "belongs to them"),
    ],
)
def test_a_rename_that_cannot_be_is_refused(wanted: Any, held: Any, owner: str, why: str) -> None:
    made = planned(desired(*wanted), observed(*held), owner=owner)
    assert set(codes(made)) == {"rename-blocked"}
    assert all(why in item.message and item.hint for item in made.plan.refusals)
    assert made.plan.summary.refused == len(made.plan.refusals)
    # what could not be renamed is not made anew beside it either
    assert not any(action in ("rename", "create") for actions in changes(made).values() for action in actions)


def test_ours_is_renamed_and_a_tag_needs_no_owner() -> None:
    held = observed(live("stack/a", {}, OURS), live("tag/x"))
    made = planned(desired(renamed("stack/b", "a"), renamed("tag/y", "x")), held, owner="us")
    assert changes(made) == {"tag/y": ["rename"], "stack/b": ["rename"]}


def test_what_is_to_be_renamed_is_not_pruned_even_if_the_rename_is_refused() -> None:
    held = observed(live("stack/a", {}, OURS), live("stack/b", {}, OURS))
    made = planned(desired(renamed("stack/b", "a")), held, owner="us", prune=True)
    assert codes(made) == ["rename-blocked"]
    assert changes(made) == {}


def test_references_follow_a_rename() -> None:
    held = observed(
        live("server/old"),
        live("stack/web", {"server_id": "old"}),
        live("alerter/a", {"resources": [{"type": "Server", "id": "old"}]}),
    )
    wanted = desired(
        renamed("server/new", "old"),
        declared("stack/web", {"server_id": "new"}),
        declared("alerter/a", {"resources": [{"type": "Server", "id": "new"}]}),
    )
    assert changes(planned(wanted, held)) == {"server/new": ["rename"]}


def test_tags_follow_the_rename_of_a_tag() -> None:
    held = observed(live("stack/web", {}, "old"))
    wanted = desired(renamed("tag/new", "old"), declared("stack/web", tags=("new",)))
    assert changes(planned(wanted, held)) == {"tag/new": ["rename"]}


def test_a_name_that_is_given_up_satisfies_no_reference() -> None:
    held = observed(live("server/old"))
    wanted = desired(renamed("server/new", "old"), declared("stack/web", {"server_id": "old"}))
    assert [reference.target for reference in dangling(wanted, held)] == [Address("server", "old")]
    done = observed(live("server/new"), live("server/old"))
    assert dangling(wanted, done) == ()


def test_dangling_is_what_neither_side_has() -> None:
    wanted = desired(declared("stack/web", {"server_id": "s", "linked_repo": "r"}), declared("repo/r"))
    assert [str(reference.target) for reference in dangling(wanted, observed())] == ["server/s"]
    assert dangling(wanted, observed(live("server/s"))) == ()


@pytest.mark.parametrize(
    ("before", "after", "connects"),
    [
        ({}, {}, True),
        ({"address": ""}, {"address": ""}, True),
        ({"address": "https://one:8120"}, {"address": "https://one:8120"}, False),
        # then Core connects to it, whatever its agent is called
        ({}, {"address": "https://one:8120"}, False),
        # its agent has to be told anyway where to connect to, and as what
        ({"address": "https://one:8120"}, {"address": ""}, False),
    ],
)
def test_an_agent_that_connects_by_itself_goes_on_under_the_old_name(
    before: Any, after: Any, *, connects: bool
) -> None:
    made = planned(desired(renamed("server/new", "old", after)), observed(live("server/old", before)))
    effects = change(made, "server/new", "rename").effects
    assert [(each.kind, each.subject) for each in effects] == ([("renames", "old")] if connects else [])
    assert all("set `connect_as` there to the new name" in each.detail for each in effects)
    # nobody restarts an agent while nobody looks
    assert bool(safe_part(made).held) is connects
