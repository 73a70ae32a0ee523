"""Executions: answered at once with an Update in progress, done a little later.

What is due is done at the start of the next request, whoever makes it, so no thread of its own is needed and the
state of a file is the same whoever opens it next.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import Data
from komodo_sync.operations import executions
from komodo_sync.simulator import updates
from komodo_sync.simulator.compose import told
from komodo_sync.simulator.containers import reachable
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.jsontext import write
from komodo_sync.simulator.permissions import require
from komodo_sync.simulator.resources import Resource, find, id_of, save
from komodo_sync.simulator.states import action_of, note_run, note_state

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.requests import Call, Handler, State

Logs = list[dict[str, Any]]
BUSY = "Resource is busy"
NEVER = 2**63 - 1
"""When what hangs is due: the resource is busy with it until the Core starts again."""
_WRITTEN_BY_NAME = frozenset({"Stack", "Build"})
_ON_HOSTS = frozenset({"Stack"})
_NEED_HOSTS = frozenset({"Stack", "Deployment"})


class Run(Data):
    """One execution that is being done: on what, with which parameters, and what goes into its Update."""

    state: State
    core: str
    resource: Resource
    operation: str
    params: dict[str, Any]
    operator: str
    more: dict[str, Any]
    failing: bool = False
    fails_at: str = ""
    cancelled: bool = False
    depth: int = 0

    def log(self, stage: str, stdout: str = "", *, command: str = "", stderr: str = "", success: bool = True) -> Any:
        """One stage of it; the one at which it is told to fail fails."""
        if stage == self.fails_at:
            stderr, success = stderr or f"told to fail at {stage}\n", False
        return updates.log(self.state, stage, stdout, command=command, stderr=stderr, success=success)


class Execution(Data, frozen=True):
    """How an execution is done: `action` is what the resource is busy with meanwhile (empty: it is not);
    `perform` does it and answers its stages, or raises RefusalError for one that ends as `Task Error`;
    `services` is the name of its Update when it was asked for single services."""

    perform: Callable[[Run], Logs]
    action: str = ""
    services: str = ""


def start(call: Call, core: str, reference: str, execution: Execution, name: str = "") -> dict[str, Any]:
    """Begins an execution and answers its Update. 500 at once when there is no such resource."""
    state = call.state
    resource = find(state, core, reference)
    key = id_of(resource)
    operation = name or call.operation
    if execution.services and call.params.get("services"):
        operation = execution.services
    refused = _refusal(call, core, key, execution)
    update = updates.begin(state, call.user.id, operation, {"type": core, "id": key})
    faults = (call.group, call.operation, (resource["name"], key))
    told_to_fail = state.faults.take(*faults, "fails")
    body = {
        "update": id_of(update),
        "name": call.operation,
        "params": call.params,
        "refused": refused,
        "failing": state.faults.take(*faults, "fail") is not None,
        "fails_at": told_to_fail.stage if told_to_fail else "",
        "named": resource["name"],
        "spoken": core not in _ON_HOSTS or reachable(state, resource),
    }
    if state.faults.take(*faults, "busy"):
        body["refused"] = BUSY
    # what nobody can be told to do is over before it is seen
    hangs = state.faults.take(*faults, "hang") is not None
    lasts = _lasts(call, resource, faults)
    unheard = not hangs and lasts == state.pace and _is_unheard(state, core, operation, resource)
    due = NEVER if hangs and not body["refused"] else call.now() + lasts
    _schedule(call, core, key, "" if body["refused"] or unheard else execution.action, body, due)
    return update


def _is_unheard(state: State, core: str, operation: str, resource: Resource) -> bool:
    """Whether there is nobody who could be told to do it."""
    config = resource["config"]
    if core in _NEED_HOSTS:
        return not reachable(state, resource)
    if core == "Build" or operation == "BuildRepo":
        return not config["builder_id"]
    return core == "Repo" and not reachable(state, resource)


def start_on_core(call: Call, refused: str = "") -> dict[str, Any]:
    """Begins an execution that concerns the Core itself and answers its Update; `refused` is why it will fail."""
    update = updates.begin(call.state, call.user.id, call.operation, updates.SYSTEM)
    body = {
        "update": id_of(update),
        "name": call.operation,
        "params": call.params,
        "refused": refused,
        "failing": False,
    }
    _schedule(call, updates.SYSTEM["type"], "", "", body, call.now() + call.state.pace)
    return update


def _refusal(call: Call, core: str, key: str, execution: Execution) -> str:
    try:
        require(call, core, key, "Execute")
    except RefusalError as failure:
        return failure.error
    # several runs of one action may overlap
    if execution.action and core != "Action" and action_of(call.state, core, key):
        return BUSY
    return ""


def _lasts(call: Call, resource: Resource, faults: tuple[str, str, tuple[str, ...]]) -> int:
    fault = call.state.faults.take(*faults, "takes")
    if fault:
        return int(fault.seconds * 1000)
    word, seconds = told(resource["config"].get("file_contents", ""))
    return int(seconds * 1000) if word == "slow" else call.state.pace


def _schedule(call: Call, core: str, key: str, action: str, body: dict[str, Any], due: int) -> None:
    call.storage.query(
        "INSERT INTO tasks(due, target_type, target_id, action, body) VALUES(?,?,?,?,?)",
        due,
        core,
        key,
        action,
        write(body),
    )


def settle(state: State, performers: Mapping[str, Execution]) -> None:
    """Does everything that is due."""
    if not _due(state):
        return
    with state.storage.transaction():
        while tasks := _due(state):
            number, core, key, body = tasks[0]
            state.storage.query("DELETE FROM tasks WHERE number=?", number)
            _do(state, core, key, json.loads(body), performers)


def _due(state: State) -> list[Any]:
    return state.storage.query(
        "SELECT number, target_type, target_id, body FROM tasks WHERE due<=? ORDER BY due, number LIMIT 1",
        state.clock(),
    )


def _do(state: State, core: str, key: str, task: dict[str, Any], performers: Mapping[str, Execution]) -> None:
    update = updates.find(state, task["update"])
    run = Run(state, core, {}, task["name"], task["params"], update["operator"], {}, task["failing"])
    run.fails_at, run.cancelled = task.get("fails_at", ""), task.get("cancelled", False)
    try:
        logs = _performed_on(run, key, task, performers[task["name"]])
    except RefusalError as failure:
        logs = [updates.error_log(state, "Task Error", failure.error, *failure.trace)]
    if run.failing and all(stage["success"] for stage in logs):
        logs.append(updates.log(state, "Simulated RefusalError", stderr="told to fail", success=False))
    updates.finish(state, update, logs, **run.more)
    if state.storage.text(core, key) is None:
        return
    if core == "Stack":
        note_state(state, find(state, core, key))
    if not any(stage["stage"] == "Task Error" for stage in logs):
        note_run(state, core, find(state, core, key))


def _performed_on(run: Run, key: str, task: dict[str, Any], execution: Execution) -> Logs:
    """The stages of a run, with what is lost when the resource was renamed meanwhile: Core writes by the name of
    before, and so writes nothing."""
    before = run.state.storage.get(run.core, key) if run.core in _WRITTEN_BY_NAME else None
    named = task.get("named", "")
    lost = before is not None and before["name"] != named and not run.state.storage.text(run.core, named, by="name")
    if before is None or not lost:
        if task.get("spoken") and before is not None and run.core in _ON_HOSTS and not reachable(run.state, before):
            raise RefusalError("Timed out waiting for message")
        return performed(run, key, task["refused"], execution)
    save(run.state, run.core, before | {"name": named})
    try:
        return performed(run, key, task["refused"], execution)
    finally:
        save(run.state, run.core, before)


def performed(run: Run, key: str, refused: str, execution: Execution) -> Logs:
    """The stages of a run on the resource with this id (empty: on the Core). RefusalError when it is `refused`."""
    if refused:
        raise RefusalError(refused)
    run.resource = find(run.state, run.core, key) if key else {}
    return execution.perform(run)


def handlers(performers: Mapping[str, Execution]) -> dict[str, Handler]:
    """The operations whose one parameter names what they act on."""
    found: dict[str, Handler] = {}
    for name, execution in performers.items():
        params = executions()[name].params.values()
        target = next(param for param in params if param.refers_to and param.required)
        found[name] = _handler(KINDS[target.refers_to].core, target.name, execution)
    return found


def _handler(core: str, param: str, execution: Execution) -> Handler:
    return lambda call: start(call, core, call.params[param], execution)
