"""What somebody else is doing is waited for, and what came of it is looked at before anything is done."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from bench import Heard, Wire, transport_to

from komodo_sync.client.reader import Reader
from komodo_sync.client.refresher import Refresher
from komodo_sync.client.writer import Writer
from komodo_sync.execution import Pace
from komodo_sync.execution.stop import StopFlag
from komodo_sync.manifest import load
from komodo_sync.model.outcome import Status
from komodo_sync.session import Session, apply, plan, plan_once_idle, plan_options
from komodo_sync.settings import find_settings
from komodo_sync.simulator import EmbeddedCore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from komodo_sync.model.outcome import Outcome
    from komodo_sync.model.plan import Planned

MANIFEST = """\
servers: [{name: s, config: {address: 'https://s:8120', enabled: true}}]
builders: [{name: b, config: {type: Server, params: {servers: [s]}}}]
builds: [{name: app, deploy: true, config: {builder: b, repo: me/code}}]
stacks:
  - name: NAME
    deploy: true
    config: {server: s, environment: {A: VALUE}, file_contents: 'services: {app: {image: nginx}}'}
"""


@dataclass
class World:
    """A Core on which others act too. Time passes while somebody waits, and never else."""

    root: Path
    core: EmbeddedCore
    ahead: list[float]
    notes: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    heard: Heard = field(default_factory=Heard)
    name: str = "web"

    def __post_init__(self) -> None:
        self.wire = Wire(self.core)
        self.transport = transport_to(self.core, self.wire)
        reader = Reader(self.transport, sleep=self.sleep)
        writer = Writer(self.transport, sleep=self.sleep, now=lambda: self.ahead[0])
        self.session = Session(reader, writer, "embedded", refresher=self.refresher())

    def refresher(self) -> Refresher:
        return Refresher(self.transport, sleep=self.sleep, now=lambda: self.ahead[0])

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.ahead[0] += seconds

    def declare(self, value: int, settings: str = "owner: me\n", *, text: str = MANIFEST) -> None:
        (self.root / "komodo-sync.yaml").write_text(settings, encoding="utf-8")
        text = text.replace("VALUE", str(value)).replace("NAME", self.name)
        (self.root / "m.yaml").write_text(text, encoding="utf-8")

    @property
    def inputs(self) -> tuple[Any, Any]:
        settings = find_settings(None, self.root)
        loaded = load([], settings=settings, root=self.root)
        return loaded, plan_options(settings, loaded)

    def planned(self, **more: Any) -> Planned:
        return plan_once_idle(self.session, *self.inputs, note=self.notes.append, **more)

    def apply(self, planned: Planned, pace: Pace | None = None) -> Outcome:
        self.wire.sent.clear()
        loaded, options = self.inputs
        return apply(
            self.session,
            planned,
            loaded,
            options,
            parallelism=2,
            verify=True,
            listener=self.heard,
            stop=StopFlag(),
            pace=pace,
        )

    def somebody(self, operation: str, seconds: int = 0, **params: Any) -> None:
        """Somebody else has it done, which takes so long."""
        if seconds:
            self.core.faults.add(f"{operation}=takes:{seconds}")
        self.transport.call("execute", operation, params)
        self.core.faults.clear_told()

    def actions(self, planned: Planned) -> dict[str, list[str]]:
        found = planned.plan.resources
        return {str(item.address): [change.action.value for change in item.changes] for item in found if item.changes}


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    ahead, start = [0.0], time.time()
    with EmbeddedCore.open(clock=lambda: int((start + ahead[0]) * 1000)) as core:
        core.push("me/code", {"Dockerfile": "FROM scratch\n"})
        made = World(tmp_path, core, ahead)
        with made.transport:
            made.declare(1)
            assert made.apply(made.planned()).complete
            made.sleep(10)
            made.pauses.clear()
            yield made


def test_a_deploy_of_somebody_else_is_waited_for_and_what_is_left_is_done(world: World) -> None:
    world.declare(2)
    world.somebody("DeployStack", 90, stack="web")
    made = world.planned()
    assert world.notes == [
        "waiting: somebody else's action is running on stack/web (for 1800 seconds at most)",
    ]
    assert 90 <= sum(world.pauses) < 110
    assert world.pauses[0] < world.pauses[-1]
    assert world.actions(made) == {"stack/web": ["update", "deploy"]}
    assert world.apply(made).complete


def test_what_somebody_else_has_done_is_not_done_again(world: World) -> None:
    world.core.push("me/code", {"Dockerfile": "FROM alpine\n"})
    world.somebody("RunBuild", 300, build="app")
    assert world.actions(world.planned()) == {}
    assert sum(world.pauses) >= 300


def test_it_is_waited_for_as_long_as_the_settings_say_and_then_told(world: World) -> None:
    world.declare(1, "owner: me\ntimeouts: {stack/web: 30s, build: 1h}\n")
    world.somebody("DeployStack", 900, stack="web")
    made = world.planned()
    assert 30 <= sum(world.pauses) < 50
    [finding] = [item for item in made.plan.findings if item.code == "busy"]
    assert finding.message == "whether stack/web runs as declared cannot be told: it is deploying at the moment"
    outcome = world.apply(made)
    assert not outcome.complete


def test_the_time_given_for_all_counts_first(world: World) -> None:
    world.somebody("DeployStack", 900, stack="web")
    assert world.planned(timeout=5.0).plan.busy
    assert 5 <= sum(world.pauses) < 20


def test_who_wants_to_stop_waits_for_nothing(world: World) -> None:
    world.somebody("DeployStack", 900, stack="web")
    assert world.planned(stopped=lambda: True).plan.busy
    assert world.pauses == []


def test_what_passes_without_anybodys_action_is_not_waited_for(world: World) -> None:
    """A container that is restarted again and again may be so for ever."""

    def restarting(request: httpx.Request) -> httpx.Response:
        items = json.loads(world.wire.pass_on(request).read())
        for item in items:
            item["info"]["state"] = "restarting"
        return httpx.Response(200, json=items)

    world.wire.faults["ListStacks"] = [restarting] * 9
    assert world.planned().plan.busy
    # it might have ended while the plan was made
    assert len(world.wire.faults["ListStacks"]) == 7
    assert world.pauses == []


def test_what_ends_while_the_plan_is_made_is_looked_at_again(world: World) -> None:
    world.declare(2)
    world.somebody("DeployStack", 20, stack="web")

    def slow(request: httpx.Request) -> httpx.Response:
        answer = world.wire.pass_on(request)
        world.ahead[0] += 30
        return answer

    world.wire.faults["ListStacks"] = [slow]
    assert world.actions(world.planned()) == {"stack/web": ["update", "deploy"]}
    assert world.pauses == []


def test_a_build_that_somebody_began_after_the_plan_is_not_made_twice(world: World) -> None:
    world.core.push("me/code", {"Dockerfile": "FROM alpine\n"})
    made = world.planned()
    assert world.actions(made) == {"build/app": ["deploy"]}
    world.somebody("RunBuild", 60, build="app")
    outcome = world.apply(made)
    assert outcome.complete
    assert [each.message for each in outcome.results] == ["somebody else did it meanwhile"]
    assert "RunBuild" not in world.wire.sent
    versions = world.transport.call("read", "ListBuilds", {"query": {}, "page": 0, "limit": 0})[0]["info"]["version"]
    assert versions == {"major": 0, "minor": 0, "patch": 2}


def test_what_somebody_did_after_the_plan_and_is_not_all_of_it_is_done(world: World) -> None:
    world.declare(2)
    made = world.planned()
    # it began before the new environment was written
    world.somebody("DeployStack", 60, stack="web")
    assert world.apply(made).complete
    assert world.wire.sent.count("DeployStack") == 1


def test_what_nobody_can_tell_after_somebody_was_at_it_is_tried(world: World) -> None:
    world.declare(2)
    made = world.planned()

    def begin(request: httpx.Request) -> httpx.Response:
        answer = httpx.Response(200, json=json.loads(world.wire.pass_on(request).read()))
        world.somebody("DeployStack", 60, stack="web")
        return answer

    def silent(request: httpx.Request) -> httpx.Response:
        world.core.faults.unreachable.add("s")
        return world.wire.pass_on(request)

    # its agent falls silent while the other deploy is waited for
    world.wire.faults |= {"UpdateStack": [begin], "GetStackActionState": ["pass", silent]}
    outcome = world.apply(made)
    assert [str(each.step) for each in outcome.of(Status.FAILED)] == ["stack/web deploy"]


def test_a_rename_waits_for_a_deploy_as_long_as_its_timeout_says(world: World) -> None:
    world.name = "site\n    renamed_from: web"
    world.declare(1, "owner: me\ntimeouts: {stack: 20m}\n")
    made = plan(world.session, *world.inputs)
    world.somebody("DeployStack", 900, stack="web")
    outcome = world.apply(made)
    assert outcome.complete
    assert world.wire.sent.index("GetStackActionState") < world.wire.sent.index("RenameStack")


def test_a_deploy_that_somebody_began_while_this_applied_is_waited_for_before_it_is_proved(world: World) -> None:
    world.declare(2)
    made = world.planned()
    began: list[bool] = []

    def begin() -> None:
        if (
            not began
            and "UpdateStack" in world.wire.sent
            and world.heard.ended[-1:]
            and (str(world.heard.ended[-1].step) == "stack/web deploy")
        ):
            began.append(True)
            world.somebody("DeployStack", 120, stack="web")

    note = world.heard.note

    def noted(text: str) -> None:
        begin()
        note(text)

    world.heard.note = noted  # type: ignore[method-assign]
    outcome = world.apply(made)
    assert began
    assert outcome.complete
    assert any("somebody else's action is running on stack/web" in text for text in world.heard.notes)


def test_what_did_not_end_in_time_is_not_waited_for_again(world: World) -> None:
    world.declare(2)
    made = world.planned()
    world.core.faults.add("DeployStack=hang")
    outcome = world.apply(made, Pace(timeout=40.0))
    assert not outcome.complete
    assert sum(world.pauses) < 80


FOLLOWED = """\
deployments:
  - name: app
    deploy: true
    config: {server: s, redeploy_on_build: true, image: {type: Build, params: {build: app}}}
