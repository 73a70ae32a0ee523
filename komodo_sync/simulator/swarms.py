"""Reads and executions on a swarm. None is simulated: there is nothing in it, and nothing can be done to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.containers import managed, no_manager
from komodo_sync.simulator.executions import Execution
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.resources import get

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.executions import Logs, Run
    from komodo_sync.simulator.requests import Call, Handler

Document = dict[str, Any]
_LISTS = ("Nodes", "Services", "Tasks", "Secrets", "Configs", "Stacks")
_THINGS = ("Node", "Service", "Task", "Secret", "Config", "Stack")
_EXECUTIONS = (
    *("RemoveSwarmNodes", "UpdateSwarmNode", "RemoveSwarmStacks", "RemoveSwarmServices"),
    *("CreateSwarmConfig", "RotateSwarmConfig", "RemoveSwarmConfigs"),
    *("CreateSwarmSecret", "RotateSwarmSecret", "RemoveSwarmSecrets"),
)


def _swarm(call: Call, *specific: str) -> Document:
    return get(call, "Swarm", call.params["swarm"], "Read", *specific)


def _list(call: Call) -> list[Document]:
    _swarm(call)
    return []


def _networks(call: Call) -> list[Document]:
    if not managed(call.state, _swarm(call)):
        raise RefusalError("Failed to retrieve swarm networks from any manager node.")
    return []


def _inspect_swarm(call: Call) -> Document:
    _swarm(call, "Inspect")
    raise RefusalError("SwarmInspectInfo not available")


def _asked(specific: str) -> Handler:
    def handler(call: Call) -> Document:
        swarm = _swarm(call, specific)
        if not managed(call.state, swarm):
            raise no_manager(swarm)
        raise RefusalError("Failed to request from Swarm", "This node is not a swarm manager.")

    return handler


def _execution(name: str) -> Callable[[Run], Logs]:
    stage = " ".join(re.findall("[A-Z][a-z]+", name))

    def perform(run: Run) -> Logs:
        failure = no_manager(run.resource)
        return [updates.error_log(run.state, stage, f"Failed to {stage.lower()}", failure.error, *failure.trace)]

    return perform


PERFORMERS: Mapping[str, Execution] = {name: Execution(_execution(name)) for name in _EXECUTIONS}
HANDLERS: Mapping[str, Handler] = {
    **{f"ListSwarm{what}": _list for what in _LISTS},
    **{f"InspectSwarm{what}": _asked("Inspect") for what in _THINGS},
    "ListSwarmNetworks": _networks,
    "InspectSwarm": _inspect_swarm,
    "GetSwarmServiceLog": _asked("Logs"),
    "SearchSwarmServiceLog": _asked("Logs"),
}
