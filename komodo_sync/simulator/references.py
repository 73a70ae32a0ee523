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
from komodo_sync.simulator.resources import RESOURCES, get, id_of
from komodo_sync.simulator.whitespace import trim

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.kinds.struct import Struct
    from komodo_sync.simulator.requests import Call

Partial = dict[str, Any]


def validate(call: Call, core: str, partial: Partial, key: str = "") -> None:
    """Checks the given fields and puts ids where names were. `key` is the resource's own id, empty for a new one.

    500 with a message of its own for each way in which it can be wrong.
    """
    config = RESOURCES[core].spec.config
    if isinstance(config, Tagged):
        _attach(call, core, config.variants[partial["type"]], partial["params"])
    else:
        _attach(call, core, config, partial)
        _check_texts(config, partial)
    if core in _SPECIAL:
        _SPECIAL[core](call, partial, key)


def _attach(call: Call, core: str, struct: type[Struct], partial: Partial) -> None:
    fields = struct.fields()
    for name, value in partial.items():
        kind = fields[name].ref
        if kind:
            to = KINDS[kind].core
            what = f"Cannot attach {to} to this {core}" if to == "Repo" else f"Cannot attach {core} to this {to}"
            partial[name] = _ids(call, to, value, what)


def _ids(call: Call, core: str, value: Any, context: str) -> Any:
    if isinstance(value, list):
        return [_ids(call, core, item, context) for item in value]
    if not value:
        return value
    try:
        return id_of(get(call, core, value, "Read", "Attach"))
    except RefusalError as failure:
        raise failure.under(context) from None


def _check_texts(struct: type[Struct], partial: Partial) -> None:
    fields = struct.fields()
    for name, value in partial.items():
        shape = fields[name].shape
        if isinstance(shape, PairsShape) and shape.validated and value:
            check_pairs(value, f"Invalid {name}")


def _deployment(call: Call, partial: Partial, _key: str) -> None:
    image = partial.get("image")
    if image and image["type"] == "Build":
        context = "Cannot update deployment with this build attached."
        image["params"]["build_id"] = _ids(call, "Build", image["params"]["build_id"], context)
    if trim(partial.get("custom_name", "")):
        partial["custom_name"] = container_name(partial["custom_name"])


def _procedure(call: Call, partial: Partial, key: str) -> None:
    for stage in partial.get("stages", ()):
        for item in stage["executions"]:
            _execution(call, item["execution"]["type"], item["execution"]["params"], key)


def _execution(call: Call, name: str, params: dict[str, Any], key: str) -> None:
    operation = executions()[name]
    if name.startswith("Batch") or not any(param.refers_to for param in operation.params.values()):
        if name not in ("None", "Sleep"):
            require_admin(call, "Non admin user cannot configure this execution", 500)
        return
    for param in operation.params.values():
        if not param.refers_to:
            continue
        core = KINDS[param.refers_to].core
        value = params[param.name]
        if isinstance(value, list):
            params[param.name] = [id_of(get(call, core, item, "Execute")) for item in value]
            continue
        found = id_of(get(call, core, value, "Execute"))
        if core == "Procedure" and found == key:
            raise RefusalError("Cannot have self-referential procedure")
        params[param.name] = found


_SPECIAL: Mapping[str, Callable[[Call, Partial, str], None]] = {
    "Deployment": _deployment,
    "Procedure": _procedure,
}
