"""What may be applied while nobody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from counts import costly
from hypothesis import HealthCheck, assume, given
from planning_worlds import OURS, applied, declared, desired, live, observed, planned
from test_properties import worlds

from komodo_sync.model.plan import Action, Change, Effect, Plan, Planned, Resource, Step
from komodo_sync.planning import dangling
from komodo_sync.planning.safe import safe_part

if TYPE_CHECKING:
    from collections.abc import Iterable


def parts(wanted: Any, held: Any, **options: Any) -> tuple[set[str], dict[str, str]]:
    """The steps that are safe, and those that are held with the reason."""
    found = safe_part(planned(wanted, held, owner="us", prune=True, **options))
    return {str(step) for step in found.planned.payloads}, {str(each.step): each.why for each in found.held}


def test_creates_and_updates_are_safe() -> None:
    safe, held = parts(
        desired(declared("stack/new"), declared("stack/web", {"branch": "next"})),
        observed(live("stack/web", {}, OURS)),
    )
    assert {"stack/new create", "stack/web update"} <= safe
    assert held == {}


def test_deletes_are_held() -> None:
    safe, held = parts(
        desired(declared("stack/web", {"branch": "next"})),
        observed(live("stack/web", {}, OURS), live("stack/old", {}, OURS, state="running")),
    )
    assert "stack/web update" in safe
    assert held["stack/old delete"] == "delete is done on purpose alone"
    assert {step.split()[0] for step in held} == {"stack/old"}


def test_what_looks_like_a_rename_is_held() -> None:
    wanted = desired(declared("repo/new", {"repo": "a/b"}), declared("repo/other", {"repo": "c/d"}))
    safe, held = parts(wanted, observed(live("repo/old", {"repo": "a/b"}, OURS)))
    assert "repo/other create" in safe
    assert held["repo/new create"] == "it looks like something that was renamed"


def test_an_adoption_is_safe_and_one_that_changes_is_not() -> None:
    wanted = desired(declared("stack/web", {"branch": "next"}), declared("stack/same"))
    world = observed(live("stack/web"), live("stack/same", {}, "public"))
    safe, held = parts(wanted, world, adopt_changes=True)
    assert "stack/same adopt" in safe
    assert set(held.values()) == {"it is adopted, and changed at once"}
    # without the flag the plan refuses; what it refuses is held, so the rest goes on
    part = safe_part(planned(wanted, world, owner="us"))
    assert part.planned.plan.refusals == ()
    assert [str(step) for step in part.planned.payloads if step.address.kind == "stack"] == ["stack/same adopt"]


def test_a_refusal_about_something_else_stays() -> None:
    wanted = desired(declared("stack/web", {"branch": "next"}), declared("stack/theirs", {"branch": "next"}))
    world = observed(live("stack/web", {}, OURS), live("stack/theirs", {}, "owner:them"), live("stack/gone", {}, OURS))
    part = safe_part(planned(wanted, world, owner="us", prune=True))
    assert [item.code for item in part.planned.plan.refusals] == ["foreign-owner"]


def test_a_move_to_another_server_is_held() -> None:
    text = "services: {}\n"
    wanted = desired(declared("stack/web", {"server_id": "b", "file_contents": text}))
    there = live("stack/web", {"server_id": "a", "file_contents": text}, OURS, state="running")
    world = observed(live("server/a"), live("server/b"), there)
    safe, held = parts(wanted, world)
    assert safe == set()
    assert held == {
        "stack/web destroy": "destroy is done on purpose alone",
        "stack/web update": "it goes along with its destroy, which is held",
    }


@pytest.mark.parametrize(
    "action", [Action.DEPLOY, Action.START, Action.STOP, Action.DESTROY, Action.RUN, Action.FORGET]
)
def test_what_is_not_mere_configuration_holds_the_whole_resource(action: Action) -> None:
    made = planned(
        desired(declared("stack/web", {"branch": "next"})), observed(live("stack/web", {}, OURS)), owner="us"
    )
    [resource] = [item for item in made.plan.resources if item.address.kind == "stack"]
    more = Resource(resource.address, resource.source, (*resource.changes, Change(action, "for a test")))
    part = safe_part(with_resources(made, [more]))
    assert [str(each.step) for each in part.held] == ["stack/web update", f"stack/web {action}"]
    assert part.planned.plan.waves == ()
    assert not part.planned.plan.has_changes


def test_what_needs_what_is_held_is_held() -> None:
    made = planned(desired(declared("stack/a"), declared("stack/b"), declared("stack/c")), observed())
    a, b, c = made.plan.resources
    danger = Effect("deploys", "", "Komodo deploys it by itself")
    resources = [
        Resource(a.address, "", (Change(Action.CREATE, "", effects=(danger,)),)),
        Resource(b.address, "", (Change(Action.CREATE, "", needs=(Step(c.address, Action.CREATE),)),)),
        Resource(c.address, "", (Change(Action.CREATE, "", needs=(Step(a.address, Action.CREATE),)),)),
    ]
    part = safe_part(with_resources(made, resources))
    assert [each.why for each in part.held] == [
        "its create does more: Komodo deploys it by itself",
        "it needs stack/c create, which is held",
        "it needs stack/a create, which is held",
    ]


@costly(30, suppress_health_check=list(HealthCheck))
@given(worlds())
def test_any_plan_is_parted_and_its_safe_part_done_once(world: Any) -> None:
    wanted, held, options = world
    assume(not dangling(wanted, held))
    made = planned(wanted, held, **options)
    part = safe_part(made)
    steps = set(part.planned.payloads)
    assert steps | {each.step for each in part.held} == set(made.payloads)
    assert steps.isdisjoint(each.step for each in part.held)
    assert {step for wave in part.planned.plan.waves for step in wave} == steps
    for item in part.planned.plan.resources:
        for each in item.changes:
            assert Step(item.address, each.action) in steps
            assert set(each.needs) & set(made.payloads) <= steps
            assert each.action in (Action.CREATE, Action.UPDATE, Action.RENAME, Action.ADOPT)
    assume(not part.planned.plan.refusals)
    again = safe_part(planned(wanted, applied(held, part.planned), **options))
    assert not again.planned.payloads


def with_resources(made: Planned, resources: Iterable[Resource]) -> Planned:
    plan = made.plan
    return Planned(
        Plan(plan.core, plan.scope, plan.visibility, tuple(resources), plan.waves, plan.findings, plan.summary),
        made.payloads,
        made.ids,
    )
