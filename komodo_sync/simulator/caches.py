"""What Core remembers of the files behind stacks, builds, repos and syncs, and refreshes when it is asked to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import git
from komodo_sync.simulator.checkouts import read_by_core
from komodo_sync.simulator.compose import BrokenComposeError, services
from komodo_sync.simulator.containers import answers, project_name, reachable
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.markup import error_text
from komodo_sync.simulator.resources import RESOURCES, find, get, id_of, save

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.requests import Call, Handler, State

Resource = dict[str, Any]


FAILED = "Failed at: Clone Repo"
NOWHERE = "Resource has neither swarm nor server attached."


def compose_paths(config: dict[str, Any]) -> list[str]:
    """The compose files of a stack."""
    return config["file_paths"] or ["compose.yaml"]


def tracked_files(config: dict[str, Any]) -> list[dict[str, Any]]:
    """The files of a git stack that Core compares: `{path, services, requires}`."""
    files = [{"path": path, "services": [], "requires": "Redeploy"} for path in compose_paths(config)]
    files += [
        {"path": item["path"], "services": [], "requires": "Redeploy"}
        for item in config["additional_env_files"]
        if item["track"]
    ]
    return files + [
        {"path": item["path"], "services": item.get("services", []), "requires": item.get("requires", "None")}
        for item in config["config_files"]
    ]


def refresh_stack(state: State, stack: Resource, deployed: git.Commit | None = None) -> None:
    """Reads the files again: from git (or from the commit that was `deployed`), or the text in the config. Changes
    `stack`, and does not store it."""
    config, info = stack["config"], stack["info"]
    linked = config["linked_repo"]
    if linked and state.storage.text("Repo", linked) is None:
        raise RefusalError(f"Did not find any Repo matching {linked}")
    source = git.source_of(state, config)
    if config["files_on_host"]:
        _on_host(state, stack)
        return
    if not source["repo"]:
        if linked:
            raise RefusalError("Failed to clone stack repo", git.NO_REPO)
        # one that has no files at all keeps what was known
        if config["file_contents"]:
            info |= dict.fromkeys(("remote_contents", "remote_errors", "latest_hash", "latest_message"))
            info |= {"missing_files": [], "latest_services": _services(config["file_contents"], stack)}
        return
    info |= {"missing_files": [], "latest_hash": None, "latest_message": None}
    commit = deployed or read_by_core(state, id_of(stack), source)
    if commit is None:
        error = {"path": FAILED, "contents": f"Remote branch {source['branch']} not found in upstream origin"}
        info |= {"remote_contents": [], "remote_errors": [error], "latest_services": []}
        return
    info |= {"latest_hash": commit.hash, "latest_message": commit.message, "remote_contents": [], "remote_errors": []}
    wanted = tracked_files(config)
    texts = dict(git.read_files(commit, config["run_directory"], [item["path"] for item in wanted]))
    for item in wanted:
        text = texts[item["path"]]
        if text is None:
            info["missing_files"].append(item["path"])
            if deployed is None:
                info["remote_errors"].append(
                    {"path": item["path"], "contents": "No such file or directory (os error 2)"}
                )
        else:
            info["remote_contents"].append(item | {"contents": text})
    composed = [texts[path] or "" for path in compose_paths(config)]
    info["latest_services"] = [service for text in composed for service in _services(text, stack)]


def _on_host(state: State, stack: Resource) -> None:
    """The files are beside an agent: here there are none, and without an agent what was known is kept."""
    config, info = stack["config"], stack["info"]
    info |= {"missing_files": [], "latest_hash": None, "latest_message": None}
    if config["swarm_id"] or config["server_id"]:
        if not reachable(state, stack):
            return
        info |= {"remote_contents": None, "remote_errors": None}
        info["latest_services"] = _services(config["file_contents"], stack)
        return
    error = {"path": config["run_directory"], "contents": error_text(NOWHERE)}
    info |= {"remote_contents": [], "remote_errors": [error], "latest_services": []}


def _services(text: str, stack: Resource) -> list[dict[str, Any]]:
    try:
        return services(text, project_name(stack))
    except BrokenComposeError:
        return []


def builder_refusal(state: State, build: Resource) -> str:
    """Why the files that a build has on its builder cannot be got at; empty when they can."""
    key = build["config"]["builder_id"]
    if not key:
        return "No builder associated with build"
    builder = find(state, "Builder", key)
    if builder["config"]["type"] == "Aws":
        return "Files on host doesn't work with AWS builder"
    if builder["config"]["type"] == "Url":
        return ""
    servers = [find(state, "Server", server) for server in builder["config"]["params"]["server_ids"]]
    if not servers:
        return "No servers attached to builder"
    return "" if answers(state, servers[0]) else "server not enabled"


def refresh_build(state: State, build: Resource, built: git.Commit | None = None) -> None:
    """Reads the Dockerfile of a build from git again, or from the commit that was `built`."""
    config, info = build["config"], build["info"]
    source = git.source_of(state, config)
    if not source["repo"] and config["linked_repo"] and not config["files_on_host"]:
        raise RefusalError(git.NO_REPO)
    info |= {"remote_path": None, "remote_contents": None, "remote_error": None}
    info |= {"latest_hash": None, "latest_message": None}
    if config["files_on_host"]:
        refused = builder_refusal(state, build)
        info["remote_error"] = error_text(refused) if refused else None
        return
    if not source["repo"]:
        return
    commit = built or read_by_core(state, id_of(build), source)
    if commit is None:
        info["remote_path"] = FAILED
        info["remote_error"] = f"Remote branch {source['branch']} not found in upstream origin"
        return
    path = f"{config['build_path'].rstrip('/')}/{config['dockerfile_path']}"
    info |= {"latest_hash": commit.hash, "latest_message": commit.message, "remote_path": path}
    info["remote_contents"] = commit.read(path.removeprefix("./"))


def refresh_repo(state: State, repo: Resource) -> None:
    """Looks up the newest commit of a repo."""
    commit = read_by_core(state, id_of(repo), repo["config"])
    found = (commit.hash, commit.message) if commit else (None, None)
    repo["info"] |= dict(zip(("latest_hash", "latest_message"), found, strict=True))


_REFRESH: Mapping[str, Callable[[State, Resource], None]] = {
    "Stack": refresh_stack,
    "Build": refresh_build,
    "Repo": refresh_repo,
}
# a repo is read again on request only
_AFTER_WRITES = frozenset({"Stack", "Build"})


def refresh_after_write(state: State, core: str, key: str) -> None:
    """What Core does after a create or update, once the answer is fixed; its failure does not fail the write."""
    if core not in _AFTER_WRITES:
        return
    resource = find(state, core, key)
    try:
        _REFRESH[core](state, resource)
    except RefusalError:
        return
    save(state, core, resource)


def _refresh(core: str) -> Handler:
    def handler(call: Call) -> dict[str, Any]:
        resource = get(call, core, call.params[RESOURCES[core].param], "Execute")
        _REFRESH[core](call.state, resource)
        save(call.state, core, resource)
        return {}

    return handler


HANDLERS: Mapping[str, Handler] = {
    **{f"Refresh{core}Cache": _refresh(core) for core in _REFRESH},
}
