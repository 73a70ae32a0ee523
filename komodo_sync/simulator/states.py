"""The `state` of resources, as list items and summaries give it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.containers import container, is_silent, managed, project, reachable
from komodo_sync.simulator.resources import id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from komodo_sync.simulator.requests import State

Resource = dict[str, Any]
# a stack that lost its server shows what it was in when it had one
LAST_SEEN = "last seen"
_CONTAINER_TO_STACK = {"exited": "stopped"}


def action_of(state: State, core: str, key: str) -> str:
    """What is being done with a resource (`deploying`, ...), or an empty text."""
    actions: dict[tuple[str, str], str] = state.storage.remember(
        "actions",
        lambda: {
            (target, found): action
            for target, found, action in state.storage.query(
                "SELECT target_type, target_id, action FROM tasks WHERE action<>''"
            )
        },
    )
    return actions.get((core, key), "")


def state_of(state: State, core: str, resource: Resource) -> str:
    """The state of a resource of a kind that has states."""
    return _STATES[core](state, resource)


def stack_state(state: State, stack: Resource) -> str:
    """running, stopped, paused, unhealthy, down, deploying, unknown."""
    if action_of(state, "Stack", id_of(stack)) == "deploying":
        return "deploying"
    if not stack["config"]["server_id"] and not stack["config"]["swarm_id"]:
        return state.storage.fact(f"{LAST_SEEN} {id_of(stack)}") or "unknown"
    if not reachable(state, stack):
        return "unknown"
    return _together(stack, project(state, stack))


def note_state(state: State, stack: Resource) -> None:
    """Remembers the state of a stack, for the time when it has no server."""
    seen = stack_state(state, stack)
    if seen != "unknown":
        state.storage.set_fact(f"{LAST_SEEN} {id_of(stack)}", seen)


def _together(stack: Resource, containers: list[dict[str, Any]]) -> str:
    ignored, info = set(stack["config"]["ignore_services"]), stack["info"]
    known = {item["service_name"] for item in info["deployed_services"] or info["latest_services"] or ()}
    # what an older text had and compose left behind counts for nothing
    containers = [item for item in containers if item["service"] in known] if known else containers
    states = {item["state"] for item in containers if item["service"] not in ignored}
    if not containers:
        return "down"
    if len(states) == 1:
        [only] = states
        return str(_CONTAINER_TO_STACK.get(only, only))
    return "unhealthy" if states else "running"


def _deployment(state: State, deployment: Resource) -> str:
    if action_of(state, "Deployment", id_of(deployment)) == "deploying":
        return "deploying"
    if not reachable(state, deployment):
        return "unknown"
    found = container(state, deployment)
    return found["state"] if found else "not_deployed"


_LAST_RUN = "last run"


def note_run(state: State, core: str, resource: Resource) -> None:
    """Remembers how the runs of a build or repo stand. Core looks when one ends, and not when one broke off before it
    began."""
    if core in _RUNS:
        state.storage.set_fact(f"{_LAST_RUN} {id_of(resource)}", _RUNS[core](state, resource))


def _noted(core: str, words: Mapping[str, str]) -> Callable[[State, Resource], str]:
    def read(state: State, resource: Resource) -> str:
        key = id_of(resource)
        doing = action_of(state, core, key)
        return words.get(doing) or state.storage.fact(f"{_LAST_RUN} {key}") or "Ok"

    return read


def _by_updates(core: str, operations: Sequence[str], words: Mapping[str, str]) -> Callable[[State, Resource], str]:
    def read(state: State, resource: Resource) -> str:
        key = id_of(resource)
        doing = action_of(state, core, key)
        if doing in words:
            return words[doing]
        last = updates.newest(state, key, operations)
        return "Failed" if last and last[0] and not last[1] else "Ok"

    return read


def _build(state: State, build: Resource) -> str:
    key = id_of(build)
    rows = state.storage.query(
        "SELECT operation, complete, success FROM updates "
        "WHERE target_id=? AND operation IN ('RunBuild','CancelBuild') ORDER BY number DESC",
        key,
    )
    runs = [(complete, success) for operation, complete, success in rows if operation == "RunBuild"]
    # Core takes a build that was run once only for one that was never run
    if len(runs) < 2:
        return "Ok"
    complete, success = runs[0] if rows[0][0] == "RunBuild" else runs[1]
    return "Failed" if complete and not success else "Ok"


def _server(state: State, server: Resource) -> str:
    if not server["config"]["enabled"]:
        return "Disabled"
    return "NotOk" if is_silent(state, server) else "Ok"


def _sync(state: State, sync: Resource) -> str:
    if action_of(state, "ResourceSync", id_of(sync)):
        return "Syncing"
    if any(sync["info"][part] for part in ("pending_error", "pending_deploy_error", "remote_errors")):
        return "Failed"
    pending = ("resource_updates", "variable_updates", "user_group_updates", "pending_deploys")
    return "Pending" if any(sync["info"][part] for part in pending) else "Ok"


def _swarm(state: State, swarm: Resource) -> str:
    return "Healthy" if managed(state, swarm) else "Unknown"


_RUNS: Mapping[str, Callable[[State, Resource], str]] = {
    "Build": _build,
    "Repo": _by_updates("Repo", ("CloneRepo", "PullRepo", "BuildRepo"), {}),
}
_STATES: Mapping[str, Callable[[State, Resource], str]] = {
    "Stack": stack_state,
    "Deployment": _deployment,
    "Build": _noted("Build", {"building": "Building"}),
    "Repo": _noted("Repo", {"cloning": "Cloning", "pulling": "Pulling", "building": "Building"}),
    "Procedure": _by_updates("Procedure", ("RunProcedure",), {"running": "Running"}),
    "Action": _by_updates("Action", ("RunAction",), {"running": "Running"}),
    "ResourceSync": _sync,
    "Server": _server,
    "Swarm": _swarm,
}
