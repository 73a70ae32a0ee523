"""Whether the Core holds what a call sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.grants import is_kept
from komodo_sync.kinds.normal import normalise
from komodo_sync.kinds.shapes import Tagged
from komodo_sync.model.sealed import reveal_sealed
from komodo_sync.wire.answers import object_id
from komodo_sync.wire.references import arranged, translate, unknown_name
from komodo_sync.wire.requests import Intent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Payload
    from komodo_sync.wire.requests import Call


def differing_fields(payload: Payload, call: Call, raw: Mapping[str, Any], names: Mapping[str, Address]) -> list[str]:
    """Which config fields of `call` the Core answered otherwise than they were sent, by name; the values stay here.

    `raw` is the full resource as Core answers it; `names` are addresses by id. What Core counts up by itself is no
    difference.
    """
    spec = KINDS[payload.address.kind]
    sent = _sent(spec, payload) if call.part is None else dict.fromkeys(call.fields, call.part)
    held = _held(spec, raw, names)
    if isinstance(spec.config, Tagged):
        return [] if not call.fields or _within(sent, held) else ["config"]
    table = spec.fields()
    return [
        name
        for name in sorted(call.fields & table.keys() & sent.keys())
        if not table[name].counted_while and not is_kept(table[name], sent[name], held.get(name, table[name].default))
    ]


def has_happened(payload: Payload, call: Call, raw: Mapping[str, Any] | None, names: Mapping[str, Address]) -> bool:
    """Whether `raw`, read after the answer to `call` was lost, shows that the call was done; None: there is none."""
    if call.intent is Intent.DELETE:
        return raw is None
    if raw is None:
        return False
    match call.intent:
        case Intent.RENAME:
            return KINDS[payload.address.kind].is_called(raw, payload.address.name)
        case Intent.META:
            return _meta_happened(payload, call, raw, names)
        case _:
            described = "description" not in call.fields or (raw.get("description") or "") == payload.description
            return described and not differing_fields(payload, call, raw, names)


def _meta_happened(payload: Payload, call: Call, raw: Mapping[str, Any], names: Mapping[str, Address]) -> bool:
    tags = {names[tag].name for tag in raw.get("tags") or () if tag in names}
    held = {
        "description": (raw.get("description") or "") == payload.description,
        "template": bool(raw.get("template")) == payload.template,
        "tags": tags == set(payload.tags or ()),
    }
    return all(held[name] for name in call.fields)


def has_more(payload: Payload, raw: Mapping[str, Any], names: Mapping[str, Address]) -> bool:
    """Whether `raw` carries a description, tags, a template's mark or (where these are written after a creation) fields
    of its own, other than those that `payload` wants: somebody else's hand. A creation that is not finished yet has
    none."""
    spec = KINDS[payload.address.kind]
    late = {write.field for write in spec.field_writes} & spec.fields().keys()
    sent, held = (_sent(spec, payload), _held(spec, raw, names)) if late else ({}, {})
    if any(not _is_part(spec.fields()[name], held.get(name), sent.get(name)) for name in late):
        return True
    tags = {names[tag].name if tag in names else unknown_name(tag) for tag in raw.get("tags") or ()}
    return (
        (raw.get("description") or "") not in ("", payload.description)
        or bool(raw.get("template")) > bool(payload.template)
        or not tags <= set(payload.tags or ())
    )


def _is_part(field: Field, held: Any, wanted: Any) -> bool:
    """Whether what is held of a field is nothing, or what is wanted of it or a part of that."""
    if held in (None, field.default):
        return True
    return wanted is not None and (held == wanted or is_kept(field, held, wanted))


def _sent(spec: KindSpec, payload: Payload) -> dict[str, Any]:
    config: dict[str, Any] = reveal_sealed(dict(payload.config))
    if isinstance(spec.config, Tagged):
        return config
    return {name: normalise(spec.fields()[name], value) for name, value in config.items()}


def _held(spec: KindSpec, raw: Mapping[str, Any], names: Mapping[str, Address]) -> dict[str, Any]:
    def name_of(_kind: str, identity: str) -> str:
        found = names.get(identity)
        return found.name if found else unknown_name(identity)

    given = raw if spec.flat else raw.get("config") or {}
    if isinstance(spec.config, Tagged):
        variant = spec.config.all_variants()[given["type"]].fields()
        params = {name: normalise(variant[name], value) for name, value in given["params"].items() if name in variant}
        return translate(spec, {"type": given["type"], "params": params}, name_of, name_of)
    table = spec.fields()
    normal = {name: normalise(table[name], value) for name, value in given.items() if name in table}
    return arranged(spec, translate(spec, normal, name_of, name_of))


def _within(sent: Mapping[str, Any], held: Mapping[str, Any]) -> bool:
    """Whether the params that were sent are held, of the type that was sent."""
    if not sent:
        return True
    return sent["type"] == held.get("type") and all(
        held["params"].get(name) == value for name, value in (sent.get("params") or {}).items()
    )


def identity_of(raw: Mapping[str, Any]) -> str:
    """Core's id of a full resource; empty for kinds without ids."""
    return object_id(raw.get("_id"))
