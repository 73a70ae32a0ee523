"""Taking over what is live already, and what is somebody else's."""

from __future__ import annotations

import pytest
from planning_worlds import (
    OURS,
    at,
    change,
    changes,
    codes,
    declared,
    desired,
    live,
    observed,
    payload,
    planned,
    pointers,
)

THEIRS = "owner:them"


def test_what_is_live_without_an_owner_gets_our_tag() -> None:
    made = planned(
        desired(declared("stack/web", {"repo": "me/web"}, description="x")),
        observed(live("stack/web", {"repo": "me/web"}, "public", description="x")),
        owner="us",
    )
    assert changes(made) == {f"tag/{OURS}": ["create"], "stack/web": ["adopt"]}
    assert payload(made, "stack/web", "adopt").tags == (OURS, "public")
    assert pointers(made, "stack/web", "adopt") == ["tags"]
    assert codes(made) == []


def test_without_an_owner_nothing_is_adopted() -> None:
    held = observed(live("stack/web", {"repo": "old"}, THEIRS))
    made = planned(desired(declared("stack/web", {"repo": "new"})), held, owner="")
    assert changes(made) == {"stack/web": ["update"]}
    assert payload(made, "stack/web").tags is None
    assert codes(made) == []


@pytest.mark.parametrize("allowed", [False, True])
def test_an_adoption_that_changes_more_is_refused_unless_it_is_allowed(allowed: bool) -> None:
    made = planned(
        desired(declared("stack/web", {"repo": "new"})),
        observed(live("stack/web", {"repo": "old"}, "x")),
        owner="us",
        adopt_changes=allowed,
    )
    assert changes(made)["stack/web"] == ["adopt", "update"]
    assert payload(made, "stack/web").config == {"repo": "new"}
    assert payload(made, "stack/web").tags is None
    assert codes(made) == ([] if allowed else ["adopt-changes"])
    assert [item.override for item in made.plan.refusals] == ([] if allowed else ["--adopt-changes"])


def test_protecting_what_is_adopted_is_a_part_of_adopting_it() -> None:
    held = observed(live("stack/web", {}, "x"))
    made = planned(desired(declared("stack/web", protect=True)), held, owner="us")
    assert changes(made)["stack/web"] == ["adopt"]
    assert payload(made, "stack/web", "adopt").tags == (OURS, "protected", "x")


def test_a_create_that_was_cut_off_is_finished() -> None:
    wanted = declared("stack/web", {"repo": "me/web"}, description="mine", tags=("public",))
    made = planned(desired(wanted), observed(live("stack/web", {"repo": "me/web"})), owner="us")
    assert changes(made)["stack/web"] == ["update"]
    assert change(made, "stack/web").reason == (
        "has no owner, tags or description yet, as a create that was cut off; this finishes it"
    )
    sent = payload(made, "stack/web")
    assert (sent.config, sent.description, sent.tags) == ({}, "mine", (OURS, "public"))
    assert codes(made) == []


@pytest.mark.parametrize(
    "held",
    [
        live("stack/web", {"repo": "me/web"}, "x"),
        live("stack/web", {"repo": "me/web"}, description="by hand"),
        live("stack/web", {"repo": "me/web"}, template=True),
        live("stack/web", {"repo": "me/web", "branch": "dev"}),
        live("stack/web", {"repo": "me/web", "commit": "abc"}),
    ],
    ids=["tagged", "described", "template", "more config", "ignored config"],
)
@pytest.mark.parametrize("mode", ["reset", "keep"])
def test_what_people_made_is_no_cut_off_create(held: object, mode: str) -> None:
    wanted = declared("stack/web", {"repo": "me/web"}, ignore=("config.commit",))
    made = planned(desired(wanted), observed(held), owner="us", omitted_fields=mode)
    assert changes(made)["stack/web"][0] == "adopt"


def test_somebody_elses_is_refused_and_left_alone() -> None:
    held = observed(live("stack/web", {"repo": "old"}, THEIRS))
    made = planned(desired(declared("stack/web", {"repo": "new"})), held, owner="us")
    assert changes(made) == {}
    [refusal] = made.plan.refusals
    assert (refusal.code, refusal.message) == ("foreign-owner", "stack/web belongs to them, not to us")
    assert "write `adopt_from: them` in its manifest" in refusal.hint


def test_what_is_refused_is_not_counted_as_unchanged() -> None:
    held = observed(live("stack/a", {}, THEIRS), live("stack/b", {}, THEIRS), live("stack/ok", {}, OURS))
    made = planned(desired(declared("stack/a"), declared("stack/b"), declared("stack/ok")), held, owner="us")
    summary = made.plan.summary
    assert (summary.changed, summary.refused, summary.unchanged) == (0, 2, 1)
    assert [str(item.address) for item in made.plan.resources if item.refused] == ["stack/a", "stack/b"]
    [refusal] = made.plan.refusals
    assert refusal.message == "2 resources belong to them, not to us"
    assert refusal.addresses == (at("stack/a"), at("stack/b"))


def test_a_resource_moves_between_owners_when_the_new_one_says_so() -> None:
    wanted = desired(declared("stack/web", adopt_from="them"))
    made = planned(wanted, observed(live("stack/web", {}, THEIRS, "x")), owner="us")
    assert changes(made)["stack/web"] == ["adopt"]
    assert payload(made, "stack/web", "adopt").tags == (OURS, "x")
    assert change(made, "stack/web", "adopt").reason == "taken over from owner them"
    assert changes(planned(wanted, observed(live("stack/web", {}, OURS, "x")), owner="us")) == {}
    free = planned(wanted, observed(live("stack/web", {}, "x")), owner="us")
    assert change(free, "stack/web", "adopt").reason == f"live without an owner; gets the tag {OURS}"


@pytest.mark.parametrize("tags", [("owner:other",), (THEIRS, "owner:other")])
def test_a_move_names_every_other_owner(tags: tuple[str, ...]) -> None:
    made = planned(
        desired(declared("stack/web", adopt_from="them")), observed(live("stack/web", {}, *tags)), owner="us"
    )
    assert codes(made) == ["foreign-owner"]
    assert changes(made) == {}


def test_variables_and_tags_have_no_owner() -> None:
    wanted = desired(declared("variable/A", {"value": "new"}), declared("tag/t", {"color": "Red"}))
    held = observed(live("variable/A", {"value": "old"}), live("tag/t"))
    assert changes(planned(wanted, held, owner="us")) == {"variable/A": ["update"], "tag/t": ["update"]}


def test_forget_takes_our_tag_off_and_leaves_the_rest() -> None:
    held = observed(live("stack/web", {}, OURS, "x"), live("stack/free", {}, "x"), live("stack/theirs", {}, THEIRS))
    wanted = desired(forget=["stack/web", "stack/free", "stack/theirs", "stack/gone"])
    made = planned(wanted, held, owner="us", prune=True)
    assert changes(made) == {"stack/web": ["forget"]}
    assert payload(made, "stack/web", "forget").tags == ("x",)
    assert pointers(made, "stack/web", "forget") == ["tags"]
    assert made.plan.resources[0].address == at("stack/web")
    assert changes(planned(wanted, held)) == {}
    assert changes(planned(wanted, held, owner="us", select=("stack/f*",))) == {}
    assert changes(planned(wanted, held, owner="us", select=("stack/w*",))) == {"stack/web": ["forget"]}
