"""Executions on stacks: deploy, destroy, start, stop and their like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.simulator.containers import (
    NO_DOCKER,
    host_of,
    is_undocked,
    keep_project,
    project,
    require_host,
    running_project,
    set_states,
)
from komodo_sync.simulator.executions import Execution
from komodo_sync.simulator.stack_deploys import deploy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.executions import Logs, Run


def _compose_command(words: str, to: str) -> Callable[[Run], Logs]:
    def perform(run: Run) -> Logs:
        what = "Compose executions (Start, Stop, Restart) should not be called for Stack"
        require_host(run.state, run.resource, "" if to == "gone" else what)
        wanted = run.params.get("services") or []
        name = running_project(run.resource)
        docked = not is_undocked(run.state, host_of(run.resource))
        if run.failing or not docked or run.fails_at == "Compose Command":
            text = "" if docked else NO_DOCKER
            return [run.log("Compose Command", command=f"docker compose -p {name} {words}", stderr=text, success=False)]
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
    require_host(run.state, run.resource, "PullStack should not be called for Stack")
    return [run.log("Compose Pull", command=f"docker compose -p {running_project(run.resource)} pull")]


def _run_service(run: Run) -> Logs:
    require_host(run.state, run.resource, "RunStackService should not be called for Stack")
    command = " ".join(run.params["command"] or ())
    name, service = running_project(run.resource), run.params["service"]
    # what docker says; known are the services that were deployed, and without any it is not told apart
    known = {one["service"] for one in project(run.state, run.resource)}
    missing = bool(known) and service not in known
    return [
        run.log(
            "Compose Run",
            command=f"docker compose -p {name} run {service} {command}",
            stderr=f"no such service: {service}\n" if missing else "",
            success=not missing,
        )
    ]


PERFORMERS: Mapping[str, Execution] = {
    "DeployStack": Execution(deploy, "deploying", "DeployStackService"),
    "PullStack": Execution(_pull, "pulling", "PullStackService"),
    "StartStack": Execution(_compose_command("start", "running"), "starting", "StartStackService"),
    "RestartStack": Execution(_compose_command("restart", "running"), "restarting", "RestartStackService"),
    "PauseStack": Execution(_compose_command("pause", "paused"), "pausing", "PauseStackService"),
    "UnpauseStack": Execution(_compose_command("unpause", "running"), "unpausing", "UnpauseStackService"),
    "StopStack": Execution(_compose_command("stop", "exited"), "stopping", "StopStackService"),
    "DestroyStack": Execution(_compose_command("down", "gone"), "destroying", "DestroyStackService"),
    "RunStackService": Execution(_run_service),
}
