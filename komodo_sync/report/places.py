"""Where a plan's resources are declared, as machines want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Finding, Plan


class Place(Data, frozen=True):
    """A place in a file; line and column from 1."""

    file: str
    line: int
    column: int


def place_of(source: str) -> Place | None:
    """The place that `file:line:col` names; None for anything else."""
    parts = source.rsplit(":", 2)
    if len(parts) < 3 or not all(part.isascii() and part.isdecimal() and int(part) for part in parts[1:]):
        return None
    return Place(parts[0], int(parts[1]), int(parts[2]))


def places(plan: Plan) -> dict[Address, Place]:
    """The places of the declared resources."""
    found = {resource.address: place_of(resource.source) for resource in plan.resources}
    return {address: place for address, place in found.items() if place}


def place_of_finding(finding: Finding, known: Mapping[Address, Place]) -> Place | None:
    """The place of the first resource that it concerns and that has one."""
    return next((known[address] for address in finding.addresses if address in known), None)
