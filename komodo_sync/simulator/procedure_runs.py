"""Runs of procedures: their stages in order, each execution with an Update of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.operations import executions
from komodo_sync.simulator import updates
from komodo_sync.simulator.batches import BATCHES, DEFAULTS, matching
from komodo_sync.simulator.executions import Execution
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.markup import bold, colored, muted
from komodo_sync.simulator.requests import Call, User
from komodo_sync.simulator.resources import find, id_of
from komodo_sync.simulator.syncs import commit
from komodo_sync.simulator.users import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.simulator.executions import Logs, Run

INFO = muted("INFO")
OPERATOR = "000000000000000000000001"
"""The built-in user who does what a procedure says."""
MAX_DEPTH = 8
Step = tuple[str, dict[str, Any]]


def execution(performers: Mapping[str, Execution]) -> Execution:
    """RunProcedure; what is not among the performers (Sleep, ...) is passed over."""

    def perform(run: Run) -> Logs:
        lines = [f"{INFO}: executing procedure '{bold(run.resource['name'])}'"]
        try:
            for stage in run.resource["config"]["stages"]:
                if stage["enabled"]:
                    _stage(run, performers, stage, lines)
        except RefusalError as failure:
            end = updates.error_log(run.state, "Execution error", failure.error, *failure.trace)
        else:
            end = run.log("Execution ok", f"{INFO}: The procedure has {colored('completed', 'green')} with no errors")
        return [run.log("Execute procedure", "\n".join(lines)), end]

    return Execution(perform, "running")


def _stage(run: Run, performers: Mapping[str, Execution], stage: dict[str, Any], lines: list[str]) -> None:
    if run.depth > MAX_DEPTH:
        raise RefusalError("procedures run each other without end")
    name, took = bold(stage["name"]), "1ms"
    lines.append(f"{INFO}: Executing stage: '{name}'")
    failures = []
    # executions of a stage run side by side: one that fails does not keep the others from running
    for step, params in _steps(run, stage):
        lines.append(f"{INFO}: Executing: {step}")
        failure = _step(run, performers, step, params)
        if failure:
            failures.append(failure.under(f"{colored('ERROR', 'red')}: Failed on {step}"))
        lines.append(f"{INFO}: {colored('Finished', 'green')} execution in {took}: {step}")
    if failures:
        raise failures[0].under(f"Failed stage '{name}' execution after {took}")
    lines.append(f"{INFO}: {colored('Finished', 'green')} stage '{name}' execution in {took}")


def _steps(run: Run, stage: dict[str, Any]) -> Iterator[Step]:
    """The executions that are enabled; a batch is one for each resource that it matches."""
    for item in stage["executions"]:
        name, params = item["execution"]["type"], item["execution"]["params"]
        if not item["enabled"]:
            continue
        if name in BATCHES:
            core, single = BATCHES[name]
            target = _target(single)
            for resource in matching(run.state, core, params["pattern"]):
                yield single, {**DEFAULTS, target[1]: resource["name"]}
        else:
            yield name, params


def _commit(run: Run, params: dict[str, Any]) -> RefusalError | None:
    user = User(OPERATOR, BUILT_IN[OPERATOR], admin=True)
    try:
        done = commit(Call(run.state, user, "write", "CommitSync", params))
    except RefusalError as failure:
        return failure.under("Failed at CommitSync")
    return None if done["success"] else RefusalError("the update of CommitSync is not a success")


def _target(name: str) -> tuple[str, str]:
    """The kind that an execution is for, and the parameter that names it."""
    param = next(param for param in executions()[name].params.values() if param.refers_to and param.required)
    return KINDS[param.refers_to].core, param.name


def _step(run: Run, performers: Mapping[str, Execution], name: str, params: dict[str, Any]) -> RefusalError | None:
    if name == "CommitSync":
        return _commit(run, params)
    if name not in performers:
        return None
    core, param = _target(name)
    try:
        resource = find(run.state, core, params[param])
    except RefusalError as failure:
        return failure
    update = updates.begin(run.state, OPERATOR, name, {"type": core, "id": id_of(resource)})
    inner = type(run)(run.state, core, resource, name, params, OPERATOR, {}, depth=run.depth + 1)
    try:
        logs = performers[name].perform(inner)
    except RefusalError as refusal:
        logs = [updates.error_log(run.state, "Task Error", refusal.error, *refusal.trace)]
    if updates.finish(run.state, update, logs, **inner.more)["success"]:
        return None
    return RefusalError(f"the update of {name} is not a success")
