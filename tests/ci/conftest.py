"""A folder with manifests, an embedded Core in a file, a runner and GitHub's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from runner import GitHub, Runner

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def github() -> Iterator[GitHub]:
    found = GitHub()
    yield found
    found.stop()


@pytest.fixture
def runner(tmp_path: Path, github: GitHub) -> Runner:
    work = tmp_path / "work"
    work.mkdir()
    (work / "komodo-sync.yaml").write_text("owner: me\nprune: true\n")
    (work / "m.yaml").write_text("stacks: [{name: web}, {name: db}]\n")
    return Runner(tmp_path / "temp", work, github.url, {"KOMODO_CLI_HOST": f"sim:{tmp_path / 'core.db'}"})
