"""Writes into the files behind a stack or build: on their host, or a commit in their repository."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import git, updates
from komodo_sync.simulator.caches import NOWHERE, builder_refusal, compose_paths
from komodo_sync.simulator.containers import require_host
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.resources import find, get, id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

Document = dict[str, Any]
NO_STACK_FILES = "Stack is not configured to use Files on Host, Git Repo, or Linked Repo, can't write file contents"
NO_BUILD_FILES = "Build is not configured to use Files on Host or Git Repo, can't write dockerfile contents"


def _write_stack_file(call: Call) -> Document:
    stack = get(call, "Stack", call.params["stack"], "Write")
    config = stack["config"]
    path = call.params["file_path"] or compose_paths(config)[0]
    operation, target = "WriteStackContents", {"type": "Stack", "id": id_of(stack)}
    if not config["files_on_host"]:
        return _committed(call, config, operation, target, path, NO_STACK_FILES)
    given = updates.log(call.state, "File contents to write", call.params["contents"])
    if not (config["swarm_id"] or config["server_id"]):
        failed = updates.error_log(call.state, "Write File Contents", NOWHERE)
        return updates.record(call, operation, target, [given, failed])
    require_host(call.state, stack)
    return updates.record(call, operation, target, [given, updates.log(call.state, "Write File", _written(path))])


def _write_build_file(call: Call) -> Document:
    build = get(call, "Build", call.params["build"], "Write")
    config = build["config"]
    path, operation, target = config["dockerfile_path"], "WriteDockerfile", {"type": "Build", "id": id_of(build)}
    if not config["files_on_host"]:
        return _committed(call, config, operation, target, path, NO_BUILD_FILES)
    refused = builder_refusal(call.state, build)
    if refused:
        raise RefusalError(refused)
    given = updates.log(call.state, "Dockerfile to write", call.params["contents"])
    return updates.record(call, operation, target, [given, updates.log(call.state, "Write File", _written(path))])


def _committed(
    call: Call, config: Document, operation: str, target: dict[str, str], path: str, nowhere: str
) -> Document:
    if config["linked_repo"]:
        find(call.state, "Repo", config["linked_repo"])
    source = git.source_of(call.state, config)
    if not source["repo"]:
        raise RefusalError(git.NO_REPO if config["linked_repo"] else nowhere)
    if git.head(call.state, source) is None:
        error = f"Remote branch {source['branch']} not found in upstream origin"
        failed = updates.log(call.state, "Clone Repo", stderr=error, success=False)
        return updates.record(call, operation, target, [failed])
    message = f"{call.user.username}: Write {path}"
    files = {path: call.params["contents"]}
    git.push(call.state, source["git_provider"], source["repo"], source["branch"], files, message)
    return updates.record(call, operation, target, [updates.log(call.state, "Write File", _written(path))])


def _written(path: str) -> str:
    return f"File contents written to {path}"


HANDLERS: Mapping[str, Handler] = {
    "WriteStackFileContents": _write_stack_file,
    "WriteBuildFileContents": _write_build_file,
}
