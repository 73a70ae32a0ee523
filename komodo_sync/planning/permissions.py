"""Permissions on many resources by one pattern: on which ones, of all that will be there after the plan."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import BY_CORE, KINDS
from komodo_sync.kinds.grants import settled
from komodo_sync.kinds.patterns import is_pattern, pattern
from komodo_sync.kinds.shapes import TargetGrantsShape
from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.desired import Reference
from komodo_sync.model.plan import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.desired import Desired, DesiredResource
    from komodo_sync.model.diagnostic import Span


@cache
def _granting(kind: str) -> tuple[Field, ...]:
    """The fields of a kind that give permissions on single resources."""
    return tuple(field for field in KINDS[kind].fields().values() if isinstance(field.shape, TargetGrantsShape))


def expanded(desired: Desired, there: Callable[[], Iterable[Address]]) -> tuple[Desired, list[Finding]]:
    """`desired` with every permission on single resources of `there`, by name, and what is to be said of patterns."""
    found = {address: item for address, item in desired.resources.items() if _fields(item)}
    if not found:
        return desired, []
    names: dict[str, list[str]] = {}
    for address in sorted(there()):
        names.setdefault(address.kind, []).append(address.name)
    findings: list[Finding] = []
    resources = {address: _expanded(item, names, findings) for address, item in found.items()}
    return replace(desired, resources={**desired.resources, **resources}), findings


def _fields(item: DesiredResource) -> list[Field]:
    return [field for field in _granting(item.address.kind) if item.config.get(field.name)]


def _expanded(item: DesiredResource, names: dict[str, list[str]], findings: list[Finding]) -> DesiredResource:
    config, references = dict(item.config), list(item.references)
    for field in _fields(item):
        grants: list[dict[str, Any]] = []
        for place, each in enumerate(config[field.name]):
            target, kind = each["target"], BY_CORE[each["target"]["type"]].name
            if not is_pattern(target["id"]):
                grants.append(each)
                continue
            search = pattern(target["id"]).search
            fitting = [name for name in names.get(kind, ()) if search(name)]
            if not fitting:
                message = f"{item.address} gives a permission on {kind}/{target['id']}, and there is no such {kind}"
                findings.append(Finding("no-match", "note", message, "", (item.address,)))
            written = partial(_written, item, f"config/{field.name}/{place}/target")
            for name in fitting:
                grants.append({**each, "target": {**target, "id": name}})
                references.append(Reference(Address(kind, name), f"{field.name}/{place}/target", written))
        config[field.name] = settled(grants)
    return replace(item, config=config, references=tuple(references))


def _written(item: DesiredResource, pointer: str) -> Span:
    return item.origin(pointer) or item.span
