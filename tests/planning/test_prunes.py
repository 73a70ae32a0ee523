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
