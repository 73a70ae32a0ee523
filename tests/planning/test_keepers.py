"""What needs a port or a name of its host that another one has there and keeps is not deployed."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import OURS, alive, change, changes, codes, declared, desired, live, observed, planned

from komodo_sync.model.running import Event, History, Running
from komodo_sync.model.sealed import Unknown

SERVERS = [live(f"server/{name}", {"enabled": True, "address": f"https://{name}:8120"}) for name in ("one", "two")]
GOOD = Running(deployed={"compose.yaml": ""}, history=History(good=Event("DeployStack", 1)))
PORT, OTHER, CALLED = "ports: ['8080:80']", "ports: ['8090:80']", "container_name: cc"


def text(body: str, service: str = "web") -> str:
    return f"services:\n  {service}: {{image: nginx, {body}}}\n"


def on(server: str, body: str = "", **config: Any) -> dict[str, Any]:
    return {"server_id": server, "file_contents": text(body), **config}


def box(server: str, ports: str = "", **config: Any) -> dict[str, Any]:
    """A deployment's config."""
    image = {"type": "Image", "params": {"image": "caddy"}}
    return {"server_id": server, "image": image, "network": "bridge", "ports": ports, **config}


def runs(name: str, config: Any, *tags: str, **beside: Any) -> Any:
    stack = name.startswith("stack/")
    project = {"project": name.partition("/")[2], "services": ("web",)} if stack else {}
    return live(name, config, *tags, **{"state": "running", **project, **beside})


def made(wanted: list[Any], held: list[Any], facts: Any = None, **options: Any) -> Any:
    known = {str(item.address): GOOD for item in held} | (facts or {})
    return planned(desired(*wanted), alive(observed(*SERVERS, *held), known), **options)


def told(plan: Any) -> list[str]:
    return [item.message for item in plan.plan.refusals if item.code == "no-room"]


def beside(mine: Any, theirs: Any, *, before: Any = None, state: str = "running", **more: Any) -> Any:
    """The plan that deploys stack/new (on server one, `before` until then) beside stack/old, which stays as it is."""
    wanted = [declared("stack/old", theirs), declared("stack/new", mine, deploy=True)]
    held = [runs("stack/old", theirs, state=state)]
    if before is not None:
        held.append(runs("stack/new", before))
    return made(wanted, held, **more)


def test_what_moves_to_a_server_where_its_port_is_taken_is_refused() -> None:
    plan = beside(on("one", PORT), on("one", PORT), before=on("two", PORT))
    assert changes(plan) == {"stack/new": ["destroy", "update", "deploy"]}
    [found] = plan.plan.refusals
    assert (found.code, [str(each) for each in found.addresses]) == ("no-room", ["stack/new", "stack/old"])
    assert found.message == (
        "stack/new would be deployed on server/one with the port 8080, while stack/old runs on there with the same: "
        "the deploy would fail, and so would every later one"
    )
    assert found.hint == (
        "give one of them another port; or, if stack/old is to give way, declare it with `state: down`, and name it in "
        "`after` of stack/new"
    )
    # the way out
    wanted = [
        declared("stack/old", on("one", PORT), state="down"),
        declared("stack/new", on("one", PORT), deploy=True, after=["stack/old"]),
    ]
    plan = made(wanted, [runs("stack/old", on("one", PORT)), runs("stack/new", on("two", PORT))])
    assert codes(plan) == []
    assert "stack/old destroy" in map(str, change(plan, "stack/new", "destroy").needs)


def test_what_changes_its_port_to_one_that_is_taken_is_refused() -> None:
    assert len(told(beside(on("one", PORT), on("one", PORT), before=on("one", OTHER)))) == 1
    image = box("one", "8080: 80\n")
    wanted = [declared("stack/old", on("one", PORT)), declared("deployment/new", image, deploy=True)]
    held = [runs("stack/old", on("one", PORT)), runs("deployment/new", box("one", "8081: 80\n"))]
    [message] = told(made(wanted, held))
    assert message.startswith("deployment/new would be deployed on server/one with the port 8080, while stack/old runs")
    # on this network nothing is published
    hosted = declared("deployment/new", {**image, "network": "host"}, deploy=True)
    assert told(made([wanted[0], hosted], held)) == []


