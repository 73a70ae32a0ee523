"""A user group as Komodo's own TOML."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from komodo_sync.operations import enums
from komodo_sync.simulator.permissions import COLLECTION, level_and_specifics
from komodo_sync.simulator.resources import id_of, named
from komodo_sync.simulator.toml_table import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import State

Group = dict[str, Any]


def declared(state: State, group: Mapping[str, Any]) -> Group:
    """A stored group as a sync declares one: names instead of ids, in an order of its own."""
    names = state.storage.names("User")
    rows = (row for row in state.storage.all(COLLECTION) if row["user_target"] == _target(group))
    return {
        "name": group["name"],
        "everyone": group["everyone"],
        "users": [] if group["everyone"] else sorted(names[key] for key in group["users"] if key in names),
        "all": {core: given for core, given in group["all"].items() if level_and_specifics(given) != ("None", [])},
        "permissions": in_order([_permission(state, row) for row in rows if row["level"] != "None"]),
    }


def _target(group: Mapping[str, Any]) -> dict[str, str]:
    return {"type": "UserGroup", "id": id_of(group)}


def _permission(state: State, row: Mapping[str, Any]) -> Group:
    core, key = row["resource_target"]["type"], row["resource_target"]["id"]
    target = {"type": core, "id": key if core == "System" else named(state, core, key)}
    return {"target": target, "level": row["level"], "specific": row["specific"]}


def in_order(permissions: list[Group]) -> list[Group]:
    """Permissions by the kind and the name of what they are about."""
    kinds = enums()["ResourceTargetVariant"]
    return sorted(permissions, key=lambda one: (kinds.index(one["target"]["type"]), one["target"]["id"]))


def group_toml(group: Mapping[str, Any]) -> str:
    """One `[[user_group]]` table of a declared group."""
    head = {"name": group["name"], **({"everyone": True} if group["everyone"] else {})}
    if group["users"] and not group["everyone"]:
        head["users"] = group["users"]
    text = f"[[user_group]]\n{table(head)}"
    for core, given in group["all"].items():
        level, specific = level_and_specifics(given)
        if not specific:
            text += f'\nall.{core} = "{level}"' if level != "None" else ""
            continue
        text += f'\nall.{core} = {{ level = "{level}", specific = {json.dumps(specific)} }}'
    if group["permissions"]:
        shown = [{key: value for key, value in one.items() if value != []} for one in group["permissions"]]
        text += f"\n{table({'permissions': shown})}"
    return text
