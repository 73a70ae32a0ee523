"""What moves to another server is one unit: in one wave, after all that it needs, and before what it makes room for."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import OURS, alive, change, changes, declared, desired, live, observed, planned, waves

from komodo_sync.model.data import replace
from komodo_sync.model.running import Event, History, Running

TEXT = "services:\n  web:\n    image: nginx\n"
RUNNING = Running(deployed={"compose.yaml": TEXT}, history=History(good=Event("DeployStack", 1)))
MOVE = ["destroy", "update", "deploy"]


def on(server: str, **more: Any) -> dict[str, Any]:
    return {"server_id": server, "file_contents": TEXT, **more}


def moved(wanted: Any, *held: Any, **options: Any) -> Any:
    servers = [live(f"server/{name}", {"enabled": True}) for name in ("one", "two", "three")]
    facts = {str(each.address): RUNNING for each in held if each.address.kind == "stack"}
    return planned(wanted, alive(observed(*servers, *held), facts), **options)


def runs(name: str, server: str, *tags: str) -> Any:
    return live(f"stack/{name}", on(server), *tags, state="running", project=name)


def unit(name: str) -> list[str]:
    return [f"stack/{name} {action}" for action in MOVE]


def needs(made: Any, text: str, action: str) -> list[str]:
    return [str(need) for need in change(made, text, action).needs]


def test_moves_are_side_by_side_and_each_is_one_unit() -> None:
    wanted = desired(*(declared(f"stack/{name}", on("two"), deploy=True) for name in "ab"))
    made = moved(wanted, runs("a", "one"), runs("b", "one"))
    assert waves(made) == [[*unit("a"), *unit("b")]]
    assert needs(made, "stack/a", "update") == ["stack/a destroy"]
    assert needs(made, "stack/a", "deploy") == ["stack/a destroy", "stack/a update"]


def test_what_moves_without_a_deploy_is_one_unit_too() -> None:
    made = moved(desired(declared("stack/a", on("two"))), runs("a", "one"))
    assert waves(made) == [unit("a")[:2]]


def test_what_comes_after_another_is_taken_down_only_then() -> None:
    wanted = desired(
        declared("stack/a", on("two"), deploy=True, after=["stack/b"]), declared("stack/b", on("two"), deploy=True)
    )
    made = moved(wanted, runs("a", "one"), runs("b", "one"))
    assert waves(made) == [unit("b"), unit("a")]
    assert needs(made, "stack/a", "destroy") == sorted(unit("b"))


def test_nothing_is_taken_down_before_all_is_there_that_the_rest_needs() -> None:
    wanted = desired(
        declared("server/new", {"enabled": True}),
        declared("stack/a", on("new", environment="A=[[V]]\n"), deploy=True, tags=("t",)),
        declared("variable/V", {"value": "2"}),
    )
    made = moved(wanted, runs("a", "one"), owner="us", adopt_changes=True)
    assert set(needs(made, "stack/a", "destroy")) >= {"server/new create", "variable/V create", "tag/t create"}
    order = [step for wave in waves(made) for step in wave]
    assert order[-3:] == unit("a")


def test_a_server_that_is_left_is_changed_after_that_and_before_what_is_deployed_there() -> None:
    wanted = desired(
        declared("server/one", {"enabled": True, "region": "eu"}),
        declared("builder/b", {"type": "Server", "params": {"server_ids": ["one"]}}),
        declared("build/x", {"builder_id": "b", "repo": "a/b"}, deploy=True),
        declared("stack/a", on("two"), deploy=True),
        declared("stack/new", on("one"), deploy=True),
    )
    made = moved(wanted, runs("a", "one"))
    order = [step for wave in waves(made) for step in wave]
    assert order[-6:] == [*unit("a"), "server/one update", "build/x deploy", "stack/new deploy"]
    assert "stack/a destroy" in needs(made, "server/one", "update")
    assert "server/one update" in needs(made, "build/x", "deploy")
    assert "stack/a destroy" not in needs(made, "stack/new", "deploy")


def test_what_leaves_makes_room_first_for_what_comes() -> None:
    """It may hold the port that the other one wants."""
    wanted = desired(
        declared("stack/z", on("three"), deploy=True),
        declared("stack/b", on("two"), deploy=True),
        declared("stack/a", on("one"), deploy=True),
    )
    made = moved(wanted, runs("z", "two"), runs("b", "one"))
    assert waves(made) == [["stack/a create"], unit("z"), unit("b"), ["stack/a deploy"]]
    # it is deployed also where what makes room for it fails
    assert needs(made, "stack/a", "deploy") == ["stack/a create"]


@pytest.mark.parametrize("after", [[], ["stack/b"]])
def test_what_changes_places_has_no_such_order(after: list[str]) -> None:
    wanted = desired(
        declared("stack/a", on("two"), deploy=True, after=after), declared("stack/b", on("one"), deploy=True)
    )
    made = moved(wanted, runs("a", "one"), runs("b", "two"))
    assert waves(made) == ([unit("b"), unit("a")] if after else [[*unit("a"), *unit("b")]])


def test_what_comes_after_what_takes_its_place_waits_for_it() -> None:
    wanted = desired(
        declared("stack/a", on("two"), deploy=True, after=["stack/b"]), declared("stack/b", on("one"), deploy=True)
    )
    made = moved(wanted, runs("a", "one"))
    assert waves(made) == [["stack/b create"], ["stack/b deploy"], unit("a")]


def test_what_is_deployed_on_a_server_that_is_left_and_changed_comes_before_what_comes_after_it() -> None:
    """A ring: the server waits for what leaves it, that for what is deployed there, and that for the server."""
    wanted = desired(
        declared("server/one", {"enabled": True, "region": "eu"}),
        declared("stack/a", on("two"), deploy=True, after=["stack/b"]),
        declared("stack/b", on("one"), deploy=True),
    )
    made = moved(wanted, runs("a", "one"))
    assert waves(made)[1:] == [["server/one update"], ["stack/b deploy"], unit("a")]


def test_a_server_that_nothing_is_left_on_goes_last() -> None:
    made = moved(
        desired(declared("stack/a", on("two"), deploy=True)),
        live("server/old", {"enabled": True}, OURS),
        runs("a", "old"),
        owner="us",
        prune=True,
        adopt_changes=True,
    )
    assert changes(made)["server/old"] == ["delete"]
    assert waves(made)[-2:] == [unit("a"), ["server/old delete"]]


PORT = f"{TEXT}    ports: ['8080:80']\n"
CALLED = f"{TEXT}    container_name: web\n"


def stuck(coming: str, there: str, **beside: Any) -> list[Any]:
    """What is refused where `a` comes to server two and `b` leaves it, after `a` unless told otherwise."""
    given = {"after": ["stack/a"], "state": "running", "a_on": "two", "b_to": "three", **beside}
    held = replace(runs("b", "two"), config=on("two", file_contents=there), state=given["state"])
    wanted = desired(
        declared("stack/a", on(given["a_on"], file_contents=coming), deploy=True),
        declared("stack/b", on(given["b_to"], file_contents=there), deploy=True, after=given["after"]),
        declared("stack/c", on("three"), deploy=True, after=["stack/a"]),
    )
    made = moved(wanted, runs("a", "one"), held)
    return [item for item in made.plan.findings if item.severity == "refusal"]


def test_what_needs_a_port_that_is_given_up_only_after_it_is_refused() -> None:
    [found] = stuck(PORT, PORT)
    assert (found.code, [str(each) for each in found.addresses]) == ("no-room", ["stack/a", "stack/b"])
    assert found.message == (
        "stack/a would be deployed on server/two while stack/b still has the port 8080 there, and stack/b moves away "
        "only after it: the deploy would fail, and so would every later one"
    )
    assert found.hint.startswith("take stack/a out of what stack/b comes `after`, so that stack/b goes first; or move")


@pytest.mark.parametrize(
    ("coming", "there", "beside", "refused"),
    [
        (PORT, PORT, {"after": ["stack/c"]}, True),  # over another one
        (PORT, PORT, {"b_to": "one"}, True),  # they change places
        (CALLED, CALLED, {}, True),
        (CALLED, CALLED, {"state": "stopped"}, True),
        (PORT, PORT, {"after": []}, False),  # what leaves goes first
        (PORT, PORT, {"a_on": "one"}, False),
        (PORT, PORT, {"a_on": "three"}, True),  # where both go
        (PORT, PORT, {"state": "stopped"}, False),
        (PORT, PORT.replace("8080", "8081"), {}, False),
        (PORT, PORT.replace("8080:80", "10.0.0.1:8080:80"), {}, True),
        (PORT.replace("8080:80", "10.0.0.2:8080:80"), PORT.replace("8080:80", "10.0.0.1:8080:80"), {}, False),
        (PORT, TEXT, {}, False),
    ],
)
def test_it_is_refused_only_where_it_is_sure_to_fail(
    coming: str, there: str, beside: dict[str, Any], refused: bool
) -> None:
    assert [item.code for item in stuck(coming, there, **beside)] == (["no-room"] if refused else [])