"""


def deploys(world: World) -> list[dict[str, Any]]:
    """Who deployed it, the newest first."""
    found = world.transport.call("read", "ListUpdates", {"query": {"operation": "Deploy"}, "page": 0})
    return list(found["updates"])


@pytest.fixture
def following(world: World) -> World:
    world.declare(1, text=MANIFEST + FOLLOWED)
    assert world.apply(world.planned()).complete
    assert len(deploys(world)) == 1
    world.core.push("me/code", {"Dockerfile": "FROM alpine\n"})
    return world


@pytest.mark.parametrize("seconds", [0, 100])
def test_what_komodo_deploys_by_itself_after_a_build_is_waited_for_and_not_done_twice(
    following: World, seconds: int
) -> None:
    made = following.planned()
    assert following.actions(made) == {"build/app": ["deploy"], "deployment/app": ["deploy"]}
    if seconds:
        following.core.faults.add(f"Deploy=takes:{seconds}")
    outcome = following.apply(made)
    assert outcome.complete
    assert "Deploy" not in following.wire.sent
    by_itself, _ = deploys(following)
    assert by_itself["operator"] == "000000000000000000000004"
    [told] = [each for each in outcome.results if str(each.step) == "deployment/app deploy"]
    assert (told.update, told.message) == (by_itself["id"], "Komodo did it by itself after the build")
    assert following.actions(following.planned()) == {}


def test_what_komodo_deploys_by_itself_and_fails_is_a_failure(following: World) -> None:
    made = following.planned()
    following.core.faults.add("Deploy=fail:1")
    outcome = following.apply(made)
    assert not outcome.complete
    [failed] = outcome.of(Status.FAILED)
    assert "Deploy failed at Docker Run" in failed.message
    assert "Deploy" not in following.wire.sent
    assert following.apply(following.planned()).complete


def test_what_komodo_does_not_deploy_by_itself_is_deployed(following: World) -> None:
    """As when it was stopped since the plan."""
    made = following.planned()
    following.somebody("StopDeployment", deployment="app")
    assert following.apply(made).complete
    assert following.wire.sent.count("Deploy") == 1


def test_what_follows_a_build_of_somebody_else_is_not_deployed_twice(following: World) -> None:
    made = following.planned()
    following.somebody("RunBuild", 60, build="app")
    assert following.apply(made).complete
    assert not {"RunBuild", "Deploy"} & set(following.wire.sent)
    assert len(deploys(following)) == 2
