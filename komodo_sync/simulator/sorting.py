"""By what else than their names list items can be sorted, and what the order of two equal ones is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Item = dict[str, Any]
Key = tuple[Any, ...]
STATES: Mapping[str, tuple[str, ...]] = {
    "Stack": (
        *("deploying", "running", "paused", "stopped", "created", "restarting"),
        *("dead", "removing", "unhealthy", "down", "unknown"),
    ),
    "Deployment": (
        *("deploying", "running", "created", "restarting", "stopping", "removing"),
        *("paused", "exited", "dead", "unhealthy", "not_deployed", "unknown"),
    ),
    "Build": ("Building", "Ok", "Failed", "Unknown"),
    "Repo": ("Cloning", "Pulling", "Building", "Ok", "Failed", "Unknown"),
    "Procedure": ("Running", "Ok", "Failed", "Unknown"),
    "Action": ("Running", "Ok", "Failed", "Unknown"),
    "Server": ("Ok", "NotOk", "Disabled"),
    "ResourceSync": ("Syncing", "Pending", "Ok", "Failed", "Unknown"),
    "Swarm": ("Healthy", "Unhealthy", "Down", "Unknown"),
}
"""The states of each kind, in their order."""


def sort(core: str, items: list[Item], by: str, *, descending: bool) -> list[Item]:
    """Items that are in the order of their names in the order that is asked for.

    Equal ones stay in the order of their names when the database sorts; what Core sorts itself is turned round whole.
    """
    if by == "State":
        order = STATES[core]
        return sorted(items, key=lambda item: (order.index(item["info"]["state"]), item["name"]), reverse=descending)
    if by in _STORED:
        field = _STORED[by]
        return sorted(items, key=lambda item: item["info"][field], reverse=descending)
    if by == "Branch" and core == "Repo":
        return sorted(items, key=lambda item: str(item["info"]["branch"]), reverse=descending)
    if by in _KEYS:
        key = _KEYS[by]
        return sorted(items, key=lambda item: (*key(item["info"]), item["name"]), reverse=descending)
    return items[::-1] if descending else items


def _source(info: Item) -> Key:
    return (info["files_on_host"], info["linked_repo_name"], info["repo"])


def _host(info: Item) -> Key:
    return (info["swarm_name"] if info["swarm_id"] else info["server_name"],)


def _maybe(field: str) -> Callable[[Item], Key]:
    """What is not there comes first."""
    return lambda info: (info[field] is not None, info[field] or "")


# fields that the database sorts
_STORED: Mapping[str, str] = {
    "Repo": "repo",
    "Region": "region",
    "Enabled": "enabled",
    "Type": "endpoint_type",
    "Provider": "builder_type",
}
_KEYS: Mapping[str, Callable[[Item], Key]] = {
    "Source": _source,
    "Host": _host,
    "Branch": lambda info: (info["branch"],),
    "Image": lambda info: (info["image"],),
    "Version": _maybe("version"),
    "InstanceType": _maybe("instance_type"),
    "NextRun": lambda info: (info["next_scheduled_run"] is not None, info["next_scheduled_run"] or 0),
}