@pytest.mark.parametrize(
    ("mine", "theirs", "things"),
    [
        (PORT, "ports: ['127.0.0.1:8080:80']", "port 8080"),
        ("ports: ['10.0.0.1:8080:80']", "ports: ['10.0.0.2:8080:80']", ""),
        ("ports: ['8080:80/udp']", PORT, ""),
        ("ports: ['${P:-8080}:80']", PORT, "port 8080"),
        ("ports: ['${P}:80']", PORT, ""),
        ("ports: ['8000-9000:8000-9000']", "ports: ['8990-9990:8990-9990']", "port 8990-9000"),
        ("ports: ['1-65535:1-65535']", "ports: ['1-65535:1-65535']", "port 1-65535"),  # in time
        (f"{PORT}, network_mode: host", PORT, ""),
        (PORT, f"{PORT}, scale: 0", ""),
        (PORT, f"{PORT}, profiles: [x]", ""),
        (CALLED, CALLED, "container_name cc"),
        (f"{PORT}, {CALLED}", f"{PORT}, {CALLED}", "container_name cc and port 8080"),
        (CALLED, "container_name: dd", ""),
    ],
)
def test_ports_and_names_that_both_have(mine: str, theirs: str, things: str) -> None:
    found = told(beside(on("one", mine), on("one", theirs)))
    assert [each.partition(" with the ")[2].partition(", while")[0] for each in found] == ([things] if things else [])


def replaced(before: Any, after: Any) -> list[str]:
    """What is said where what is live makes way for what is declared."""
    (old, was), (new, wanted) = before, after
    return told(made([declared(new, wanted, deploy=True)], [runs(old, was, OURS)], owner="us", prune=True))


def test_what_is_deleted_only_afterwards_keeps_its_name_until_then() -> None:
    """Of its ports the look for renames tells."""
    alone = box("one", "", network="host")
    [message] = replaced(("deployment/cc", alone), ("stack/new", on("one", CALLED)))
    assert message == (
        "stack/new would be deployed on server/one with the container_name cc, while deployment/cc is deleted only "
        "after that, and runs until then with the same: the deploy would fail, and neither runs until the next apply"
    )
    assert replaced(("deployment/dd", alone), ("stack/new", on("one", CALLED))) == []
    # a deployment removes the container that has its name
    assert replaced(("stack/old", on("one", CALLED)), ("deployment/cc", alone)) == []


@pytest.mark.parametrize(
    "world",
    [
        {"theirs": on("two", PORT)},
        # what runs beside the other one already is not in its way
        {"mine": on("one", PORT, environment="A=1\n"), "before": on("one", PORT)},
        {"state": "stopped"},
        {"state": "unhealthy"},
        {"state": "down"},
        {"theirs": on("one", PORT, repo="a/b")},
        {"theirs": on("one", PORT, ignore_services=["web"])},
        {"mine": on("one", PORT, repo="a/b")},
        {"facts": {"stack/old": Running(history=History(good=Event("DeployStack", 1), changed=None))}},
        {"facts": {"stack/old": Running(history=History(Event("DeployStack", 1), Event("DeployStack", 2)))}},
        # it was saved with that port, and runs with another one
        {
            "facts": {
                "stack/old": Running(
                    history=History(Event("DeployStack", 1), changed={"file_contents": (text(OTHER), text(PORT))})
                )
            }
        },
    ],
)
def test_it_is_refused_only_where_it_is_sure(world: dict[str, Any]) -> None:
    given = {"mine": on("one", PORT), "theirs": on("one", PORT), **world}
    assert told(beside(given.pop("mine"), given.pop("theirs"), **given)) == []


def test_networks_with_addresses_of_their_own_publish_nothing() -> None:
    own = f"{text(f'{PORT}, networks: [lan]')}networks: {{lan: {{driver: macvlan}}}}\n"
    both = f"{text(f'{PORT}, networks: {{lan: , web: }}')}networks: {{lan: {{driver: macvlan}}}}\n"
    for body, refused in ((own, 0), (both, 1)):
        mine = {"server_id": "one", "file_contents": body}
        assert len(told(beside(mine, on("one", PORT)))) == refused


def test_what_is_stopped_has_its_names_all_the_same() -> None:
    [message] = told(beside(on("one", CALLED), on("one", CALLED), state="stopped"))
    assert "while stack/old is stopped there with the same" in message


def test_a_deployment_is_a_container_of_that_name() -> None:
    stack, image = on("one", CALLED), box("one")
    wanted = [declared("stack/s", stack, deploy=True), declared("deployment/cc", image, deploy=True)]
    [message] = told(made(wanted, [runs("deployment/cc", image)]))
    assert "with the container_name cc, while deployment/cc runs on there with the same: the deploy would" in message
    [message] = told(made([declared("stack/s", stack), wanted[1]], [runs("stack/s", stack)]))
    assert message.endswith(
        "while stack/s runs on there with the same: each deploy of it would remove that container first"
    )
    # a rename frees the name at once
    renamed = [wanted[0], declared("deployment/dd", image, renamed_from="cc", deploy=True)]
    assert told(made(renamed, [runs("deployment/cc", image)])) == []


