"""What a resource sync deploys, why, and after what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.markup import bold, colored
from komodo_sync.simulator.states import state_of
from komodo_sync.simulator.sync_changes import Narrowed, difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from komodo_sync.simulator.declarations import Declared
    from komodo_sync.simulator.requests import State
    from komodo_sync.simulator.resources import Resource

Key = tuple[str, str]
Entry = dict[str, Any]
KINDS = ("Deployment", "Stack")
_WORDS = {"Deployment": "deployment", "Stack": "stack"}
# the fields that Core holds to reach the containers
_REACHES: Mapping[str, frozenset[str]] = {
    "Deployment": frozenset(
        {
            *("server_id", "image", "image_registry_account", "skip_secret_interp", "network", "restart", "command"),
            *("extra_args", "ports", "volumes", "environment", "labels"),
        }
    ),
    "Stack": frozenset(
        {
            *("server_id", "project_name", "run_directory", "file_paths", "file_contents", "skip_secret_interp"),
            *("extra_args", "environment", "env_file_path", "additional_env_files", "linked_repo", "repo", "branch"),
            *("commit", "compose_cmd_wrapper"),
        }
    ),
}


def to_deploy(state: State, declared: Mapping[str, list[Declared]], to: Narrowed) -> list[Entry]:
    """What is to be deployed: `{target, reason, after}` with names in the targets. RefusalError when what an entry
    comes after is nowhere."""
    entries = {(core, one.name): one for core in KINDS for one in reversed(declared[core])}
    held = {
        (core, one["name"]): one for core in KINDS for one in state.storage.all(core) if to.takes(core, one["name"])
    }
    found: dict[Key, tuple[str, list[Key]] | None] = {}

    def decide(key: Key, above: frozenset[Key]) -> None:
        if key in found:
            return
        one = entries[key]
        if not one.head["deploy"]:
            found[key] = None
            return
        after = [_after(name, one, held, declared) for name in one.head["after"]]
        reason = _reason(state, key[0], held.get(key), one)
        if reason is None:
            # a circle would keep a Core looking for ever
            for parent in after:
                if parent in entries and parent not in above:
                    decide(parent, above | {key})
                if found.get(parent):
                    reason = f"{parent[0]} parent dependency '{bold(parent[1])}' is deploying"
                    break
        found[key] = (reason, after) if reason else None

    for core in KINDS:
        for one in declared[core]:
            decide((core, one.name), frozenset())
    return [
        {"target": _target(key), "reason": why[0], "after": [_target(one) for one in why[1] if found.get(one)]}
        for key, why in found.items()
        if why
    ]


def _target(key: Key) -> dict[str, str]:
    return {"type": key[0], "id": key[1]}


def _after(name: str, one: Declared, held: Iterable[Key], declared: Mapping[str, list[Declared]]) -> Key:
    """What a name in `after` means. A Core looks for the name of the entry itself among those that are declared."""
    for core in KINDS:
        if (core, name) in held or any(other.name == one.name for other in declared[core]):
            return core, name
    raise RefusalError(f"failed to match deploy dependency in 'after' list | resource: {one.name} | dependency: {name}")


def _reason(state: State, core: str, current: Resource | None, declared: Declared) -> str | None:
    """Why it is deployed; empty when it cannot be, None when nothing of its own asks for it."""
    if current is None:
        return "deploy on creation"
    found = state_of(state, core, current)
    if found == "unknown":
        return ""
    if found != "running":
        return f"{_WORDS[core]} has {colored(found, 'red')} state"
    changed = _file_reason(current) if core == "Stack" else None
    if changed is None and _REACHES[core] & difference(state, core, current, declared).keys():
        changed = f"{_WORDS[core]} config has changed"
    return changed


def _file_reason(stack: Resource) -> str | None:
    info = stack["info"]
    if info["deployed_contents"] is None or info["remote_contents"] is None:
        return None
    deployed = {item["path"]: item["contents"] for item in info["deployed_contents"]}
    for item in info["remote_contents"]:
        if item["path"] not in deployed:
            return f"New file contents at {item['path']}"
        if item["contents"] != deployed[item["path"]]:
            return f"File contents for {item['path']} have changed"
    return None
