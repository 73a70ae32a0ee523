"""Executions on stacks: deploy, destroy, start, stop and their like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import git, updates
from komodo_sync.simulator.caches import compose_paths, refresh_stack, tracked_files
from komodo_sync.simulator.compose import BrokenComposeError, services, told
from komodo_sync.simulator.containers import (
    keep_project,
    project,
    project_name,
    reachable,
    require_host,
    running_project,
    set_states,
)
from komodo_sync.simulator.executions import Execution, start
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.normal import check_pairs
from komodo_sync.simulator.resources import find, id_of, save

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.executions import Logs, Run
    from komodo_sync.simulator.requests import Call, Handler

_VARIABLE = re.compile(r"\[\[\s*([A-Za-z_][A-Za-z0-9_]*)\s*\]\]")


def interpolate(run: Run, text: str) -> tuple[str, str, dict[str, str]]:
    """A text with its `[[NAME]]` replaced, the same with secrets as `<NAME>`, and the plain variables used."""
    known = {variable["name"]: variable for variable in run.state.storage.all("Variable")}
    used: dict[str, str] = {}

    def replace(found: re.Match[str], *, shown: bool) -> str:
        variable = known.get(found[1])
        if variable is None:
            return found[0]
        used[found[1]] = "" if variable["is_secret"] else variable["value"]
        return f"<{found[1]}>" if shown and variable["is_secret"] else str(variable["value"])

    clear = _VARIABLE.sub(lambda found: replace(found, shown=False), text)
    return clear, _VARIABLE.sub(lambda found: replace(found, shown=True), text), used


def _deploy(run: Run) -> Logs:
    require_host(run.state, run.resource)
    stack, config = run.resource, run.resource["config"]
    wanted = run.params.get("services") or []
    logs: Logs = []
    if wanted:
        logs.append(run.log("Service/s", f"Execution requested for Stack service/s {', '.join(wanted)}"))
    files, commit = _files(run, logs)
    if any(not stage["success"] for stage in logs):
        return logs
    flags = _environment(run, logs)
    if any(not stage["success"] for stage in logs):
        return logs
    command = f"docker compose -p {project_name(stack)} -f {' -f '.join(compose_paths(config))}{flags}"
    found = _compose(run, files, command, logs)
    if found is None:
        return logs
    _up(run, command, wanted, found, logs)
    if logs[-1]["success"]:
        _deployed(run, files, found, commit, partly=bool(wanted))
        if config["post_deploy"]["command"]:
            logs.append(_command(run, "Post Deploy", config["post_deploy"]))
    save(run.state, "Stack", stack)
    return logs


def _files(run: Run, logs: Logs) -> tuple[list[tuple[str, str]], git.Commit | None]:
    """The compose files as they are deployed, variables put in, and the commit that they are from."""
    stack, config = run.resource, run.resource["config"]
    source = git.source_of(run.state, config)
    commit = git.head(run.state, source, make_up=True)
    refresh_stack(run.state, stack)
    if config["files_on_host"] or not source["repo"]:
        texts, commit = [(compose_paths(config)[0], config["file_contents"])], None
    else:
        if commit is None:
            raise RefusalError("Failed to validate run directory on host after stack write (canonicalize error)")
        url = f"{'https' if source['git_https'] else 'http'}://{source['git_provider']}/{source['repo']}"
        logs.append(run.log("Clone Repo", command=f"git clone {url} -b {source['branch']}"))
        logs.append(run.log("Latest Commit", f"hash: {commit.hash}\nmessage: {commit.message}"))
        read = git.read_files(commit, config["run_directory"], [item["path"] for item in tracked_files(config)])
        missing = [path for path, text in read if text is None]
        if missing:
            error = "A file doesn't exist after writing stack."
            logs.append(updates.error_log(run.state, "Validate Files", error, f"Missing files: {', '.join(missing)}"))
        texts = [(path, text or "") for path, text in read]
    if config["skip_secret_interp"]:
        return texts, commit
    replaced = [(path, *interpolate(run, text)) for path, text in texts]
    used = {name: value for _, _, _, names in replaced for name, value in names.items()}
    used |= interpolate(run, config["environment"])[2]
    plain = "\n".join(f"{name} => {value}" for name, value in sorted(used.items()) if value)
    hidden = "\n".join(f"replaced: {name}" for name, value in sorted(used.items()) if not value)
    stages = (("Interpolate Variables", plain), ("Interpolate Secrets", hidden))
    logs[:0] = [run.log(stage, text) for stage, text in stages if text]
    run.more["shown"] = "\n".join(shown for _, _, shown, _ in replaced)
    return [(path, clear) for path, clear, _, _ in replaced], commit


def _environment(run: Run, logs: Logs) -> str:
    config = run.resource["config"]
    if not config["environment"]:
        return ""
    try:
        check_pairs(config["environment"], "Invalid environment")
    except RefusalError as failure:
        logs.append(updates.error_log(run.state, "Write Stack", failure.error, *failure.trace))
        return ""
    where = f"/etc/komodo/stacks/{run.resource['name']}/{config['env_file_path']}"
    logs.append(run.log("Write Environment File", f'Environment file written to "{where}"'))
    return f" --env-file {config['env_file_path']}"


def _compose(run: Run, files: list[tuple[str, str]], command: str, logs: Logs) -> list[dict[str, Any]] | None:
    """The services that the files declare; None when a stage failed."""
    stack, config = run.resource, run.resource["config"]
    if config["pre_deploy"]["command"]:
        logs.append(_command(run, "Pre Deploy", config["pre_deploy"]))
        if not logs[-1]["success"]:
            return None
    shown = run.more.pop("shown", "\n".join(text for _, text in files))
    logs.append(run.log("Compose Config", f"name: {project_name(stack)}\n{shown}", command=f"{command} config"))
    try:
        composed = files[: len(compose_paths(config))]
        found = [service for _, text in composed for service in services(text, project_name(stack))]
    except BrokenComposeError as error:
        text = "Failed to parse compose contents"
        logs.append(updates.error_log(run.state, "Parse Compose Services", text, str(error)))
        return None
    if config["run_build"]:
        logs.append(run.log("Compose Build", command=f"{command} build"))
    if config["auto_pull"]:
        names = [service["service_name"] for service in found]
        text = "".join(f" {name} Pulling\n {name} Pulled\n" for name in names)
        logs.append(run.log("Compose Pull", command=f"{command} pull", stderr=text))
    return found


def _up(run: Run, command: str, wanted: list[str], found: list[dict[str, Any]], logs: Logs) -> None:
    stack = run.resource
    old, new = running_project(stack), project_name(stack)
    # as the real one does: the new name counts from here on, even when the rest fails
    stack["info"]["deployed_project_name"] = new
    if old != new or stack["config"]["destroy_before_deploy"]:
        keep_project(run.state, stack, old, [])
        logs.append(run.log("Compose Down", command=f"docker compose -p {old} down"))
    fails = run.failing or any(told(text)[0] == "fail" for text in _texts(run))
    if fails:
        logs.append(run.log("Compose Up", command=f"{command} up -d", stderr="told to fail\n", success=False))
        return
    chosen = [service for service in found if not wanted or service["service_name"] in wanted]
    kept = [item for item in project(run.state, stack) if wanted and item["service"] not in wanted]
    kept += [
        {
            "service": service["service_name"],
            "name": f"{service['container_name']}-1",
            "image": service["image"],
            "state": "running",
        }
        for service in chosen
    ]
    keep_project(run.state, stack, new, kept)
    text = "".join(f" Container {service['container_name']}-1  Started\n" for service in chosen)
    logs.append(run.log("Compose Up", command=f"{command} up -d", stderr=text))


def _texts(run: Run) -> list[str]:
    contents = run.resource["info"]["remote_contents"]
    return [item["contents"] for item in contents or ()] or [run.resource["config"]["file_contents"]]


def _deployed(
    run: Run, files: list[tuple[str, str]], found: list[dict[str, Any]], commit: git.Commit | None, *, partly: bool
) -> None:
    info = run.resource["info"]
    info["deployed_contents"] = [{"path": path, "contents": text} for path, text in files]
    info["deployed_services"] = found
    info["latest_services"] = found
    info["deployed_config"] = f"name: {project_name(run.resource)}\n{files[0][1]}"
    if not partly:
        info["deployed_hash"] = commit.hash if commit else None
        info["deployed_message"] = commit.message if commit else None


def _command(run: Run, stage: str, command: dict[str, Any]) -> Any:
    """A command of the user: nothing is run, `exit N` with another number than 0 fails."""
    text = command["command"].rstrip("\n")
    found = re.search(r"\bexit +([1-9][0-9]*)", text)
    return run.log(stage, command=text, success=found is None)


def _compose_command(words: str, to: str) -> Callable[[Run], Logs]:
    def perform(run: Run) -> Logs:
        require_host(run.state, run.resource)
        wanted = run.params.get("services") or []
        name = running_project(run.resource)
        if to == "gone":
            left = [item for item in project(run.state, run.resource) if wanted and item["service"] not in wanted]
            keep_project(run.state, run.resource, name, left)
        else:
            set_states(run.state, run.resource, wanted, to)
        command = " ".join(["docker compose -p", name, words, *wanted])
        logs = [run.log("Compose Command", command=command)]
        if wanted:
            logs.insert(0, run.log("Service/s", f"Execution requested for Stack service/s {', '.join(wanted)}"))
        return logs

    return perform


def _pull(run: Run) -> Logs:
    require_host(run.state, run.resource)
    return [run.log("Compose Pull", command=f"docker compose -p {running_project(run.resource)} pull")]


def _run_service(run: Run) -> Logs:
    require_host(run.state, run.resource)
    command = " ".join(run.params["command"] or ())
    name = running_project(run.resource)
    return [run.log("Compose Run", command=f"docker compose -p {name} run {run.params['service']} {command}")]


PERFORMERS: Mapping[str, Execution] = {
    "DeployStack": Execution(_deploy, "deploying", "DeployStackService"),
    "PullStack": Execution(_pull, "pulling", "PullStackService"),
    "StartStack": Execution(_compose_command("start", "running"), "starting", "StartStackService"),
    "RestartStack": Execution(_compose_command("restart", "running"), "restarting", "RestartStackService"),
    "PauseStack": Execution(_compose_command("pause", "paused"), "pausing", "PauseStackService"),
    "UnpauseStack": Execution(_compose_command("unpause", "running"), "unpausing", "UnpauseStackService"),
    "StopStack": Execution(_compose_command("stop", "exited"), "stopping", "StopStackService"),
    "DestroyStack": Execution(_compose_command("down", "gone"), "destroying", "DestroyStackService"),
    "RunStackService": Execution(_run_service),
}


def deploy_if_changed(call: Call) -> dict[str, Any]:
    """Answers an Update without an id, as Core does; only a deploy that is needed leaves a record."""
    stack = find(call.state, "Stack", call.params["stack"])
    target = {"type": "Stack", "id": id_of(stack)}
    answer = {
        "operation": "DeployStack",
        "start_ts": call.now(),
        "success": True,
        "operator": call.user.id,
        "target": target,
        "logs": [],
        "end_ts": None,
        "status": "InProgress",
    }
    info = stack["info"]
    deployed = {item["path"]: item["contents"] for item in info["deployed_contents"] or ()}
    changed = [item for item in info["remote_contents"] or () if deployed.get(item["path"]) != item["contents"]]
    if info["deployed_contents"] is not None and not any(item["requires"] == "Redeploy" for item in changed):
        return answer
    if not reachable(call.state, stack):
        # the record that Core never finishes
        updates.begin(call.state, call.user.id, "DeployStack", target)
        return answer
    params: dict[str, Any] = {"stack": id_of(stack), "services": [], "stop_time": None}
    inner = type(call)(call.state, call.user, call.group, "DeployStack", params)
    start(inner, "Stack", id_of(stack), PERFORMERS["DeployStack"])
    return answer


HANDLERS: Mapping[str, Handler] = {"DeployStackIfChanged": deploy_if_changed}
