"""The embedded Core answers every recorded exchange as the real Core did."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import play
import pytest
import wsgi

from komodo_sync.simulator import EmbeddedCore
from komodo_sync.simulator.listening import Listener

CASSETTES = sorted((Path(__file__).parent / "cassettes").glob("*.json"))
STEPS = 624


def admin(core: EmbeddedCore) -> dict[str, str]:
    return {"X-Api-Key": core.key, "X-Api-Secret": core.secret}


def test_there_are_the_recordings_that_were_taken() -> None:
    assert sum(len(json.loads(path.read_text())["steps"]) for path in CASSETTES) == STEPS


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_in_process(path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cassette = json.loads(path.read_text())
    with EmbeddedCore.open(tmp_path / "core.db") as core:
        monkeypatch.setattr(play, "send", wsgi.sender(core.app))
        passed, failures = play.play("", admin(core), cassette)
    assert (failures, passed) == ([], len(cassette["steps"]))


@pytest.mark.parametrize("path", CASSETTES, ids=lambda path: path.stem)
def test_on_a_port(path: Path) -> None:
    cassette = json.loads(path.read_text())
    with EmbeddedCore.open() as core:
        listener = Listener(core.app, "127.0.0.1", 0)
        thread = threading.Thread(target=listener.serve, daemon=True)
        thread.start()
        try:
            passed, failures = play.play(listener.url, admin(core), cassette)
        finally:
            listener.stop()
            thread.join(10)
    assert (failures, passed) == ([], len(cassette["steps"]))
