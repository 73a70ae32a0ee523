"""A checkout from which a stack is deployed is pulled and not cloned: a clone would remove what that keeps there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from test_idleness import World

from komodo_sync.simulator import EmbeddedCore

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """\
servers:
  - {name: one, config: {address: 'https://one:8120', enabled: true}}
  - {name: two, config: {address: 'https://two:8120', enabled: true}}
repos: [{name: site, deploy: DEPLOY, config: {server: SERVER, repo: me/site}}]
stacks: [{name: wiki, deploy: true, config: {server: one, linked_repo: site}}]
"""


def manifest(deploy: str, server: str) -> str:
    return MANIFEST.replace("DEPLOY", deploy).replace("SERVER", server)


@pytest.mark.parametrize(("deploy", "server", "first"), [("false", "one", []), ("true", "two", ["CloneRepo"])])
def test_a_repo_of_what_is_deployed_there_is_pulled(tmp_path: Path, deploy: str, server: str, first: list[str]) -> None:
    with EmbeddedCore.open() as core:
        core.push("me/site", {"compose.yaml": "services: {a: {image: nginx}}\n"})
        world = World(tmp_path, core, [0.0])
        with world.transport:
            world.declare(1, text=manifest(deploy, server))
            assert world.apply(world.planned()).complete
            assert [name for name in world.wire.sent if name.endswith("Repo") and name != "CreateRepo"] == first
            world.declare(1, text=manifest("true", "one"))
            assert world.apply(world.planned()).complete
            assert "PullRepo" in world.wire.sent
            assert "CloneRepo" not in world.wire.sent
            assert world.actions(world.planned()) == {}
