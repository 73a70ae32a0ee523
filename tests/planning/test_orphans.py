"""A service that a compose text no longer has runs on: what takes its place has no room beside it."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import alive, at, codes, declared, desired, live, observed, planned
from test_attention import ONE

from komodo_sync.model.running import Event, History, Running
from komodo_sync.model.sealed import Sealed
from komodo_sync.report.text import plan_text


def text(**services: str) -> str:
    return "volumes: {data: {}}\nservices:\n" + "".join(f"  {name}: {{{body}}}\n" for name, body in services.items())


def on(contents: str, **config: Any) -> dict[str, Any]:
    return {"server_id": "one", "file_contents": contents, **config}


def made(old: str, new: str, *, held: Any = None, state: str = "running", facts: Any = None, **beside: Any) -> Any:
    """The plan that deploys `new` where `old` is deployed, of services that begin as `app` or `db` do."""
    config = on(old, **beside)
    services = tuple(name for name in ("app", "db", "idle", "web") if f"  {name}: " in old)
    there = live("stack/a", held or config, state=state, project="a", services=services)
    known = facts or Running(deployed={"compose.yaml": old}, history=History(good=Event("DeployStack", 1)))
    wanted = declared("stack/a", {**config, "file_contents": new}, deploy=True, state="running")
    return planned(desired(wanted), alive(observed(ONE, there, *more), {"stack/a": known}))


more = (live("server/two", {"enabled": True}), live("swarm/sw"))
PORT, CALLED, DATA = "ports: ['8080:80']", "container_name: foo", "image: pg, volumes: ['data:/d']"


def found(*given: Any, **beside: Any) -> list[Any]:
    return [each for each in made(*given, **beside).plan.findings if each.code in ("no-room", "shared-volume")]


def test_a_service_that_is_renamed_and_keeps_its_port_is_refused() -> None:
    [refusal] = found(text(app=PORT), text(web=PORT))
    assert (refusal.code, refusal.severity, refusal.addresses) == (
        "no-room",
        "refusal",
        (at("stack/a"),),
    )
    assert refusal.message == (
        "stack/a would start web on server/one while app, which its file_contents no longer has, runs on there with "
        "the port 8080: the deploy would fail, and so would every later one"
    )
    assert refusal.hint == (
        "`extra_args: [--remove-orphans]` removes app before anything is started; or take stack/a down with "
        "`state: down` for one apply, and declare `state: running` then"
    )


@pytest.mark.parametrize(
    ("old", "new", "beside", "held"),
    [
        (PORT, PORT, {}, "port 8080"),
        (CALLED, CALLED, {}, "container_name foo"),
        (f"{PORT}, {CALLED}", f"{PORT}, {CALLED}", {}, "container_name foo and port 8080"),
        (PORT, "ports: ['8081:80']", {}, ""),
        (PORT, "ports: ['8080:80/udp']", {}, ""),
        ("ports: ['53:53/udp']", "ports: ['53:53/udp']", {}, "port 53/udp"),
        ("ports: ['1-65535:1-65535']", "ports: ['1-65535:1-65535']", {}, "port 1-65535"),  # in time
        (
            f"ports: ['9-11:9-11/udp', '9:9', '8:8'], {CALLED}",
            f"ports: ['8-12:8-12', '10-12:10-12/udp'], {CALLED}",
            {},
            "container_name foo, port 8-9 and port 10-11/udp",
        ),
        ("ports: ['127.0.0.1:80:80']", "ports: ['10.0.0.1:80:80']", {}, ""),
        ("ports: ['0.0.0.0:80:80']", "ports: ['10.0.0.1:80:80']", {}, "port 80"),
        ("ports: ['127.0.0.1:80:80']", "ports: ['80:80']", {}, "port 80"),
        ("ports: ['${P}:80']", PORT, {"environment": "P=8080\n"}, "port 8080"),
        (PORT, "ports: ['[[P]]:80']", {}, ""),
        (f"{PORT}, scale: 0", PORT, {}, ""),
        (f"{PORT}, profiles: [x]", PORT, {}, ""),
        (PORT, f"{PORT}, scale: 0", {}, ""),
        (PORT, f"{PORT}, profiles: [x]", {}, ""),
        (PORT, PORT, {"extra_args": ["--remove-orphans"]}, ""),
        (PORT, PORT, {"environment": "COMPOSE_REMOVE_ORPHANS=true\n"}, ""),
        (PORT, PORT, {"destroy_before_deploy": True}, ""),
        (PORT, PORT, {"ignore_services": ["app"]}, ""),  # it may have ended
        (CALLED, CALLED, {"ignore_services": ["app"]}, "container_name foo"),
        (PORT, PORT, {"state": "stopped"}, ""),
        (CALLED, CALLED, {"state": "stopped"}, "container_name foo"),
        (PORT, PORT, {"state": "unhealthy"}, "port 8080"),
        (CALLED, CALLED, {"state": "down"}, ""),
        (PORT, PORT, {"project_name": "b"}, ""),  # the old one is taken down
    ],
)
def test_it_is_refused_where_both_would_have_a_port_or_a_name(old: str, new: str, beside: Any, held: str) -> None:
    told = [each.message for each in found(text(app=old), text(web=new), **beside)]
    assert [each.partition(" with the ")[2].partition(":")[0] for each in told] == ([held] if held else [])
    assert not any("stays there as it is" in each for each in told) or beside == {"state": "stopped"}


def test_what_is_on_another_host_or_in_a_swarm() -> None:
    old = on(text(app=PORT))
    assert found(text(app=PORT), text(web=PORT), held=old, server_id="two") == []
    swarm = {"server_id": "", "swarm_id": "sw"}
    [refusal] = found(text(app=PORT), text(web=PORT), **swarm)
    assert "`extra_args: [--prune]` removes app" in refusal.hint
    assert found(text(app=CALLED), text(web=CALLED), **swarm) == []


def test_a_service_that_stays_and_takes_over_the_port_is_refused_too() -> None:
    [refusal] = found(text(app=PORT, web="image: x"), text(web=PORT))
    assert "would start web on" in refusal.message
    assert found(text(app=PORT, web="image: x"), text(app="image: x", web=PORT)) == []


def test_it_is_refused_again_once_it_has_failed() -> None:
    """By then the text is written, and what runs is what was deployed before."""
    old, new = text(app=PORT), text(web=PORT)
    history = History(
        good=Event("DeployStack", 1), failed=Event("DeployStack", 3), changed={"file_contents": (old, new)}
    )
    facts = Running(deployed={"compose.yaml": old}, history=history)
    [refusal] = found(old, new, held=on(new), facts=facts, state="unhealthy")
    assert refusal.code == "no-room"


def test_a_name_that_is_a_secret_is_not_told() -> None:
    environment = Sealed("NAME=Hunter2Secret\n")
    beside = {"environment": environment}
    plan = made(text(app="container_name: '${NAME}'"), text(web="container_name: '${NAME}'"), **beside)
    assert "Hunter2Secret" not in plan_text(plan.plan, color=False, width=200)


@pytest.mark.parametrize(
    ("old", "new", "shared"),
    [
        ({"db": DATA}, {"postgres": DATA}, "data"),
        ({"db": DATA}, {"postgres": DATA.replace("pg", "pg:17")}, "data"),
        ({"db": DATA}, {"postgres": DATA.replace("pg", "mysql")}, "data"),
        ({"db": DATA}, {"postgres": DATA.replace("data:", "other:")}, ""),
        ({"db": DATA}, {"reader": DATA.replace(":/d", ":/d:ro")}, ""),
        ({"db": DATA, "web": "image: x, volumes: ['data:/e']"}, {"web": "image: x, volumes: ['data:/e']"}, ""),
        ({"db": DATA, "web": "image: x, volumes: ['data:/e']"}, {"job": "image: y, volumes: ['data:/e']"}, ""),
        ({"db": DATA, "web": "image: x, volumes: ['data:/e']"}, {"postgres": DATA}, "data"),
        ({"db": DATA}, {"one": DATA, "two": DATA}, ""),
        ({"db": DATA.replace("data:", "/srv/db:")}, {"postgres": DATA.replace("data:", "/srv/db:")}, "/srv/db"),
        ({"db": DATA.replace("data:", "/srv/db:")}, {"web": "image: x, volumes: ['/srv/db:/d']"}, ""),
    ],
)
def test_two_on_one_volume_are_warned_of(old: Any, new: Any, shared: str) -> None:
    given = text(**old), text(**new)
    told = [(each.code, each.severity, each.message.rpartition("both would write ")[2]) for each in found(*given)]
    assert told == ([("shared-volume", "warning", f"{shared} at once")] if shared else [])
    assert found(*given, state="stopped") == found(*given, extra_args=["--remove-orphans"]) == []


def test_what_is_refused_is_not_warned_of_too() -> None:
    both = f"{DATA}, {PORT}"
    assert [each.code for each in found(text(db=both), text(postgres=both))] == ["no-room"]
    [warning] = found(text(db=DATA), text(postgres=DATA))
    assert warning.hint == "`extra_args: [--remove-orphans]` removes db before anything is started"
    assert codes(made(text(db=DATA), text(postgres=DATA))) == []
