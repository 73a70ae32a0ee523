"""What a Core does as it starts with what was under way when it ended."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from komodo_sync.simulator import updates
from komodo_sync.simulator.executions import NEVER, Run, performed
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.resources import save
from komodo_sync.simulator.states import note_state

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from komodo_sync.simulator.executions import Execution
    from komodo_sync.simulator.requests import State

STAGE = "Komodo shutdown"
_ON_HOSTS = ("Stack", "Deployment", "Server")
"""What is done by docker, which goes on without the Core."""


def end_leftovers(state: State, performers: Mapping[str, Execution]) -> None:
    """Every execution that is under way is complete and no success, without an end. What docker was told to do is
    done, if it does not hang; the Core has recorded nothing of it."""
    with state.storage.transaction():
        for core, key, body in state.storage.query(
            "SELECT target_type, target_id, body FROM tasks WHERE due<? ORDER BY due, number", NEVER
        ):
            if core in _ON_HOSTS:
                _finish_on_host(state, core, key, json.loads(body), performers)
        stacks = state.storage.query("SELECT DISTINCT target_id FROM tasks WHERE target_type='Stack'")
        state.storage.query("DELETE FROM tasks")
        for (key,) in stacks:
            stack = state.storage.get("Stack", key)
            if stack is not None:
                note_state(state, stack)
        for (body,) in state.storage.query("SELECT body FROM updates WHERE complete=0 ORDER BY number"):
            update = json.loads(body)
            stage = updates.log(state, STAGE, stderr="the Core ended while this was under way", success=False)
            updates.finish(state, update, [*update["logs"], stage], end_ts=None)


def _finish_on_host(
    state: State, core: str, key: str, task: dict[str, Any], performers: Mapping[str, Execution]
) -> None:
    before = state.storage.get(core, key)
    if before is None:
        return
    operator = updates.find(state, task["update"])["operator"]
    run = Run(state, core, {}, task["name"], task["params"], operator, {}, task["failing"])
    run.fails_at = task.get("fails_at", "")
    with suppress(RefusalError):
        performed(run, key, task["refused"], performers[task["name"]])
    save(state, core, before)
