"""What an approval covers, over any world: itself, whatever is left of it, and nothing else; and what it tells."""

from __future__ import annotations

import hashlib
import itertools
import json
from typing import Any

import pytest
from counts import costly
from hypothesis import HealthCheck, assume, given
from hypothesis import strategies as st
from planning_worlds import applied, at, change, declared, desired, live, observed, planned
from test_properties import SECRET, secret_world, worlds

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import FloatShape, IntShape, TextShape
from komodo_sync.model.approval import Approval
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action, Change, Execution, Payload, Planned, Step
from komodo_sync.model.plan_key import PlanKey
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning import dangling
from komodo_sync.planning.approved import Verdict, judge
from komodo_sync.report.json import plan_json
from komodo_sync.report.plan_file import plan_from_json

KEY = PlanKey("a plan key")
MANY = costly(20, suppress_health_check=list(HealthCheck))
"""Two or three plans an example."""


def verdict(now: Planned, then: Planned, wanted: Any) -> Verdict:
    """`then` comes from its file, as it does in an apply."""
    return judge(now, plan_from_json(plan_json(then.plan)), wanted)


@MANY
@given(worlds(), st.booleans())
def test_a_plan_covers_itself_and_nothing_is_left_of_one_that_was_applied(world: Any, keyed: bool) -> None:
    wanted, held, options = world
    assume(not dangling(wanted, held))
    options["plan_key"] = KEY if keyed else None
    made = planned(wanted, held, **options)
    same = verdict(made, made, wanted)
    assert (same.moved, same.skipped) == ((), ())
    assert same.planned.plan == made.plan
    assume(not made.plan.refusals)
    done = verdict(planned(wanted, applied(held, made), **options), made, wanted)
    assert (done.moved, done.skipped) == ((), ())


@MANY
@given(worlds(), st.data())
def test_a_plan_covers_what_is_left_of_it_wherever_it_was_cut_off(world: Any, data: Any) -> None:
    wanted, held, options = world
    assume(not dangling(wanted, held))
    made = planned(wanted, held, **options)
    assume(not made.plan.refusals)
    steps = [step for wave in made.plan.waves for step in wave]
    number = data.draw(st.integers(0, len(steps)))
    plan = replace(made.plan, waves=tuple((step,) for step in steps[:number]))
    part = applied(held, replace(made, plan=plan))
    found = verdict(planned(wanted, part, **options), made, wanted)
    assert found.moved == ()


@MANY
@given(worlds(), worlds())
def test_what_is_done_is_what_was_approved(world: Any, other: Any) -> None:
    """Whatever else is declared or live by now: either it moved, or each step is one of the approved plan, with no
    field that is not."""
    wanted, held, options = world
    assume(not dangling(wanted, held))
    then = planned(wanted, held, **options)
    later, there, _ = other
    assume(not dangling(later, there))
    now = planned(later, there, **options)
    found = verdict(now, then, later)
    if found.moved:
        return
    granted = {Step(item.address, each.action): each for item in then.plan.resources for each in item.changes}
    for item in found.planned.plan.resources:
        for each in item.changes:
            create = granted.get(Step(item.address, Action.CREATE))
            given_change = granted.get(Step(item.address, each.action), create)
            assert given_change is not None
            fields = {field.pointer: field for field in given_change.fields}
            for field in each.fields:
                assert field.after == fields[field.pointer].after
                assert field.diff == fields[field.pointer].diff


PINS = st.text("0123456789", min_size=4, max_size=4)


@MANY
@given(SECRET, SECRET, st.booleans())
def test_no_file_holds_a_secret(one: str, two: str, keyed: bool) -> None:
    assume(one not in two and two not in one)
    there = [live(address, config, description=text) for address, config, text in secret_world(two, one, handmade="")]
    wanted = desired(
        *(
            declared(address, config, description=text, clear_keys={})
            for address, config, text in secret_world(one, two, handmade="HAND")
        )
    )
    made = planned(wanted, observed(*there), plan_key=KEY if keyed else None, saved=True)
    text = plan_json(made.plan, KEY if keyed else None)
    assert "cn4ry" not in text
    assert one not in text
    assert two not in text


