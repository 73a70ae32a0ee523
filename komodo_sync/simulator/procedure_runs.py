"""Runs of procedures: their stages in order, each execution with an Update of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.operations import executions
from komodo_sync.simulator import updates
from komodo_sync.simulator.executions import Execution
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.resources import find, id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.executions import Logs, Run

OPERATOR = "000000000000000000000001"
"""The built-in user who does what a procedure says."""
MAX_DEPTH = 8


def execution(performers: Mapping[str, Execution]) -> Execution:
    """RunProcedure; what is not among the performers (Sleep, batches, ...) is passed over."""

    def perform(run: Run) -> Logs:
        if run.depth > MAX_DEPTH:
            raise RefusalError("procedures run each other without end")
        logs: Logs = []
        for stage in run.resource["config"]["stages"]:
            if not stage["enabled"]:
                continue
            chosen = [item["execution"] for item in stage["executions"] if item["enabled"]]
            # executions of a stage run side by side: one that fails does not keep the others from running
            ended = [_step(run, performers, item["type"], item["params"]) for item in chosen]
            logs.append(run.log(f"Stage: {stage['name']}", f"{len(chosen)} executions", success=all(ended)))
            if not all(ended):
                break
        return logs

    return Execution(perform, "running")


def _step(run: Run, performers: Mapping[str, Execution], name: str, params: dict[str, Any]) -> bool:
    if name not in performers:
        return True
    target = next(param for param in executions()[name].params.values() if param.refers_to and param.required)
    core = KINDS[target.refers_to].core
    try:
        resource = find(run.state, core, params[target.name])
    except RefusalError:
        return False
    update = updates.begin(run.state, OPERATOR, name, {"type": core, "id": id_of(resource)})
    inner = type(run)(run.state, core, resource, name, params, OPERATOR, {}, depth=run.depth + 1)
    try:
        logs = performers[name].perform(inner)
    except RefusalError as refusal:
        logs = [updates.error_log(run.state, "Task Error", refusal.error, *refusal.trace)]
    return bool(updates.finish(run.state, update, logs, **inner.more)["success"])
