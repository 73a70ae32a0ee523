"""What Core does without being asked once a build has ended: it is looked for, so that nothing is deployed twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.client.updates import was_busy
from komodo_sync.model.outcome import Wait

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.updates import Executor, Target
    from komodo_sync.model.plan import Execution

BY_ITSELF = "000000000000000000000004"
"""As whom Core does it, in its Updates."""
LOOK_AFTER = (0.0, 0.5, 1.0, 2.0, 4.0)
"""Seconds before each look for it: it begins right after the build has ended."""


def done_unasked(
    execution: Execution,
    target: Target,
    since: int,
    reader: Reader,
    executor: Executor,
    timeout: float,
    heard: Callable[[Wait], None],
) -> Mapping[str, Any] | None:
    """The complete Update of what Core did by itself since then (in its own milliseconds); None where it did not begin,
    or did nothing because something else was done with the resource."""
    query = {
        "target.type": target.core,
        "target.id": target.id,
        "operation": execution.operation,
        "operator": BY_ITSELF,
        "start_ts": {"$gte": since},
    }
    for pause in LOOK_AFTER:
        if pause:
            heard(Wait("for Komodo to deploy it by itself after the build"))
            executor.clock.sleep(pause)
        found = reader.read("ListUpdates", {"query": query, "page": 0})["updates"]
        if found:
            update = reader.read("GetUpdate", {"id": found[0]["id"]})
            ended: Mapping[str, Any] = executor.completed(update, timeout=timeout, heard=heard)
            return None if was_busy(dict(ended)) else ended
    return None
