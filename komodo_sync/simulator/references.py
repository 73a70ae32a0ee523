"""What Core checks and changes in a config that it is given: names become ids, some texts are cleaned or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import PairsShape, Tagged
from komodo_sync.operations import executions
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.names import container_name
from komodo_sync.simulator.normal import check_pairs
from komodo_sync.simulator.permissions import require_admin
from komodo_sync.simulator.resources import RESOURCES, get, id_of, named
from komodo_sync.simulator.whitespace import trim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.kinds.struct import Struct
    from komodo_sync.simulator.requests import Call, State

Partial = dict[str, Any]


def validate(call: Call, core: str, partial: Partial, key: str = "") -> None:
    """Checks the given fields and puts ids where names were. `key` is the resource's own id, empty for a new one.

    500 with a message of its own for each way in which it can be wrong.
    """
    config = RESOURCES[core].spec.config
    if isinstance(config, Tagged):
        _attach(call, core, config.variants[partial["type"]], partial["params"])
        return
    _attach(call, core, config, partial)
    if core in _SPECIAL:
        _SPECIAL[core](call, partial, key)
    _check_texts(config, partial)


def _attach(call: Call, core: str, struct: type[Struct], partial: Partial) -> None:
    for name, item in struct.fields().items():
        if item.ref and partial.get(name):
            to, value = KINDS[item.ref].core, partial[name]
            if isinstance(value, list):
                # an empty name in a list is looked for as well, and not found
                partial[name] = [_id(call, to, one, _context(core, to, one)) for one in value]
            else:
                partial[name] = _id(call, to, value, _context(core, to, value))


def _context(core: str, to: str, reference: str) -> str:
    """What Core says when a reference is refused; empty when it adds nothing to the cause."""
    if core == "Builder":
        return ""
    if core == "Swarm":
        return f"Cannot attach Server {reference} to this Swarm"
    if to == "Repo":
        return f"Cannot attach Repo to this {_WORDS.get(core, core)}"
    return f"Cannot attach {core} to this {to}"


def _id(call: Call, core: str, reference: str, context: str) -> str:
    try:
        return id_of(get(call, core, reference, "Read", "Attach"))
    except RefusalError as failure:
        raise (failure.under(context) if context else failure) from None


def _check_texts(struct: type[Struct], partial: Partial) -> None:
    fields = struct.fields()
    for name in _CHECKED:
        shape = fields[name].shape if name in fields else None
        if isinstance(shape, PairsShape) and shape.validated and partial.get(name):
            check_pairs(partial[name], f"Invalid {name}")


def _deployment(call: Call, partial: Partial, _key: str) -> None:
    image = partial.get("image")
    if image and image["type"] == "Build" and image["params"]["build_id"]:
        context = "Cannot update deployment with this build attached."
        image["params"]["build_id"] = _id(call, "Build", image["params"]["build_id"], context)
    if trim(partial.get("custom_name", "")):
        partial["custom_name"] = container_name(partial["custom_name"])


def _procedure(call: Call, partial: Partial, key: str) -> None:
    for stage in partial.get("stages", ()):
        for item in stage["executions"]:
            _execution(call, item["execution"]["type"], item["execution"]["params"], key)


def _execution(call: Call, name: str, params: dict[str, Any], key: str) -> None:
    if name.startswith("Batch"):
        require_admin(call, "Non admin user cannot configure Batch executions", 500)
    elif name in _MAINTENANCE:
        require_admin(call, f"Non admin user cannot {_MAINTENANCE[name]}", 500)
    for param in executions()[name].params.values():
        if not param.refers_to:
            continue
        core, value = KINDS[param.refers_to].core, params[param.name]
        # a commit changes the sync
        level = "Write" if name == "CommitSync" else "Execute"
        if isinstance(value, list):
            params[param.name] = [id_of(get(call, core, item, level)) for item in value]
            continue
        found = id_of(get(call, core, value, level))
        if name == "RunProcedure" and found == key:
            raise RefusalError("Cannot have self-referential procedure")
        params[param.name] = found


def with_names(state: State, core: str, config: dict[str, Any]) -> dict[str, Any]:
    """A stored config with names where ids are, as Komodo's own TOML has them; empty for what is no more."""
    shape = RESOURCES[core].spec.config
    if isinstance(shape, Tagged):
        return config | {"params": _names(state, shape.variants[config["type"]], config["params"])}
    found = _names(state, shape, config)
    if found.get("image", {}).get("type") == "Build":
        params = found["image"]["params"]
        found["image"] = {"type": "Build", "params": params | {"build_id": named(state, "Build", params["build_id"])}}
    if "stages" in found:
        found["stages"] = [
            stage | {"executions": [_named_execution(state, item) for item in stage["executions"]]}
            for stage in found["stages"]
        ]
    for field in ("resources", "except_resources"):
        if field in found:
            found[field] = [_named_target(state, target) for target in found[field]]
    return found


def _named_target(state: State, target: dict[str, str]) -> dict[str, str]:
    return target if target["type"] == "System" else target | {"id": named(state, target["type"], target["id"])}


def _names(state: State, struct: type[Struct], values: dict[str, Any]) -> dict[str, Any]:
    found = dict(values)
    for name, item in struct.fields().items():
        if item.ref and found.get(name):
            found[name] = _name(state, KINDS[item.ref].core, found[name])
    return found


def _name(state: State, core: str, value: Any) -> Any:
    return [named(state, core, key) for key in value] if isinstance(value, list) else named(state, core, value)


def _named_execution(state: State, item: dict[str, Any]) -> dict[str, Any]:
    name, params = item["execution"]["type"], dict(item["execution"]["params"])
    for param in executions()[name].params.values():
        if param.refers_to:
            params[param.name] = _name(state, KINDS[param.refers_to].core, params[param.name])
    return item | {"execution": {"type": name, "params": params}}


_WORDS: Mapping[str, str] = {"ResourceSync": "Resource Sync"}
# the texts that are looked into, in the order in which they are
_CHECKED = ("volumes", "ports", "environment", "build_args", "secret_args")
_MAINTENANCE: Mapping[str, str] = {
    "ClearRepoCache": "clear repo cache",
    "BackupCoreDatabase": "trigger core database backup",
    "GlobalAutoUpdate": "trigger global auto update",
    "RotateAllServerKeys": "trigger rotate all server keys",
    "RotateCoreKeys": "trigger rotate core keys",
}
_SPECIAL: Mapping[str, Callable[[Call, Partial, str], None]] = {
    "Deployment": _deployment,
    "Procedure": _procedure,
}
