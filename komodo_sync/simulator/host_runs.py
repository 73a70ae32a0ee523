"""Executions on the containers of a server, and on the Core itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.containers import CONTAINERS, PROJECTS, answers, on_server
from komodo_sync.simulator.executions import Execution, start_on_core
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.markup import bold
from komodo_sync.simulator.resources import get, id_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.executions import Logs, Run
    from komodo_sync.simulator.requests import Call, Handler

# verb of the operations, docker's word, what a container is afterwards
_VERBS = (
    ("Start", "start", "running"),
    ("Restart", "restart", "running"),
    ("Pause", "pause", "paused"),
    ("Unpause", "unpause", "running"),
    ("Stop", "stop", "exited"),
)
_PRUNES = ("Containers", "Networks", "Images", "Volumes", "DockerBuilders", "Buildx", "System")
_ON_CORE = ("BackupCoreDatabase", "ClearRepoCache", "GlobalAutoUpdate", "RotateAllServerKeys", "RotateCoreKeys")


def _all(word: str, to: str) -> Callable[[Run], Logs]:
    def perform(run: Run) -> Logs:
        _require_enabled(run)
        found = [item["name"] for item in on_server(run.state, id_of(run.resource))]
        _set(run, set(found), to)
        return [run.log(f"{word} container", name, command=f"docker {word} {name}") for name in found]

    return perform


def _one(word: str, to: str) -> Callable[[Run], Logs]:
    def perform(run: Run) -> Logs:
        _require_enabled(run)
        name = run.params["container"]
        known = {item["name"] for item in on_server(run.state, id_of(run.resource))}
        command = f"docker {word} {name}"
        if name not in known:
            error = f"Error response from daemon: No such container: {name}\n"
            return [run.log(f"{word} container", command=command, stderr=error, success=False)]
        _set(run, {name}, to)
        return [run.log(f"{word} container", name, command=command)]

    return perform


def _set(run: Run, names: set[str], to: str) -> None:
    """Puts containers into another state; `gone` removes them."""
    storage, key = run.state.storage, id_of(run.resource)
    for project in storage.all(PROJECTS):
        if project["host"] != key:
            continue
        changed = [
            item | {"state": to, "since": run.state.clock()} if item["name"] in names else item
            for item in project["containers"]
        ]
        project["containers"] = [item for item in changed if item["state"] != "gone"]
        if project["containers"]:
            storage.put(PROJECTS, f"{key}/{project['name']}", None, project)
        else:
            storage.remove(PROJECTS, f"{key}/{project['name']}")
    for found in storage.all(CONTAINERS):
        if found["host"] == key and found["name"] in names:
            if to == "gone":
                storage.remove(CONTAINERS, f"{key}/{found['name']}")
            else:
                storage.put(CONTAINERS, f"{key}/{found['name']}", None, found | {"state": to})


def _prune(what: str) -> Callable[[Run], Logs]:
    def perform(run: Run) -> Logs:
        _require_enabled(run)
        return [run.log(f"Prune {what}", "Total reclaimed space: 0B")]

    return perform


def _require_enabled(run: Run) -> None:
    if not answers(run.state, run.resource):
        raise RefusalError("server not enabled")


def _delete(stage: str) -> Callable[[Run], Logs]:
    def perform(run: Run) -> Logs:
        _require_enabled(run)
        error = f"Error response from daemon: No such thing: {run.params['name']}\n"
        return [run.log(stage, stderr=error, success=False)]

    return perform


def _write(verb: str) -> Handler:
    """A write that a server has to do at once."""

    def handler(call: Call) -> dict[str, Any]:
        server = get(call, "Server", call.params["server"], "Write")
        if not answers(call.state, server):
            raise RefusalError("server not enabled")
        return updates.record(
            call, call.operation, {"type": "Server", "id": id_of(server)}, [updates.log(call.state, verb)]
        )

    return handler


def _on_core(call: Call) -> dict[str, Any]:
    return start_on_core(call, "" if call.user.admin else "This method is admin only.")


def _on_stages(run: Run) -> Logs:
    return [run.log(stage) for stage in _STAGES.get(run.operation, ())]


def _rotate(run: Run) -> Logs:
    """The keys of every server that is there and lets them be changed."""
    text = ""
    for server in sorted(run.state.storage.all("Server"), key=id_of):
        name, config = bold(server["name"]), server["config"]
        if not config["auto_rotate_keys"]:
            text += f"\nSkipping {name}: Key Rotation Disabled ⚙️"
        elif not config["enabled"]:
            text += f"\nSkipping {name}: Server Disabled ⚙️"
        elif not answers(run.state, server):
            text += f"\nSkipping {name}: Server Not Ok ⚠️"
        else:
            text += f"\nRotated keys for {name} ✅"
    return [run.log("Rotate Server Keys", text)]


PERFORMERS: Mapping[str, Execution] = {
    **{f"{verb}AllContainers": Execution(_all(word, to)) for verb, word, to in _VERBS},
    **{f"{verb}Container": Execution(_one(word, to)) for verb, word, to in _VERBS},
    "DestroyContainer": Execution(_one("rm", "gone")),
    **{f"Prune{what}": Execution(_prune(what)) for what in _PRUNES},
    "DeleteNetwork": Execution(_delete("Delete Network")),
    "DeleteImage": Execution(_delete("delete image")),
    "DeleteVolume": Execution(_delete("delete volume")),
}
# a repo cache that is cleared is not logged
_STAGES = {
    "BackupCoreDatabase": ["Backup Core Database"],
    "GlobalAutoUpdate": ["Auto Pull"],
    "RotateCoreKeys": ["Rotate Core Keys"],
}
CORE_PERFORMERS: Mapping[str, Execution] = {
    name: Execution(_rotate if name == "RotateAllServerKeys" else _on_stages) for name in _ON_CORE
}
HANDLERS: Mapping[str, Handler] = {
    **dict.fromkeys(CORE_PERFORMERS, _on_core),
    "CreateNetwork": _write("Create Network"),
    "RotateServerKeys": _write("Update Server Public Key"),
}
