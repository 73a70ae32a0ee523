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
from komodo_sync.simulator.identity import now_ms

OBSERVED = sorted((Path(__file__).parent / "observed").glob("*.json"))
STEPS = 4673
RECORDED = 1_796_040_000_000
"""In milliseconds: noon of the day on which they were made, since some answers name the last thirty days."""


def test_there_are_the_recordings_that_were_made() -> None:
    assert sum(len(json.loads(path.read_text())["steps"]) for path in OBSERVED) == STEPS


@pytest.mark.parametrize("path", OBSERVED, ids=lambda path: path.stem)
def test_in_process(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cassette, begun = json.loads(path.read_text()), now_ms()
    with EmbeddedCore.open(clock=lambda: now_ms() - begun + RECORDED) as core:
        monkeypatch.setattr(play, "send", wsgi.sender(core.app))
        passed, failures = play.play("", {"X-Api-Key": core.key, "X-Api-Secret": core.secret}, cassette)
    assert (failures, passed) == ([], len(cassette["steps"]))
