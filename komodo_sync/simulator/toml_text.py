"""A resource as Komodo's own TOML, as Update records and exports show it: what differs from the defaults."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import Tagged, VersionShape
from komodo_sync.simulator.resources import RESOURCES, empty_config, named

if TYPE_CHECKING:
    from komodo_sync.kinds.struct import Struct
    from komodo_sync.simulator.requests import State


def toml(state: State, core: str, resource: dict[str, Any]) -> str:
    """One `[[kind]]` table; references are names."""
    spec = RESOURCES[core].spec
    lines = [f"[[{spec.name}]]", f"name = {_value(resource['name'])}"]
    if resource["description"]:
        lines.append(f"description = {_value(resource['description'])}")
    if resource["template"]:
        lines.append("template = true")
    if resource["tags"]:
        lines.append(f"tags = {_value([named(state, 'Tag', tag) for tag in resource['tags']])}")
    config = _changed(state, core, resource["config"])
    if config:
        lines.append(f"[{spec.name}.config]")
        lines += [line for key, value in config.items() for line in _lines(key, value)]
    return "\n".join(lines)


def _changed(state: State, core: str, config: dict[str, Any]) -> dict[str, Any]:
    shape = RESOURCES[core].spec.config
    if isinstance(shape, Tagged):
        params = _named(state, shape.variants[config["type"]], config["params"])
        return {"type": config["type"], "params": params}
    empty = empty_config(core)
    return _named(state, shape, {key: value for key, value in config.items() if value != empty[key]})


def _named(state: State, struct: type[Struct], values: dict[str, Any]) -> dict[str, Any]:
    fields = struct.fields()
    found = {}
    for key, value in values.items():
        item = fields[key]
        if item.ref:
            core = KINDS[item.ref].core
            many = isinstance(value, list)
            value = [named(state, core, one) for one in value] if many else named(state, core, value)
            key = item.aliases[-1] if item.aliases else key
        elif isinstance(item.shape, VersionShape):
            value = ".".join(str(value[part]) for part in ("major", "minor", "patch"))
        found[key] = value
    return found


def _lines(key: str, value: Any) -> list[str]:
    if isinstance(value, dict):
        return [line for inner, item in value.items() for line in _lines(f"{key}.{inner}", item)]
    return [f"{key} = {_value(value)}"]


def _value(value: Any) -> str:
    if isinstance(value, str) and "\n" in value:
        text = value.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        return f'"""\n{text}"""'
    if isinstance(value, list):
        return f"[{', '.join(_value(item) for item in value)}]"
    if isinstance(value, dict):
        inner = (f"{key} = {_value(item)}" for key, item in value.items() if item is not None)
        return f"{{ {', '.join(inner)} }}"
    return json.dumps(value, ensure_ascii=False)
