"""Who refers to what: in live configs, as they read after the renames, and after everything else that is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import BY_CORE, KINDS
from komodo_sync.kinds.grants import settled
from komodo_sync.kinds.rewriting import Rewriting
from komodo_sync.kinds.shapes import TargetGrantsShape, TargetsShape
from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.model.plan import Payload

    Rename = Callable[[Address], Address]

_REFERENCES = Rewriting(lambda item: bool(item.ref) or isinstance(item.shape, TargetsShape))
_NAMES = Rewriting(lambda item: bool(item.ref) or isinstance(item.shape, TargetsShape | TargetGrantsShape))
"""Also of what permissions are about: Core takes them back by itself when their target goes, so they hold nothing."""


def after_renames(observed: Observed, renames: Mapping[Address, Address]) -> Observed:
    """`observed` as it reads once `renames` (new -> old) are done: Core refers by id, so everything follows. Resources
    keep the address that they have now."""
    new_names = {old: new for new, old in renames.items()}

    def moved(address: Address) -> Address:
        return new_names.get(address, address)

    resources = {
        address: replace(
            item,
            config=_rewritten(_NAMES, KINDS[address.kind], item.config, moved),
            tags=frozenset(moved(Address("tag", tag)).name for tag in item.tags),
        )
        for address, item in observed.resources.items()
    }
    references = {moved(target): frozenset(map(moved, sources)) for target, sources in observed.references.items()}
    return replace(observed, resources=resources, references=references)


def referred(spec: KindSpec, config: Mapping[str, Any]) -> frozenset[Address]:
    """Everything that a config refers to by name."""
    found = set()

    def note(address: Address) -> Address:
        found.add(address)
        return address

    _rewritten(_REFERENCES, spec, config, note)
    return frozenset(found)


def after_payload(live: ObservedResource, payload: Payload | None) -> Mapping[str, Any]:
    """The config of `live` once `payload` is written."""
    if payload is None or not payload.config:
        return live.config
    if "params" in payload.config:
        same = live.config.get("type") == payload.config.get("type")
        kept = live.config.get("params", {}) if same else {}
        return {**payload.config, "params": {**kept, **payload.config["params"]}}
    return {**live.config, **payload.config}


def configs_left(
    deletes: Collection[Address], observed: Observed, payloads: Mapping[Step, Payload]
) -> dict[Address, Mapping[str, Any]]:
    """The config of everything that is there once all this is done, anybody's."""
    there: dict[Address, Mapping[str, Any]] = {
        address: after_payload(live, payloads.get(Step(address, Action.UPDATE)))
        for address, live in observed.resources.items()
        if address not in deletes
    }
    return there | {step.address: sent.config for step, sent in payloads.items() if step.action is Action.CREATE}


def _rewritten(which: Rewriting, spec: KindSpec, config: Mapping[str, Any], rename: Rename) -> dict[str, Any]:
    def change(item: Field, value: Any) -> Any:
        if isinstance(item.shape, TargetGrantsShape):
            return settled({**each, "target": _target(each["target"], rename)} for each in value)
        if isinstance(item.shape, TargetsShape):
            return [_target(each, rename) for each in value]
        if isinstance(value, list):
            return [_named(item.ref, each, rename) for each in value]
        return _named(item.ref, value, rename)

    return which.rewrite(spec.config, dict(config), change)


def _target(value: dict[str, Any], rename: Rename) -> dict[str, Any]:
    spec = BY_CORE.get(value["type"])
    return {**value, "id": _named(spec.name, value["id"], rename)} if spec else value


def _named(kind: str, name: Any, rename: Rename) -> Any:
    return rename(Address(kind, name)).name if isinstance(name, str) and name else name
