"""Delete of the eleven kinds of resource, with everything that goes or is left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.alerts import close_all_of
from komodo_sync.simulator.checkouts import CHECKOUTS
from komodo_sync.simulator.containers import (
    CONTAINERS,
    container,
    container_key,
    container_name_of,
    is_silent,
    keep_project,
    reachable,
    running_project,
    server_of,
)
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.permissions import forget_resource
from komodo_sync.simulator.resources import get, id_of, save
from komodo_sync.simulator.states import LAST_SEEN, action_of, stack_state
from komodo_sync.simulator.toml_text import exported
from komodo_sync.simulator.users import forget_recent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.requests import Call

Resource = dict[str, Any]
Logs = list[dict[str, Any]]


def delete(call: Call, core: str) -> Resource:
    """Deletes a resource and answers what it was. 500 when it is busy or its server must be asked and is disabled."""
    resource = get(call, core, call.params["id"], "Write")
    key = id_of(resource)
    if action_of(call.state, core, key):
        raise RefusalError(f"{core} busy")
    text = exported(call.state, core, resource)
    logs = _BEFORE[core](call, resource) if core in _BEFORE else []
    call.storage.remove(core, key)
    forget_resource(call, core, key)
    forget_recent(call.storage, core, key)
    _forget_in_alerters(call, core, key)
    logs += [
        updates.log(call.state, f"Delete {core}", f"Deleted {core} {resource['name']}"),
        updates.log(call.state, "Deleted Toml", text),
    ]
    updates.record(call, f"Delete{core}", {"type": core, "id": key}, logs)
    return resource


def _stack(call: Call, stack: Resource) -> Logs:
    call.storage.query("DELETE FROM facts WHERE key=?", f"{LAST_SEEN} {id_of(stack)}")
    config = stack["config"]
    if not (config["server_id"] or config["swarm_id"]) or stack_state(call.state, stack) in ("down", "unknown"):
        return []
    name = running_project(stack)
    failure = call.state.faults.take("write", "DeleteStack", (stack["name"], id_of(stack)), "fails")
    if failure:
        # its containers stay, and nobody knows them any more
        return [updates.log(call.state, failure.stage, stderr="cannot remove: device busy\n", success=False)]
    keep_project(call.state, stack, name, [])
    return [updates.log(call.state, "Compose Command", command=f"docker compose -p {name} down --remove-orphans")]


def _deployment(call: Call, deployment: Resource) -> Logs:
    if not server_of(call.state, deployment) or not reachable(call.state, deployment):
        return []
    if not container(call.state, deployment):
        return []
    name, config = container_name_of(deployment), deployment["config"]
    call.storage.remove(CONTAINERS, container_key(deployment))
    command = (
        f"docker stop --signal {config['termination_signal']} --time {config['termination_timeout']} -- {name} "
        f"&& docker container rm -- {name}"
    )
    return [updates.log(call.state, "Docker Stop and Remove", command=command)]


def _repo(call: Call, repo: Resource) -> Logs:
    server = server_of(call.state, repo)
    if server is None:
        return []
    if not server["config"]["enabled"]:
        raise RefusalError("server not enabled")
    if is_silent(call.state, server):
        error = "Failed to delete repo files"
        return [updates.error_log(call.state, "Delete Repo on Periphery", error, "Connection refused (os error 111)")]
    if call.storage.text(CHECKOUTS, id_of(repo)) is None:
        where = f'Failed to delete repo at "/etc/komodo/repos/{repo["name"]}"'
        return [updates.error_log(call.state, "Delete repo", where, "No such file or directory (os error 2)")]
    call.storage.remove(CHECKOUTS, id_of(repo))
    return [updates.log(call.state, "Delete repo", f"Deleted Repo {repo['name']}")]


def _server(call: Call, server: Resource) -> Logs:
    for core in ("Stack", "Deployment", "Repo"):
        _blank(call, core, "server_id", id_of(server))
    close_all_of(call.state, {"type": "Server", "id": id_of(server)})
    return []


def _sync(call: Call, sync: Resource) -> Logs:
    close_all_of(call.state, {"type": "ResourceSync", "id": id_of(sync)})
    return []


def _builder(call: Call, builder: Resource) -> Logs:
    for core in ("Build", "Repo"):
        _blank(call, core, "builder_id", id_of(builder))
    return []


def _blank(call: Call, core: str, field: str, key: str) -> None:
    for resource in call.storage.all(core):
        if resource["config"][field] == key:
            resource["config"][field] = ""
            save(call.state, core, resource)


def _forget_in_alerters(call: Call, core: str, key: str) -> None:
    gone = {"type": core, "id": key}
    for alerter in call.storage.all("Alerter"):
        config = alerter["config"]
        kept = {field: [item for item in config[field] if item != gone] for field in ("resources", "except_resources")}
        if any(config[field] != items for field, items in kept.items()):
            config |= kept
            save(call.state, "Alerter", alerter)


_BEFORE: Mapping[str, Callable[[Call, Resource], Logs]] = {
    "Stack": _stack,
    "Deployment": _deployment,
    "Repo": _repo,
    "Server": _server,
    "Builder": _builder,
    "ResourceSync": _sync,
}
