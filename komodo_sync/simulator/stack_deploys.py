"""The deploy of a stack, stage by stage: its files, its environment, compose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import git, updates
from komodo_sync.simulator.caches import compose_paths, refresh_stack, tracked_files
from komodo_sync.simulator.checkouts import check_out, checkout_of
from komodo_sync.simulator.compose import BrokenComposeError, services, told, told_services
from komodo_sync.simulator.containers import (
    NO_DOCKER,
    PROJECTS,
    host_of,
    is_undocked,
    keep_project,
    project_name,
    require_host,
    running_project,
)
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.interpolation import interpolate
from komodo_sync.simulator.normal import check_pairs
from komodo_sync.simulator.registry import releases
from komodo_sync.simulator.resources import id_of, save

if TYPE_CHECKING:
    from komodo_sync.simulator.executions import Logs, Run


def deploy(run: Run) -> Logs:
    """Deploys it, up to the first stage that fails. RefusalError when the whole breaks off."""
    require_host(run.state, run.resource)
    stack = run.resource
    logs = _staged(run)
    # as the real one does: the new name counts from here on, even when the rest failed; not when it broke off
    stack["info"]["deployed_project_name"] = project_name(stack)
    save(run.state, "Stack", stack)
    return logs


def _staged(run: Run) -> Logs:
    """The stages, up to the first that fails. RefusalError when the whole breaks off."""
    stack, config = run.resource, run.resource["config"]
    wanted = run.params.get("services") or []
    logs: Logs = []
    if wanted:
        logs.append(run.log("Service/s", f"Execution requested for Stack service/s {', '.join(wanted)}"))
    found_files = _files(run, logs)
    if found_files is None:
        return logs
    files, commit = found_files
    flags = _environment(run, logs)
    if any(not stage["success"] for stage in logs):
        return logs
    command = f"docker compose -p {project_name(stack)} -f {' -f '.join(compose_paths(config))}{flags}"
    found = _compose(run, files, command, logs)
    if found is None:
        return logs
    _up(run, command, files, found, logs)
    if logs[-1]["success"]:
        _deployed(run, files, found, commit, partly=bool(wanted))
        if config["post_deploy"]["command"]:
            logs.append(_command(run, "Post Deploy", config["post_deploy"]))
    return logs


def _files(run: Run, logs: Logs) -> tuple[list[tuple[str, str]], git.Commit | None] | None:
    """The compose files as they are deployed, variables put in, and the commit that they are from; None when a stage
    failed."""
    config = run.resource["config"]
    source = git.source_of(run.state, config)
    if config["linked_repo"] and source is config:
        raise RefusalError(f"Did not find any Repo matching {config['linked_repo']}")
    at = len(logs)
    texts = _from_git(run, source, logs) if source["repo"] and not config["files_on_host"] else _written(run, logs)
    if texts is None:
        return None
    files, commit = texts
    if config["skip_secret_interp"]:
        return files, commit
    replaced = [(path, *interpolate(run, text)) for path, text in files]
    used = {name: value for _, _, _, names in replaced for name, value in names.items()}
    used |= interpolate(run, config["environment"])[2]
    plain = "\n".join(f"{name} => {value}" for name, value in sorted(used.items()) if value)
    hidden = "\n".join(f"replaced: {name}" for name, value in sorted(used.items()) if not value)
    stages = (("Interpolate Variables", plain), ("Interpolate Secrets", hidden))
    logs[at:at] = [run.log(stage, text) for stage, text in stages if text]
    run.more["shown"] = "\n".join(shown for _, _, shown, _ in replaced)
    return [(path, clear) for path, clear, _, _ in replaced], commit


def _written(run: Run, logs: Logs) -> tuple[list[tuple[str, str]], None] | None:
    config = run.resource["config"]
    refresh_stack(run.state, run.resource)
    if not config["files_on_host"] and not config["file_contents"].strip():
        error = "Must either configure linked_repo, repo, file_contents or files_on_host"
        logs.append(updates.error_log(run.state, "Write Stack", error))
        run.resource["info"] |= {"remote_contents": [], "remote_errors": []}
        return None
    # what stands on a host is nowhere here: it is taken for what a repo holds that nobody wrote
    text = git.DEFAULT_COMPOSE if config["files_on_host"] else config["file_contents"]
    return [(compose_paths(config)[0], text)], None


def _from_git(run: Run, source: dict[str, Any], logs: Logs) -> tuple[list[tuple[str, str]], git.Commit | None] | None:
    """The tracked files of the checkout, which a linked repo shares with the stack."""
    stack, config = run.resource, run.resource["config"]
    key = config["linked_repo"] or id_of(stack)
    commit = check_out(run, key, source | {"reclone": config["reclone"]}, logs)
    if commit is None:
        if checkout_of(run.state, key) is None and not run.fails_at:
            # git's own message is told nowhere
            raise RefusalError("Failed to validate run directory on host after stack write (canonicalize error)")
        return None
    refresh_stack(run.state, stack, commit)
    if config["file_contents"]:
        # a text that was left behind hides the files until the next refresh
        stack["info"] |= {"remote_contents": None, "remote_errors": None}
    read = git.read_files(commit, config["run_directory"], [item["path"] for item in tracked_files(config)])
    missing = [path for path, text in read if text is None]
    if missing:
        error = "A file doesn't exist after writing stack."
        logs.append(updates.error_log(run.state, "Validate Files", error, f"Missing files: {', '.join(missing)}"))
        return None
    return [(path, text or "") for path, text in read], commit


def _environment(run: Run, logs: Logs) -> str:
    """The arguments that name the environment file. One that was written once stays, and is still passed on."""
    config, written = run.resource["config"], f"environment of {id_of(run.resource)}"
    flag = f" --env-file {config['env_file_path']}"
    if not config["environment"]:
        return flag if run.state.storage.fact(written) else ""
    try:
        check_pairs(config["environment"], "Invalid environment")
    except RefusalError as failure:
        logs.append(updates.error_log(run.state, "Write Stack", failure.error, *failure.trace))
        return ""
    where = f"/etc/komodo/stacks/{run.resource['name']}/{config['env_file_path']}"
    logs.append(run.log("Write Environment File", f'Environment file written to "{where}"'))
    run.state.storage.set_fact(written, "1")
    return flag


def _compose(run: Run, files: list[tuple[str, str]], command: str, logs: Logs) -> list[dict[str, Any]] | None:
    """The services that the files declare; None when a stage failed."""
    stack, config = run.resource, run.resource["config"]
    if config["pre_deploy"]["command"]:
        logs.append(_command(run, "Pre Deploy", config["pre_deploy"]))
        if not logs[-1]["success"]:
            return None
    shown = run.more.pop("shown", "\n".join(text for _, text in files))
    logs.append(run.log("Compose Config", f"name: {project_name(stack)}\n{shown}", command=f"{command} config"))
    if not logs[-1]["success"]:
        return None
    try:
        composed = files[: len(compose_paths(config))]
        found = [service for _, text in composed for service in services(text, project_name(stack))]
    except BrokenComposeError as error:
        text = "Failed to parse compose contents"
        logs.append(updates.error_log(run.state, "Parse Compose Services", text, str(error)))
        return None
    if config["run_build"]:
        logs.append(run.log("Compose Build", command=f"{command} build"))
        if not logs[-1]["success"]:
            return None
    if config["auto_pull"]:
        names = [service["service_name"] for service in found]
        text = "".join(f" {name} Pulling\n {name} Pulled\n" for name in names)
        docked = not is_undocked(run.state, host_of(stack))
        logs.append(
            run.log("Compose Pull", command=f"{command} pull", stderr=text if docked else NO_DOCKER, success=docked)
        )
    return found if logs[-1]["success"] else None


def _up(run: Run, command: str, files: list[tuple[str, str]], found: list[dict[str, Any]], logs: Logs) -> None:
    stack, state = run.resource, run.state
    wanted = run.params.get("services") or []
    old, new = running_project(stack), project_name(stack)
    if old != new or stack["config"]["destroy_before_deploy"]:
        if run.fails_at == "Compose Down":
            raise RefusalError("Failed to destroy existing containers", "told to fail at Compose Down")
        keep_project(state, stack, old, [])
        logs.append(run.log("Compose Down", command=f"docker compose -p {old} down"))
    up = " ".join([command, "up -d", *stack["config"]["extra_args"]])
    fails = run.failing or run.fails_at == "Compose Up" or any(told(text)[0] == "fail" for _, text in files)
    docked = not is_undocked(state, host_of(stack))
    missing = [name for name in wanted if name not in {service["service_name"] for service in found}]
    if fails or missing or not docked:
        text = "told to fail\n" if fails else f"no such service: {missing[0]}\n" if missing else NO_DOCKER
        logs.append(run.log("Compose Up", command=up, stderr=text, success=False))
        return
    chosen = [service for service in found if not wanted or service["service_name"] in wanted]
    lives = {name: life for _, text in files for name, life in told_services(text).items()}
    # compose leaves what its files no longer have, unless it is told otherwise
    sweeps = not wanted and "--remove-orphans" in stack["config"]["extra_args"]
    started = {service["service_name"] for service in chosen}
    kept = [] if sweeps else [item for item in _project_of(run, new) if item["service"] not in started]
    kept += [
        {
            "service": service["service_name"],
            "name": f"{service['container_name']}-1",
            "image": service["image"],
            "state": "running",
            "since": state.clock(),
            "told": lives.get(service["service_name"]),
            "release": releases(state, service["image"]),
        }
        for service in chosen
    ]
    keep_project(state, stack, new, kept)
    text = "".join(f" Container {service['container_name']}-1  Started\n" for service in chosen)
    logs.append(run.log("Compose Up", command=up, stderr=text))


def _project_of(run: Run, name: str) -> list[dict[str, Any]]:
    held = run.state.storage.get(PROJECTS, f"{host_of(run.resource)}/{name}")
    return list(held["containers"]) if held else []


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