@MANY
@given(PINS, PINS, PINS)
def test_a_secret_cannot_be_guessed_from_a_file(before: str, one: str, two: str) -> None:
    """Without a key, the very same file whatever the secret is: so no digest in it depends on one. A PIN of four digits
    would be guessed from any that did."""
    assume(before not in (one, two))

    def text(pin: str) -> str:
        config = {
            "webhook_secret": Sealed(pin),
            "environment": Sealed(f"A=1\nPIN={pin}\n", {"A": "1", "PIN": Sealed(pin)}),
            "file_contents": f"services:\n  web:\n    environment:\n      DB_PASSWORD: {pin}\n",
            "extra_args": ["--password", pin],
        }
        # a live command is shown by no plan that deletes it, so no digest is made of it either
        bare = {"command": f"serve {pin}", "environment": f"A={pin}\n"}
        wanted = [declared("stack/web", config), declared("variable/X", {"value": Sealed(pin), "is_secret": True})]
        held = {"webhook_secret": Sealed(before), "environment": f"A=1\nPIN={before}\n"}
        doomed = live("stack/doomed", {**config, "environment": f"PIN={pin}\n"}, "owner:us")
        job = live("deployment/doomed", bare, "owner:us")
        image = live("build/doomed", {"dockerfile": f"FROM {pin}"}, "owner:us")
        made = planned(
            desired(*wanted),
            observed(live("stack/web", held, "owner:us"), doomed, job, image),
            owner="us",
            prune=True,
            saved=True,
        )
        return plan_json(made.plan)

    told = text(one)
    assert told == text(two)
    for guess in (one, two, before):
        for value in (guess, f'"{guess}"', json.dumps([guess]), f"PIN={guess}", f"A=1\nPIN={guess}\n"):
            assert hashlib.sha256(value.encode()).hexdigest() not in told


@pytest.mark.parametrize("owner", ["", "owner:us"])
@pytest.mark.parametrize("name", sorted(KINDS))
def test_no_free_value_of_what_goes_can_be_guessed(name: str, owner: str) -> None:
    """Once its manifest is gone, nothing says that a branch came from `${env:…}`."""
    spec = KINDS[name]
    free = {
        key: kind
        for key, field in spec.fields().items()
        if (kind := {TextShape: str, IntShape: int, FloatShape: float}.get(type(field.shape))) and not field.ref
    }

    def text(number: int) -> str:
        config = {key: kind(number) for key, kind in free.items()}
        held = live(f"{name}/doomed", config, *([owner] if owner else []))
        wanted = desired(absent=[f"{name}/doomed"]) if not owner else desired()
        return plan_json(planned(wanted, observed(held), owner="us", prune=True, saved=True).plan)

    assert text(4711) == text(8150)


def test_with_a_key_every_secret_is_told_apart() -> None:
    def plan(pin: str, key: PlanKey = KEY) -> Planned:
        wanted = declared("variable/X", {"value": Sealed(pin), "is_secret": True})
        return planned(desired(wanted), observed(), plan_key=key)

    made = plan("1111")
    assert verdict(plan("1111"), made, desired()).moved == ()
    [moved] = verdict(plan("2222"), made, desired()).moved
    assert "secret values of config/value" in moved.why
    texts = [plan_json(plan(pin, key).plan, key) for pin, key in itertools.product(("1", "2"), (KEY, PlanKey("b")))]
    assert len(set(texts)) == 4


def test_what_was_unknown_may_become_anything() -> None:
    def plan(value: Any) -> Planned:
        return planned(desired(declared("variable/X", {"value": value})), observed(), plan_key=KEY)

    assert verdict(plan(Sealed("x")), plan(Unknown()), desired()).moved == ()


