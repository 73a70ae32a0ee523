"""A Core of its own for each test, and somebody who asks it in process."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from asking import Asker, TimedCore, timed

from komodo_sync.simulator import EmbeddedCore
from komodo_sync.simulator.listening import Listener

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def core() -> Iterator[TimedCore]:
    with timed() as core:
        assert isinstance(core, TimedCore)
        yield core


@pytest.fixture
def ask(core: TimedCore) -> Iterator[Asker]:
    asker = Asker(core)
    with asker.http:
        yield asker


@pytest.fixture
def reader(ask: Asker) -> Iterator[Asker]:
    """Somebody who is no admin and may do nothing yet; `user_id` is theirs."""
    user = ask.write("CreateServiceUser", username="reader", description="")
    made = ask.write("CreateApiKeyForServiceUser", user_id=user["_id"]["$oid"], name="ci", expires=0)
    asker = Asker(ask.core, made["key"], made["secret"])
    asker.user_id = user["_id"]["$oid"]
    with asker.http:
        yield asker


@pytest.fixture
def listening() -> Iterator[Any]:
    """`listening(fault, ...)`: the URL of a Core on a port, and the Core."""
    running: list[tuple[EmbeddedCore, Listener, threading.Thread]] = []

    def start(*faults: str) -> tuple[str, EmbeddedCore]:
        core = EmbeddedCore.open(faults=faults)
        listener = Listener(core.app, "127.0.0.1", 0)
        thread = threading.Thread(target=listener.serve, daemon=True)
        thread.start()
        running.append((core, listener, thread))
        return listener.url, core

    yield start
    for core, listener, thread in running:
        listener.stop()
        thread.join(10)
        core.close()
