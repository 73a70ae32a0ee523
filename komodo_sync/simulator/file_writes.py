"""Writes into the files behind a stack or build: a commit in its repository."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.caches import compose_paths
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.git import push, source_of
from komodo_sync.simulator.resources import get, id_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

Document = dict[str, Any]


def _write_stack_file(call: Call) -> Document:
    stack = get(call, "Stack", call.params["stack"], "Write")
    source = source_of(call.state, stack["config"])
    if not (stack["config"]["files_on_host"] or source["repo"]):
        raise RefusalError(
            "Stack is not configured to use Files on Host, Git Repo, or Linked Repo, can't write file contents"
        )
    path = call.params["file_path"] or compose_paths(stack["config"])[0]
    return _written(call, "WriteStackContents", {"type": "Stack", "id": id_of(stack)}, source, path)


def _write_build_file(call: Call) -> Document:
    build = get(call, "Build", call.params["build"], "Write")
    source = source_of(call.state, build["config"])
    if not (build["config"]["files_on_host"] or source["repo"]):
        raise RefusalError("Build is not configured to use Files on Host or Git Repo, can't write dockerfile contents")
    path = build["config"]["dockerfile_path"]
    return _written(call, "WriteDockerfile", {"type": "Build", "id": id_of(build)}, source, path)


def _written(call: Call, operation: str, target: dict[str, str], source: Document, path: str) -> Document:
    if source["repo"]:
        files = {path: call.params["contents"]}
        message = f"{call.user.username}: Write {path}"
        push(call.state, source["git_provider"], source["repo"], source["branch"], files, message)
    stage = updates.log(call.state, "Write File", f"File contents written to {path}")
    return updates.record(call, operation, target, [stage])


HANDLERS: Mapping[str, Handler] = {
    "WriteStackFileContents": _write_stack_file,
    "WriteBuildFileContents": _write_build_file,
}
