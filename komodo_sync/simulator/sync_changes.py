"""In what the declarations of a resource sync differ from what the Core holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.shapes import Tagged
from komodo_sync.model.data import Data
from komodo_sync.simulator import normal
from komodo_sync.simulator.group_changes import group_changes
from komodo_sync.simulator.references import with_names
from komodo_sync.simulator.resources import RESOURCES, id_of, named
from komodo_sync.simulator.sync_sources import is_fresh
from komodo_sync.simulator.toml_text import declared_toml, toml, variable_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from komodo_sync.simulator.declarations import Declared
    from komodo_sync.simulator.requests import State
    from komodo_sync.simulator.resources import Resource

Table = dict[str, Any]
# the template of a resource, and whether a variable is secret, are no difference in what is shown as pending
_SHOWN, _RUN = ("description",), ("description", "template")
SHOWN = (
    *("Server", "Swarm", "Stack", "Deployment", "Build", "Repo"),
    *("Procedure", "Action", "Builder", "Alerter", "ResourceSync"),
)
"""The kinds in the order in which a sync shows what is pending."""
_VARIABLE = ("name", "description", "value", "is_secret")


class Change(Data, frozen=True):
    """One resource to create (`current` is None), to change, or to delete (`declared` is None). `config` has what is
    to be written, with names for references; `meta` what changes beside it."""

    core: str
    current: Resource | None
    declared: Declared | None
    config: Table
    meta: Table


class Narrowed(Data, frozen=True):
    """What a run is narrowed to: a kind, and names."""

    core: str | None = None
    names: Sequence[str] | None = None

    def takes(self, core: str, name: str) -> bool:
        """Whether a resource is among it."""
        return self.core in (None, core) and (self.names is None or name in self.names)


def resource_changes(
    state: State, config: Mapping[str, Any], declared: Mapping[str, list[Declared]], to: Narrowed, *, shown: bool
) -> list[Change]:
    """What is to be done to resources, by kind; `shown`: as what is pending."""
    if not config["include_resources"]:
        return []
    return [change for core in SHOWN for change in _of_kind(state, core, config, declared[core], to, shown)]


def _of_kind(
    state: State, core: str, config: Mapping[str, Any], declared: list[Declared], to: Narrowed, shown: bool
) -> Iterator[Change]:
    wanted = set(config["match_tags"])
    held = {
        one["name"]: one
        for one in state.storage.all(core)
        if to.takes(core, one["name"]) and wanted <= set(_tags(state, one)) and _counts(core, one["config"])
    }
    chosen = [one for one in declared if to.takes(core, one.name) and _counts(core, one.config)]
    if config["managed"] or config["delete"]:
        names = {one.name for one in chosen}
        yield from (Change(core, one, None, {}, {}) for name, one in held.items() if name not in names)
    for one in chosen:
        current = held.get(one.name)
        if current is None:
            yield Change(core, None, one, one.partial, {})
            continue
        changed, meta = difference(state, core, current, one), _meta(state, current, one)
        if changed or any(key in meta for key in (*(_SHOWN if shown else _RUN), "tags")):
            yield Change(core, current, one, changed, meta)


def _counts(core: str, config: Mapping[str, Any]) -> bool:
    """Whether a resource can be in a sync: a sync that has its declarations in itself, or nowhere, cannot."""
    return core != "ResourceSync" or not (config["file_contents"] or is_fresh(config))


def _tags(state: State, resource: Resource) -> list[str]:
    return [name for tag in resource["tags"] if (name := named(state, "Tag", tag))]


def _meta(state: State, current: Resource, declared: Declared) -> Table:
    held = {"description": current["description"], "template": current["template"], "tags": _tags(state, current)}
    return {key: declared.head[key] for key, value in held.items() if declared.head[key] != value}


def difference(state: State, core: str, current: Resource, declared: Declared) -> Table:
    """The fields of a config that are to be written so that it is what is declared; whole for a builder."""
    held, shape = with_names(state, core, current["config"]), RESOURCES[core].spec.config
    if isinstance(shape, Tagged):
        same = held["type"] == declared.config["type"]
        base = held["params"] if same else normal.defaults(shape.variants[declared.config["type"]])
        params = {key: value for key, value in declared.config["params"].items() if value != base[key]}
        return {"type": declared.config["type"], "params": params} if params else {}
    changed = {key: value for key, value in declared.config.items() if value != held[key]}
    if core == "Build" and not any(changed.get("version", {"": 1}).values()):
        # a build is not set back to no version
        del changed["version"]
    return changed


def as_diff(state: State, change: Change) -> Table:
    """A change as the sync shows it while it is pending."""
    target = {"type": change.core, "id": id_of(change.current) if change.current else ""}
    if change.declared is None:
        current = change.current or {}
        return {"target": target, "data": {"type": "Delete", "data": {"current": toml(state, change.core, current)}}}
    head = change.declared.head
    if change.current is None:
        # what is not declared is not shown, even where its default is no default of the text
        proposed = declared_toml(change.core, head, change.declared.partial)
        return {
            "target": target,
            "data": {"type": "Create", "data": {"name": change.declared.name, "proposed": proposed}},
        }
    texts = {
        "proposed": declared_toml(change.core, head, change.declared.config),
        "current": toml(state, change.core, change.current, {key: head[key] for key in ("deploy", "after")}),
    }
    return {"target": target, "data": {"type": "Update", "data": texts}}


class VariableChange(Data, frozen=True):
    """One variable to create, change or delete, and which of its fields are to be written."""

    current: Table | None
    declared: Table | None
    fields: tuple[str, ...] = ()


def variable_changes(state: State, declared: list[Table], *, delete: bool) -> list[VariableChange]:
    """What is to be done to variables."""
    held = {one["name"]: {key: one.get(key, "") for key in _VARIABLE} for one in state.storage.all("Variable")}
    names = {one["name"] for one in declared}
    found = [VariableChange(one, None) for name, one in held.items() if delete and name not in names]
    for one in declared:
        current = held.get(one["name"])
        if current is None:
            found.append(VariableChange(None, one))
            continue
        fields = tuple(key for key in ("value", "description", "is_secret") if one[key] != current[key])
        if fields:
            found.append(VariableChange(current, one, fields))
    return found


def pending(state: State, sync: Resource, declarations: Any) -> Table:
    """What a run would do, as the sync shows it."""
    config = sync["config"]
    delete = config["managed"] or config["delete"]
    changes = resource_changes(state, config, declarations.resources, Narrowed(), shown=True)
    variables = variable_changes(state, declarations.variables, delete=delete) if config["include_variables"] else []
    groups = group_changes(state, declarations.groups, delete=delete) if config["include_user_groups"] else []
    return {
        "resource_updates": [as_diff(state, change) for change in changes],
        "variable_updates": [_variable_diff(change) for change in variables if change.fields != ("is_secret",)],
        "user_group_updates": [change.as_diff() for change in groups],
    }


def _variable_diff(change: VariableChange) -> Table:
    if change.declared is None:
        return {"type": "Delete", "data": {"current": variable_toml(change.current or {})}}
    proposed = variable_toml(change.declared)
    if change.current is None:
        return {"type": "Create", "data": {"name": change.declared["name"], "proposed": proposed}}
    return {"type": "Update", "data": {"proposed": proposed, "current": variable_toml(change.current)}}
