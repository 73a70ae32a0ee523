"""A Core repeats for five seconds what its last look at git found: our own looks are kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from asking import Clock
from test_idleness import World

from komodo_sync.simulator import EmbeddedCore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST = """\
servers: [{name: s, config: {address: 'https://s:8120', enabled: true}}]
stacks: [{name: NAME, deploy: true, config: {server: s, repo: me/app, environment: {A: VALUE}}}]
"""


class Timed(World):
    """A World in which no time passes by itself."""

    clock: Clock

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self.clock.pass_by(int(seconds * 1000))


def push(world: World, image: str) -> None:
    world.core.push("me/app", {"compose.yaml": f"services: {{a: {{image: {image}}}}}\n"})


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Timed]:
    clock = Clock()
    with EmbeddedCore.open(clock=clock, pull_cache=5000) as core:
        made = Timed(tmp_path, core, [0.0])
        made.clock = clock
        with made.transport:
            push(made, "nginx:1")
            made.declare(1, text=MANIFEST)
            assert made.apply(made.planned()).complete
            made.sleep(10)
            made.pauses.clear()
            yield made


def test_a_commit_that_comes_right_after_our_own_look_is_seen(world: Timed) -> None:
    assert world.actions(world.planned()) == {}
    push(world, "nginx:2")
    world.sleep(1)
    assert world.actions(world.planned()) == {"stack/web": ["deploy"]}
    assert [round(pause, 6) for pause in world.pauses] == [1, 5]
    world.sleep(6)
    world.pauses.clear()
    assert world.actions(world.planned()) == {"stack/web": ["deploy"]}
    assert world.pauses == []


def test_the_plan_that_proves_an_apply_waits_for_no_look_of_its_own(world: Timed) -> None:
    world.declare(1, text=MANIFEST.replace("{name: NAME", "{name: NAME, description: The site"))
    made = world.planned()
    assert world.apply(made).complete
    assert "UpdateResourceMeta" in world.wire.sent
    assert "RefreshStackCache" not in world.wire.sent
    assert world.pauses == []
    world.declare(1, text=MANIFEST.replace("{name: NAME", "{name: NAME, description: Its site"))
    world.sleep(6)
    made = world.planned()
    world.sleep(6)
    assert world.apply(made).complete
    assert world.wire.sent.count("RefreshStackCache") == 1


def test_a_refresh_that_failed_was_no_look(world: Timed) -> None:
    world.core.faults.add("RefreshStackCache=fail:1")
    world.planned()
    world.planned()
    assert world.pauses == []
