"""Who needs whom among what is declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from komodo_sync.model.address import Address


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """`source` needs `target`: it names it in the fields `fields`, or is declared to come after it (`after`)."""

    source: Address
    target: Address
    fields: tuple[str, ...] = ()
    after: bool = False


@dataclass(frozen=True, slots=True)
class Dependencies:
    """`declared` are the nodes that manifests declare, `elsewhere` those that they only name. All in order."""

    declared: tuple[Address, ...]
    elsewhere: tuple[Address, ...]
    edges: tuple[Edge, ...]
