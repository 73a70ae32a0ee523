"""The bench of this folder's tests."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from bench import Bench, Wire, transport_to

from komodo_sync.simulator import EmbeddedCore

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def bench() -> Iterator[Bench]:
    """A fresh, empty Core, and an apply's hands."""
    ahead, start = [0.0], time.time()
    with EmbeddedCore.open(clock=lambda: int((start + ahead[0]) * 1000)) as core:
        wire = Wire(core)
        with transport_to(core, wire) as transport:
            yield Bench(core, wire, transport, ahead=ahead)
