"""Reads that every kind of resource has: Get, List, ListFull, the state of its actions, the common arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.items import item
from komodo_sync.simulator.jsontext import JsonText, write_list
from komodo_sync.simulator.permissions import granted
from komodo_sync.simulator.queries import page, selected, selected_texts
from komodo_sync.simulator.resources import RESOURCES, ResourceKind, get, id_of
from komodo_sync.simulator.sorting import sort
from komodo_sync.simulator.states import state_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from komodo_sync.simulator.requests import Call, Handler


def _reads(kind: ResourceKind) -> Iterator[tuple[str, Handler]]:
    core = kind.core
    yield f"Get{core}", lambda call: get(call, core, call.params[kind.param], "Read")
    yield f"ListFull{core}s", lambda call: _full(call, core)
    yield f"List{core}s", lambda call: _items(call, core)
    if core not in ("Builder", "Alerter"):
        yield f"Get{core}ActionState", lambda call: _actions(call, kind)
    yield f"Get{core}sSummary", lambda call: _SUMMARIES[core](_everything(call, core), call, core)


def _full(call: Call, core: str) -> JsonText:
    return write_list(selected_texts(call, core))


def _items(call: Call, core: str) -> list[dict[str, Any]]:
    by, descending = call.params["sort_by"], call.params["sort_desc"]
    if by == "Name" and not descending:
        return [item(call.state, core, resource) for resource in selected(call, core)]
    found = [item(call.state, core, resource) for resource in _everything(call, core, call.params["query"])]
    return page(call, sort(core, found, by, descending=descending))


def _everything(call: Call, core: str, query: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    wide = type(call)(call.state, call.user, call.group, call.operation, {"query": query or {}})
    return selected(wide, core)


def _actions(call: Call, kind: ResourceKind) -> dict[str, Any]:
    resource = get(call, kind.core, call.params[kind.param], "Read")
    rows = call.storage.query(
        "SELECT action FROM tasks WHERE target_id=? AND target_type=? AND action<>''", id_of(resource), kind.core
    )
    state = dict(kind.actions)
    for (action,) in rows:
        if action in state:
            state[action] = state[action] + 1 if isinstance(state[action], int) and state[action] is not False else True
    return state


def _counted(words: Mapping[str, str], *others: str) -> Callable[[list[dict[str, Any]], Call, str], dict[str, int]]:
    """A summary: how many are in each state; `words` says under what a state counts. Templates whose state is not
    known count in the total alone."""

    def summary(resources: list[dict[str, Any]], call: Call, core: str) -> dict[str, int]:
        counts = {"total": len(resources)} | dict.fromkeys((*words.values(), *others), 0)
        for resource in resources:
            word = words.get(state_of(call.state, core, resource), others[0] if others else "")
            if word and not (core != "Swarm" and resource["template"] and word in ("unknown", "disabled")):
                counts[word] += 1
        return counts

    return summary


def _total(resources: list[dict[str, Any]], _call: Call, _core: str) -> dict[str, int]:
    return {"total": len(resources)}


_RUNS = {"Ok": "ok", "Running": "running", "Failed": "failed"}
_SUMMARIES: Mapping[str, Callable[[list[dict[str, Any]], Call, str], dict[str, int]]] = {
    "Stack": _counted(
        {
            "running": "running",
            "stopped": "stopped",
            "paused": "stopped",
            "down": "down",
            "unknown": "unknown",
        },
        "unhealthy",
    ),
    "Deployment": _counted(
        {
            "running": "running",
            "exited": "stopped",
            "paused": "stopped",
            "not_deployed": "not_deployed",
            "unknown": "unknown",
        },
        "unhealthy",
    ),
    "Build": _counted({"Ok": "ok", "Failed": "failed", "Building": "building"}, "unknown"),
    "Repo": _counted(
        {"Ok": "ok", "Cloning": "cloning", "Pulling": "pulling", "Building": "building", "Failed": "failed"}, "unknown"
    ),
    "Server": _counted({"Ok": "healthy", "Disabled": "disabled"}, "unhealthy", "warning"),
    "Procedure": _counted(_RUNS, "unknown"),
    "Action": _counted(_RUNS, "unknown"),
    "ResourceSync": _counted({"Ok": "ok", "Syncing": "syncing", "Pending": "pending", "Failed": "failed"}, "unknown"),
    "Swarm": _counted({"Healthy": "healthy", "Unhealthy": "unhealthy", "Down": "down", "Unknown": "unknown"}),
    "Builder": _total,
    "Alerter": _total,
}


def _common(core: str, field: str) -> Handler:
    def handler(call: Call) -> list[str]:
        found = {
            word for resource in _everything(call, core, call.params["query"]) for word in resource["config"][field]
        }
        return sorted(found)

    return handler


def _permission(call: Call) -> Any:
    target = call.params["target"]
    if target["type"] == "System":
        return "None"
    key = id_of(get(call, target["type"], target["id"], "None"))
    return granted(call, target["type"], key, target["id"])


HANDLERS: Mapping[str, Handler] = {
    **{name: handler for kind in RESOURCES.values() for name, handler in _reads(kind)},
    "GetPermission": _permission,
    "ListCommonStackExtraArgs": _common("Stack", "extra_args"),
    "ListCommonStackBuildExtraArgs": _common("Stack", "build_extra_args"),
    "ListCommonBuildExtraArgs": _common("Build", "extra_args"),
    "ListCommonDeploymentExtraArgs": _common("Deployment", "extra_args"),
}
