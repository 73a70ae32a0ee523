"""The plan that proves an apply gives states a minute to settle, and no longer."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from bench import Heard, Wire, transport_to

from komodo_sync.client.reader import Reader
from komodo_sync.client.refresher import Refresher
from komodo_sync.client.writer import Writer
from komodo_sync.execution.stop import StopFlag
from komodo_sync.manifest import load
from komodo_sync.session import Session, apply, exit_code, plan, plan_options
from komodo_sync.session.performance import SETTLED_AFTER
from komodo_sync.settings import find_settings
from komodo_sync.simulator import EmbeddedCore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from komodo_sync.model.outcome import Outcome

MANIFEST = """\
servers: [{name: s, config: {address: 'https://s:8120', enabled: true}}]
stacks:
  - name: web
    deploy: true
    state: running
    config: {server: s, environment: {A: VALUE}, file_contents: 'services: {app: {image: nginx}}'}
"""


class World:
    """A Core whose lists say, as often as told, that the stack is stopped."""

    def __init__(self, root: Path, core: EmbeddedCore, ahead: list[float]) -> None:
        self.root, self.core, self.ahead = root, core, ahead
        self.wire = Wire(core)
        self.transport = transport_to(core, self.wire)
        self.pauses: list[float] = []
        self.heard = Heard()
        reader, writer = Reader(self.transport, sleep=self.sleep), Writer(self.transport, sleep=self.sleep)
        self.session = Session(reader, writer, "embedded", refresher=Refresher(self.transport))
        (root / "komodo-sync.yaml").write_text("owner: me\n", encoding="utf-8")

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.ahead[0] += seconds

    def apply(self, value: int, *, stopped: int = 0) -> Outcome:
        """Applies a new value; the plans afterwards find the stack stopped so many times."""
        (self.root / "m.yaml").write_text(MANIFEST.replace("VALUE", str(value)), encoding="utf-8")
        settings = find_settings(None, self.root)
        loaded = load([], settings=settings, root=self.root)
        options = plan_options(settings, loaded)
        planned = plan(self.session, loaded, options)
        self.wire.faults["ListStacks"] = [self.stopped] * stopped
        self.pauses.clear()
        return apply(
            self.session, planned, loaded, options, parallelism=2, verify=True, listener=self.heard, stop=StopFlag()
        )

    def stopped(self, request: httpx.Request) -> httpx.Response:
        found: list[dict[str, Any]] = json.loads(self.wire.pass_on(request).read())
        for item in found:
            item["info"]["state"] = "stopped"
        return httpx.Response(200, json=found)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    ahead, start = [0.0], time.time()
    with EmbeddedCore.open(clock=lambda: int((start + ahead[0]) * 1000)) as core:
        made = World(tmp_path, core, ahead)
        with made.transport:
            yield made


def test_a_state_that_settles_is_waited_for(world: World) -> None:
    world.apply(1)
    outcome = world.apply(2, stopped=3)
    assert outcome.complete
    assert [pause for pause in world.pauses if pause in SETTLED_AFTER] == list(SETTLED_AFTER[:3])
    assert sum("looking again for up to a minute" in note for note in world.heard.notes) == 1


def test_a_state_that_does_not_settle_is_left(world: World) -> None:
    world.apply(1)
    outcome = world.apply(2, stopped=1000)
    assert not outcome.complete
    assert exit_code(outcome) == 3
    assert outcome.remaining is not None
    assert [change.action for item in outcome.remaining.resources for change in item.changes] == ["start"]
    assert [pause for pause in world.pauses if pause in SETTLED_AFTER] == list(SETTLED_AFTER)
    assert sum(SETTLED_AFTER) == 60


def test_what_failed_is_not_waited_for(world: World) -> None:
    world.apply(1)
    world.core.faults.add("DeployStack=fail")
    outcome = world.apply(2)
    assert not outcome.complete
    assert not set(world.pauses) & set(SETTLED_AFTER)
