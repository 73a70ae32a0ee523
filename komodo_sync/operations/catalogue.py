"""The operations of Komodo Core 2.3.2 by name: where each is sent, what it takes, what it gives.

The facts lie in `catalogue.json`, taken from the OpenAPI document that a Core serves, and are read once, on first use.
They are mended where a running Core was seen to do otherwise: `ListAlerts` needs no query, two parameters are true by
default.
`type` is written as there: `str`, `bool`, `int`, `list[str]`, `str | null`, `map[any]`, or the name of a type.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Mapping

Group = Literal["read", "write", "execute", "procedure", "login", "manage", "user"]
"""The route of an operation; `procedure` is for the three executions that only a procedure can name. The last three are
no groups of the catalogue: see `komodo_sync.operations.account`."""

_REFERENCES = {
    name: name
    for name in ("action", "alerter", "build", "builder", "deployment", "procedure", "repo", "server", "stack", "swarm")
} | {"sync": "resource_sync", "tag": "tag", "user_group": "user_group"}
_KIND_WORDS = {
    "Action": "action",
    "Alerter": "alerter",
    "Build": "build",
    "Builder": "builder",
    "Deployment": "deployment",
    "Procedure": "procedure",
    "Repo": "repo",
    "ResourceSync": "resource_sync",
    "Server": "server",
    "Stack": "stack",
    "Swarm": "swarm",
    "Tag": "tag",
    "UserGroup": "user_group",
}
# `stack` of these names what docker calls a stack, not a resource of Core
_DOCKER_STACKS = frozenset({"InspectSwarmStack"})
_SECRETS = frozenset({("CreateSwarmSecret", "data"), ("RotateSwarmSecret", "data")})
"""Parameters that are secret whatever they are called; of others their names tell."""
_NUMBERS = frozenset({"int", "i64", "u64", "float"})


class Param(Data, frozen=True):
    """One parameter. `default` is what Core answers (in a procedure, say) when it was not given.

    `refers_to` is the kind (`stack`, `resource_sync`, ...) that a name or id given here refers to, or empty; a list
    refers with each of its items. `enum`: the values that it takes, where it has a closed vocabulary. `secret`: it is
    never shown.
    """

    name: str
    type: str
    required: bool
    default: Any
    refers_to: str = ""
    enum: tuple[str, ...] = ()
    secret: bool = False

    @property
    def nullable(self) -> bool:
        """Whether null may be sent and stands for `not given`."""
        return "null" in self.type.split(" | ") or self.type == "any"


class Operation(Data, frozen=True):
    """One operation: `group` is its route, `params` are in the order of the catalogue, `returns` names a type."""

    group: Group
    name: str
    params: Mapping[str, Param]
    returns: str


@cache
def operations(group: Group) -> Mapping[str, Operation]:
    """The operations of one group by name."""
    return MappingProxyType({name: _operation(group, name) for name in _facts()["operations"][group]})


def find(name: str) -> tuple[Operation, ...]:
    """Every operation of that name (CommitSync is a write and an execution of procedures); empty if there is none."""
    return tuple(_operation(group, name) for group in _groups() if name in _facts()["operations"][group])


@cache
def executions() -> Mapping[str, Operation]:
    """What a procedure can run, by the `type` of the execution."""
    return MappingProxyType({**operations("execute"), **operations("procedure")})


@cache
def enums() -> Mapping[str, tuple[str, ...]]:
    """The closed vocabularies that parameters use, by the name of the type."""
    return MappingProxyType({name: tuple(values) for name, values in _facts()["enums"].items()})


@cache
def removed() -> Mapping[str, str]:
    """Operations of 1.x that 2.x refuses as unknown, each with what to use instead, or an empty text."""
    return MappingProxyType(_facts()["removed"])


@cache
def renamed() -> Mapping[str, str]:
    """Old names that Core 2.3 still takes, each with the name that it has now."""
    return MappingProxyType(_facts()["renamed"])


@cache
def _facts() -> dict[str, Any]:
    # not by importlib.resources, whose readers take longer to load than the file
    facts: dict[str, Any] = json.loads(Path(__file__).with_name("catalogue.json").read_bytes())
    return facts


def _groups() -> tuple[Group, ...]:
    return ("read", "write", "execute", "procedure")


@cache
def _operation(group: Group, name: str) -> Operation:
    facts = _facts()["operations"][group][name]
    required, defaults = facts.get("required", ()), facts.get("defaults", {})
    params = {
        word: Param(
            word,
            kind,
            word in required,
            defaults.get(word, _default(kind)),
            _reference(name, word, kind),
            _vocabulary(kind),
            (name, word) in _SECRETS,
        )
        for word, kind in facts["params"].items()
    }
    return Operation(group, name, MappingProxyType(params), facts["returns"])


def _reference(operation: str, param: str, kind: str) -> str:
    if kind == "list[str]":
        return "alerter" if param == "alerters" else ""
    if kind != "str" or (operation in _DOCKER_STACKS and param == "stack"):
        return ""
    if param == "id":
        for verb in ("Update", "Copy", "Rename", "Delete"):
            if operation.startswith(verb):
                return _KIND_WORDS.get(operation.removeprefix(verb), "")
    return _REFERENCES.get(param, "")


def _vocabulary(kind: str) -> tuple[str, ...]:
    return next((enums()[word] for word in kind.split(" | ") if word in enums()), ())


def _default(kind: str) -> Any:
    """Rust's Default of the type, as JSON."""
    if kind.startswith("list["):
        return [] if not kind.endswith("| null") else None
    if "null" in kind.split(" | ") or kind == "any":
        return None
    if kind in _NUMBERS:
        return 0
    if kind in enums():
        return enums()[kind][0]
    return {"str": "", "bool": False}.get(kind, {})
