"""What would run on the servers: compose projects and single containers, as far as states need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.lives import alive
from komodo_sync.simulator.resources import find

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from komodo_sync.simulator.lives import Container
    from komodo_sync.simulator.requests import State

UNREACHABLE = "Cannot send command when Server is unreachable or disabled"
NO_DOCKER = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n"
PROJECTS = "project"
CONTAINERS = "container"
NOBODY = ".invalid"
"""The end of addresses at which no agent answers: the name is reserved for that."""


def server_of(state: State, resource: dict[str, Any]) -> dict[str, Any] | None:
    """The server that a stack, deployment or repo is on; None without one, or when it is gone."""
    key = resource["config"]["server_id"]
    if not key:
        return None
    found: dict[str, Any] | None = state.storage.remember(("server", key), lambda: state.storage.get("Server", key))
    return found


def reachable(state: State, resource: dict[str, Any]) -> bool:
    """Whether what it is on can be spoken to: an enabled server, or a swarm with one."""
    swarm = resource["config"].get("swarm_id")
    if swarm:
        found = state.storage.remember(("swarm", swarm), lambda: state.storage.get("Swarm", swarm))
        return bool(found) and managed(state, found)
    server = server_of(state, resource)
    return bool(server and answers(state, server))


def answers(state: State, server: dict[str, Any]) -> bool:
    """Whether a server is enabled and its agent speaks."""
    return bool(server["config"]["enabled"]) and not is_silent(state, server)


def is_silent(state: State, server: dict[str, Any]) -> bool:
    """Whether the agent of a server does not speak, enabled or not."""
    address = server["config"]["address"].partition("://")[2] or server["config"]["address"]
    host = address.split("/")[0].split(":")[0]
    return server["name"] in state.faults.unreachable or host.endswith(NOBODY)


def is_undocked(state: State, key: str) -> bool:
    """Whether the docker of the server with that id is down; its agent speaks."""
    server = state.storage.get("Server", key) if state.faults.undocked else None
    return bool(server and server["name"] in state.faults.undocked)


def managed(state: State, swarm: dict[str, Any]) -> bool:
    """Whether one of a swarm's servers can be spoken to."""
    servers = (state.storage.get("Server", key) for key in swarm["config"]["server_ids"])
    return any(server and answers(state, server) for server in servers)


def no_manager(swarm: dict[str, Any]) -> RefusalError:
    """What Core says when none of a swarm's servers can be spoken to."""
    cause = "No managers connected" if swarm["config"]["server_ids"] else "Unknown error"
    return RefusalError("Failed to request from Swarm", cause)


def require_host(state: State, resource: dict[str, Any], not_for_swarms: str = "") -> None:
    """500 unless it is on something that can be spoken to; 400 when it is on nothing, which what is no swarm's to do
    takes for one."""
    config = resource["config"]
    if not_for_swarms and config.get("swarm_id") and reachable(state, resource):
        raise RefusalError(f"{not_for_swarms} in Swarm Mode")
    if not reachable(state, resource):
        if config.get("swarm_id"):
            raise no_manager(find(state, "Swarm", config["swarm_id"]))
        if config["server_id"]:
            find(state, "Server", config["server_id"])
            raise RefusalError(UNREACHABLE)
        if not_for_swarms:
            raise RefusalError(f"{not_for_swarms} in Swarm Mode")
        raise RefusalError("Must attach either swarm or server", status=400)


def host_of(resource: dict[str, Any]) -> str:
    """The key of where it runs."""
    config = resource["config"]
    return str(config.get("swarm_id") or config["server_id"])


def project_name(stack: dict[str, Any]) -> str:
    """The compose project that the next deploy makes."""
    return str(stack["config"]["project_name"] or stack["name"])


def running_project(stack: dict[str, Any]) -> str:
    """The compose project that was deployed last, or would be."""
    return str(stack["info"]["deployed_project_name"] or project_name(stack))


def project(state: State, stack: dict[str, Any]) -> list[Container]:
    """The containers of a stack, as far as docker tells of them."""
    found = state.storage.get(PROJECTS, f"{host_of(stack)}/{running_project(stack)}")
    if not found or is_undocked(state, host_of(stack)):
        return []
    return [alive(item, state.clock()) for item in found["containers"]]


def keep_project(state: State, stack: dict[str, Any], name: str, containers: Sequence[Container]) -> None:
    """What a project has from now on; without containers it is gone."""
    key = f"{host_of(stack)}/{name}"
    if containers:
        state.storage.put(PROJECTS, key, None, {"host": host_of(stack), "name": name, "containers": list(containers)})
    else:
        state.storage.remove(PROJECTS, key)


def set_states(state: State, stack: dict[str, Any], services: Iterable[str], to: str) -> None:
    """Puts the containers of the named services, or all, into another state."""
    wanted = set(services)
    changed = [
        item | {"state": to, "since": state.clock()} if not wanted or item["service"] in wanted else item
        for item in project(state, stack)
    ]
    keep_project(state, stack, running_project(stack), changed)


def container_name_of(deployment: dict[str, Any]) -> str:
    """The name of a deployment's container."""
    return str(deployment["info"]["deployed_name"] or deployment["config"]["custom_name"] or deployment["name"])


def container(state: State, deployment: dict[str, Any]) -> Container | None:
    """The container of a deployment, by its name on its server, whoever made it."""
    found = state.storage.get(CONTAINERS, container_key(deployment))
    if found is None or is_undocked(state, host_of(deployment)):
        return None
    return alive(found, state.clock())


def container_key(deployment: dict[str, Any]) -> str:
    """Where the container of a deployment is kept."""
    return f"{host_of(deployment)}/{container_name_of(deployment)}"


def on_server(state: State, key: str) -> list[Container]:
    """Every container on a server, by name."""
    if is_undocked(state, key):
        return []
    found = [item for known in state.storage.all(PROJECTS) if known["host"] == key for item in known["containers"]]
    found += [item for item in state.storage.all(CONTAINERS) if item["host"] == key]
    return sorted((alive(item, state.clock()) for item in found), key=lambda item: str(item["name"]))


def projects_on(state: State, key: str) -> list[tuple[str, list[Container]]]:
    """Every compose project on a server, by name."""
    return sorted((known["name"], known["containers"]) for known in state.storage.all(PROJECTS) if known["host"] == key)
