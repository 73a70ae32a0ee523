"""Resource syncs: what is pending, commits, and writes into their files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import git, updates
from komodo_sync.simulator.alerts import note_pending
from komodo_sync.simulator.exports import export_all
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.markup import error_text
from komodo_sync.simulator.normal import file_text
from komodo_sync.simulator.requests import Call, User
from komodo_sync.simulator.resources import Resource, find, get, id_of, save
from komodo_sync.simulator.sync_changes import Narrowed, pending
from komodo_sync.simulator.sync_deploys import to_deploy
from komodo_sync.simulator.sync_sources import is_fresh, read, write_host_file
from komodo_sync.simulator.writes import HANDLERS as WRITES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Handler, State

EXPORTER = User("000000000000000000000005", "Resource Sync", admin=True)
"""The built-in user who reads what a commit writes."""
PENDING = ("resource_updates", "variable_updates", "user_group_updates", "pending_deploys")
INCLUDED = ("include_resources", "include_variables", "include_user_groups")


def refresh(state: State, sync: Resource) -> None:
    """Looks up what a run would do, and stores it with the sync."""
    config, info = sync["config"], sync["info"]
    if is_fresh(config) and not config["managed"]:
        return
    info |= {"resource_updates": [], "variable_updates": [], "user_group_updates": [], "pending_deploys": []}
    info |= {"pending_error": None, "pending_deploy_error": None}
    found = read(state, sync)
    info |= {"remote_contents": found.files, "remote_errors": found.errors}
    info |= {
        "pending_hash": found.commit.hash if found.commit else None,
        "pending_message": found.commit.message if found.commit else None,
    }
    if found.errors:
        info["pending_error"] = error_text("Remote resources have errors. Cannot compute diffs.")
    elif found.failure:
        info["pending_error"] = error_text(found.failure.error, *found.failure.trace)
    else:
        info |= pending(state, sync, found.declarations)
        if config["include_resources"]:
            try:
                info["pending_deploys"] = to_deploy(state, found.declarations.resources, Narrowed())
            except RefusalError as failure:
                info["pending_deploy_error"] = error_text(failure.error, *failure.trace)
    save(state, "ResourceSync", sync)
    note_pending(state, sync, pending=any(info[part] for part in PENDING))


def _refresh(call: Call) -> Resource:
    sync = get(call, "ResourceSync", call.params["sync"], "Execute")
    _need_repo(call, sync)
    refresh(call.state, sync)
    return sync


def _need_repo(call: Call, sync: Resource) -> None:
    config = sync["config"]
    if config["linked_repo"] and not config["files_on_host"]:
        find(call.state, "Repo", config["linked_repo"])


def commit(call: Call) -> dict[str, Any]:
    """Writes what the Core holds into the files of a sync, and answers the record of it."""
    sync = get(call, "ResourceSync", call.params["sync"], "Write")
    config, source = sync["config"], git.source_of(call.state, sync["config"])
    _need_repo(call, sync)
    if not config["managed"] and not is_fresh(config):
        raise RefusalError("Cannot commit to sync. Enabled 'managed' mode.")
    of_files = config["files_on_host"] or source["repo"] or config["linked_repo"]
    if of_files:
        if not config["resource_path"]:
            raise RefusalError("Sync does not have resource path configured.")
        if not config["resource_path"][0].endswith(".toml"):
            raise RefusalError("Resource path missing '.toml' extension")
    params = {key: config[key] for key in INCLUDED} | {"tags": config["match_tags"], "existing": _existing(call, sync)}
    text = export_all(Call(call.state, EXPORTER, "read", call.operation, params))["toml"]
    logs = [updates.log(call.state, "Resources", text)]
    if config["files_on_host"]:
        path = write_host_file(call.state, sync, config["resource_path"][0], text)
        logs.append(updates.log(call.state, "Write contents", f'File contents written to "{path}"'))
    elif of_files:
        path = config["resource_path"][0]
        git.push(call.state, source["git_provider"], source["repo"], source["branch"], {path: text}, "Commit Sync")
        logs.append(updates.log(call.state, "Write Contents", f'File contents written to "{path}"'))
    else:
        config["file_contents"] = file_text(text)
        save(call.state, "ResourceSync", sync)
    refresh(call.state, sync)
    return updates.record(call, "CommitSync", {"type": "ResourceSync", "id": id_of(sync)}, logs)


def _existing(call: Call, sync: Resource) -> dict[str, Any]:
    """What is declared already of deploys, which the Core does not know."""
    found = read(call.state, sync)
    if found.failure or found.errors:
        return {}
    return {f"{core.lower()}s": [one.head for one in of_kind] for core, of_kind in found.declarations.resources.items()}


def _write_file(call: Call) -> dict[str, Any]:
    sync = get(call, "ResourceSync", call.params["sync"], "Write")
    config, source = sync["config"], git.source_of(call.state, sync["config"])
    _need_repo(call, sync)
    if not (config["files_on_host"] or config["repo"] or config["linked_repo"]):
        raise RefusalError("This method is only for 'files on host' or 'repo' based syncs.")
    text, folder = call.params["contents"], call.params["resource_path"].strip("/")
    path = f"{folder}/{call.params['file_path']}" if folder else call.params["file_path"]
    if config["files_on_host"]:
        where = write_host_file(call.state, sync, path, text)
    else:
        message, where = f"{call.user.username}: Commit Resource File", path
        git.push(call.state, source["git_provider"], source["repo"], source["branch"], {path: text}, message)
    logs = [
        updates.log(call.state, "File contents", text),
        updates.log(call.state, "Write File", f'File written to "{where}"'),
    ]
    refresh(call.state, sync)
    return updates.record(call, "WriteSyncContents", {"type": "ResourceSync", "id": id_of(sync)}, logs)


def _then_refresh(write: Handler) -> Handler:
    """A write of a sync; what is pending is looked up once the answer is fixed."""

    def handler(call: Call) -> Any:
        answer = write(call)
        refresh(call.state, find(call.state, "ResourceSync", id_of(answer)))
        return answer

    return handler


HANDLERS: Mapping[str, Handler] = {
    **{f"{verb}ResourceSync": _then_refresh(WRITES[f"{verb}ResourceSync"]) for verb in ("Create", "Copy", "Update")},
    "RefreshResourceSyncPending": _refresh,
    "CommitSync": commit,
    "WriteSyncFileContents": _write_file,
}
