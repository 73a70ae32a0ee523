"""Who needs whom among what is declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from komodo_sync.model.address import Address


class Edge(Data, frozen=True, order=True):
    """`source` needs `target`: it names it in the fields `fields`, or is declared to come after it (`after`)."""

    source: Address
    target: Address
    fields: tuple[str, ...] = ()
    after: bool = False


class Dependencies(Data, frozen=True):
    """`declared` are the nodes that manifests declare, `elsewhere` those that they only name. All in order."""

    declared: tuple[Address, ...]
    elsewhere: tuple[Address, ...]
    edges: tuple[Edge, ...]
