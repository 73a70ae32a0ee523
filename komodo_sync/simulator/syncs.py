"""Resource syncs: what is pending, a run, a commit. Variables and user groups that are declared are passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.declarations import (
    ORDER,
    Change,
    UndeclaredError,
    as_diff,
    changes,
    is_empty,
    text_of,
)
from komodo_sync.simulator.deletion import delete
from komodo_sync.simulator.executions import Execution
from komodo_sync.simulator.exports import export_all
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.requests import Call, User
from komodo_sync.simulator.resources import RESOURCES, Resource, find, get, id_of, save
from komodo_sync.simulator.tags import update_meta
from komodo_sync.simulator.writes import HANDLERS as WRITES
from komodo_sync.simulator.writes import create, update

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.executions import Logs, Run
    from komodo_sync.simulator.requests import Handler, State

OPERATOR = User("000000000000000000000005", "Resource Sync", admin=True)
"""The built-in user who does what a sync says."""
UNPARSED = "failed to parse resource file contents"


def refresh(state: State, sync: Resource) -> None:
    """Looks up what a run would do, and stores it with the sync."""
    config, info = sync["config"], sync["info"]
    if is_empty(config) and not config["managed"]:
        return
    none: dict[str, Any] = {"resource_updates": [], "variable_updates": [], "user_group_updates": []}
    info |= none | {"pending_error": None, "pending_hash": None, "pending_message": None, "remote_errors": []}
    info["remote_contents"] = []
    try:
        text, commit = text_of(state, sync)
        path = "" if commit is None else (config["resource_path"] or ["resources.toml"])[0]
        info["remote_contents"] = [{"resource_path": path, "path": path or "database file", "contents": text}]
        if commit:
            info |= {"pending_hash": commit.hash, "pending_message": commit.message}
        info["resource_updates"] = [as_diff(state, change) for change in changes(state, sync, text)]
    except RefusalError as failure:
        contents = "\n".join((failure.error, *failure.trace))
        info["remote_errors"] = [{"resource_path": "", "path": "", "contents": contents}]
        info["pending_error"] = "ERROR: Remote resources have errors. Cannot compute diffs."
    except UndeclaredError as error:
        info["pending_error"] = f"ERROR: {UNPARSED}\n\nTRACE:\n\t1: {error}"
    save(state, "ResourceSync", sync)


def _refresh(call: Call) -> Resource:
    sync = get(call, "ResourceSync", call.params["sync"], "Execute")
    linked = sync["config"]["linked_repo"]
    if linked and not sync["config"]["files_on_host"]:
        find(call.state, "Repo", linked)
    refresh(call.state, sync)
    return sync


def _run(run: Run) -> Logs:
    sync = run.resource
    try:
        text, commit = text_of(run.state, sync)
    except RefusalError as failure:
        return [
            updates.error_log(run.state, "Clone Repo", failure.error, *failure.trace),
            updates.error_log(run.state, "Task Error", "Found file errors. Cannot execute sync."),
        ]
    logs = [run.log("Read from database", "Resources added from database file")]
    if commit:
        logs = [run.log("Clone Repo"), run.log("Latest Commit", f"hash: {commit.hash}\nmessage: {commit.message}")]
    try:
        wanted = [change for change in changes(run.state, sync, text) if _matches(run, change)]
    except UndeclaredError as error:
        return [*logs, updates.error_log(run.state, "Task Error", UNPARSED, str(error))]
    if not wanted:
        return [*logs, run.log("No Changes", "nothing to do. exiting.")]
    call = Call(run.state, OPERATOR, "write", "RunSync", {})
    for core in ORDER:
        lines, failures = [], []
        for change in (one for one in wanted if one.core == core):
            try:
                _apply(call, change)
                lines.append(f"INFO: wrote {change.name}")
            except RefusalError as failure:
                failures.append(f"ERROR: {change.name}: {failure.error}")
        if lines or failures:
            logs.append(run.log(f"Update {core}s", "\n".join([*lines, *failures]), success=not failures))
    fresh = find(run.state, "ResourceSync", id_of(sync))
    fresh["info"] |= {"last_sync_ts": run.state.clock()}
    fresh["info"] |= {"last_sync_hash": commit.hash, "last_sync_message": commit.message} if commit else {}
    save(run.state, "ResourceSync", fresh)
    refresh(run.state, fresh)
    return logs


def _matches(run: Run, change: Change) -> bool:
    kind, names = run.params.get("resource_type"), run.params.get("resources")
    current = id_of(change.current) if change.current else None
    return kind in (None, change.core) and (names is None or change.name in names or current in names)


def _apply(call: Call, change: Change) -> None:
    if change.declared is None:
        delete(_asking(call, {"id": change.name}), change.core)
        return
    if change.current is None:
        key = id_of(create(call, RESOURCES[change.core], change.name, change.partial))
    else:
        key = id_of(change.current)
        update(call, change.core, key, change.partial)
    meta = {"description": change.declared.get("description", ""), "template": change.declared.get("template", False)}
    meta |= {"target": {"type": change.core, "id": key}, "tags": change.declared.get("tags", [])}
    update_meta(_asking(call, meta))


def _asking(call: Call, params: dict[str, Any]) -> Call:
    return Call(call.state, call.user, call.group, call.operation, params)


def _commit(call: Call) -> dict[str, Any]:
    sync = get(call, "ResourceSync", call.params["sync"], "Write")
    config = sync["config"]
    linked = config["linked_repo"]
    if linked and not config["files_on_host"]:
        find(call.state, "Repo", linked)
    if not config["managed"] and not is_empty(config):
        raise RefusalError("Cannot commit to sync. Enabled 'managed' mode.")
    if config["files_on_host"] or config["repo"] or linked:
        if not config["resource_path"]:
            raise RefusalError("Sync does not have resource path configured.")
        if not config["resource_path"][0].endswith(".toml"):
            raise RefusalError("Resource path missing '.toml' extension")
    params = {"include_resources": config["include_resources"], "tags": config["match_tags"]}
    text = export_all(_asking(Call(call.state, OPERATOR, "read", call.operation, {}), params))["toml"]
    logs = [updates.log(call.state, "Resources", text)]
    if config["files_on_host"] or config["repo"] or linked:
        logs.append(updates.log(call.state, "Write contents", f"File contents written to {config['resource_path'][0]}"))
    else:
        config["file_contents"] = f"{text}\n" if text else ""
        save(call.state, "ResourceSync", sync)
        refresh(call.state, sync)
    return updates.record(call, "CommitSync", {"type": "ResourceSync", "id": id_of(sync)}, logs)


def _write_file(call: Call) -> dict[str, Any]:
    sync = get(call, "ResourceSync", call.params["sync"], "Write")
    config = sync["config"]
    if not (config["files_on_host"] or config["repo"] or config["linked_repo"]):
        raise RefusalError("This method is only for 'files on host' or 'repo' based syncs.")
    logs = [
        updates.log(call.state, "File contents", call.params["contents"]),
        updates.log(call.state, "Write File", f"File written to {call.params['file_path']}"),
    ]
    return updates.record(call, "WriteSyncContents", {"type": "ResourceSync", "id": id_of(sync)}, logs)


def _then_refresh(write: Handler) -> Handler:
    """A write of a sync; what is pending is looked up once the answer is fixed."""

    def handler(call: Call) -> Any:
        answer = write(call)
        refresh(call.state, find(call.state, "ResourceSync", id_of(answer)))
        return answer

    return handler


PERFORMERS: Mapping[str, Execution] = {"RunSync": Execution(_run, "syncing")}
HANDLERS: Mapping[str, Handler] = {
    **{f"{verb}ResourceSync": _then_refresh(WRITES[f"{verb}ResourceSync"]) for verb in ("Create", "Copy", "Update")},
    "RefreshResourceSyncPending": _refresh,
    "CommitSync": _commit,
    "WriteSyncFileContents": _write_file,
}
