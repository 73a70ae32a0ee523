"""A prune of the server that something leaves takes the volumes that stay there: that is told; it comes first if it
can."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import OURS, alive, change, declared, desired, live, observed, planned, waves
from test_volumes import DATA, HOSTS, stack, ui

from komodo_sync.model.running import Event, History, Running

FACTS = {"stack/x": Running(deployed={"compose.yaml": DATA}, history=History(good=Event("DeployStack", 1)))}
PROCEDURE = "procedure/clean"
STAY = "the old ones stay behind on server/one, to be brought over by hand"


def stages(operation: str = "PruneVolumes", **params: str) -> list[dict[str, Any]]:
    found = {"execution": {"type": operation, "params": params or {"server": "one"}}, "enabled": True}
    return [{"name": "s", "enabled": True, "executions": [found]}]


def cleans(operation: str = "PruneVolumes", after: tuple[str, ...] = (), **params: str) -> Any:
    config = {"stages": stages(operation, **params)}
    return declared(PROCEDURE, config, run_on_change=True, after=list(after))


def moving(*beside: Any, text: str = DATA, held: tuple[Any, ...] = ()) -> Any:
    wanted = desired(declared("stack/x", {**ui(text), "server_id": "two"}, deploy=True), *beside)
    return planned(wanted, alive(observed(stack(ui(text)), *HOSTS, *held), FACTS))


def effects(made: Any, text: str, action: str) -> list[tuple[str, str, str]]:
    return [(each.kind, each.subject, each.detail) for each in change(made, text, action).effects]


def test_a_prune_comes_before_what_would_lose_by_it() -> None:
    made = moving(cleans())
    order = [step for wave in waves(made) for step in wave]
    assert order.index(f"{PROCEDURE} run") < order.index("stack/x destroy")
    assert effects(made, PROCEDURE, "run") == [("loses", "", "PruneVolumes one")]
    assert effects(made, "stack/x", "destroy")[0][2] == "compose down; its volumes stay behind on server/one"
    assert effects(made, "stack/x", "deploy")[0][2].endswith(STAY)
    # and not because it needs it
    assert not [need for need in change(made, "stack/x", "destroy").needs if str(need).startswith("procedure")]


@pytest.mark.parametrize(
    ("text", "volumes"),
    [(DATA, "the volumes data"), ("services: {db: {image: x, extends: {file: o.yaml, service: a}}}\n", "any volumes")],
)
def test_a_prune_that_has_to_come_afterwards_says_what_it_takes(text: str, volumes: str) -> None:
    made = moving(cleans(after=("stack/x",)), text=text)
    until = f", until PruneVolumes of {PROCEDURE} (which this plan runs after that) takes what nothing uses there"
    gone = "PruneVolumes one: nothing uses them once this plan has taken it down"
    assert effects(made, PROCEDURE, "run") == [
        ("loses", f"{volumes} of stack/x", gone),
        ("loses", "", "PruneVolumes one"),
    ]
    for action in ("destroy", "deploy"):
        assert effects(made, "stack/x", action)[0][2].endswith(until)


def test_what_a_procedure_runs_in_its_turn_counts_too() -> None:
    inner = live("procedure/inner", {"stages": stages()})
    made = moving(cleans("RunProcedure", ("stack/x",), procedure="inner"), held=(inner,))
    assert effects(made, PROCEDURE, "run")[0][1] == "the volumes data of stack/x"


def test_another_server_is_no_matter() -> None:
    made = moving(cleans(after=("stack/x",), server="two"))
    assert len(effects(made, PROCEDURE, "run")) == 1
    assert effects(made, "stack/x", "deploy")[0][2].endswith(STAY)


@pytest.mark.parametrize(("text", "told"), [(DATA, 1), (DATA.replace("data:/var/lib", "/var/lib"), 2)])
def test_a_prune_of_the_system_takes_volumes_without_a_name_alone(text: str, told: int) -> None:
    made = moving(cleans("PruneSystem", ("stack/x",)), text=text)
    assert len(effects(made, PROCEDURE, "run")) == told


def test_what_keeps_nothing_there_loses_nothing() -> None:
    made = moving(cleans(after=("stack/x",)), text="services: {db: {image: x}}\n")
    assert len(effects(made, PROCEDURE, "run")) == 1


@pytest.mark.parametrize("held", [True, False])
def test_a_schedule_that_prunes_is_told_of_what_it_takes(held: bool) -> None:
    config = {"stages": stages(), "schedule": "every day at 3", "schedule_enabled": True}
    there = (live(PROCEDURE, config),) if held else ()
    made = moving(*([] if held else [declared(PROCEDURE, config)]), held=there)
    until = f", until PruneVolumes of {PROCEDURE} (by its schedule: every day at 3) takes what nothing uses there"
    assert effects(made, "stack/x", "destroy")[0][2].endswith(until)
    assert effects(made, "stack/x", "deploy")[0][2].endswith(f"{STAY}{until}")


def test_a_schedule_that_is_deleted_takes_nothing() -> None:
    config = {"stages": stages(), "schedule": "every day at 3", "schedule_enabled": True}
    wanted = desired(declared("stack/x", {**ui(DATA), "server_id": "two"}, deploy=True))
    held = observed(stack(ui(DATA)), *HOSTS, live(PROCEDURE, config, OURS))
    made = planned(wanted, alive(held, FACTS), owner="us", prune=True, adopt_changes=True)
    assert effects(made, "stack/x", "deploy")[0][2].endswith(STAY)


def test_what_is_deleted_is_still_used_when_the_prune_runs() -> None:
    """Deletes come last."""
    gone = live("stack/x", ui(DATA), OURS, state="running", project="x", services=("db",))
    made = planned(desired(cleans()), alive(observed(gone, *HOSTS)), owner="us", prune=True)
    assert effects(made, PROCEDURE, "run") == [("loses", "", "PruneVolumes one")]
    assert effects(made, "stack/x", "delete")[0] == (
        "stops",
        "1 service (db)",
        "it is running; compose down; volumes stay",
    )


def test_files_that_were_mounted_are_not_pruned() -> None:
    made = moving(cleans(after=("stack/x",)), text=DATA.replace("[data:/var/lib]", "[data:/var/lib, './up:/up']"))
    [files] = [detail for _, subject, detail in effects(made, "stack/x", "deploy") if "files" in subject]
    assert files.endswith("what only server/one has stays behind, to be brought over by hand")


def test_what_is_to_be_down_is_taken_down_after_the_prune() -> None:
    wanted = desired(declared("stack/x", ui(DATA), state="down"), cleans())
    made = planned(wanted, alive(observed(stack(ui(DATA)), *HOSTS), FACTS))
    assert waves(made)[-2:] == [[f"{PROCEDURE} run"], ["stack/x destroy"]]


def half_moved(*beside: Any, written: bool, held: tuple[Any, ...] = ()) -> Any:
    """It was taken down on one to be deployed on two, and that failed: `written`: after its config was."""
    there = stack({**ui(DATA), "server_id": "two" if written else "one"}, state="down", services=())
    failed = Event("DeployStack", 3, by="me", stage="Compose Up") if written else None
    history = History(
        Event("DeployStack", 1),
        failed,
        None if written else Event("DestroyStack", 2, by="me"),
        gone=True,
        changed={"server_id": ("one", "two")} if written else {},
    )
    facts = {"stack/x": Running(deployed={"compose.yaml": DATA}, history=history)}
    wanted = desired(declared("stack/x", {**ui(DATA), "server_id": "two"}, deploy=True), *beside)
    return planned(wanted, alive(observed(there, *HOSTS, *held), facts))


@pytest.mark.parametrize("written", [True, False])
@pytest.mark.parametrize("after", [(), ("stack/x",)])
def test_what_a_half_done_move_has_left_is_taken_by_a_prune_in_any_order(written: bool, after: tuple[str, ...]) -> None:
    made = half_moved(cleans(after=after), written=written)
    assert not [step for wave in waves(made) for step in wave if step.endswith("destroy")]
    free = "PruneVolumes one: nothing uses them any more, unless it still runs there"
    assert effects(made, PROCEDURE, "run")[0] == ("loses", "the volumes data of stack/x", free)
    until = f"{STAY}, until PruneVolumes of {PROCEDURE} (which this plan runs) takes what nothing uses there"
    assert effects(made, "stack/x", "deploy")[0][2].endswith(until)


@pytest.mark.parametrize("written", [True, False])
def test_a_schedule_takes_what_a_half_done_move_has_left(written: bool) -> None:
    config = {"stages": stages(), "schedule": "every day at 3", "schedule_enabled": True}
    made = half_moved(written=written, held=(live(PROCEDURE, config),))
    until = f", until PruneVolumes of {PROCEDURE} (by its schedule: every day at 3) takes what nothing uses there"
    assert effects(made, "stack/x", "deploy")[0][2].endswith(f"{STAY}{until}")


@pytest.mark.parametrize("written", [True, False])
def test_a_prune_of_where_a_half_done_move_goes_takes_nothing(written: bool) -> None:
    made = half_moved(cleans(server="two"), written=written)
    assert len(effects(made, PROCEDURE, "run")) == 1
    assert effects(made, "stack/x", "deploy")[0][2].endswith(STAY)


STOPPED = "its containers stay, and can be started again"


def stopping(*beside: Any, held: tuple[Any, ...] = (), text: str = "services: {db: {image: x}}\n") -> Any:
    wanted = desired(declared("stack/x", ui(text), state="stopped"), *beside)
    return planned(wanted, alive(observed(stack(ui(text)), *HOSTS, *held), FACTS))


@pytest.mark.parametrize("operation", ["PruneContainers", "PruneSystem"])
def test_containers_are_pruned_before_others_are_stopped(operation: str) -> None:
    made = stopping(cleans(operation))
    order = [step for wave in waves(made) for step in wave]
    assert order.index(f"{PROCEDURE} run") < order.index("stack/x stop")
    assert effects(made, "stack/x", "stop") == [("stops", "1 service (db)", STOPPED)]
    assert effects(made, PROCEDURE, "run") == [("loses", "", f"{operation} one")]


@pytest.mark.parametrize(
    ("text", "operation", "kind", "told"),
    [
        ("services: {db: {image: x}}\n", "PruneContainers", "removes", "the containers"),
        ("services: {db: {image: x, volumes: [/d]}}\n", "PruneContainers", "removes", "the containers"),
        (
            "services: {db: {image: x, volumes: [/d]}}\n",
            "PruneSystem",
            "loses",
            "the containers and the anonymous volumes",
        ),
    ],
)
def test_a_prune_after_a_stop_says_whose_containers_it_takes(text: str, operation: str, kind: str, told: str) -> None:
    made = stopping(cleans(operation, ("stack/x",)), text=text)
    gone = f"{operation} one: they do not run once this plan has stopped them"
    assert effects(made, PROCEDURE, "run") == [(kind, f"{told} of stack/x", gone), ("loses", "", f"{operation} one")]
    until = f", until {operation} of {PROCEDURE} (which this plan runs after that) takes what does not run there"
    assert effects(made, "stack/x", "stop") == [("stops", "1 service (db)", STOPPED + until)]


def test_a_schedule_that_prunes_containers_is_told_where_they_are_stopped() -> None:
    config = {"stages": stages("PruneContainers"), "schedule": "every day at 3", "schedule_enabled": True}
    made = stopping(held=(live(PROCEDURE, config),))
    until = f", until PruneContainers of {PROCEDURE} (by its schedule: every day at 3) takes what does not run there"
    assert effects(made, "stack/x", "stop")[0][2] == STOPPED + until
    assert effects(stopping(cleans("PruneVolumes", ("stack/x",))), "stack/x", "stop")[0][2] == STOPPED
    assert effects(stopping(cleans("PruneContainers", ("stack/x",), server="two")), "stack/x", "stop")[0][2] == STOPPED


TWO = "services:\n  db: {image: x, volumes: ['data:/d', 'conf:/c']}\nvolumes: {data: {}, conf: {}}\n"
ONE = TWO.replace("'data:/d', ", "")
ONCE = {"execution": {"type": "RestartStack", "params": {"stack": "x"}}, "enabled": True}
WEEKLY = {"stages": stages(), "schedule": "every day at 3", "schedule_enabled": True}
BY_SCHEDULE = f"PruneVolumes of {PROCEDURE} (by its schedule: every day at 3) takes what nothing uses there"
BY_RUN = f"PruneVolumes of {PROCEDURE} (which this plan runs after that) takes what nothing uses there"
NO_MORE = "nothing uses them once this plan has deployed it"
SWEEP = {"extra_args": ["--remove-orphans"]}


def deploying(
    *beside: Any, before: Any, after: Any, held: tuple[Any, ...] = (), deploy: bool = True, **is_: Any
) -> Any:
    wanted = desired(declared("stack/x", after, deploy=deploy), *beside)
    return planned(wanted, alive(observed(stack(before, **is_), *HOSTS, *held), FACTS))


def run_losses(made: Any) -> list[tuple[str, str]]:
    """What the run is said to lose, but for the prune itself."""
    return [(what, detail) for kind, what, detail in effects(made, PROCEDURE, "run") if kind == "loses" and what]


def losses(made: Any, action: str = "deploy") -> dict[str, str]:
    return {what: detail for kind, what, detail in effects(made, "stack/x", action) if kind == "loses"}


def test_a_prune_comes_before_a_deploy_that_leaves_a_volume() -> None:
    made = deploying(cleans(), before=ui(TWO), after=ui(ONE))
    order = [step for wave in waves(made) for step in wave]
    assert order.index(f"{PROCEDURE} run") < order.index("stack/x deploy")
    assert run_losses(made) == []
    assert losses(made)["data"].endswith("; data stays behind unused")


@pytest.mark.parametrize(
    ("before", "after", "taken", "why"),
    [
        (ui(TWO), ui(ONE), "the volumes data", f"{NO_MORE}, unless compose hands them on"),
        (ui(TWO), ui(ONE, destroy_before_deploy=True), "the volumes data", NO_MORE),
        (ui(TWO), ui(TWO.replace("data", "new")), "the volumes data", NO_MORE),
        (ui(TWO), ui(TWO, project_name="y"), "the volumes conf, data", NO_MORE),
        (ui(TWO), ui(TWO.replace("db: {", "db: {scale: 0, ")), "the volumes conf, data", NO_MORE),
        (ui(TWO), ui("services: {a: {image: x}}\n", **SWEEP), "the volumes conf, data", NO_MORE),
        (
            ui(TWO.replace("data: {}", "data: {external: true}")),
            ui(ONE),
            "the volumes data (unless others use it)",
            f"{NO_MORE}, unless compose hands them on",
        ),
        (
            ui("services: {db: {image: x, volumes: [/d, /e]}}\n"),
            ui("services: {db: {image: x, volumes: ['./d:/d', /e]}}\n"),
            "the anonymous volumes (/d)",
            NO_MORE,
        ),
        (
            ui("services: {db: {image: x, volumes: [/d]}}\n"),
            ui("services: {db: {image: y, volumes: [/d]}}\n", destroy_before_deploy=True),
            "the anonymous volumes (/d)",
            NO_MORE,
        ),
    ],
)
def test_a_run_after_a_deploy_says_which_volumes_of_it_it_takes(before: Any, after: Any, taken: str, why: str) -> None:
    made = deploying(cleans(after=("stack/x",)), before=before, after=after)
    assert run_losses(made) == [(f"{taken} of stack/x", f"PruneVolumes one: {why}")]
    told = [detail for detail in losses(made).values() if " behind" in detail]
    assert all(detail.endswith(f", until {BY_RUN}") for detail in told)
    # the run says it, and it is not told twice
    assert "the volumes" not in " ".join(losses(made))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TWO, TWO.replace("image: x", "image: y")),
        (TWO, TWO.replace("image: x", "image: y").replace("data:/d", "data:/other")),
        # another service has it still, or what the text no longer has runs on
        (TWO, ONE.replace("volumes: {data", "  b: {image: x, volumes: ['data:/d']}\nvolumes: {data")),
        (TWO, "services: {a: {image: x}}\n"),
        (TWO, TWO.replace("db: {", "db: {profiles: [p], ")),
        # no prune takes what has options, or another driver
        (TWO.replace("data: {}", "data: {driver: rexray}"), ONE),
        (TWO.replace("data: {}", "data: {driver_opts: {o: size=1g}}"), ONE),
        (TWO.replace("data: {}", "data: {driver_opts: {type: none, o: bind, device: /srv}}"), ONE),
        # compose hands it on
        (
            "services: {db: {image: x, volumes: [/d]}}\n",
            "services: {db: {image: y, volumes: [/d]}}\n",
        ),
        # what is not known may be the same
        (TWO, TWO.replace("data:/d", "${DATA}:/d")),
        (TWO, "services: {db: {image: x, extends: {file: o.yaml, service: a}}}\n"),
    ],
)
def test_a_run_after_a_deploy_takes_nothing_that_is_used_still(before: str, after: str) -> None:
    assert run_losses(deploying(cleans(after=("stack/x",)), before=ui(before), after=ui(after))) == []


def test_a_prune_of_the_system_after_a_deploy_takes_no_volume_with_a_name() -> None:
    made = deploying(cleans("PruneSystem", ("stack/x",)), before=ui(TWO), after=ui(ONE))
    assert run_losses(made) == []
    assert losses(made)["data"].endswith("; data stays behind unused")
    text = "services: {db: {image: x, volumes: [/d, 'data:/e']}}\nvolumes: {data: {}}\n"
    made = deploying(
        cleans("PruneSystem", ("stack/x",)), before=ui(text), after=ui("services: {a: {image: x}}", **SWEEP)
    )
    assert [what for what, _ in run_losses(made)] == ["the anonymous volumes (/d) of stack/x"]


def test_what_another_on_the_host_uses_is_not_taken() -> None:
    other = "services: {b: {image: x, volumes: ['v:/v']}}\nvolumes: {v: {external: true, name: x_data}}\n"
    user = stack(ui(other), "stack/other", services=("b",))
    run = cleans(after=("stack/x",))
    assert run_losses(deploying(run, before=ui(TWO), after=ui(ONE), held=(user,))) == []
    elsewhere = stack({**ui(other), "server_id": "two"}, "stack/other", services=("b",))
    assert run_losses(deploying(run, before=ui(TWO), after=ui(ONE), held=(elsewhere,)))
    container = live("deployment/d", {"server_id": "one", "volumes": "x_data: /v\n"}, state="running")
    assert run_losses(deploying(run, before=ui(TWO), after=ui(ONE), held=(container,))) == []


def test_a_container_loses_its_volume_to_a_prune_too() -> None:
    image = {"type": "Image", "params": {"image": "nginx"}}
    config = {"server_id": "one", "image": image}
    held = live("deployment/x", {**config, "volumes": "data: /data\n"}, state="running")
    wanted = desired(declared("deployment/x", {**config, "volumes": ""}, deploy=True), cleans(after=("deployment/x",)))
    made = planned(wanted, alive(observed(held, *HOSTS)))
    assert run_losses(made) == [("the volumes data of deployment/x", f"PruneVolumes one: {NO_MORE}")]
    [(_, _, detail)] = [each for each in effects(made, "deployment/x", "deploy") if each[0] == "loses"]
    assert detail == f"it starts without it; data stays behind unused, until {BY_RUN}"


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (ui(ONE), {"data": "data stays behind unused, until "}),
        (ui(TWO, project_name="y"), {"its named volumes": "the old ones stay behind unused, until "}),
        (ui("services: {a: {image: x}}\n", **SWEEP), {"the volumes conf, data": f"{NO_MORE}, and "}),
    ],
)
def test_a_schedule_takes_what_a_deploy_leaves(after: Any, told: dict[str, str]) -> None:
    made = deploying(before=ui(TWO), after=after, held=(live(PROCEDURE, WEEKLY),))
    found = losses(made)
    assert len(found) == len(told)
    for (what, detail), (subject, words) in zip(found.items(), told.items(), strict=True):
        assert what.startswith(subject)
        assert detail.endswith(f"{words}{BY_SCHEDULE}")


@pytest.mark.parametrize("changed", [{"schedule_enabled": False}, {"schedule": ""}, {"stages": stages(server="two")}])
def test_a_schedule_that_takes_nothing_there_is_not_told(changed: Any) -> None:
    made = deploying(before=ui(TWO), after=ui(ONE), held=(live(PROCEDURE, {**WEEKLY, **changed}),))
    assert losses(made)["data"].endswith("; data stays behind unused")


def test_what_is_switched_off_in_a_procedure_takes_nothing() -> None:
    [stage] = stages()
    off = [{**stage, "executions": [{**stage["executions"][0], "enabled": False}]}]
    for each in (off, [{**stage, "enabled": False}]):
        made = deploying(before=ui(TWO), after=ui(ONE), held=(live(PROCEDURE, {**WEEKLY, "stages": each}),))
        assert losses(made)["data"].endswith("; data stays behind unused")


def test_a_later_deploy_leaves_to_a_schedule_and_not_to_a_run_of_this_plan() -> None:
    made = deploying(before=ui(TWO), after=ui(ONE), held=(live(PROCEDURE, WEEKLY),), deploy=False)
    assert losses(made, "update")["data"].endswith(f"data stays behind unused, until {BY_SCHEDULE}")
    made = deploying(cleans(), before=ui(TWO), after=ui(ONE), deploy=False)
    assert losses(made, "update")["data"].endswith("; data stays behind unused")
    assert run_losses(made) == []
    made = deploying(before=ui(TWO), after=ui(TWO, project_name="y"), held=(live(PROCEDURE, WEEKLY),), deploy=False)
    [detail] = losses(made, "update").values()
    assert detail.endswith(f"the old ones stay behind unused, until {BY_SCHEDULE}")


def test_a_schedule_takes_the_volumes_of_what_is_taken_down() -> None:
    weekly = live(PROCEDURE, WEEKLY)
    gone = live("stack/x", ui(DATA), OURS, state="running", project="x", services=("db",))
    taken_down = f"nothing uses them once this plan has taken it down, and {BY_SCHEDULE}"
    made = planned(desired(absent=["stack/x"]), alive(observed(gone, *HOSTS, weekly), FACTS), owner="us")
    assert losses(made, "delete") == {"the volumes data": taken_down}
    wanted = desired(declared("stack/x", ui(DATA), state="down"))
    made = planned(wanted, alive(observed(stack(ui(DATA)), *HOSTS, weekly), FACTS))
    assert losses(made, "destroy") == {"the volumes data": taken_down}
    # a move says it with the deploy
    made = moving(held=(weekly,))
    assert losses(made, "destroy") == {}


def test_a_prune_does_not_go_between_what_is_taken_down_and_started_again() -> None:
    down = {"destroy_before_deploy": True}
    made = deploying(cleans(), before=ui(TWO, **down), after=ui(TWO.replace("image: x", "image: y"), **down))
    order = [step for wave in waves(made) for step in wave]
    assert order.index(f"{PROCEDURE} run") < order.index("stack/x deploy")


@pytest.mark.parametrize("held", [True, False])
def test_a_prune_comes_after_what_begins_to_use_what_nothing_uses_yet(held: bool) -> None:
    there = (stack(ui(TWO), state="down", services=()),) if held else ()
    wanted = desired(declared("stack/x", ui(TWO), deploy=True, state="running"), cleans())
    made = planned(wanted, alive(observed(*there, *HOSTS)))
    assert waves(made)[-2:] == [["stack/x deploy"], [f"{PROCEDURE} run"]]
    assert run_losses(made) == []


def test_a_prune_that_has_to_come_before_a_deploy_takes_what_nothing_uses_yet() -> None:
    there = stack(ui(TWO), state="down", services=())
    wanted = desired(declared("stack/x", ui(TWO), state="running", after=[PROCEDURE]), cleans())
    made = planned(wanted, alive(observed(there, *HOSTS), FACTS))
    assert waves(made)[-2:] == [[f"{PROCEDURE} run"], ["stack/x deploy"]]
    assert run_losses(made) == [
        (
            "the volumes conf, data of stack/x",
            "PruneVolumes one: nothing uses them until this plan deploys it after that",
        )
    ]


@pytest.mark.parametrize(
    ("operations", "named"),
    [(("PruneContainers", "PruneVolumes"), True), (("PruneSystem",), False), (("PruneVolumes",), False)],
)
@pytest.mark.parametrize("scheduled", [False, True])
def test_what_is_stopped_keeps_its_volumes_until_its_containers_are_pruned(
    operations: tuple[str, ...], *, named: bool, scheduled: bool
) -> None:
    config = {"stages": [stage for each in operations for stage in stages(each)]}
    if scheduled:
        made = stopping(text=DATA, held=(live(PROCEDURE, {**WEEKLY, **config}),))
        found = losses(made, "stop")
        why = f"nothing uses them once its stopped containers are pruned, too, and {BY_SCHEDULE}"
        assert found == ({"the volumes data": why} if named else {})
        return
    made = stopping(declared(PROCEDURE, config, run_on_change=True, after=["stack/x"]), text=DATA)
    why = "PruneVolumes one: nothing uses them once its stopped containers are pruned, too"
    assert run_losses(made) == ([("the volumes data of stack/x", why)] if named else [])


def test_a_volume_that_somebody_else_keeps_may_be_taken_where_a_move_leaves_it() -> None:
    text = DATA.replace("data:\n", "data: {external: true, name: shared}\n")
    made = moving(cleans(after=("stack/x",)), text=text)
    assert [what for what, _ in run_losses(made)] == ["the volumes shared (unless others use it) of stack/x"]
    [needs] = [detail for kind, _, detail in effects(made, "stack/x", "deploy") if kind == "needs"]
    assert needs.endswith(f", until {BY_RUN}")


def test_of_files_that_are_not_known_a_prune_may_take_any_volumes() -> None:
    config = {"server_id": "one", "repo": "a/b"}
    for operation, told in (("PruneVolumes", ["any volumes"]), ("PruneSystem", [])):
        weekly = live(PROCEDURE, {**WEEKLY, "stages": stages(operation)})
        made = planned(
            desired(declared("stack/x", config, state="down")), alive(observed(stack(config), *HOSTS, weekly))
        )
        assert list(losses(made, "destroy")) == told
        assert f"; any volumes stay, until {operation} of" in effects(made, "stack/x", "destroy")[0][2]


def test_several_prunes_take_it_together() -> None:
    other = live("procedure/other", WEEKLY)
    made = deploying(before=ui(TWO), after=ui(ONE), held=(live(PROCEDURE, WEEKLY), other))
    who = " and ".join(
        f"PruneVolumes of procedure/{name} (by its schedule: every day at 3)" for name in ("clean", "other")
    )
    assert losses(made)["data"].endswith(f"data stays behind unused, until {who} take what nothing uses there")


def test_another_project_of_files_that_are_not_known_leaves_any_volumes() -> None:
    before, after = ({"server_id": "one", "repo": "a/b", **more} for more in ({}, {"project_name": "y"}))
    made = deploying(cleans(after=("stack/x",)), before=before, after=after)
    assert run_losses(made) == [("any volumes of stack/x", f"PruneVolumes one: {NO_MORE}")]
    [told] = losses(made).values()
    assert told.endswith(f"the old ones stay behind unused, until {BY_RUN}")
    assert run_losses(deploying(cleans(after=("stack/x",)), before=before, after={**before, "branch": "b"})) == []


@pytest.mark.parametrize("declares", [{"deploy": True}, {"state": "running"}])
def test_stopped_containers_are_pruned_after_they_are_started_or_deployed_again(declares: Any) -> None:
    text = TWO if "state" in declares else TWO.replace("image: x", "image: y")
    wanted = desired(
        declared("stack/x", ui(text), **declares, **({"state": "running"} if "deploy" in declares else {}))
    )
    wanted = desired(*wanted.resources.values(), cleans("PruneContainers"))
    made = planned(wanted, alive(observed(stack(ui(TWO), state="stopped"), *HOSTS), FACTS))
    assert waves(made)[-1] == [f"{PROCEDURE} run"]


def test_volumes_that_a_variable_names_are_those_that_it_names() -> None:
    """Two variables of one value name one volume, which is used still."""
    one, two = (DATA.replace("  data:\n", f"  data: {{name: [[{name}]]}}\n") for name in ("A", "B"))
    variables = [live(f"variable/{name}", {"value": value}) for name, value in (("A", "one"), ("B", "one"))]
    other = stack(ui(two), "stack/y")
    for theirs, taken in (("one", []), ("two", [("the volumes one of stack/x")])):
        held = alive(
            observed(stack(ui(one)), other, *HOSTS, variables[0], live("variable/B", {"value": theirs})), FACTS
        )
        wanted = desired(declared("stack/x", {**ui(one), "server_id": "two"}, deploy=True), cleans(after=("stack/x",)))
        told = [subject for _, subject, _ in effects(planned(wanted, held), PROCEDURE, "run") if subject]
        assert told == taken
