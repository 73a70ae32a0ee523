"""Desired -> Dependencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds.mentions import variables_used
from komodo_sync.model.address import Address
from komodo_sync.model.dependencies import Dependencies, Edge

if TYPE_CHECKING:
    from komodo_sync.model.desired import Desired


def dependencies(desired: Desired) -> Dependencies:
    """Every reference, every variable that a text names, and every `after`; two resources are joined by one edge in
    each direction at most."""
    edges = []
    named: set[Address] = set()
    for address, resource in desired.resources.items():
        fields: dict[Address, dict[str, None]] = {}
        for reference in resource.references:
            fields.setdefault(reference.target, {})[reference.pointer.split("/")[0]] = None
        for field, value in resource.config.items():
            for name in variables_used(value):
                fields.setdefault(Address("variable", name), {})[field] = None
        for target in {**fields, **dict.fromkeys(resource.after)}:
            edges.append(Edge(address, target, tuple(fields.get(target, ())), target in resource.after))
            named.add(target)
    elsewhere = named - desired.resources.keys()
    return Dependencies(tuple(sorted(desired.resources)), tuple(sorted(elsewhere)), tuple(sorted(edges)))
