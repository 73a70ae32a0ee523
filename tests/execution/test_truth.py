"""After a lost answer the truth is read: what was done is not done again, what was not is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest
from bench import create, delete, rename, statuses, update

from komodo_sync.execution.steps import LOOK_AFTER
from komodo_sync.model.address import Address
from komodo_sync.model.outcome import Status
from komodo_sync.model.sealed import Sealed

if TYPE_CHECKING:
    from bench import Bench

FAULTS = ["drop", "lose"]
"""Done or not, the connection breaks before the answer."""


def tries(fault: str) -> int:
    return 1 if fault == "drop" else 2


@pytest.mark.parametrize("fault", FAULTS)
def test_create(bench: Bench, fault: str) -> None:
    bench.make("server", "prod")
    bench.wire.faults["CreateStack"] = [fault]
    outcomes = bench.apply(
        [create("tag/t")], [create("stack/web", server_id="prod", webhook_secret=Sealed("s3cr3t"), tags=("t",))]
    )
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert bench.writes.count("CreateStack") == tries(fault)
    web = bench.observe().resources[Address("stack", "web")]
    assert (web.config, web.tags) == ({"server_id": "prod", "webhook_secret": "s3cr3t"}, {"t"})
    assert any("looking whether it was done" in why for _, why in bench.heard.waits)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("address", ["tag/public", "variable/REGION"])
def test_create_of_what_has_no_config_object(bench: Bench, address: str, fault: str) -> None:
    values = {"color": "Red"} if address.startswith("tag") else {"value": "eu", "description": "Where"}
    operation = "CreateTag" if address.startswith("tag") else "CreateVariable"
    bench.wire.faults[operation] = [fault]
    outcomes = bench.apply([create(address, **values)])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert bench.writes.count(operation) == tries(fault)
    assert Address.parse(address) in bench.observe().resources


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "operation", ["UpdatePermissionOnTarget", "UpdatePermissionOnResourceType", "SetEveryoneUserGroup"]
)
def test_a_user_group_field_by_field(bench: Bench, operation: str, fault: str) -> None:
    bench.make("stack", "web")
    bench.make("stack", "db")
    bench.wire.faults[operation] = [fault]
    grants = [
        {"target": {"type": "Stack", "id": name}, "level": level, "specific": []}
        for name, level in (("db", "Read"), ("web", "Write"))
    ]
    levels = {"Server": {"level": "Read", "specific": ["Logs"]}}
    outcomes = bench.apply([create("user_group/devs", everyone=True, all=levels, permissions=grants)])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    several = 2 if operation == "UpdatePermissionOnTarget" else 1
    assert bench.writes.count(operation) == several + tries(fault) - 1
    found = bench.observe().resources[Address("user_group", "devs")]
    assert found.config == {"everyone": True, "all": levels, "permissions": grants}


def test_a_user_group_that_somebody_made_meanwhile_is_theirs(bench: Bench) -> None:
    bench.make("server", "prod")
    held = [{"target": {"type": "Server", "id": "prod"}, "level": "Read", "specific": []}]
    assert set(statuses(bench.apply([create("user_group/devs", permissions=held)])).values()) == {Status.DONE}
    # the same again: a run that was cut off, which is finished
    more = [create("user_group/devs", everyone=True, permissions=held)]
    assert set(statuses(bench.apply(more)).values()) == {Status.DONE}
    # less than is there: somebody else's
    [outcome] = bench.apply([create("user_group/devs", permissions=held)]).values()
    assert outcome.status is Status.FAILED
    assert "was made since the plan, with other values" in outcome.message
    assert bench.observe().resources[Address("user_group", "devs")].config["everyone"] is True


@pytest.mark.parametrize("fault", FAULTS)
def test_update(bench: Bench, fault: str) -> None:
    web = bench.make("stack", "web")
    bench.wire.faults["UpdateStack"] = [fault]
    outcomes = bench.apply([update("stack/web", web, environment="A=1\n", links=["http://x"])])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert bench.writes == ["UpdateStack"] * tries(fault)
    assert bench.observe().resources[Address("stack", "web")].config == {"environment": "A=1\n", "links": ["http://x"]}


@pytest.mark.parametrize("fault", FAULTS)
def test_update_of_a_single_field(bench: Bench, fault: str) -> None:
    bench.make("variable", "REGION", {"value": "eu"})
    bench.wire.faults["UpdateVariableValue"] = [fault]
    outcomes = bench.apply([update("variable/REGION", value="us", description="Where")])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert bench.writes.count("UpdateVariableValue") == tries(fault)
    region = bench.observe().resources[Address("variable", "REGION")]
    assert (region.config, region.description) == ({"value": "us"}, "Where")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("values", [{"tags": ("t",)}, {"description": "d"}, {"template": True}])
def test_meta(bench: Bench, values: dict[str, Any], fault: str) -> None:
    web = bench.make("stack", "web")
    bench.wire.faults["UpdateResourceMeta"] = [fault]
    outcomes = bench.apply([create("tag/t")], [update("stack/web", web, **values)])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert bench.writes.count("UpdateResourceMeta") == tries(fault)
    live = bench.observe().resources[Address("stack", "web")]
    expected = {"tags": (), "description": "", "template": False} | values
    assert {"tags": tuple(live.tags), "description": live.description, "template": live.template} == expected


@pytest.mark.parametrize("fault", FAULTS)
def test_rename(bench: Bench, fault: str) -> None:
    tools = bench.make("stack", "tools")
    bench.wire.faults["RenameStack"] = [fault]
    outcomes = bench.apply([rename("tools", "stack/box", tools)])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert bench.writes == ["RenameStack"] * tries(fault)
    assert set(bench.observe().resources) == {Address("stack", "box")}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("kind", ["stack", "tag", "variable"])
def test_delete(bench: Bench, kind: str, fault: str) -> None:
    identity = bench.make(kind, "gone", {"value": "x"} if kind == "variable" else None)
    operation = f"Delete{kind.capitalize()}"
    bench.wire.faults[operation] = [fault]
    outcomes = bench.apply([delete(f"{kind}/gone", identity)])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert bench.writes == [operation] * tries(fault)
    assert bench.observe().resources == {}


def test_a_write_that_lands_while_we_look_is_seen(bench: Bench) -> None:
    bench.wire.faults["CreateStack"] = ["late"]
    bench.on_pause = lambda: bench.wire.later() if len(bench.pauses) == 3 else None
    outcomes = bench.apply([create("stack/web", branch="dev")])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert bench.writes == ["CreateStack"]
    assert bench.pauses == list(LOOK_AFTER[:3])


def test_a_write_that_lands_before_its_repetition_is_recognised(bench: Bench) -> None:
    bench.wire.faults["CreateStack"] = ["late", lambda request: (bench.wire.later(), bench.wire.pass_on(request))[1]]
    outcomes = bench.apply([create("stack/web", branch="dev")])
    assert set(statuses(outcomes).values()) == {Status.DONE}
    assert bench.writes == ["CreateStack"] * 2


def test_what_somebody_else_made_under_that_name_is_not_taken_for_ours(bench: Bench) -> None:
    def made_by_somebody(request: object) -> None:
        bench.transport.call("write", "CreateStack", {"name": "web", "config": {"branch": "theirs"}})
        raise httpx.ReadError("reset")

    bench.wire.faults["CreateStack"] = [made_by_somebody]
    outcome = bench.apply([create("stack/web", branch="ours")])["stack/web create"]
    assert outcome.status is Status.FAILED
    assert bench.observe().resources[Address("stack", "web")].config == {"branch": "theirs"}


def test_a_write_that_never_answers_is_sent_twice_and_no_more(bench: Bench) -> None:
    web = bench.make("stack", "web")
    bench.wire.faults["UpdateStack"] = ["lose"] * 10
    outcome = bench.apply([update("stack/web", web, branch="dev")])["stack/web update"]
    assert outcome.status is Status.FAILED
    assert bench.writes == ["UpdateStack"] * 2
    assert outcome.hint


def test_when_the_truth_cannot_be_read_nothing_is_repeated(bench: Bench) -> None:
    web = bench.make("stack", "web")
    bench.wire.faults["UpdateStack"] = ["drop"]
    outcomes = bench.apply([update("stack/web", web, branch="dev")], faults={"ListFullStacks": ["lose"] * 10})
    assert statuses(outcomes) == {"stack/web update": Status.FAILED}
    assert bench.writes == ["UpdateStack"]


def test_one_lost_answer_does_not_end_the_rest(bench: Bench) -> None:
    bench.wire.faults["CreateRepo"] = ["lose"] * 10
    outcomes = bench.apply([create("repo/a")], [create("stack/web")])
    assert statuses(outcomes) == {"repo/a create": Status.FAILED, "stack/web create": Status.DONE}
