"""The embedded Core answers as a real Core 2.3.2 did that was built from its source and asked for this.

`observed` holds recordings of our own in the form of `cassettes`, which came with the project; see the README.
"""

from __future__ import annotations

import json
from pathlib import Path

import play
import pytest
import wsgi

from komodo_sync.simulator import EmbeddedCore

OBSERVED = sorted((Path(__file__).parent / "observed").glob("*.json"))
STEPS = 4673


def test_there_are_the_recordings_that_were_made() -> None:
    assert sum(len(json.loads(path.read_text())["steps"]) for path in OBSERVED) == STEPS


@pytest.mark.parametrize("path", OBSERVED, ids=lambda path: path.stem)
def test_in_process(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cassette = json.loads(path.read_text())
    with EmbeddedCore.open() as core:
        monkeypatch.setattr(play, "send", wsgi.sender(core.app))
        passed, failures = play.play("", {"X-Api-Key": core.key, "X-Api-Secret": core.secret}, cassette)
    assert (failures, passed) == ([], len(cassette["steps"]))
