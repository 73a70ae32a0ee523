"""Executions are sent once, waited for, and found again when their answer is lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from bench import Wire, transport_to

from komodo_sync.client.reader import Reader
from komodo_sync.client.updates import GONE_FOR, LAST_POLL, Executor, Target, is_complete, update_id
from komodo_sync.client.writer import Writer
from komodo_sync.errors import AnswerLostError, NotFoundError, StoppedError, UnfinishedError, UnreachableError
from komodo_sync.simulator import EmbeddedCore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.client.transport import Transport
    from komodo_sync.model.outcome import Wait

COMPOSE = "services:\n  app:\n    image: nginx:1\n"


@dataclass
class World:
    """An embedded Core with one stack, whose clock moves only while somebody sleeps."""

    core: EmbeddedCore
    wire: Wire
    transport: Transport
    time: list[float]
    stack: str = ""
    pauses: list[float] = field(default_factory=list)
    waits: list[Wait] = field(default_factory=list)
    stopped: bool = False

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time[0] += seconds

    @property
    def executor(self) -> Executor:
        return Executor(
            Reader(self.transport, sleep=self.sleep),
            Writer(self.transport, sleep=self.sleep),
            now=lambda: self.time[0],
            stopped=lambda: self.stopped,
        )

    def deploy(self, **more: Any) -> dict[str, Any]:
        params = {"stack": self.stack}
        found = self.executor.run(
            "DeployStack", params, target=Target("Stack", self.stack), heard=self.waits.append, **more
        )
        assert isinstance(found, dict)
        return found

    @property
    def deploys(self) -> int:
        return self.wire.sent.count("DeployStack")


@pytest.fixture
def world() -> Iterator[World]:
    time = [1_000.0]
    with EmbeddedCore.open(clock=lambda: int(time[0] * 1000)) as core:
        wire = Wire(core)
        with transport_to(core, wire) as transport:
            transport.call("write", "CreateServer", {"name": "s", "config": {"enabled": True}})
            config = {"server_id": "s", "file_contents": COMPOSE}
            made = transport.call("write", "CreateStack", {"name": "web", "config": config})
            yield World(core, wire, transport, time, update_id(made))


def test_the_end_of_an_execution_is_waited_for(world: World) -> None:
    world.core.faults.add("DeployStack=takes:60")
    update = world.deploy()
    assert is_complete(update)
    assert update["success"]
    assert update["logs"]
    assert world.deploys == 1
    # ever slower, and told about with the update's id
    assert sorted(world.pauses) == world.pauses
    assert world.pauses[-1] == LAST_POLL
    assert {wait.update for wait in world.waits} == {update_id(update)}
    assert world.waits[-1].seconds > 50


def test_a_failure_is_known_only_at_the_end(world: World) -> None:
    world.core.faults.add("DeployStack=fail")
    assert not world.deploy()["success"]


def test_what_takes_too_long_is_not_waited_for(world: World) -> None:
    world.core.faults.add("DeployStack=hang")
    with pytest.raises(UnfinishedError) as failed:
        world.deploy(timeout=100.0)
    assert failed.value.update == world.waits[-1].update != ""
    assert "still running after 100 seconds" in failed.value.summary
    assert world.deploys == 1
    assert world.waits[-1].limit == 100.0


def test_a_lost_answer_is_found_among_the_updates(world: World) -> None:
    world.deploy()
    world.wire.faults["DeployStack"] = ["drop"]
    update = world.deploy()
    assert update["success"]
    assert world.deploys == 2
    assert any("looking whether it began" in wait.why for wait in world.waits)


def test_what_never_arrived_is_sent_again(world: World) -> None:
    world.deploy()
    world.wire.faults["DeployStack"] = ["lose"]
    assert world.deploy()["success"]
    assert world.deploys == 3


def test_what_begins_after_its_answer_timed_out_is_found_too(world: World) -> None:
    world.wire.faults["DeployStack"] = ["late"]
    sleep = world.sleep

    def later(seconds: float) -> None:
        sleep(seconds)
        if seconds >= 2:
            world.wire.later()

    executor = Executor(
        Reader(world.transport, sleep=later), Writer(world.transport, sleep=later), now=lambda: world.time[0]
    )
    update = executor.run("DeployStack", {"stack": world.stack}, target=Target("Stack", world.stack))
    assert update["success"]
    assert world.deploys == 1


def test_twice_lost_is_not_sent_a_third_time(world: World) -> None:
    world.wire.faults["DeployStack"] = ["lose", "lose", "lose"]
    with pytest.raises(AnswerLostError):
        world.deploy()
    assert world.deploys == 2


def test_a_lost_answer_without_a_target_or_a_truth_is_an_error(world: World) -> None:
    world.wire.faults["DeployStack"] = ["drop"]
    with pytest.raises(AnswerLostError):
        world.executor.run("DeployStack", {"stack": world.stack})
    world.wire.faults |= {"DeployStack": ["drop"], "/user": ["refuse"]}
    with pytest.raises(AnswerLostError):
        world.deploy()


def test_no_connection_is_tried_again(world: World) -> None:
    world.wire.faults["DeployStack"] = ["refuse", "refuse"]
    assert world.deploy()["success"]
    world.wire.faults["DeployStack"] = ["refuse"] * 4
    with pytest.raises(UnreachableError):
        world.deploy()


def test_a_busy_resource_is_waited_for(world: World) -> None:
    world.core.faults.add("DeployStack=busy:2")
    assert world.deploy()["success"]
    assert world.deploys == 3
    assert any("another action is running on it" in wait.why for wait in world.waits)


def test_a_refusal_as_busy_is_waited_for_too(world: World) -> None:
    busy = httpx.Response(500, json={"error": "Stack busy", "trace": []})
    world.wire.faults["DeployStack"] = [busy, busy]
    assert world.deploy()["success"]


def test_a_resource_that_stays_busy_is_a_failure(world: World) -> None:
    world.core.faults.add("DeployStack=busy")
    began = world.time[0]
    update = world.deploy(timeout=700.0)
    assert not update["success"]
    assert 700 <= world.time[0] - began < 1400


def test_an_update_without_an_id_cannot_be_waited_for(world: World) -> None:
    found = world.executor.run("DeployStackIfChanged", {"stack": world.stack})
    assert update_id(found) == ""
    assert not is_complete(found)
    assert world.pauses == []


def test_every_item_of_a_batch_is_waited_for(world: World) -> None:
    found = world.executor.run("BatchDeployStack", {"pattern": "web,nothing-*"})
    assert [item["status"] for item in found] == ["Ok"]
    assert is_complete(found[0]["data"])


def test_a_core_that_restarts_meanwhile_is_waited_for(world: World) -> None:
    world.core.faults.add("DeployStack=takes:30")
    world.wire.faults["GetUpdate"] = ["refuse"] * 5
    assert world.deploy()["success"]


def test_a_core_that_stays_away_leaves_the_end_unknown(world: World) -> None:
    world.core.faults.add("DeployStack=takes:30")
    world.wire.faults["GetUpdate"] = ["refuse"] * 1000
    began = world.time[0]
    with pytest.raises(UnfinishedError) as failed:
        world.deploy()
    assert "is not known" in failed.value.summary
    assert failed.value.update
    assert world.time[0] - began >= GONE_FOR


@pytest.mark.parametrize("status", [401, 500])
def test_a_core_that_will_not_tell_leaves_the_end_unknown(world: World, status: int) -> None:
    world.wire.faults["GetUpdate"] = [httpx.Response(status, json={"error": "no", "trace": []})]
    with pytest.raises(UnfinishedError) as failed:
        world.deploy()
    assert failed.value.update


def test_nothing_begins_once_stopped(world: World) -> None:
    world.stopped = True
    with pytest.raises(StoppedError):
        world.deploy()
    assert world.deploys == 0


def test_a_busy_resource_is_not_waited_for_once_stopped(world: World) -> None:
    world.core.faults.add("DeployStack=busy")
    executor = world.executor

    def heard(wait: Wait) -> None:
        world.stopped = "another action" in wait.why

    with pytest.raises(StoppedError):
        executor.run("DeployStack", {"stack": world.stack}, heard=heard)
    assert world.deploys == 1


def test_what_is_not_there_is_an_error_at_once(world: World) -> None:
    with pytest.raises(NotFoundError):
        world.executor.run("DeployStack", {"stack": "nobody"})
