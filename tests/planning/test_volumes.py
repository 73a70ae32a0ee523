"""Named volumes that a deploy leaves for new and empty ones are told with what cannot be undone, and no others are."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import alive, change, changes, declared, desired, live, observed, planned
from test_attention import block

from komodo_sync.model.running import Event, History, Running
from komodo_sync.model.sealed import Sealed
from komodo_sync.planning.deploys.compose import Volume, compose_in

HOSTS = (live("server/one", {"enabled": True}), live("server/two", {"enabled": True}))
DB = "services:\n  db:\n    image: postgres\n    volumes: [data:/var/lib]\n"
DATA = DB + "volumes:\n  data:\n"
LOST = "it starts with new and empty volumes; the old ones stay behind unused"
BEHIND = "the old ones stay behind on server/one, to be brought over by hand"
AWAY = f"it starts with new and empty volumes on server/two; {BEHIND}"


def ui(text: str = DATA, **beside: Any) -> dict[str, Any]:
    return {"server_id": "one", "file_contents": text, **beside}


def core(*held: Any, changed: Any = None) -> Any:
    history = History(good=Event("DeployStack", 1), changed=changed or {})
    facts = {str(each.address): Running(deployed={"compose.yaml": DATA}, history=history) for each in held}
    return alive(observed(*held, *HOSTS), facts)


def stack(config: Any, text: str = "stack/x", **beside: Any) -> Any:
    project = text.partition("/")[2]
    return live(text, config, **{"state": "running", "services": ("db",), "project": project, **beside})


def lost(before: Any, after: Any, text: str = "stack/x", **beside: Any) -> list[tuple[str, str]]:
    """What the deploy loses; where there is one, no other step tells a loss."""
    held = stack(before, text) if text.startswith("stack") else live(text, before, state="running")
    made = planned(desired(declared(text, after, deploy=True)), core(held, **beside))
    told = {
        step: [(each.subject, each.detail) for each in change(made, text, step).effects if each.kind == "loses"]
        for step in changes(made)[text]
    }
    found = told.pop("deploy")
    assert not any(told.values())
    return found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (DATA, " data"),
        (DB + "volumes: {data: {}, cache: {driver: local}}\n", " cache, data"),
        (DB + "volumes: {data: {external: false}}\n", " data"),
        (DB + "volumes: {data: {name: '${COMPOSE_PROJECT_NAME}_d'}}\n", " data"),
        (DB + "volumes: {data: {external: true}, cache: {}}\n", " cache"),
        (DB + "volumes: {data-[[X]]: {}}\n", ""),
        (DB + "include: [other.yaml]\n", ""),
        (Sealed(DATA), ""),
    ],
)
def test_another_project_loses_the_volumes_that_its_text_calls_after_it(text: Any, names: str) -> None:
    [(subject, detail)] = lost(ui(text), ui(text, project_name="y"))
    assert (subject, detail) == (f"its named volumes{names} of project x, now y", LOST)


@pytest.mark.parametrize(
    "text",
    [
        "services: {db: {volumes: ['./data:/data']}}\n",
        DB + "volumes: {data: {external: true}}\n",
        DB + "volumes: {data: {external: {name: d}}}\n",
        DB + "volumes: {data: {name: d}}\n",
        DB + "x-v: &v {external: true}\nvolumes: {data: {<<: *v}}\n",
        DB + "volumes:\n",
    ],
)
def test_another_project_loses_no_volume_that_is_not_called_after_it(text: str) -> None:
    assert lost(ui(text), ui(text, project_name="y")) == []
    made = planned(desired(declared("stack/x", ui(text, project_name="y"))), core(stack(ui(text))))
    assert change(made, "stack/x").effects == ()
    by_hand = planned(
        desired(declared("stack/x", ui(text, project_name="y"))), core(stack(ui(text), project="", services=()))
    )
    [effect] = change(by_hand, "stack/x").effects
    assert effect.kind == "leaves"
    assert "volumes" not in effect.detail


def test_files_that_are_not_known_lose_what_they_may_have() -> None:
    git = {"server_id": "one", "repo": "a/b"}
    [(subject, _)] = lost(git, {**git, "project_name": "y"})
    assert subject == "its named volumes of project x, now y"
    none = "services: {db: {image: x}}\n"
    assert lost(ui(none), {**git, "project_name": "y"}) == []
    assert lost(git, ui(none, project_name="y")) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [(DATA, " data"), (DB + "volumes: {data: {name: d}}\n", " data"), (DB + "volumes: {data: {external: true}}\n", "")],
)
def test_a_stack_that_moves_starts_with_empty_volumes(text: str, names: str) -> None:
    moved = {**ui(text), "server_id": "two"}
    assert lost(ui(text), moved) == ([(f"its named volumes{names}", AWAY)] if names else [])


@pytest.mark.parametrize(
    ("volumes", "names"),
    [
        ("data: /data\n/srv: /srv\n./here: /here\n", ["its named volumes data"]),
        ("/srv: /srv\n", []),
        ("", []),
        ("[[DIR]]/x: /x\n", []),
    ],
)
def test_a_deployment_that_moves_starts_with_empty_volumes(volumes: str, names: list[str]) -> None:
    image = {"type": "Image", "params": {"image": "nginx"}}
    config = {"server_id": "one", "image": image, "volumes": volumes}
    found = lost(config, {**config, "server_id": "two"}, "deployment/x")
    assert found == [(name, AWAY) for name in names]


def test_what_moves_without_a_deploy_loses_them_by_the_next_one() -> None:
    wanted = desired(declared("stack/x", {**ui(), "server_id": "two"}))
    found = block(wanted, core(stack(ui())))
    assert found["Irreversible: 1 resource"] == [
        f"~ update stack/x: loses its named volumes data: the next deploy starts{AWAY.removeprefix('it starts')}"
    ]
    never = stack(ui(), state="down", project="", services=())
    assert "Irreversible: 1 resource" not in block(wanted, core(never))


def test_what_was_moved_and_not_deployed_since_tells_it_too() -> None:
    wanted = {**ui(), "server_id": "two"}
    assert lost(wanted, wanted, changed={"server_id": ("one", "two")}) == [("its named volumes data", AWAY)]


NEW = DATA.replace("data:/", "newdata:/").replace("  data:", "  newdata:")
LONG = "services:\n  db:\n    volumes: [{type: volume, source: %s, target: /var/lib}]\nvolumes: {%s: {}}\n"


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (DATA, NEW, ("data", "newdata")),
        (DATA, LONG % ("newdata", "newdata"), ("data", "newdata")),
        (LONG % ("data", "data"), DB.replace("data:/", "newdata:/") + "volumes: {newdata: }\n", ("data", "newdata")),
        (DATA, DB + "volumes: {data: {name: d2}}\n", ("data", "d2")),
        (DB + "volumes: {data: {name: d1}}\n", DB + "volumes: {data: {name: d2}}\n", ("d1", "d2")),
        (DB + "volumes: {data: {name: d1}}\n", NEW.replace("newdata:\n", "newdata: {name: d1}\n"), None),
        (DATA, NEW.replace("newdata:\n", "newdata: {external: true}\n"), None),
        (DATA, DATA.replace("/var/lib", "/data"), None),
        (DATA, DATA.replace("data:/", "./data:/"), None),
        (DATA + "  newdata:\n", NEW, ("data", "newdata")),
        (DATA.replace("  db:", "  b: {volumes: ['newdata:/x']}\n  db:") + "  newdata:\n", NEW, None),
        (DATA, Sealed(NEW), None),
    ],
)
def test_a_service_that_gets_another_volume_finds_it_empty(before: str, after: Any, told: Any) -> None:
    expected = []
    if told:
        left, empty = told
        detail = f"the service db gets the new and empty volume {empty}; {left} stays behind unused"
        expected = [(left, detail)]
    assert lost(ui(before), ui(after)) == expected


def test_another_volume_is_told_of_a_deployment_a_later_deploy_and_a_change_of_before() -> None:
    image = {"type": "Image", "params": {"image": "nginx"}}
    config = {"server_id": "one", "image": image, "volumes": "data: /data\n"}
    found = lost(config, {**config, "volumes": "newdata: /data\n"}, "deployment/x")
    assert found == [("data", "it gets the new and empty volume newdata; data stays behind unused")]
    [row] = block(desired(declared("stack/x", ui(NEW))), core(stack(ui())))["Irreversible: 1 resource"]
    assert row.endswith("db gets the new and empty volume newdata by the next deploy; data stays behind unused")
    [(subject, _)] = lost(ui(NEW), ui(NEW), changed={"file_contents": (DATA, NEW)})
    assert subject == "data"


@pytest.mark.parametrize("body", ["deploy: {replicas: 0}", "scale: 0", "<<: {scale: '0'}"])
def test_a_service_that_is_scaled_to_nothing_stops(body: str) -> None:
    before = "services:\n  a: {image: x}\n  b: {image: x}\n"
    after = before.replace("{image: x}", f"{{image: x, {body}}}", 1)
    held = stack(ui(before), services=("a", "b"))
    found = block(desired(declared("stack/x", ui(after), deploy=True)), core(held))
    assert "stops 1 service (a): scaled to 0 in file_contents" in found["Stops: 1 resource"][0]
    assert "restarts 1 service (b)" in found["Deployed, started or run: 1 resource"][0]
    back = block(desired(declared("stack/x", ui(before), deploy=True)), core(stack(ui(after), services=("a", "b"))))
    assert back["Stops: nothing"] == []
    assert "restarts 1 service (b): " in back["Deployed, started or run: 1 resource"][0]
    assert "starts 1 service (a)" in back["Deployed, started or run: 1 resource"][0]


@pytest.mark.parametrize("deploy", [True, False])
def test_projects_and_hosts_that_differ_in_name_alone_are_one_notice(deploy: bool) -> None:
    names = ["a", "b", "c"]
    held = [stack(ui(), f"stack/{name}") for name in names]
    wanted = [declared(f"stack/{name}", ui(project_name=f"{name}2"), deploy=deploy) for name in names]
    found = block(desired(*wanted), core(*held))
    listed = ", ".join(f"stack/{name} (its named volumes data of project {name}, now {name}2)" for name in names)
    assert found["Irreversible: 3 resources"][1:] == [listed]
    assert len(found.get("Stops: 3 resources", ["", ""])) == 2
    moved = [declared(f"stack/{name}", {**ui(), "server_id": "two"}, deploy=deploy) for name in names]
    assert len(block(desired(*moved), core(*held))["Irreversible: 3 resources"]) == 2


@pytest.mark.parametrize(
    ("volumes", "read"),
    [
        ("{a: , b: {external: yes}, c: {name: n}}", {"a": Volume(), "b": Volume("", True), "c": Volume("n")}),
        ("", {}),
        ("[a]", None),
        ("&v {<<: *v}", None),
    ],
)
def test_the_volumes_of_a_text(volumes: str, read: Any) -> None:
    found = compose_in(f"services: {{}}\nvolumes: {volumes}\n")
    assert (found.volumes if found else None) == read
