"""Create, Copy, Update and Rename of the eleven kinds of resource."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.shapes import Tagged
from komodo_sync.simulator import normal, updates
from komodo_sync.simulator.auto_updates import after_write
from komodo_sync.simulator.caches import refresh_after_write
from komodo_sync.simulator.deletion import delete
from komodo_sync.simulator.failures import MalformedError, RefusalError
from komodo_sync.simulator.identity import new_id
from komodo_sync.simulator.names import checked_name, stored_name
from komodo_sync.simulator.permissions import grant
from komodo_sync.simulator.references import validate
from komodo_sync.simulator.renames import before_custom_name, before_rename, moves_checkout, rename_logs, taken
from komodo_sync.simulator.resources import RESOURCES, ResourceKind, empty_config, get, id_of, save
from komodo_sync.simulator.states import action_of, note_state
from komodo_sync.simulator.storage import TakenError
from komodo_sync.simulator.toml_text import exported

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.simulator.requests import Call, Handler

Resource = dict[str, Any]
_COPIED_AT = dict.fromkeys(("Procedure", "Action", "Alerter", "Builder", "ResourceSync"), "Write")
SAMPLE_ACTION = """\
// Use the client in `komodo`: every operation of the API is a method of it.
const version = await komodo.read("GetVersion", {});
console.log(`🦎 Komodo ${version.version}`);
"""


def _writes(kind: ResourceKind) -> Iterator[tuple[str, Handler]]:
    core = kind.core
    yield f"Create{core}", lambda call: _create(call, kind)
    yield f"Copy{core}", lambda call: _copy(call, kind)
    yield f"Update{core}", lambda call: _update(call, core)
    yield f"Rename{core}", lambda call: _rename(call, core)
    yield f"Delete{core}", lambda call: delete(call, core)


def _create(call: Call, kind: ResourceKind) -> Resource:
    partial = read_config(kind.core, call.params["config"])
    return create(call, kind, call.params["name"], partial)


def create(call: Call, kind: ResourceKind, wanted: str, partial: dict[str, Any]) -> Resource:
    """A new resource with the given part of a config. 403, 400, 409, or 500 for a config that Core will not have."""
    core = kind.core
    _check_creator(call, kind)
    name = checked_name(kind.spec.names, wanted)
    if call.storage.text(core, name, by="name") is not None:
        raise RefusalError(f"Resource with name '{name}' already exists", status=409)
    validate(call, core, partial)
    config = empty_config(core)
    if core == "Action":
        config["file_contents"] = SAMPLE_ACTION
    config, _ = merged(core, config, partial, new=True)
    resource: Resource = {
        "_id": {"$oid": new_id()},
        "name": name,
        "description": "",
        "template": False,
        "tags": [],
        "info": copy.deepcopy(kind.info),
        "config": config,
        "base_permission": "None",
        "updated_at": call.now(),
    }
    save(call.state, core, resource)
    if core == "Server" and call.params.get("public_key"):
        resource["info"]["public_key"] = call.params["public_key"]
        save(call.state, core, resource)
    if not call.user.admin:
        grant(call, {"type": "User", "id": call.user.id}, core, id_of(resource), "Write", kind.theirs)
    answer = copy.deepcopy(resource)
    refresh_after_write(call.state, core, id_of(resource))
    updates.record(
        call,
        f"Create{core}",
        {"type": core, "id": id_of(resource)},
        [
            updates.log(call.state, f"Create {core}", f"Created {core}\nid: {id_of(resource)}\nname: {name}"),
            updates.log(call.state, "Config", json.dumps(config, ensure_ascii=False, indent=2)),
        ],
    )
    return answer


def _copy(call: Call, kind: ResourceKind) -> Resource:
    source = get(call, kind.core, call.params["id"], _COPIED_AT.get(kind.core, "Read"))
    partial = source["config"]
    if "version" in partial:
        partial["version"] = {"major": 0, "minor": 0, "patch": 0}
    return create(call, kind, call.params["name"], partial)


def _update(call: Call, core: str) -> Resource:
    return update(call, core, call.params["id"], read_config(core, call.params["config"]))


def update(call: Call, core: str, reference: str, partial: dict[str, Any]) -> Resource:
    """A resource with the given part of a config in it. 500 when it is busy, or the config is none that Core takes."""
    resource = get(call, core, reference, "Write")
    key = id_of(resource)
    if action_of(call.state, core, key):
        raise RefusalError(f"{core} busy")
    validate(call, core, partial, key)
    if "custom_name" in partial:
        before_custom_name(call.state, resource, partial["custom_name"])
    config, changed = merged(core, resource["config"], partial)
    if not changed:
        after_write(call, core, key, partial)
        return resource
    texts = {"prev_toml": exported(call.state, core, resource)}
    if core == "Stack":
        note_state(call.state, resource)
    resource["config"] = config
    save(call.state, core, resource)
    answer = copy.deepcopy(resource)
    refresh_after_write(call.state, core, key)
    target = {"type": core, "id": key}
    texts["current_toml"] = exported(call.state, core, resource)
    updates.record(call, f"Update{core}", target, (), **{key: text for key, text in texts.items() if text})
    after_write(call, core, key, partial)
    return answer


def _rename(call: Call, core: str) -> dict[str, Any]:
    resource = get(call, core, call.params["id"], "Write")
    key, old = id_of(resource), resource["name"]
    if (core == "Deployment" or moves_checkout(core, resource)) and action_of(call.state, core, key):
        raise RefusalError("Resource is busy")
    name = stored_name(RESOURCES[core].spec.names, call.params["name"])
    if core == "Deployment":
        before_rename(call.state, resource, name)
    renamed = {**resource, "name": name, "updated_at": call.now()}
    try:
        save(call.state, core, renamed)
    except TakenError:
        raise RefusalError(taken(core, resource), f"E11000 duplicate key error on {core}: name {name!r}") from None
    logs = rename_logs(call.state, core, renamed, old)
    return updates.record(call, f"Rename{core}", {"type": core, "id": key}, logs)


def _check_creator(call: Call, kind: ResourceKind) -> None:
    allowed = kind.creators == "anyone" or call.user.document.get(kind.creators, False)
    if not call.user.admin and not allowed:
        raise RefusalError(f"User does not have permissions to create {kind.core}.", status=403)


def read_config(core: str, sent: Any) -> dict[str, Any]:
    """The given part of a config. Raises MalformedError."""
    shape = RESOURCES[core].spec.config
    if not isinstance(shape, Tagged):
        return {} if sent is None else normal.read_partial(shape, sent)
    if sent is None:
        return {"type": shape.default, "params": {}}
    kind, params = normal.tag_of(sent)
    if kind not in shape.variants:
        raise MalformedError(f"unknown variant `{kind}`, expected one of {', '.join(shape.variants)}")
    return {"type": kind, "params": normal.read_partial(shape.variants[kind], params)}


def merged(
    core: str, config: dict[str, Any], partial: dict[str, Any], *, new: bool = False
) -> tuple[dict[str, Any], bool]:
    """The config with the given part in it, and whether that changed anything."""
    shape = RESOURCES[core].spec.config
    if not isinstance(shape, Tagged):
        changed = {key: value for key, value in partial.items() if value != config[key]}
        return config | changed, bool(changed)
    same = config["type"] == partial["type"]
    # another type starts from its own defaults, and is taken for no change at all when it stays there
    base = config["params"] if same else normal.defaults(shape.variants[partial["type"]])
    changed = {key: value for key, value in partial["params"].items() if value != base[key]}
    if not changed and not new:
        return config, False
    return {"type": partial["type"], "params": base | changed}, True


HANDLERS: Mapping[str, Handler] = {name: handler for kind in RESOURCES.values() for name, handler in _writes(kind)}
