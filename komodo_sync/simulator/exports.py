"""Exports of resources, variables and user groups as Komodo's own TOML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.group_toml import declared, group_toml
from komodo_sync.simulator.groups import shown_groups
from komodo_sync.simulator.queries import selected
from komodo_sync.simulator.resources import RESOURCES, get, id_of
from komodo_sync.simulator.toml_text import BETWEEN, exported, variable_toml
from komodo_sync.simulator.variables import shown_variables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

Document = dict[str, Any]
ORDER = (
    *("Server", "Swarm", "Stack", "Deployment", "Build", "Repo"),
    *("Procedure", "Action", "Alerter", "Builder", "ResourceSync"),
)
"""The kinds in the order in which an export has them."""


def _export(call: Call) -> Document:
    """What is named, each by its target, and the groups by id or name."""
    targets = [(target["type"], target["id"]) for target in call.params["targets"] if target["type"] != "System"]
    return _text(call, targets, call.params["user_groups"])


def export_all(call: Call) -> Document:
    """Every resource that the user may read, of the given tags, and what else is asked for."""
    targets = []
    if call.params["include_resources"]:
        wide = type(call)(call.state, call.user, call.group, call.operation, {"query": {"tags": call.params["tags"]}})
        targets = [(core, id_of(resource)) for core in RESOURCES for resource in selected(wide, core)]
    groups = [id_of(group) for group in shown_groups(call)] if call.params["include_user_groups"] else []
    return _text(call, targets, groups)


def _text(call: Call, targets: list[tuple[str, str]], groups: list[str]) -> Document:
    found = [(core, get(call, core, reference, "Read")) for core, reference in targets]
    texts = [
        text
        for core in ORDER
        for kind, resource in found
        if kind == core and (text := exported(call.state, core, resource, _meta(call, core, resource)))
    ]
    if call.params["include_variables"]:
        texts += [variable_toml(variable) for variable in shown_variables(call)]
    texts += [
        group_toml(declared(call.state, group))
        for group in shown_groups(call)
        if group["name"] in groups or id_of(group) in groups
    ]
    return {"toml": BETWEEN.join(texts)}


def _meta(call: Call, core: str, resource: Document) -> Document:
    """What the declarations that there are already say of its deploys."""
    existing = call.params["existing"] or {}
    declarations = existing.get(f"{RESOURCES[core].spec.name}s", []) if core != "ResourceSync" else []
    of_it = (one for one in declarations if one.get("name") == resource["name"])
    return {key: value for key, value in next(of_it, {}).items() if key in ("deploy", "after")}


HANDLERS: Mapping[str, Handler] = {"ExportResourcesToToml": _export, "ExportAllResourcesToToml": export_all}
