"""Batch executions: one execution for each resource that a pattern matches."""

from __future__ import annotations

import re
from fnmatch import translate
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.executions import start
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.normal import split_list
from komodo_sync.simulator.permissions import permitted
from komodo_sync.simulator.queries import tag_ids
from komodo_sync.simulator.resources import id_of
from komodo_sync.simulator.stack_changes import deploy_if_changed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.executions import Execution
    from komodo_sync.simulator.requests import Call, Handler, State

BATCHES: Mapping[str, tuple[str, str]] = {
    "BatchDeployStack": ("Stack", "DeployStack"),
    "BatchPullStack": ("Stack", "PullStack"),
    "BatchDestroyStack": ("Stack", "DestroyStack"),
    "BatchDeploy": ("Deployment", "Deploy"),
    "BatchDestroyDeployment": ("Deployment", "DestroyDeployment"),
    "BatchRunBuild": ("Build", "RunBuild"),
    "BatchCloneRepo": ("Repo", "CloneRepo"),
    "BatchPullRepo": ("Repo", "PullRepo"),
    # Core clones here
    "BatchBuildRepo": ("Repo", "CloneRepo"),
    "BatchRunProcedure": ("Procedure", "RunProcedure"),
    "BatchRunAction": ("Action", "RunAction"),
}
"""Each batch: the kind it is for, and the execution that it does."""
DEFAULTS: dict[str, Any] = {
    "services": [],
    "stop_time": None,
    "stop_signal": None,
    "signal": None,
    "time": None,
    "remove_orphans": False,
    "args": None,
}


def handlers(performers: Mapping[str, Execution]) -> dict[str, Handler]:
    """The batch operations."""
    found = {name: _handler(core, single, performers[single]) for name, (core, single) in BATCHES.items()}
    return {**found, "BatchDeployStackIfChanged": _if_changed}


def _handler(core: str, single: str, execution: Execution) -> Handler:
    def one(call: Call, name: str) -> dict[str, Any]:
        inner = type(call)(call.state, call.user, call.group, single, dict(DEFAULTS))
        return start(inner, core, name, execution)

    return lambda call: [_outcome(one, call, resource) for resource in permitted_matches(call, core)]


def _if_changed(call: Call) -> list[dict[str, Any]]:
    def one(call: Call, name: str) -> dict[str, Any]:
        return deploy_if_changed(type(call)(call.state, call.user, call.group, "DeployStackIfChanged", {"stack": name}))

    return [_outcome(one, call, resource) for resource in permitted_matches(call, "Stack")]


def _outcome(one: Any, call: Call, resource: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"status": "Ok", "data": one(call, id_of(resource))}
    except RefusalError as failure:
        error = {"error": failure.error, "trace": list(failure.trace)}
        return {"status": "Err", "data": {"name": resource["name"], "error": error}}


def permitted_matches(call: Call, core: str) -> list[dict[str, Any]]:
    """What the pattern and the tags of a batch name, as far as the user may execute it."""
    tags = set(tag_ids(call.state, call.params["tags"]))
    allowed = permitted(call, core, "Execute")
    return [
        resource
        for resource in matching(call.state, core, call.params["pattern"])
        if (allowed is None or id_of(resource) in allowed) and tags <= set(resource["tags"])
    ]


def matching(state: State, core: str, pattern: str) -> list[dict[str, Any]]:
    """What the pattern names: names with wildcards, or `\\regex\\`, apart by commas or newlines."""
    patterns = [pattern_of(word) for word in split_list(pattern)]
    return [
        resource
        for resource in state.storage.all(core)
        if any(pattern.search(resource["name"]) for pattern in patterns)
    ]


def pattern_of(word: str) -> re.Pattern[str]:
    """A name with wildcards, or `\\regex\\`. 500 for a regex that is none."""
    if len(word) > 1 and word.startswith("\\") and word.endswith("\\"):
        try:
            return re.compile(word[1:-1])
        except re.error as error:
            raise RefusalError("Regex matching string invalid", str(error)) from None
    return re.compile(f"^{translate(word)}")
