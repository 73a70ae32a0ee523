"""Executions on deployments, builds and repos, and the ends of runs of procedures and actions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import git, updates
from komodo_sync.simulator.caches import refresh_build, refresh_repo
from komodo_sync.simulator.checkouts import check_out
from komodo_sync.simulator.containers import (
    CONTAINERS,
    answers,
    container,
    container_key,
    container_name_of,
    host_of,
    is_silent,
    require_host,
)
from komodo_sync.simulator.executions import Execution, start
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.items import image_name
from komodo_sync.simulator.redeploys import redeploy
from komodo_sync.simulator.resources import find, id_of, save
from komodo_sync.simulator.states import action_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.executions import Logs, Run
    from komodo_sync.simulator.requests import Call, Handler

_SILENT = "Connection refused (os error 111)"
NOT_FOR_SWARMS = "{} should not be called for Deployment"
NO_RUN = "Procedure run cancel token not found"


def _deploy(run: Run) -> Logs:
    require_host(run.state, run.resource)
    deployment, config = run.resource, run.resource["config"]
    name = config["custom_name"] or deployment["name"]
    image = image_name(run.state, deployment)
    command = f"docker run -d --name {name} --network {config['network']} --restart {config['restart']} {image}"
    # the old one goes first, whatever becomes of the new one
    run.state.storage.remove(CONTAINERS, container_key(deployment))
    deployment["info"] |= {"latest_image_digest": "", "deployed_name": name}
    save(run.state, "Deployment", deployment)
    if config["image"]["type"] == "Build":
        run.more["version"] = _version_of(run, config["image"]["params"])
    if run.failing or not image or run.fails_at == "Docker Run":
        text = "told to fail\n" if image else "invalid reference format\n"
        return [run.log("Docker Run", command=command, stderr=text, success=False)]
    found = {"host": host_of(deployment), "name": name, "image": image, "state": "running", "since": run.state.clock()}
    run.state.storage.put(CONTAINERS, container_key(deployment), None, found)
    return [run.log("Docker Run", f"{id_of(deployment):0>64}\n", command=command)]


def _version_of(run: Run, params: dict[str, Any]) -> dict[str, int]:
    build = run.state.storage.get("Build", params["build_id"])
    wanted: dict[str, int] = params["version"]
    return build["config"]["version"] if build and not any(wanted.values()) else wanted


def _container_command(words: str, stage: str, to: str) -> Callable[[Run], Logs]:
    def perform(run: Run) -> Logs:
        require_host(run.state, run.resource, "" if to == "gone" else NOT_FOR_SWARMS.format(run.operation))
        name = container_name_of(run.resource)
        found = container(run.state, run.resource)
        if found is None or run.failing or run.fails_at == stage:
            error = f"Error response from daemon: No such container: {name}\n"
            return [run.log(stage, command=f"docker {words} {name}", stderr=error, success=False)]
        key = container_key(run.resource)
        if to == "gone":
            run.state.storage.remove(CONTAINERS, key)
            run.resource["info"]["deployed_name"] = ""
            save(run.state, "Deployment", run.resource)
        else:
            run.state.storage.put(CONTAINERS, key, None, found | {"state": to, "since": run.state.clock()})
        return [run.log(stage, f"{name}\n", command=f"docker {words} {name}")]

    return perform


def _pull_image(run: Run) -> Logs:
    require_host(run.state, run.resource, NOT_FOR_SWARMS.format(run.operation))
    return [run.log("Docker Pull", command=f"docker pull {image_name(run.state, run.resource)}")]


def _build(run: Run) -> Logs:
    build, config = run.resource, run.resource["config"]
    if not config["builder_id"]:
        raise RefusalError("Must attach builder to RunBuild")
    version = dict(config["version"])
    if config["auto_increment_version"]:
        version["patch"] += 1
    if any(version.values()):
        run.more["version"] = version
    missing = _missing_builder(run, find(run.state, "Builder", config["builder_id"]))
    if missing:
        stage, error = (
            ("Build Error", "Failed to build") if missing == _SILENT else ("Get Builder", "Failed to get Builder")
        )
        return [updates.error_log(run.state, stage, error, missing)]
    text = f"{version['major']}.{version['minor']}.{version['patch']}"
    logs: Logs = []
    source, commit = git.source_of(run.state, config), None
    if source["repo"] and not config["files_on_host"]:
        commit = check_out(run, id_of(build), source, logs)
        if commit is None:
            return logs
        run.more["commit_hash"] = commit.hash
    else:
        logs.append(run.log("Write Dockerfile", "Dockerfile contents written"))
    refresh_build(run.state, build, commit)
    if run.cancelled:
        return [*logs, run.log("Build Cancelled", stderr="user cancelled build during docker build\n", success=False)]
    command = f'docker build --build-arg VERSION="{text}" -t {config["image_name"] or build["name"]}:{text} .'
    logs.append(run.log("Docker Build", command=command, success=not run.failing))
    built = logs[-1]["success"]
    if built:
        config["version"] = version
        build["info"] |= {
            "last_built_at": run.state.clock(),
            "built_hash": commit.hash if commit else "",
            "built_message": commit.message if commit else None,
        }
    save(run.state, "Build", build)
    if built:
        redeploy(run.state, id_of(build), PERFORMERS["Deploy"])
    return logs


def _missing_builder(run: Run, builder: dict[str, Any]) -> str:
    """Why a builder cannot be used; empty when it can."""
    config = builder["config"]
    if config["type"] != "Server":
        return "" if config["params"].get("address", "x") else "Builder has not yet configured an address"
    keys = config["params"]["server_ids"]
    if not keys:
        return "Server Builder has no configured Servers"
    servers = [run.state.storage.get("Server", key) for key in keys]
    if any(server and answers(run.state, server) for server in servers):
        return ""
    if len(keys) > 1:
        return "Server builder has no available servers"
    if servers[0] and servers[0]["config"]["enabled"]:
        return _SILENT
    return "server not enabled" if servers[0] else f"Did not find any Server matching {keys[0]}"


def _git_run(stage: str, *, clone: bool) -> Callable[[Run], Logs]:
    def perform(run: Run) -> Logs:
        repo, config = run.resource, run.resource["config"]
        if not config["server_id"]:
            raise RefusalError("repo has no server attached")
        server = find(run.state, "Server", config["server_id"])
        if not server["config"]["enabled"]:
            raise RefusalError("server not enabled")
        if is_silent(run.state, server):
            return [updates.error_log(run.state, stage, f"Failed at {stage}", _SILENT)]
        logs: Logs = []
        commit = None
        if run.failing:
            logs.append(run.log(stage, success=False))
        else:
            commit = check_out(run, id_of(repo), config, logs, clone=clone)
        if config["environment"] and (commit or logs[-1]["stage"] == "Clone Repo"):
            logs.append(run.log("Write Environment File"))
        for name, field in (("On Clone", "on_clone"), ("On Pull", "on_pull")):
            wanted = field == "on_clone" if commit is None else clone or field == "on_pull"
            if config[field]["command"] and wanted and (commit or clone):
                text = config[field]["command"].rstrip("\n")
                logs.append(run.log(name, command=text, success=not re.search(r"\bexit +[1-9]", text)))
                if not logs[-1]["success"]:
                    break
        if commit is None:
            return logs
        if not clone:
            run.more["commit_hash"] = commit.hash
        if all(log["success"] for log in logs):
            repo["info"]["last_pulled_at"] = run.state.clock()
        # the Core looks itself, after the host has
        refresh_repo(run.state, repo)
        save(run.state, "Repo", repo)
        return logs

    return perform


def _build_repo(run: Run) -> Logs:
    config = run.resource["config"]
    if not config["builder_id"]:
        raise RefusalError("Must attach builder to BuildRepo")
    missing = _missing_builder(run, find(run.state, "Builder", config["builder_id"]))
    if missing:
        return [updates.error_log(run.state, "get builder", "failed to get builder", missing)]
    if run.cancelled:
        return [run.log("Clone Repo"), run.log("Build Cancelled", stderr="user cancelled build\n", success=False)]
    run.resource["info"]["last_built_at"] = run.state.clock()
    save(run.state, "Repo", run.resource)
    return [run.log("Clone Repo")]


def _check_cancel(call: Call, core: str, key: str, runs: str, words: str) -> None:
    """500 for something that was never run, or whose last run has been cancelled."""
    rows = call.storage.query(
        "SELECT operation FROM updates WHERE target_id=? AND operation IN (?,?) ORDER BY number DESC",
        key,
        runs,
        f"Cancel{core}Build" if core == "Repo" else "CancelBuild",
    )
    if not any(operation == runs for (operation,) in rows):
        raise RefusalError(f"No {words.lower()} in progress")
    if rows[0][0] != runs:
        raise RefusalError(f"{words} has already been cancelled")


def _cancel(call: Call, core: str, runs: str, words: str) -> dict[str, Any]:
    resource = find(call.state, core, call.params[core.lower()])
    key = id_of(resource)
    _check_cancel(call, core, key, runs, words)
    if action_of(call.state, core, key) != "building":
        return start(call, core, key, Execution(_refusing(f"{core} is not building.")))
    rows = call.storage.query("SELECT number FROM tasks WHERE target_id=? AND action='building'", key)
    call.storage.query(
        "UPDATE tasks SET due=?, body=json_set(body,'$.cancelled',json('true')) WHERE number=?", call.now(), rows[0][0]
    )
    update = updates.begin(call.state, call.user.id, call.operation, {"type": core, "id": key})
    answer = dict(update)
    what = words.lower()
    stages = [
        updates.log(call.state, "Cancel Triggered", f"The {what} cancel has been triggered"),
        updates.log(call.state, "Cancel acknowledged", f"The {what} cancellation has been queued"),
    ]
    updates.finish(call.state, update, stages)
    return answer


def _cancel_run(call: Call, core: str, missing: str) -> dict[str, Any]:
    """Ends a run of a procedure or action that is under way."""
    key = id_of(find(call.state, core, call.params[core.lower()]))
    rows = call.storage.query("SELECT number FROM tasks WHERE target_id=? AND action='running'", key)
    if not rows:
        return start(call, core, key, Execution(_refusing(missing)))
    for (number,) in rows:
        call.storage.query(
            "UPDATE tasks SET body=json_set(body,'$.refused','cancelled by user') WHERE number=?", number
        )
    return start(call, core, key, Execution(lambda run: [run.log("Cancel Triggered")]))


def _refusing(error: str) -> Callable[[Run], Logs]:
    def perform(_run: Run) -> Logs:
        raise RefusalError(error)

    return perform


PERFORMERS: Mapping[str, Execution] = {
    "Deploy": Execution(_deploy, "deploying"),
    "PullDeployment": Execution(_pull_image, "pulling"),
    "StartDeployment": Execution(_container_command("start", "Docker Start", "running"), "starting"),
    "RestartDeployment": Execution(_container_command("restart", "Docker Restart", "running"), "restarting"),
    "PauseDeployment": Execution(_container_command("pause", "Docker Pause", "paused"), "pausing"),
    "UnpauseDeployment": Execution(_container_command("unpause", "Docker Unpause", "running"), "unpausing"),
    "StopDeployment": Execution(_container_command("stop", "Docker Stop", "exited"), "stopping"),
    "DestroyDeployment": Execution(_container_command("rm", "Docker Stop and Remove", "gone"), "destroying"),
    "RunBuild": Execution(_build, "building"),
    "CancelBuild": Execution(_refusing("Build is not building.")),
    "CancelRepoBuild": Execution(_refusing("Repo is not building.")),
    "CancelProcedure": Execution(_refusing(NO_RUN)),
    "CancelAction": Execution(_refusing("No active run to cancel found")),
    "CloneRepo": Execution(_git_run("Clone Repo", clone=True), "cloning"),
    "PullRepo": Execution(_git_run("Git pull", clone=False), "pulling"),
    "BuildRepo": Execution(_build_repo, "building"),
}

HANDLERS: Mapping[str, Handler] = {
    "CancelBuild": lambda call: _cancel(call, "Build", "RunBuild", "Build"),
    "CancelProcedure": lambda call: _cancel_run(call, "Procedure", NO_RUN),
    "CancelAction": lambda call: _cancel_run(call, "Action", "No active run to cancel found"),
    "CancelRepoBuild": lambda call: _cancel(call, "Repo", "BuildRepo", "Repo build"),
}
