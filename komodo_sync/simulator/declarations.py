"""What a resource sync declares in Komodo's own TOML, and in what that differs from what the Core holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import tomli

from komodo_sync.simulator import git
from komodo_sync.simulator.failures import MalformedError, RefusalError, UnreadableError
from komodo_sync.simulator.references import named_by_id
from komodo_sync.simulator.resources import RESOURCES, Resource, empty_config, id_of, named
from komodo_sync.simulator.toml_text import toml
from komodo_sync.simulator.writes import merged, read_config

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.simulator.requests import State

ORDER = (
    *("Server", "Alerter", "Action", "Swarm", "Builder", "Repo"),
    *("Build", "Stack", "ResourceSync", "Deployment", "Procedure"),
)
"""The kinds in the order in which a sync writes them."""


class UndeclaredError(Exception):
    """The text cannot be read as declarations."""


@dataclass(frozen=True, slots=True)
class Change:
    """One resource that a sync would create (`current` is None), change, or delete (`declared` is None)."""

    core: str
    current: Resource | None
    declared: dict[str, Any] | None
    partial: dict[str, Any]

    @property
    def name(self) -> str:
        """The name of the resource."""
        return str((self.declared or self.current or {})["name"])


def is_empty(config: Mapping[str, Any]) -> bool:
    """Whether a sync says nowhere what it is about."""
    return not (config["files_on_host"] or config["file_contents"] or config["repo"] or config["linked_repo"])


def text_of(state: State, sync: Resource) -> tuple[str, git.Commit | None]:
    """The declarations of a sync and the commit that they are from. 500 when its files cannot be read."""
    config = sync["config"]
    if config["files_on_host"]:
        raise RefusalError("Path does not exist.", "Initialize the file to proceed.")
    source = git.source_of(state, config)
    if not source["repo"]:
        return config["file_contents"], None
    commit = git.head(state, source)
    if commit is None:
        raise RefusalError("Repo clone / pull failed", f"Remote branch {source['branch']} not found in upstream origin")
    paths = config["resource_path"] or ["resources.toml"]
    return "\n".join(commit.read(path) or "" for path in paths), commit


def changes(state: State, sync: Resource, text: str) -> list[Change]:
    """What a run of the sync would do, in its order. Raises UndeclaredError."""
    config = sync["config"]
    try:
        declared = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise UndeclaredError(str(error)) from None
    found: list[Change] = []
    if config["include_resources"]:
        for core in ORDER:
            found += _of_kind(state, core, declared, config)
    return found


def _of_kind(state: State, core: str, declared: dict[str, Any], config: dict[str, Any]) -> Iterator[Change]:
    wanted = set(config["match_tags"])
    names = set()
    for one in _tables(declared, RESOURCES[core].spec.name):
        if not wanted <= set(one.get("tags", ())):
            continue
        names.add(one["name"])
        current = state.storage.get(core, one["name"], by="name")
        change = Change(core, current, one, _partial(core, one.get("config", {})))
        if current is None or _differs(state, core, current, change):
            yield change
    if config["managed"] or config["delete"]:
        for current in state.storage.all(core):
            tags = {named(state, "Tag", tag) for tag in current["tags"]}
            if current["name"] not in names and wanted <= tags:
                yield Change(core, current, None, {})


def _tables(declared: dict[str, Any], word: str) -> list[dict[str, Any]]:
    found = declared.get(word, declared.get(f"{word}s", []))
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise UndeclaredError(f"invalid type in `{word}`, expected a sequence")
    for one in found:
        if not isinstance(one.get("name"), str):
            raise UndeclaredError(f"missing field `name` in `{word}`")
    return found


def _partial(core: str, config: Any) -> dict[str, Any]:
    try:
        return read_config(core, config or None)
    except (MalformedError, UnreadableError) as error:
        raise UndeclaredError(str(error)) from None


def _differs(state: State, core: str, current: Resource, change: Change) -> bool:
    declared = change.declared or {}
    tags = [named(state, "Tag", tag) for tag in current["tags"]]
    if (declared.get("description", ""), declared.get("template", False)) != (
        current["description"],
        current["template"],
    ) or sorted(declared.get("tags", ())) != sorted(tags):
        return True
    whole, _ = merged(core, empty_config(core), change.partial, new=True)
    held = dict(current["config"])
    # what a build counts up by itself is not declared
    if held.get("auto_increment_version"):
        whole["version"] = held["version"]
    return named_by_id(state, core, held) != named_by_id(state, core, whole)


def as_diff(state: State, change: Change) -> dict[str, Any]:
    """A change as the sync shows it while it is pending."""
    target = {"type": change.core, "id": id_of(change.current) if change.current else ""}
    current = toml(state, change.core, change.current) if change.current else ""
    if change.declared is None:
        return {"target": target, "data": {"type": "Delete", "data": {"current": current}}}
    proposed = "\n".join(f"{key} = {value!r}" for key, value in change.declared.items())
    if change.current is None:
        return {"target": target, "data": {"type": "Create", "data": {"name": change.name, "proposed": proposed}}}
    return {"target": target, "data": {"type": "Update", "data": {"proposed": proposed, "current": current}}}