def test_two_that_are_deployed_and_want_the_same_are_told_once() -> None:
    wanted = [declared(f"stack/{name}", on("one", PORT), deploy=True) for name in "abc"]
    found = told(made(wanted, []))
    assert [each.partition(" ")[0] for each in found] == ["stack/a", "stack/c"]
    assert found[0].endswith(
        "while stack/b is deployed there too with the same: one of the two would fail, and so would every later "
        "deploy of it"
    )


def test_what_nobody_declares_keeps_its_port_too() -> None:
    wanted = [declared("stack/new", on("one", PORT), deploy=True)]
    plan = made(wanted, [runs("stack/old", on("one", PORT), "owner:them"), runs("stack/new", on("one", OTHER))])
    [found] = plan.plan.refusals
    assert found.hint.endswith("or, if stack/old is to give way, take it down first, in Komodo")


def test_what_this_plan_frees_is_free() -> None:
    wanted = [declared("stack/old", on("one", OTHER), deploy=True), declared("stack/new", on("one", PORT), deploy=True)]
    assert told(made(wanted, [runs("stack/old", on("one", PORT))])) == []
    wanted[0] = declared("stack/old", on("two", PORT), deploy=True)
    assert told(made(wanted, [runs("stack/old", on("one", PORT))])) == []
    wanted[0] = declared("stack/old", on("one", PORT), state="stopped")
    assert told(made(wanted, [runs("stack/old", on("one", PORT))])) == []


def test_what_is_started_takes_its_port() -> None:
    wanted = [
        declared("stack/old", on("one", PORT), state="running"),
        declared("stack/new", on("one", PORT), deploy=True),
    ]
    [message] = told(made(wanted, [runs("stack/old", on("one", PORT), state="stopped")]))
    assert "while stack/old is started there with the same" in message


@pytest.mark.parametrize(("more", "refused"), [({}, True), ({"extra_args": ["--remove-orphans"]}, False)])
def test_a_service_that_goes_from_one_text_to_another_still_runs_in_the_first(more: Any, refused: bool) -> None:
    without = {"server_id": "one", "file_contents": text(OTHER, "other"), **more}
    wanted = [declared("stack/old", without, deploy=True), declared("stack/new", on("one", PORT), deploy=True)]
    plan = made(wanted, [runs("stack/old", on("one", PORT))])
    assert len(told(plan)) == refused
    if refused:
        [found] = plan.plan.refusals
        assert "while stack/old leaves a service running there, which it no longer has, with the same" in found.message
        assert found.hint == (
            "give one of them another port; or have stack/old remove it first: `extra_args: [--remove-orphans]`, and "
            "stack/old in `after` of stack/new"
        )


def test_what_a_procedure_does_before_is_not_foreseen() -> None:
    stages = [{"name": "s", "enabled": True, "executions": []}]
    wanted = [
        declared("stack/old", on("one", PORT), deploy=True),
        declared("procedure/p", {"stages": stages}, run_on_change=True),
        declared("stack/new", on("one", PORT), deploy=True, after=["procedure/p"]),
    ]
    assert told(made(wanted, [runs("stack/old", on("one", PORT))])) == []


def test_what_a_swarm_publishes_depends_on_the_node() -> None:
    wanted = [
        declared(f"stack/{name}", {"swarm_id": "s", "file_contents": text(PORT)}, deploy=True) for name in ("a", "b")
    ]
    held = [runs("stack/a", {"swarm_id": "s", "file_contents": text(PORT)})]
    assert told(made(wanted, [live("swarm/s"), *held], {"swarm/s": Running()})) == []


@pytest.mark.parametrize(("value", "refused"), [("8080", True), ("8081", False), ("", False)])
def test_a_variable_may_say_the_port(value: str, refused: bool) -> None:
    mine, variable = on("one", "ports: ['[[P]]:80']"), {"value": value}
    wanted = [declared("stack/old", on("one", PORT)), declared("stack/new", mine, deploy=True)]
    held = [runs("stack/old", on("one", PORT)), live("variable/P", variable)]
    assert len(told(made(wanted, held))) == refused
    # and that of the one that has it
    wanted = [declared("stack/old", mine), declared("stack/new", on("one", PORT), deploy=True)]
    held = [runs("stack/old", mine), live("variable/P", variable)]
    assert len(told(made(wanted, held))) == refused


def test_what_may_end_by_itself_and_is_not_known_is_not_sure_to_stay() -> None:
    wanted = [
        declared("stack/old", on("one", PORT, ignore_services=Unknown()), deploy=True),
        declared("stack/new", on("one", PORT), deploy=True),
    ]
    [message] = told(made(wanted, []))
    assert message.startswith("stack/old would be deployed on server/one with the port 8080, while stack/new")
