"""Configs whose fields depend on a type: which of them differ, and what another type loses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.masking.mask import shown
from komodo_sync.model.data import replace
from komodo_sync.model.plan import FieldChange, Shown
from komodo_sync.planning.changed import changed, origin_of
from komodo_sync.planning.diff import SCALAR, diff
from komodo_sync.planning.opaque import differ, is_said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.kinds.shapes import Tagged
    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.desired import DesiredResource, Omitted
    from komodo_sync.model.observed import ObservedResource


def compare_tagged(
    shape: Tagged,
    desired: DesiredResource,
    live: ObservedResource,
    mode: Omitted,
    ignored: frozenset[str],
) -> tuple[list[FieldChange], dict[str, Any]]:
    """The fields that differ, and the config to be sent: whole for another type, else the params that change."""
    if (not desired.config and mode == "keep") or {"config/type", "config/params"} & ignored:
        return [], {}
    wanted = desired.config or shape.default_value()
    if wanted["type"] != live.config.get("type"):
        return _other_type(shape, wanted, desired, live, ignored)
    fields: list[FieldChange] = []
    params: dict[str, Any] = {}
    declared, held = wanted["params"], live.config.get("params", {})
    for name, item in shape.all_variants()[wanted["type"]].fields().items():
        pointer = f"config/params/{name}"
        if pointer in ignored or (name not in declared and mode == "keep"):
            continue
        have, want = held.get(name, item.default), declared.get(name, item.default)
        if differ(have, want):
            fields.append(changed(item, pointer, have, want, desired, held))
            params[name] = want
    return fields, {"type": wanted["type"], "params": params} if params else {}


def _other_type(
    shape: Tagged, wanted: Mapping[str, Any], desired: DesiredResource, live: ObservedResource, ignored: frozenset[str]
) -> tuple[list[FieldChange], dict[str, Any]]:
    """Another type: what both types have goes on from its live value, the rest of the new one had none before, and
    the rest of the old one is lost."""
    old_type, held = str(live.config.get("type", "")), live.config.get("params", {})
    variants, origin = shape.all_variants(), origin_of(desired, "config/type")
    old_fields = variants[old_type].fields() if old_type in variants else {}
    new_fields = variants[wanted["type"]].fields()
    both = {name for name in new_fields if name in old_fields and new_fields[name].shape == old_fields[name].shape}
    fields = [FieldChange("config/type", Shown(old_type or None), Shown(wanted["type"]), SCALAR, origin)]
    params = {
        name: wanted["params"].get(name, item.default)
        for name, item in new_fields.items()
        if f"config/params/{name}" not in ignored
    }
    for name, want in params.items():
        item, pointer = new_fields[name], f"config/params/{name}"
        have = held.get(name, item.default) if name in both else item.default
        if differ(have, want):
            change = changed(item, pointer, have, want, desired, held)
            fields.append(change if name in both else replace(change, before=Shown(None)))
    for name, item in old_fields.items():
        have = held.get(name, item.default)
        if name not in both and have != item.default:
            fields.append(_lost(item, f"config/params/{name}", have, old_type, origin))
    return fields, {"type": wanted["type"], "params": params}


def _lost(item: Field, pointer: str, have: Any, old_type: str, origin: str) -> FieldChange:
    """What the old type alone has."""
    told = diff(item, have, item.default, clear_keys=frozenset())
    note = f"lost with the type {old_type}" + (f"; {told.note}" if told.note else "")
    before = shown(item, have) if told.kind in ("scalar", "items") else Shown(None)
    return FieldChange(pointer, before, Shown(None), replace(told, note=note), origin)


def create_tagged(shape: Tagged, desired: DesiredResource) -> tuple[list[FieldChange], dict[str, Any]]:
    """The fields that a create shows, and the config that it sends."""
    wanted = desired.config or shape.default_value()
    variant = shape.all_variants()[wanted["type"]].fields()
    params = {name: value for name, value in wanted["params"].items() if is_said(value, variant[name].default)}
    fields = [FieldChange("config/type", Shown(None), Shown(wanted["type"]), SCALAR, origin_of(desired, "config/type"))]
    fields += [
        changed(variant[name], f"config/params/{name}", variant[name].default, value, desired, {})
        for name, value in params.items()
    ]
    return fields, {"type": wanted["type"], "params": params}
