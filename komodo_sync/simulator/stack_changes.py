"""DeployStackIfChanged: Core's own look at whether a stack is to be deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator import updates
from komodo_sync.simulator.caches import refresh_stack
from komodo_sync.simulator.containers import reachable
from komodo_sync.simulator.executions import start
from komodo_sync.simulator.resources import find, id_of, save
from komodo_sync.simulator.stack_runs import PERFORMERS
from komodo_sync.simulator.states import action_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler


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
    if stack["config"]["linked_repo"] or stack["config"]["repo"]:
        refresh_stack(call.state, stack)
        save(call.state, "Stack", stack)
    info = stack["info"]
    deployed = {item["path"]: item["contents"] for item in info["deployed_contents"] or ()}
    changed = [item for item in info["remote_contents"] or () if deployed.get(item["path"]) != item["contents"]]
    asked = {item["requires"] for item in changed}
    if info["deployed_contents"] is not None and "Redeploy" not in asked:
        if "Restart" in asked:
            _restart_for(call, stack, changed)
        return answer
    if not reachable(call.state, stack) or action_of(call.state, "Stack", id_of(stack)):
        # the record that Core never finishes
        updates.begin(call.state, call.user.id, "DeployStack", target)
        return answer
    params: dict[str, Any] = {"stack": id_of(stack), "services": [], "stop_time": None}
    inner = type(call)(call.state, call.user, call.group, "DeployStack", params)
    start(inner, "Stack", id_of(stack), PERFORMERS["DeployStack"])
    return answer


def _restart_for(call: Call, stack: dict[str, Any], changed: list[dict[str, Any]]) -> None:
    """What a changed file asks for that only needs a restart of some services: the new text counts as deployed, the
    commit does not."""
    wanted = sorted({service for item in changed if item["requires"] == "Restart" for service in item["services"]})
    texts = {item["path"]: item["contents"] for item in changed if item["requires"] == "Restart"}
    for item in stack["info"]["deployed_contents"]:
        item["contents"] = texts.get(item["path"], item["contents"])
    save(call.state, "Stack", stack)
    params = {"stack": id_of(stack), "services": wanted}
    inner = type(call)(call.state, call.user, call.group, "RestartStack", params)
    start(inner, "Stack", id_of(stack), PERFORMERS["RestartStack"])


HANDLERS: Mapping[str, Handler] = {"DeployStackIfChanged": deploy_if_changed}
