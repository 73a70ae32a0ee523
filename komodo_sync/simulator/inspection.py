"""Reads that look into containers, images, networks and volumes. Nothing of what they ask for is kept here: they are
refused as Core refuses them, or find nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.containers import answers, container_name_of, on_server, project, require_host
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.resources import get, id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.requests import Call, Handler

Document = dict[str, Any]


def _server(call: Call, *specific: str) -> Document:
    return get(call, "Server", call.params["server"], "Read", *specific)


def _inspect(what: str, param: str, *specific: str) -> Handler:
    def handler(call: Call) -> Document:
        if not answers(call.state, _server(call, *specific)):
            raise RefusalError(f"Cannot {what}: server is Disabled")
        raise RefusalError(f"Error response from daemon: no such {param}: {call.params[param]}")

    return handler


def _nothing(call: Call) -> list[Document]:
    _server(call)
    return []


def _processes(call: Call) -> list[Document]:
    if not answers(call.state, _server(call, "Processes")):
        raise RefusalError("server not enabled")
    return []


def _container_log(call: Call) -> Document:
    server = _server(call, "Logs")
    if not answers(call.state, server):
        raise RefusalError("server not enabled")
    name = call.params["container"]
    if all(found["name"] != name for found in on_server(call.state, id_of(server))):
        error = f"Error response from daemon: No such container: {name}\n"
        return updates.log(call.state, "Get container log", stderr=error, success=False)
    return updates.log(call.state, "Get container log")


def _stats(call: Call) -> Document:
    _server(call)
    return {"stats": [], "next_page": None}


def _hosted(core: str, *, swarm: bool, specific: str, found: Callable[[Call, Document], bool]) -> Handler:
    """An inspection of something of a stack or deployment that is only there with a server, or with a swarm."""

    def handler(call: Call) -> Document:
        resource = get(call, core, call.params[core.lower()], "Read", specific)
        config = resource["config"]
        if config["server_id"] or config["swarm_id"]:
            require_host(call.state, resource)
        if swarm != bool(config["swarm_id"]) or not (swarm or config["server_id"]):
            when = "only be" if swarm else "not be"
            text = f"{call.operation} should {when} called for {core} in Swarm Mode"
            raise RefusalError(text, status=400)
        if not found(call, resource):
            service = call.params.get("service", "")
            raise RefusalError(f"No service found matching '{service}'. Was the stack last deployed manually?")
        name = container_name_of(resource) if core == "Deployment" else resource["name"]
        raise RefusalError("Failed to inspect container on server", f"No such container: {name}")

    return handler


def _has_container(call: Call, stack: Document) -> bool:
    return any(found["service"] == call.params["service"] for found in project(call.state, stack))


def _always(_call: Call, _resource: Document) -> bool:
    return True


def _from_container(call: Call) -> Document:
    server = get(call, "Server", call.params["server"], "Read", "Inspect", "Attach")
    if not answers(call.state, server):
        raise RefusalError("Cannot inspect container: server is Disabled")
    cause = f"Error response from daemon: No such container: {call.params['name']}"
    raise RefusalError("Failed to inspect container", cause)


HANDLERS: Mapping[str, Handler] = {
    "ListNetworks": _nothing,
    "ListImages": _nothing,
    "ListVolumes": _nothing,
    "InspectContainer": _inspect("inspect container", "container", "Inspect"),
    "InspectNetwork": _inspect("inspect network", "network"),
    "InspectImage": _inspect("inspect image", "image"),
    "InspectVolume": _inspect("inspect volume", "volume"),
    "ListImageHistory": _inspect("get image history", "image"),
    "ListSystemProcesses": _processes,
    "GetContainerLog": _container_log,
    "SearchContainerLog": _container_log,
    "GetHistoricalServerStats": _stats,
    "InspectDeploymentContainer": _hosted("Deployment", swarm=False, specific="Inspect", found=_always),
    "InspectDeploymentSwarmService": _hosted("Deployment", swarm=True, specific="Logs", found=_always),
    "InspectStackContainer": _hosted("Stack", swarm=False, specific="Inspect", found=_has_container),
    "InspectStackSwarmService": _hosted("Stack", swarm=True, specific="Inspect", found=_has_container),
    "CreateDeploymentFromContainer": _from_container,
}