def test_a_create_that_goes_round_in_a_circle_is_finished_in_one() -> None:
    def runs(name: str) -> dict[str, Any]:
        execution = {"type": "RunProcedure", "params": {"procedure": name}}
        stage = {"name": "s", "enabled": True, "executions": [{"execution": execution, "enabled": True}]}
        return {"stages": [stage]}

    wanted = desired(declared("procedure/a", runs("b"), tags=("x",)), declared("procedure/b", runs("a")))
    for key in (None, KEY):
        made = planned(wanted, observed(), owner="us", plan_key=key)
        # a was created, and got neither its tags nor what it runs
        now = planned(wanted, observed(live("procedure/a")), owner="us", plan_key=key)
        assert [field.pointer for field in change(now, "procedure/a").fields] == ["config/stages", "tags"]
        assert verdict(now, made, wanted).moved == ()
        other = desired(declared("procedure/a", runs("b"), tags=("y",)), declared("procedure/b", runs("a")))
        again = planned(other, observed(live("procedure/a")), owner="us", plan_key=key)
        assert at("procedure/a") in {each.address for each in verdict(again, made, other).moved}


def test_a_delete_that_does_more_is_another_one() -> None:
    def plan(state: str, *services: str) -> Planned:
        held = live("stack/web", {"server_id": "one"}, "owner:us", state=state, services=services)
        return planned(desired(), observed(held), owner="us", prune=True)

    down, up = plan("down"), plan("running", "a", "b")
    *_, moved = verdict(up, down, desired()).moved
    assert "stops 2 services (a, b)" in moved.why
    # one that does less, or of which a part is done, is the same
    assert verdict(down, up, desired()).moved == ()
    stopped = plan("stopped", "a", "b")
    assert verdict(stopped, up, desired()).moved == ()
    *_, moved = verdict(up, stopped, desired()).moved
    assert "stops 2 services (a, b)" in moved.why


def test_a_delete_that_keeps_what_runs_is_another_one() -> None:
    """Whether its containers end or run on is what a reviewer read."""
    held = live("stack/web", {"server_id": "one"}, "owner:us", state="running", services=("a",))

    def plan(held: Any, removal: str) -> Planned:
        return planned(desired(), observed(held), owner="us", prune=True, removal=removal)

    [moved] = verdict(plan(held, "keep_running"), plan(held, "destroy"), desired()).moved
    assert "leaves 1 service (a) (it is taken off its server first" in moved.why
    idle = live("stack/web", {"server_id": "one"}, "owner:us", state="down")
    [moved] = verdict(plan(held, "keep_running"), plan(idle, "keep_running"), desired()).moved
    assert "it does more: leaves" in moved.why


def test_a_delete_that_was_cut_off_after_its_first_half_is_finished() -> None:
    """What keeps running is taken off its server before it is deleted."""

    def plan(config: dict[str, Any], key: PlanKey | None) -> Planned:
        held = live("stack/web", config, "owner:us", state="running", services=("a",))
        there = observed(held, live("server/one", {}, "owner:us"))
        wanted = desired(declared("server/one"))
        return planned(wanted, there, owner="us", prune=True, removal="keep_running", plan_key=key)

    for key in (None, KEY):
        approved = plan({"server_id": "one", "branch": "x"}, key)
        assert verdict(plan({"branch": "x"}, key), approved, desired(declared("server/one"))).moved == ()
        for other in ({"auto_pull": False}, *([{"branch": "y"}] if key else [])):
            [moved] = verdict(plan({"branch": "x", **other}, key), approved, desired(declared("server/one"))).moved
            assert moved.why == "it was changed since the plan"


