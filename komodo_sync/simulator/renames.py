"""What a new name does beside the database: containers and checkouts that carry the old one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.containers import CONTAINERS, container, container_name_of, reachable, server_of
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.resources import id_of, save

if TYPE_CHECKING:
    from komodo_sync.simulator.requests import State

Resource = dict[str, Any]


def before_rename(state: State, core: str, resource: Resource, renamed: Resource) -> None:
    """Refuses a change of a deployment's container name while nobody can say what runs."""
    if core != "Deployment" or _wanted(resource) == _wanted(renamed):
        return
    if resource["config"]["server_id"] and not reachable(state, resource):
        raise RefusalError("Cannot rename Deployment when container status is unknown")
    found = container(state, resource)
    if found and container_name_of(resource) != _wanted(renamed):
        name = _wanted(renamed)
        renamed["info"] |= {"deployed_name": name}
        state.storage.put(CONTAINERS, id_of(resource), None, found | {"name": name})


def _wanted(deployment: Resource) -> str:
    return str(deployment["config"]["custom_name"] or deployment["name"])


def rename_logs(state: State, core: str, renamed: Resource, old: str) -> list[dict[str, Any]]:
    """The stages of a rename whose database part is done. 500 for a repo on a disabled server: renamed all the same."""
    name = renamed["name"]
    if core not in ("Repo", "Deployment"):
        return [updates.log(state, f"Rename {core}", f"Renamed {core} {id_of(renamed)} from {old} to {name}")]
    logs = []
    if core == "Repo":
        server = server_of(state, renamed)
        if server and not renamed["config"]["path"]:
            if not server["config"]["enabled"]:
                raise RefusalError("server not enabled")
            logs.append(updates.log(state, "Rename Repo on Server", "Renamed Repo directory on Server"))
    elif container(state, renamed) and not renamed["config"]["custom_name"]:
        save(state, core, renamed)
        logs.append(updates.log(state, "Docker Rename", command=f"docker rename -- {old} {name}"))
    return [*logs, updates.log(state, f"Rename {core}", f"Renamed {core} from {old} to {name}")]
