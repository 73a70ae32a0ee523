"""What a new name does beside the database: containers and checkouts that carry the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.checkouts import CHECKOUTS
from komodo_sync.simulator.containers import (
    CONTAINERS,
    container,
    container_key,
    container_name_of,
    is_silent,
    reachable,
    server_of,
)
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.resources import id_of
from komodo_sync.simulator.whitespace import trim

if TYPE_CHECKING:
    from komodo_sync.simulator.requests import State

Resource = dict[str, Any]


def before_rename(state: State, deployment: Resource, name: str) -> None:
    """Renames the container of a deployment that is named after it. 500 while nobody can say what runs."""
    config = deployment["config"]
    if trim(config["custom_name"]) or not config["server_id"]:
        return
    if not reachable(state, deployment):
        raise RefusalError("Cannot rename Deployment when container status is unknown")
    _rename_container(state, deployment, name)


def before_custom_name(state: State, deployment: Resource, wanted: str) -> None:
    """Renames the container to a new custom name. 500 while nobody can say what runs."""
    name, config = wanted or deployment["name"], deployment["config"]
    if (trim(config["custom_name"]) or trim(deployment["name"])) == name or config["swarm_id"]:
        return
    if config["server_id"]:
        if not reachable(state, deployment):
            raise RefusalError("Cannot change custom container name when container status is unknown")
        _rename_container(state, deployment, name)


def _rename_container(state: State, deployment: Resource, name: str) -> None:
    found = container(state, deployment)
    if found and container_name_of(deployment) != name:
        state.storage.remove(CONTAINERS, container_key(deployment))
        deployment["info"] |= {"deployed_name": name}
        state.storage.put(CONTAINERS, container_key(deployment), None, found | {"name": name})


def moves_checkout(core: str, resource: Resource) -> bool:
    """Whether a rename has to be done on the server too: a repo's, unless its path is set."""
    return core == "Repo" and bool(resource["config"]["server_id"]) and not resource["config"]["path"]


def taken(core: str, resource: Resource) -> str:
    """What Core says of a new name that another resource has."""
    if core == "Deployment" or moves_checkout(core, resource):
        return f"Failed to update {core} name on db"
    return f"Failed to update {core} on db. This name may already be taken."


def rename_logs(state: State, core: str, renamed: Resource, old: str) -> list[dict[str, Any]]:
    """The stages of a rename whose database part is done. 500 for a repo on a disabled server: renamed all the same."""
    name = renamed["name"]
    stage = f"Rename {core}"
    if moves_checkout(core, renamed):
        server = server_of(state, renamed)
        if server is None:
            raise RefusalError(f"Did not find any Server matching {renamed['config']['server_id']}")
        if not server["config"]["enabled"]:
            raise RefusalError("server not enabled")
        if is_silent(state, server):
            error = "Failed to rename Repo directory on Server"
            logs = [
                updates.error_log(state, "Rename Repo directory failure", error, "Connection refused (os error 111)")
            ]
            return [*logs, updates.log(state, stage, f"Renamed {core} from {old} to {name}")]
        cloned = state.storage.text(CHECKOUTS, id_of(renamed)) is not None
        text = "Renamed Repo directory on Server" if cloned else f"No Repo cloned at {old} to rename"
        logs = [updates.log(state, "Rename Repo on Server", text)]
    elif core == "Deployment":
        moved = container(state, renamed) and not trim(renamed["config"]["custom_name"])
        logs = [updates.log(state, "Docker Rename", command=f"docker rename -- {old} {name}")] if moved else []
    else:
        return [updates.log(state, stage, f"Renamed {core} {id_of(renamed)} from {old} to {name}")]
    return [*logs, updates.log(state, stage, f"Renamed {core} from {old} to {name}")]
