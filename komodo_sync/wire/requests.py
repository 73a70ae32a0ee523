"""A Payload -> the calls that write it, in their order. Driven by KindSpec's data alone."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any, assert_never

from komodo_sync.errors import KomodoSyncError, RejectedError
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import Tagged, TextShape
from komodo_sync.model.address import Address
from komodo_sync.model.data import Unshown, replace
from komodo_sync.model.plan import Action
from komodo_sync.model.sealed import reveal_sealed
from komodo_sync.operations import find
from komodo_sync.wire.references import translate, unknown_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.plan import Payload


class Intent(Enum):
    """What a call brings about, so that the truth can be read when its answer is lost."""

    CREATE = "create"
    UPDATE = "update"
    META = "meta"
    RENAME = "rename"
    DELETE = "delete"


class Call(Unshown, frozen=True):
    """One write: `params` hold plaintext and are for the wire alone. `fields`: the config fields that it sets; `part`:
    what it sets of the one field, in normal form, where that is written bit by bit."""

    intent: Intent
    operation: str
    params: dict[str, Any]
    fields: frozenset[str] = frozenset()
    part: Any = None

    def __repr__(self) -> str:
        return f"Call({self.operation})"


def calls(payload: Payload, ids: Mapping[Address, str]) -> Iterator[Call]:
    """The calls of one step. `ids` may grow meanwhile: each call is made when it is asked for, so that what follows a
    create addresses the id that its answer gave.

    Raises RejectedError where an id is needed and not known.
    """
    spec = KINDS[payload.address.kind]
    match payload.action:
        case Action.CREATE:
            made = _create(spec, payload, ids)
            yield made
            if spec.flat:
                left = {name: value for name, value in payload.config.items() if name not in made.fields}
                yield from _fields(spec, replace(payload, config=left, description=None), ids)
            else:
                yield from _meta(spec, payload, ids)
        case Action.UPDATE:
            yield from _update(spec, payload, ids) if spec.update else _fields(spec, payload, ids)
        case Action.ADOPT | Action.FORGET:
            yield from _meta(spec, payload, ids)
        case Action.RENAME:
            yield Call(Intent.RENAME, spec.rename, {"id": _identity(spec, payload, ids), "name": payload.address.name})
        case Action.DELETE:
            word = "id" if spec.by_id_only else spec.addressed_by
            yield Call(Intent.DELETE, spec.delete, {word: _identity(spec, payload, ids)})
        case Action.DEPLOY | Action.START | Action.STOP | Action.DESTROY | Action.RUN:
            raise KomodoSyncError(
                f"{payload.action} of {payload.address} is no write", hint="this is a defect; report it"
            )
        case _:  # pragma: no cover
            assert_never(payload.action)


def _create(spec: KindSpec, payload: Payload, ids: Mapping[Address, str]) -> Call:
    config = dict(payload.config)
    for name, field in spec.fields().items():
        if field.always_sent:
            config.setdefault(name, field.default)
    if not spec.body:
        # a user group is made by its name alone
        takes = find(spec.create)[0].params
        config = {name: value for name, value in config.items() if name in takes}
    params: dict[str, Any] = dict(spec.identity_of(payload.address.name))
    sent = _wired(spec, payload, config, ids)
    if not spec.flat:
        params |= {spec.body: sent} if sent else {}
        return Call(Intent.CREATE, spec.create, params, frozenset(config))
    params |= sent
    if "description" in spec.meta and payload.description is not None:
        params["description"] = reveal_sealed(payload.description)
    return Call(Intent.CREATE, spec.create, {spec.body: params} if spec.body else params, frozenset(config))


def _update(spec: KindSpec, payload: Payload, ids: Mapping[Address, str]) -> Iterator[Call]:
    if payload.config:
        identity, sent = _identity(spec, payload, ids), _wired(spec, payload, dict(payload.config), ids)
        detour = _detour(spec, sent)
        if detour:
            yield Call(Intent.UPDATE, spec.update, {"id": identity, spec.body: detour})
        yield Call(Intent.UPDATE, spec.update, {"id": identity, spec.body: sent}, frozenset(payload.config))
    yield from _meta(spec, payload, ids)


def _detour(spec: KindSpec, sent: dict[str, Any]) -> dict[str, Any]:
    """What is sent before a change of type whose settings are all defaults, which Core ignores in silence: the new type
    with one other setting. Empty where it is not needed, or there is no text to set."""
    if not isinstance(spec.config, Tagged):
        return {}
    fields, params = spec.config.all_variants()[sent["type"]].fields(), sent["params"]
    if params.keys() != fields.keys() or any(params[name] != item.default for name, item in fields.items()):
        return {}
    other = next((name for name, item in fields.items() if isinstance(item.shape, TextShape) and not item.ref), "")
    return {"type": sent["type"], "params": {other: "changing-type"}} if other else {}


def _fields(spec: KindSpec, payload: Payload, ids: Mapping[Address, str]) -> Iterator[Call]:
    """One call for each changed field, where each has an operation of its own; for each permission of one."""
    values = dict(payload.config)
    if payload.description is not None:
        values["description"] = payload.description
    for write in spec.field_writes:
        if write.field not in values:
            continue
        identity, fields = _identity(spec, payload, ids), frozenset({write.field})
        holder = {write.holder: {"type": spec.core, "id": identity}} if write.holder else {spec.addressed_by: identity}
        value = _wired(spec, payload, {write.field: values[write.field]}, ids)[write.field]
        if not write.each:
            yield Call(Intent.UPDATE, write.operation, {**holder, write.param: value}, fields)
            continue
        for (part, _, _), (_, subject, given) in zip(_bits(values[write.field]), _bits(value), strict=True):
            params = {**holder, write.each: subject, write.param: given}
            yield Call(Intent.UPDATE, write.operation, params, fields, part)


def _bits(value: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Each permission of a field: alone as the field's value, what it is about, and what it allows."""
    if isinstance(value, dict):
        yield from (({core: each}, core, each) for core, each in value.items())
    else:
        for each in value:
            yield [each], each["target"], {name: item for name, item in each.items() if name != "target"}


