"""A resource as Komodo's own TOML, as exports, syncs and Update records show it: what differs from the defaults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.shapes import Tagged
from komodo_sync.operations import executions
from komodo_sync.simulator import normal
from komodo_sync.simulator.references import with_names
from komodo_sync.simulator.resources import RESOURCES, named
from komodo_sync.simulator.toml_table import table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.requests import State

Config = dict[str, Any]
BETWEEN = "\n\n##\n\n"
"""What stands between the tables of one text."""


def exported(state: State, core: str, resource: Mapping[str, Any], meta: Mapping[str, Any] | None = None) -> str:
    """The text of a resource on its own; empty for a sync that has its declarations in itself, or nowhere."""
    config = resource["config"]
    if core == "ResourceSync" and (
        config["file_contents"] or not (config["files_on_host"] or config["repo"] or config["linked_repo"])
    ):
        return ""
    return toml(state, core, resource, meta)


def toml(state: State, core: str, resource: Mapping[str, Any], meta: Mapping[str, Any] | None = None) -> str:
    """One `[[kind]]` table of a stored resource; references are names, and empty where there is none.

    `meta` has `deploy` and `after`, which are in no Core but in what a sync declares.
    """
    tags = [name for tag in resource["tags"] if (name := named(state, "Tag", tag))]
    head = {key: resource[key] for key in ("name", "description", "template")}
    return declared_toml(core, {**head, "tags": tags, **(meta or {})}, with_names(state, core, resource["config"]))


def declared_toml(core: str, head: Mapping[str, Any], config: Config) -> str:
    """The same of a config in which references are names already; what is empty in `head` is left out."""
    word = RESOURCES[core].spec.name
    stated = {key: head[key] for key in ("name", "description", "template", "tags", "deploy", "after") if head.get(key)}
    kept = _changed(core, config)
    if core == "Procedure":
        return f"[[{word}]]\n{_procedure(stated, kept)}"
    shown = _AS_WRITTEN[core](kept) if core in _AS_WRITTEN else kept
    text = f"[[{word}]]\n{table(stated)}\n[{word}.config]\n{table(shown)}"
    # without its params a builder could not be read again
    return f"{text}\nparams = {{}}" if core == "Builder" and not kept["params"] else text


def variable_toml(variable: Mapping[str, Any]) -> str:
    """One `[[variable]]` table."""
    return f"[[variable]]\n{table(variable)}"


def _changed(core: str, config: Config) -> Config:
    shape = RESOURCES[core].spec.config
    if isinstance(shape, Tagged):
        empty = normal.defaults(shape.variants[config["type"]])
        return {"type": config["type"], "params": _without(config["params"], empty)}
    return _without(config, normal.defaults(shape) | _TAKEN_FOR_DEFAULTS.get(core, {}))


def _without(config: Config, empty: Config) -> Config:
    return {key: value for key, value in config.items() if value != empty[key]}


def _renamed(**names: str) -> Callable[[Config], Config]:
    return lambda config: {names.get(key, key): value for key, value in config.items()}


def _build(config: Config) -> Config:
    if "version" in config:
        # what is counted up is not declared
        counted = config.get("auto_increment_version", True)
        config = config | {"version": "" if counted else _dotted(config["version"])}
    return _renamed(builder_id="builder")(config)


def _deployment(config: Config) -> Config:
    image = config.get("image", {})
    if image.get("type") == "Build":
        params = image["params"]
        version = {"version": _dotted(params["version"])} if any(params["version"].values()) else {}
        config = config | {"image": {"type": "Build", "params": {**version, "build": params["build_id"]}}}
    return _renamed(swarm_id="swarm", server_id="server")(config)


def _builder(config: Config) -> Config:
    return config | {"params": _renamed(server_ids="servers")(config["params"])}


def _procedure(head: Mapping[str, Any], config: Config) -> str:
    stages = config.get("stages", [])
    if stages:
        # the last field takes the place of the stages, which come after everything
        rest = list(config.items())[1:]
        config = dict([*rest[-1:], *rest[:-1]])
    text = table({**head, "config": config})
    for stage in stages:
        ordered = stage | {"executions": [_in_order(item) for item in stage["executions"]]}
        text += f"\n\n[[procedure.config.stage]]\n{table(ordered, empty_objects=True)}"
    return text


def _in_order(item: Config) -> Config:
    """An execution with its parameters as Core orders them: what it is for, what it must have, and the others."""
    name, given = item["execution"]["type"], item["execution"]["params"]
    known = executions()[name].params
    order = _ORDERS.get(name) or sorted(
        known, key=lambda key: (not (known[key].refers_to and known[key].required), not known[key].required)
    )
    return item | {"execution": {"type": name, "params": {key: given[key] for key in order}}}


def _dotted(version: Mapping[str, int]) -> str:
    return ".".join(str(version[part]) for part in ("major", "minor", "patch"))


# what is left out of a text is not everywhere what a new resource has
_TAKEN_FOR_DEFAULTS: Mapping[str, Config] = {"Swarm": {"send_unhealthy_alerts": False}}
_ORDERS: Mapping[str, tuple[str, ...]] = {
    "CreateSwarmConfig": ("swarm", "name", "data", "labels", "template_driver"),
    "CreateSwarmSecret": ("swarm", "name", "data", "driver", "labels", "template_driver"),
    "DestroyStack": ("stack", "services", "remove_orphans", "stop_time"),
    "RotateSwarmSecret": ("swarm", "secret", "data"),
    "RunStackService": (
        *("stack", "service", "command", "no_tty", "no_deps", "detach", "service_ports", "env", "workdir"),
        *("user", "entrypoint", "pull"),
    ),
    "SendAlert": ("level", "message", "details", "alerters"),
    "StopStack": ("stack", "stop_time", "services"),
}
_AS_WRITTEN: Mapping[str, Callable[[Config], Config]] = {
    "Swarm": _renamed(server_ids="servers"),
    "Stack": _renamed(swarm_id="swarm", server_id="server"),
    "Deployment": _deployment,
    "Build": _build,
    "Repo": _renamed(server_id="server", builder_id="builder"),
    "Builder": _builder,
}
