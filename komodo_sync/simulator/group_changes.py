"""In what the user groups that a sync declares differ from those of the Core."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.model.data import Data, field
from komodo_sync.simulator.batches import pattern_of
from komodo_sync.simulator.group_toml import declared, group_toml, in_order
from komodo_sync.simulator.permissions import as_answered, level_and_specifics
from komodo_sync.simulator.resources import id_of

if TYPE_CHECKING:
    from komodo_sync.simulator.requests import State

Table = dict[str, Any]


class GroupChange(Data, frozen=True):
    """One group to create (`current` is None), to change, or to delete (`wanted` is None). `all` and `permissions`
    are what is to be set, in the form of a request."""

    key: str
    current: Table | None
    wanted: Table | None
    all: Table = field(default_factory=dict)
    permissions: list[Table] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the group."""
        return str((self.wanted or self.current or {})["name"])

    def changes(self, part: str) -> bool:
        """Whether `users` or `everyone` is to be set."""
        return self.current is None or (self.wanted or {})[part] != self.current[part]

    def as_diff(self) -> Table:
        """The change as the sync shows it while it is pending."""
        if self.wanted is None:
            return {"type": "Delete", "data": {"current": group_toml(self.current or {})}}
        if self.current is None:
            return {"type": "Create", "data": {"name": self.name, "proposed": group_toml(self.wanted)}}
        texts = {"proposed": group_toml(self.wanted), "current": group_toml(self.current)}
        return {"type": "Update", "data": texts}


def group_changes(state: State, wanted: list[Table], *, delete: bool) -> list[GroupChange]:
    """What is to be done to groups."""
    held = {group["name"]: (id_of(group), declared(state, group)) for group in state.storage.all("UserGroup")}
    found = []
    if delete:
        names = {one["name"] for one in wanted}
        found = [GroupChange(key, current, None) for name, (key, current) in held.items() if name not in names]
    for one in wanted:
        group = {
            "name": one["name"],
            "everyone": one["everyone"],
            "users": [] if one["everyone"] else one["users"],
            "all": {core: as_answered(given["level"], given["specific"]) for core, given in sorted(one["all"].items())},
            "permissions": _expanded(state, one["permissions"]),
        }
        key, current = held.get(one["name"], ("", None))
        if current is not None:
            # those of a new group keep their order
            group |= {"users": sorted(group["users"]), "permissions": in_order(group["permissions"])}
        change = GroupChange(key, current, group, _all(current, group), _permissions(current, group))
        if current is None or change.all or change.permissions or change.changes("users") or change.changes("everyone"):
            found.append(change)
    return found


def _expanded(state: State, permissions: list[Table]) -> list[Table]:
    """Each permission once for every resource that its target names, by wildcard or regex too."""
    found = []
    for one in permissions:
        core, word = one["target"]["type"], one["target"]["id"]
        if one["level"] == "None" or not word or core == "System":
            continue
        pattern = pattern_of(word)
        found += [
            one | {"target": {"type": core, "id": resource["name"]}}
            for resource in state.storage.all(core)
            if pattern.search(resource["name"])
        ]
    return found


def _all(current: Table | None, wanted: Table) -> Table:
    before = current["all"] if current else {}
    if current is None:
        return dict(wanted["all"])
    return {
        core: wanted["all"].get(core, "None")
        for core in {**wanted["all"], **before}
        if not _same(before.get(core, "None"), wanted["all"].get(core, "None"))
    }


def _same(left: Any, right: Any) -> bool:
    (level, specific), (other, more) = level_and_specifics(left), level_and_specifics(right)
    return level == other and set(specific) == set(more)


def _permissions(current: Table | None, wanted: Table) -> list[Table]:
    """What is to be set; what is not declared any more is set to None."""
    before = current["permissions"] if current else []
    known = {_target(one): one for one in before}
    targets = {_target(one) for one in wanted["permissions"]}
    gone = [one | {"level": "None", "specific": []} for one in before if _target(one) not in targets]
    return [
        one
        for one in [*wanted["permissions"], *gone]
        if _target(one) not in known
        or (known[_target(one)]["level"], set(known[_target(one)]["specific"])) != (one["level"], set(one["specific"]))
    ]


def _target(one: Table) -> tuple[str, str]:
    return one["target"]["type"], one["target"]["id"]