def _meta(spec: KindSpec, payload: Payload, ids: Mapping[Address, str]) -> Iterator[Call]:
    values: dict[str, Any] = {
        "description": reveal_sealed(payload.description),
        "template": payload.template,
        "tags": None if payload.tags is None else [ids.get(Address("tag", tag), tag) for tag in payload.tags],
    }
    changed = {name: value for name, value in values.items() if value is not None and name in spec.meta}
    if changed:
        target = {"type": spec.core, "id": _identity(spec, payload, ids)}
        yield Call(Intent.META, "UpdateResourceMeta", {"target": target, **changed}, frozenset(changed))


def _identity(spec: KindSpec, payload: Payload, ids: Mapping[Address, str]) -> str:
    """The id where there is one: a name may have moved to another resource meanwhile."""
    live = payload.previous or payload.address.name
    known = payload.id or ids.get(Address(spec.name, live), "")
    if spec.by_id_only and not known:
        raise RejectedError(f"the id of {spec.name}/{live} is not known", hint="plan again")
    return known or live


def _wired(spec: KindSpec, payload: Payload, config: dict[str, Any], ids: Mapping[Address, str]) -> dict[str, Any]:
    """`config` as it is sent: ids for names where they are known, secrets in clear."""

    def reference(kind: str, name: str) -> str:
        return unknown_id(name) or ids.get(Address(kind, name), name)

    def target(kind: str, name: str) -> str:
        found = unknown_id(name) or ids.get(Address(kind, name), "")
        if not found:
            raise RejectedError(
                f"{payload.address} needs the id of {kind}/{name}, which is not there",
                hint=f"declare {kind}/{name}, or take it out of {payload.address}",
            )
        return found

    revealed: dict[str, Any] = reveal_sealed(translate(spec, config, reference, target))
    return revealed
