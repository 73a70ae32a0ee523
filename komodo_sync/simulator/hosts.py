"""Reads about servers and about what runs on them: states, containers, logs."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.containers import (
    answers,
    container,
    container_name_of,
    on_server,
    project,
    projects_on,
    reachable,
    require_host,
)
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.items import PUBLIC_KEY, VERSION, item, stack_services
from komodo_sync.simulator.permissions import permitted
from komodo_sync.simulator.queries import page, selected
from komodo_sync.simulator.resources import get, id_of, named
from komodo_sync.simulator.states import state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.lives import Container
    from komodo_sync.simulator.requests import Call, Handler

Document = dict[str, Any]


def _server(call: Call, *specific: str) -> Document:
    return get(call, "Server", call.params["server"], "Read", *specific)


def _enabled(call: Call, *specific: str) -> Document:
    server = _server(call, *specific)
    if not answers(call.state, server):
        raise RefusalError("server not enabled")
    return server


def _stats(what: str) -> Handler:
    def handler(call: Call) -> Document:
        try:
            server = _server(call)
        except RefusalError as failure:
            if what == "Info":
                failure.status = 400
            raise
        if not answers(call.state, server):
            raise RefusalError(f"Server status missing system {what}. The Server may be disconnected.")
        return _STATS if what == "stats" else _INFORMATION

    return handler


_STATS: Document = {
    "cpu_perc": 1.0,
    "load_average": {"one": 0.0, "five": 0.0, "fifteen": 0.0},
    "mem_free_gb": 7.0,
    "mem_used_gb": 1.0,
    "mem_total_gb": 8.0,
    "mem_buff_cache_gb": 0.0,
    "mem_zfs_arc_gb": 0.0,
    "swap_total_gb": 0.0,
    "swap_used_gb": 0.0,
    "disks": [],
    "network_ingress_bytes": 0.0,
    "network_egress_bytes": 0.0,
    "polling_rate": "1-min",
    "refresh_ts": 1,
    "refresh_list_ts": 0,
}
_INFORMATION: Document = {
    "name": "simulated",
    "os": "simulated",
    "kernel": "0",
    "core_count": 2,
    "logical_core_count": 2,
    "host_name": "simulated",
    "cpu_brand": "simulated",
    "cpu_arch": "x86_64",
}


def _periphery(call: Call) -> Document:
    if not answers(call.state, _server(call)):
        raise RefusalError("Server status missing Periphery Info. The Server may be disconnected.")
    return {
        "version": VERSION,
        "public_key": PUBLIC_KEY,
        "terminals_disabled": True,
        "container_terminals_disabled": False,
        "stats_polling_rate": "1-min",
        "docker_connected": True,
        "public_ip": None,
    }


def _containers(call: Call) -> list[Document]:
    server = _server(call)
    if not answers(call.state, server):
        return []
    return [_container_item(call, id_of(server), found) for found in on_server(call.state, id_of(server))]


def _all_containers(call: Call) -> list[Document]:
    allowed = permitted(call, "Server")
    wanted = set(call.params["servers"])
    found = []
    for server in call.storage.all("Server"):
        key = id_of(server)
        if (allowed is None or key in allowed) and (not wanted or {key, server["name"]} & wanted):
            found += [_container_item(call, key, one) for one in on_server(call.state, key)]
    states, terms = call.params["state"], [term.lower() for term in call.params["terms"]]
    chosen = [
        one
        for one in sorted(found, key=lambda one: str(one["name"]), reverse=call.params["sort_desc"])
        if (not states or one["state"] in states) and all(term in one["name"].lower() for term in terms)
    ]
    return page(call, chosen)


def _container_item(call: Call, key: str, found: Container) -> Document:
    return {
        "server_id": key,
        "server_name": named(call.state, "Server", key),
        "name": found["name"],
        "id": sha256(found["name"].encode()).hexdigest(),
        "image": found["image"],
        "image_id": "",
        "created": None,
        "state": found["state"],
        "status": found["status"],
        "network_mode": "default",
    }


def _projects(call: Call) -> list[Document]:
    server = _server(call)
    return [
        {"name": name, "status": f"running({len(found)})", "compose_files": ["compose.yaml"]}
        for name, found in projects_on(call.state, id_of(server))
    ]


def _containers_summary(call: Call) -> Document:
    found = [one for server in call.storage.all("Server") for one in on_server(call.state, id_of(server))]
    running = sum(1 for one in found if one["state"] == "running")
    return {"total": len(found), "running": running, "stopped": len(found) - running, "unhealthy": 0, "unknown": 0}


def _log(core: str, stage: str, lines: Callable[[Call, Document], list[str]]) -> Handler:
    """The log of what runs; `SearchXLog` keeps the lines that hold the terms."""

    def handler(call: Call) -> Document:
        resource = get(call, core, call.params[core.lower()], "Read", "Logs")
        require_host(call.state, resource)
        found = lines(call, resource)
        terms = call.params.get("terms")
        if terms is not None:
            every = call.params["combinator"] == "And"
            found = [
                line
                for line in found
                if (all if every else any)(term in line for term in terms) != call.params["invert"]
            ]
        return updates.log(call.state, stage, "".join(f"{line}\n" for line in found))

    return handler


def _stack_lines(call: Call, stack: Document) -> list[str]:
    wanted = set(call.params["services"])
    return [
        f"{one['name']}  | simulated, {one['state']}"
        for one in project(call.state, stack)
        if not wanted or one["service"] in wanted
    ]


def _deployment_lines(call: Call, deployment: Document) -> list[str]:
    found = container(call.state, deployment)
    return [f"simulated, {found['state']}"] if found else []


def _services(call: Call) -> list[Document]:
    return _services_of(call, get(call, "Stack", call.params["stack"], "Read"))


def _all_services(call: Call) -> list[Document]:
    query = {"query": {"names": call.params["stacks"], "tags": call.params["tags"]}}
    wide = type(call)(call.state, call.user, call.group, call.operation, query)
    states, terms = call.params["state"], [term.lower() for term in call.params["terms"]]
    found = [
        service
        for stack in selected(wide, "Stack")
        for service in _services_of(call, stack)
        if (not states or service["state"] in states) and all(term in service["service"].lower() for term in terms)
    ]
    return page(call, found)


def _services_of(call: Call, stack: Document) -> list[Document]:
    return [_service(call, stack, service) for service in stack_services(call.state, stack)]


def _service(call: Call, stack: Document, service: Document) -> Document:
    found = next((one for one in project(call.state, stack) if one["service"] == service["service"]), None)
    return {
        "stack_id": id_of(stack),
        "stack_name": stack["name"],
        "service": service["service"],
        "image": service["image"],
        "container": _container_item(call, stack["config"]["server_id"], found) if found else None,
        "swarm_service": None,
        "state": found["state"].capitalize() if found else "Down",
        "image_digests": None,
    }


def _deployment_container(call: Call) -> Document:
    deployment = get(call, "Deployment", call.params["deployment"], "Read")
    found = container(call.state, deployment) if reachable(call.state, deployment) else None
    key = deployment["config"]["server_id"]
    shown = _container_item(call, key, found) if found else None
    return {"state": state_of(call.state, "Deployment", deployment), "container": shown}


def _deployment_stats(call: Call) -> Document:
    deployment = get(call, "Deployment", call.params["deployment"], "Read")
    if not deployment["config"]["server_id"]:
        raise RefusalError("Deployment has no Server attached")
    if not reachable(call.state, deployment):
        raise RefusalError("server not enabled")
    if container(call.state, deployment) is None:
        raise RefusalError("No stats on container", "container is not running")
    return {
        "name": container_name_of(deployment),
        "cpu_perc": "0.00%",
        "mem_perc": "0.00%",
        "mem_usage": "1MiB / 8GiB",
        "net_io": "0B / 0B",
        "block_io": "0B / 0B",
        "pids": "1",
    }


def _matching(call: Call) -> Document:
    """The stack or deployment that a container belongs to."""
    server, name = _server(call), call.params["container"]
    # on whatever server it is
    for deployment in call.storage.all("Deployment"):
        if name and container_name_of(deployment) == name:
            return {"resource": {"type": "Deployment", "id": id_of(deployment)}}
    for stack in call.storage.all("Stack"):
        info = stack["info"]
        known = info["deployed_services"] if info["deployed_services"] is not None else info["latest_services"]
        if stack["config"]["server_id"] == id_of(server) and any(
            re.fullmatch(f"{re.escape(one['container_name'])}-?[0-9]*", name) for one in known
        ):
            return {"resource": {"type": "Stack", "id": id_of(stack)}}
    return {"resource": None}


def _state(call: Call) -> Document:
    return {"status": item(call.state, "Server", _server(call))["info"]["state"]}


HANDLERS: Mapping[str, Handler] = {
    "GetServerState": _state,
    "GetSystemStats": _stats("stats"),
    "GetSystemInformation": _stats("Info"),
    "GetPeripheryInformation": _periphery,
    "ListContainers": _containers,
    "ListAllContainers": _all_containers,
    "GetContainersSummary": _containers_summary,
    "ListComposeProjects": _projects,
    "GetStackLog": _log("Stack", "Compose Logs", _stack_lines),
    "SearchStackLog": _log("Stack", "Compose Logs", _stack_lines),
    "GetDeploymentLog": _log("Deployment", "Docker Logs", _deployment_lines),
    "SearchDeploymentLog": _log("Deployment", "Docker Logs", _deployment_lines),
    "ListStackServices": _services,
    "ListAllStackServices": _all_services,
    "GetDeploymentContainer": _deployment_container,
    "GetDeploymentStats": _deployment_stats,
    "GetResourceMatchingContainer": _matching,
}