def test_what_a_manifest_does_not_ask_for_any_more_moved() -> None:
    """What was approved and is neither done nor to be done is told, also where a manifest merely leaves it alone."""
    there = observed(live("stack/web", {"branch": "a"}))
    wanted = desired(declared("stack/web", {"branch": "b"}))
    then = planned(wanted, there)
    for beside in ({"ignore": ("config.branch",)}, {"protect": False}, {"omitted_fields": "keep"}):
        later = desired(declared("stack/web", {"branch": "b"}, **beside))
        done = planned(later, observed(live("stack/web", {"branch": "b"})))
        assert [each.why for each in verdict(done, then, later).moved] == ["its manifest declares something else now"]


@pytest.mark.parametrize(
    ("action", "beside", "moves"),
    [
        (Action.DEPLOY, {"deploy": True}, False),
        (Action.DEPLOY, {"state": "running"}, False),
        (Action.RUN, {"run_on_change": True}, False),
        (Action.DEPLOY, {}, True),
        (Action.STOP, {}, True),
        (Action.DESTROY, {}, True),
    ],
)
def test_an_approved_execution_that_nobody_asks_for_any_more_moved(
    action: Action, beside: dict[str, Any], moves: bool
) -> None:
    wanted = desired(declared("stack/web", **beside))
    made = planned(wanted, observed(live("stack/web")))
    [item] = made.plan.resources
    approved = replace(item, changes=(Change(action, "why", approval=Approval("", "")),))
    plan = replace(made.plan, resources=(approved,))
    assert [each.why for each in judge(made, plan, wanted).moved] == (
        ["its manifest does not ask for it any more"] if moves else []
    )
    empty = desired()
    gone = judge(planned(empty, observed(live("stack/web"))), plan, empty)
    assert [each.why for each in gone.moved] == ["no manifest declares it any more"]


def test_an_execution_that_was_not_approved_is_left_out_but_not_before_an_approved_change() -> None:
    def plan(*actions: Action) -> Planned:
        made = planned(desired(declared("stack/web", {"branch": "x"})), observed(live("stack/web")))
        [item] = [each for each in made.plan.resources if each.changes]
        run = Execution("DeployStack", "stack")
        steps = {
            action: Change(action, "why", approval=Approval("", action))
            for action in actions
            if action is not Action.UPDATE
        }
        steps[Action.UPDATE] = item.changes[0]
        item = replace(item, changes=tuple(steps[action] for action in actions))
        payloads = {
            Step(item.address, action): Payload(item.address, action, execution=run) for action in actions
        } | dict(made.payloads)
        waves = tuple((Step(item.address, action),) for action in actions)
        return replace(made, plan=replace(made.plan, resources=(item,), waves=waves), payloads=payloads)

    update, deploy, destroy = Action.UPDATE, Action.DEPLOY, Action.DESTROY
    approved = plan(update)
    later = judge(plan(update, deploy), approved.plan, desired(declared("stack/web", {"branch": "x"})))
    assert later.moved == ()
    assert [each.step.action for each in later.skipped] == [deploy]
    assert [step.action for wave in later.planned.plan.waves for step in wave] == [update]
    assert set(later.planned.payloads) == {Step(at("stack/web"), update)}
    [told] = [item for item in later.planned.plan.findings if item.code == "not-approved"]
    assert "stack/web: deploy is skipped" in told.message
    first = judge(plan(destroy, update), approved.plan, desired(declared("stack/web", {"branch": "x"})))
    [moved] = first.moved
    assert moved.now is not None
    assert moved.now.action is destroy


def test_every_change_that_moved_is_told_by_its_resource() -> None:
    names = [f"stack/s{number}" for number in range(5)]
    then = planned(desired(*(declared(name, {"branch": "a"}) for name in names)), observed())
    later = desired(*(declared(name, {"branch": "b" if name != names[2] else "a"}) for name in names))
    found = verdict(planned(later, observed()), then, later)
    assert [each.address for each in found.moved] == [at(name) for name in names if name != names[2]]
