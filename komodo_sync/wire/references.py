"""Where a config names other resources: ids into names, and names into ids."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import BY_CORE, KINDS, LOOKUPS
from komodo_sync.kinds.grants import settled
from komodo_sync.kinds.rewriting import Rewriting
from komodo_sync.kinds.shapes import TargetGrantsShape, TargetsShape, TextListShape
from komodo_sync.model.observed import UNKNOWN_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from komodo_sync.kinds.spec import KindSpec, Lookup
    from komodo_sync.kinds.struct import Field

    Rename = Callable[[str, str], str]

_UNKNOWN = re.compile(r"\(unknown id (?P<id>.*)\)", re.DOTALL)
_TARGETS = (TargetsShape, TargetGrantsShape)
_REFERENCES = Rewriting(lambda field: bool(field.ref) or isinstance(field.shape, _TARGETS))
_UNORDERED = Rewriting(
    lambda field: (
        isinstance(field.shape, TargetGrantsShape)
        or (bool(field.ref) and isinstance(field.shape, TextListShape) and field.shape.is_set)
    )
)


def unknown_name(identity: str) -> str:
    """What stands for a resource whose id is not known: it is gone, or the key cannot see it."""
    return f"{UNKNOWN_ID}{identity})"


def unknown_id(name: str) -> str:
    """The id inside an `unknown_name`; empty when `name` is none."""
    found = _UNKNOWN.fullmatch(name)
    return found["id"] if found else ""


def translate(
    spec: KindSpec, config: dict[str, Any], reference: Rename, target: Rename, subject: Rename | None = None
) -> dict[str, Any]:
    """`config` (in normal form, whole or in part) with every reference replaced. The functions take a kind and a text
    that is not empty: `reference` where Core takes a name or an id, `target` in an alerter's targets, where Core takes
    ids alone, `subject` (else `target`) for what a permission is about."""

    def change(field: Field, value: Any) -> Any:
        if isinstance(field.shape, TargetsShape):
            return [_target(each, target) for each in value]
        if isinstance(field.shape, TargetGrantsShape):
            return [{**each, "target": _target(each["target"], subject or target)} for each in value]
        if isinstance(value, list):
            return [_reference(field.ref, each, reference) for each in value]
        return _reference(field.ref, value, reference)

    return _REFERENCES.rewrite(spec.config, config, change)


def arranged(spec: KindSpec, config: dict[str, Any]) -> dict[str, Any]:
    """An answered config whose ids have become names: what has no order is in order again, and a permission on what is
    gone is none."""

    def change(field: Field, value: Any) -> Any:
        if not isinstance(field.shape, TargetGrantsShape):
            return sorted(value)
        return settled(each for each in value if not unknown_id(each["target"]["id"]))

    return _UNORDERED.rewrite(spec.config, config, change)


def lookups_of(names: Collection[str]) -> list[Lookup]:
    """What is in the Core and never declared, and resources of these kinds refer to."""
    referred = {field.ref for name in names for field in _REFERENCES.picked(KINDS[name].config)}
    return [lookup for name, lookup in LOOKUPS.items() if name in referred]


@cache
def referred_kinds(name: str) -> frozenset[str]:
    """The kinds that the fields of the kind `name` may refer to, not looking further."""
    picked = list(_REFERENCES.picked(KINDS[name].config))
    everything = {kind for kind, spec in KINDS.items() if spec.owned}
    targets = everything if any(isinstance(field.shape, _TARGETS) for field in picked) else set()
    return frozenset({field.ref for field in picked} | targets) & KINDS.keys()


def closed_kinds(names: Collection[str]) -> frozenset[str]:
    """`names` and every kind that they refer to, and that those refer to: what is to be listed to know all names."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(referred_kinds(name))
    return frozenset(found)


def _reference(kind: str, value: Any, rename: Rename) -> Any:
    return rename(kind, value) if isinstance(value, str) and value else value


def _target(value: dict[str, Any], rename: Rename) -> dict[str, Any]:
    spec = BY_CORE.get(value["type"])
    return {**value, "id": rename(spec.name, value["id"])} if spec and value["id"] else value
