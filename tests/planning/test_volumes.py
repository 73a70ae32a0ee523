"""Named volumes that a deploy leaves for new and empty ones are told with what cannot be undone, and no others are."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import alive, change, changes, declared, desired, live, observed, planned
from test_attention import block

from komodo_sync.model.running import Event, History, Running
from komodo_sync.model.sealed import Sealed
from komodo_sync.planning.deploys.texts.compose import compose_in
from komodo_sync.planning.deploys.texts.mounts import Volume

HOSTS = (live("server/one", {"enabled": True}), live("server/two", {"enabled": True}))
DB = "services:\n  db:\n    image: postgres\n    volumes: [data:/var/lib]\n"
DATA = DB + "volumes:\n  data:\n"
LOST = "it starts with new and empty volumes; the old ones stay behind unused"


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
    ("volumes", "paths"),
    [
        ("[/a, /b]", ["/a", "/b"]),
        ("[{type: volume, target: /a}]", ["/a"]),
        ("[{type: tmpfs, target: /a}, ./a:/b, data:/c, {type: volume, source: data, target: /d}]", []),
    ],
)
def test_volumes_without_a_name_are_begun_anew_where_all_is_taken_down_before(volumes: str, paths: list[str]) -> None:
    text = f"services:\n  db:\n    image: postgres\n    volumes: {volumes}\nvolumes: {{data: {{}}}}\n"
    newer = text.replace("postgres", "postgres:2")
    detail = "the service db gets a new and empty one by compose down; it stays behind unused"
    down = {"destroy_before_deploy": True}
    assert lost(ui(text, **down), ui(newer, **down)) == [(f"the anonymous volume of {path}", detail) for path in paths]
    # compose hands them on from one container to the next
    assert lost(ui(text), ui(newer)) == []
    # and not to another project, or another server
    found = lost(ui(text), ui(text, project_name="y"))
    assert [each for each in found if "anonymous" in each[0]] == [
        (f"the anonymous volume of {path}", detail) for path in paths
    ]
    found = lost(ui(text), {**ui(text), "server_id": "two"})
    away = "it starts with new and empty ones; the old ones stay behind on server/one, to be brought over by hand"
    assert [each for each in found if "anonymous" in each[0]] == (
        [(f"its anonymous volumes of {', '.join(paths)}", away)] if paths else []
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (DATA, "its named volumes data"),
        (DB + "volumes: {data: {}, cache: {driver: local}}\n", "its named volumes cache, data"),
        (DB + "volumes: {data: {external: false}}\n", "its named volumes data"),
        (DB + "volumes: {data: {name: '${COMPOSE_PROJECT_NAME}_d'}}\n", "its named volumes data"),
        (DB + "volumes: {data: {external: true}, cache: {}}\n", "its named volumes cache"),
        (
            DB + "volumes: {data: {driver: rexray}}\n",
            "its named volumes data (unless its driver finds the data again)",
        ),
        (DB + "volumes: {data-[[X]]: {}}\n", "any named volumes"),
        (DB + "include: [other.yaml]\n", "any named volumes"),
        (DB + "    extends: {file: other.yaml, service: db}\n", "any named volumes"),
        (Sealed(DATA), "any named volumes"),
    ],
)
def test_another_project_loses_the_volumes_that_its_text_calls_after_it(text: Any, names: str) -> None:
    [(subject, detail)] = lost(ui(text), ui(text, project_name="y"))
    assert (subject, detail) == (f"{names} of project x, now y", LOST)


@pytest.mark.parametrize(
    "text",
    [
        "services: {db: {volumes: ['./data:/data']}}\n",
        DB + "volumes: {data: {external: true}}\n",
        DB + "volumes: {data: {external: {name: d}}}\n",
        DB + "volumes: {data: {name: d}}\n",
        DB + "volumes: {data: {driver_opts: {type: nfs, o: addr=nas, device: ':/data'}}}\n",
        DB + "volumes: {data: {driver_opts: {type: none, o: bind, device: /srv/data}}}\n",
        DB + "x-v: &v {external: true}\nvolumes: {data: {<<: *v}}\n",
        DB + "volumes:\n",
    ],
)
def test_another_project_loses_no_volume_that_is_not_called_after_it(text: str) -> None:
    assert lost(ui(text), ui(text, project_name="y")) == []
    made = planned(desired(declared("stack/x", ui(text, project_name="y"))), core(stack(ui(text))))
    assert [each.kind for each in change(made, "stack/x").effects] == ["replaces"]
    by_hand = planned(
        desired(declared("stack/x", ui(text, project_name="y"))), core(stack(ui(text), project="", services=()))
    )
    [effect] = change(by_hand, "stack/x").effects
    assert effect.kind == "leaves"
    assert "volumes" not in effect.detail


def test_files_that_are_not_known_lose_what_they_may_have() -> None:
    git = {"server_id": "one", "repo": "a/b"}
    [(subject, _)] = lost(git, {**git, "project_name": "y"})
    assert subject == "any named volumes of project x, now y"
    none = "services: {db: {image: x}}\n"
    assert lost(ui(none), {**git, "project_name": "y"}) == []
    assert lost(git, ui(none, project_name="y")) == []


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
        (DATA + "  newdata:\n", NEW, ("data", "newdata")),
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
    assert row.endswith("db gets the new and empty volume newdata at the next deploy; data stays behind unused")
    [(subject, _)] = lost(ui(NEW), ui(NEW), changed={"file_contents": (DATA, NEW)})
    assert subject == "data"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (DATA, "compose down; volumes stay"),
        ("services: {db: {volumes: [./data:/data]}}\n", "compose down; volumes stay"),
        ("services: {db: {volumes: [/data]}}\n", "compose down; volumes stay"),
        ("services: {db: {tmpfs: /data}}\n", "compose down"),
        ("services: {db: {image: x}}\n", "compose down"),
        ("services: {db: {extends: {file: o.yaml}}}\n", "compose down; any volumes stay"),
        (None, "compose down; any volumes stay"),
    ],
)
def test_what_is_taken_down_is_said_to_keep_the_volumes_that_it_has(text: str | None, told: str) -> None:
    config = ui(text) if text else {"server_id": "one", "repo": "a/b"}
    down = planned(desired(declared("stack/x", config, state="down")), core(stack(config)))
    assert [each.detail for each in change(down, "stack/x", "destroy").effects] == [told]
    gone = planned(desired(absent=["stack/x"]), core(stack(config)))
    assert f"it is running; {told}" in [each.detail for each in change(gone, "stack/x", "delete").effects]


def test_a_container_without_volumes_is_not_said_to_keep_any() -> None:
    for volumes, told in (("", "removed"), ("data: /x\n", "removed; volumes stay")):
        held = live("deployment/x", {"server_id": "one", "volumes": volumes}, state="running")
        made = planned(desired(absent=["deployment/x"]), core(held))
        assert change(made, "deployment/x", "delete").effects[0].detail.endswith(f"stopped and {told}")


@pytest.mark.parametrize(("volumes", "stay"), [("", ""), (", volumes: ['/x']", "; volumes stay")])
def test_a_service_that_goes_is_said_to_keep_the_volumes_that_it_has(volumes: str, stay: str) -> None:
    rest = "services:\n  a: {image: x}\n"
    before, none = f"{rest}  b: {{image: x{volumes}}}\n", f"{rest}  b: {{image: x, scale: 0{volumes}}}\n"
    held = stack(ui(before), services=("a", "b-1"))
    for after in (none, rest):
        config = ui(after, extra_args=["--remove-orphans"])
        [row] = block(desired(declared("stack/x", config, deploy=True)), core(held))["Stops: 1 resource"]
        assert ("; volumes stay" in row) is bool(stay)


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


@pytest.mark.parametrize(
    ("host", "before", "told"),
    [
        ("swarm_id", 2, "stops: replicas is 0: what runs of it is removed; volumes stay"),
        ("swarm_id", 0, "idle: replicas is 0: nothing of it runs"),
        ("swarm_id", None, "idle: replicas is 0: nothing of it runs"),
        ("server_id", 2, "restarts: its container is removed and run anew"),
    ],
)
def test_a_deployment_of_no_copy_stops(host: str, before: int | None, told: str) -> None:
    config = {host: "one", "image": {"type": "Image", "params": {"image": "x"}}, "volumes": "data: /x\n"}
    held = [live("deployment/x", {**config, "replicas": before}, state="running")] if before is not None else []
    wanted = declared("deployment/x", {**config, "replicas": 0, "command": "run"}, deploy=True)
    made = planned(desired(wanted), core(*held, live("swarm/one")))
    [effect] = change(made, "deployment/x", "deploy").effects
    assert f"{effect.kind}: {effect.detail}" == told


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
