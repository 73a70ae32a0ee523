"""What a resource sync declares in Komodo's own TOML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomli

from komodo_sync.model.data import Data, field
from komodo_sync.simulator.failures import MalformedError, UnreadableError
from komodo_sync.simulator.parameters import read_permission
from komodo_sync.simulator.resources import RESOURCES, empty_config
from komodo_sync.simulator.writes import merged, read_config

if TYPE_CHECKING:
    from collections.abc import Sequence

TRIPLE = '"""'
Table = dict[str, Any]


class UndeclaredError(Exception):
    """The text cannot be read as declarations."""


class Declared(Data, frozen=True):
    """One resource: what is beside its config, the part of the config that is given, and the whole that it means."""

    core: str
    head: Table
    partial: Table
    config: Table

    @property
    def name(self) -> str:
        """Its name, as it is written."""
        return str(self.head["name"])


class Declarations(Data):
    """Everything that the files of a sync declare."""

    resources: dict[str, list[Declared]] = field(default_factory=lambda: {core: [] for core in RESOURCES})
    variables: list[Table] = field(default_factory=list)
    groups: list[Table] = field(default_factory=list)

    def add(self, text: str, match_tags: Sequence[str]) -> None:
        """Adds what one file declares; a resource without all of the tags is passed over. Raises UndeclaredError."""
        try:
            tables = tomli.loads(_escaped(text))
            for core, found in self.resources.items():
                declared = [_resource(core, one) for one in _tables(tables, RESOURCES[core].spec.name)]
                found += [one for one in declared if set(match_tags) <= set(one.head["tags"])]
            self.variables += [_variable(one) for one in _tables(tables, "variable")]
            self.groups += [_group(one) for one in _tables(tables, "user_group")]
        except (tomli.TOMLDecodeError, MalformedError, UnreadableError) as error:
            raise UndeclaredError(str(error)) from None


def _escaped(text: str) -> str:
    """Between triple quotes a backslash stands for itself."""
    parts = text.split(TRIPLE)
    return TRIPLE.join(part.replace("\\", "\\\\") if number % 2 else part for number, part in enumerate(parts))


def _tables(tables: Table, word: str) -> list[Table]:
    """The tables of a kind, which may be called by its plural too."""
    if word in tables and f"{word}s" in tables:
        raise UndeclaredError(f"duplicate field `{word}s`")
    found = tables.get(word, tables.get(f"{word}s", []))
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise UndeclaredError("invalid type, expected a sequence")
    for one in found:
        _text(one, "name", needed=True)
    return found


def _resource(core: str, one: Table) -> Declared:
    head = {
        "name": one["name"],
        "description": _text(one, "description"),
        "template": _flag(one, "template"),
        "tags": _texts(one, "tags"),
        "deploy": _flag(one, "deploy"),
        "after": _texts(one, "after"),
    }
    partial = read_config(core, one.get("config") or None)
    whole, _ = merged(core, empty_config(core), partial, new=True)
    return Declared(core, head, partial, whole)


def _variable(one: Table) -> Table:
    return {
        "name": one["name"],
        "description": _text(one, "description"),
        "value": _text(one, "value"),
        "is_secret": _flag(one, "is_secret"),
    }


def _group(one: Table) -> Table:
    permissions: list[Table] = _fits(one.get("permissions", one.get("permission", [])), list, "a sequence")
    return {
        "name": one["name"],
        "everyone": _flag(one, "everyone"),
        "users": _texts(one, "users"),
        "all": {core: read_permission(given) for core, given in _fits(one.get("all", {}), dict, "a map").items()},
        "permissions": [
            {"target": permission["target"], **read_permission({k: v for k, v in permission.items() if k != "target"})}
            for permission in permissions
        ],
    }


def _text(one: Table, key: str, *, needed: bool = False) -> str:
    if needed and key not in one:
        raise UndeclaredError(f"missing field `{key}`")
    return str(_fits(one.get(key, ""), str, "a string"))


def _flag(one: Table, key: str) -> bool:
    return bool(_fits(one.get(key, False), bool, "a boolean"))


def _texts(one: Table, key: str) -> list[str]:
    items: list[Any] = _fits(one.get(key, []), list, "a sequence")
    return [str(_fits(item, str, "a string")) for item in items]


def _fits(value: Any, kind: type, words: str) -> Any:
    if not isinstance(value, kind):
        raise UndeclaredError(f"invalid type, expected {words}")
    return value
