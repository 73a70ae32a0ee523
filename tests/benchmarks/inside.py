"""What is measured inside of a process, where requests can be counted and the embedded Core is asked directly."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from world import request

if TYPE_CHECKING:
    from pathlib import Path

KEY, SECRET = "K_bench", "S_bench"


def requests_of_a_plan(folder: Path, state: Path, pruner: str = "") -> int:
    """How many requests one plan makes. `pruner`: an owner that is set, with prune."""
    import httpx

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.transport import Transport
    from komodo_sync.client.writer import Writer
    from komodo_sync.manifest import load
    from komodo_sync.model.sealed import Sealed
    from komodo_sync.planning import Options
    from komodo_sync.session import Session, plan, plan_options
    from komodo_sync.simulator import EmbeddedCore

    sent: list[httpx.Request] = []

    class Counting(httpx.WSGITransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            sent.append(request)
            return super().handle_request(request)

    with EmbeddedCore.open(state, key=KEY, secret=SECRET) as core:
        through = Counting(app=core.app)
        with Transport("http://core", Sealed(core.key), Sealed(core.secret), through=through) as transport:
            loaded = load([folder], settings=None, root=folder)
            shaped = Options(owner=pruner, prune=True) if pruner else plan_options(None, loaded)
            planned = plan(Session(Reader(transport), Writer(transport), ""), loaded, shaped)
        assert not planned.plan.has_changes, planned.plan.summary
    return len(sent)


def list_seconds(state: Path) -> float:
    """What the embedded Core itself takes to answer ListFullStacks."""
    from komodo_sync.simulator import EmbeddedCore

    with EmbeddedCore.open(state, key=KEY, secret=SECRET) as core:
        timings = []
        for _ in range(5):
            started = time.perf_counter()
            request(core, "/read", "ListFullStacks", {"query": {}, "page": 0, "limit": 0})
            timings.append(time.perf_counter() - started)
    return statistics.median(timings)
