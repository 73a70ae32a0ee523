"""Somebody who calls operations of an embedded Core, past the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from asking import Asker

from komodo_sync.calling.calls import Caller
from komodo_sync.calling.manner import Manner
from komodo_sync.calling.naming import find_named
from komodo_sync.calling.parameters import read_given
from komodo_sync.client.reader import Reader
from komodo_sync.client.transport import Transport, in_process
from komodo_sync.client.writer import Writer
from komodo_sync.model.sealed import Sealed
from komodo_sync.simulator import EmbeddedCore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from komodo_sync.model.called import Calls

    Call = Callable[..., Calls]


@pytest.fixture
def core() -> Iterator[EmbeddedCore]:
    with EmbeddedCore.open(pace=0) as core:
        yield core


@pytest.fixture
def ask(core: EmbeddedCore) -> Asker:
    return Asker(core)


@pytest.fixture
def call(core: EmbeddedCore) -> Iterator[Call]:
    """`call("GetStack", "web", parallelism=1)`: what became of it; nobody waits for real."""

    def no_sleep(_seconds: float) -> None:
        """Time passes for nobody."""

    key, secret = Sealed(core.key), Sealed(core.secret)
    with Transport("http://core", key, secret, through=in_process(core.app), host="core") as transport:

        def call(*words: str, **manner: Any) -> Calls:
            named = find_named(words)
            reader, writer = Reader(transport, sleep=no_sleep), Writer(transport, sleep=no_sleep)
            caller = Caller(named, reader, writer, Manner(**manner))
            given = read_given(named.operation, named.rest, lambda: "")
            return caller.call(given, caller.prepared(given))

        yield call
