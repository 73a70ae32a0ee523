"""Through what a value came to a resource, found when somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data, field
from komodo_sync.source.nodes import Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence as SequenceOf

    from komodo_sync.model.diagnostic import Span
    from komodo_sync.source.nodes import Node

Place = tuple[str, int, int]


class Layer(Data, frozen=True):
    """One of the things of which a resource is laid together. `name` is for people; empty for its own entry."""

    name: str
    node: Mapping


class Provenance(Data):
    """Answers for a pointer the name of the layer in which its value is written; "" for the resource's own entry, and
    for what is not written at all. `origin` gives the place of a pointer; `layers` are the lowest first."""

    origin: Callable[[str], Span | None]
    layers: SequenceOf[Layer]
    _names: dict[Place, str] = field(default_factory=dict)

    def __call__(self, pointer: str) -> str:
        span = self.origin(pointer)
        if span is None:
            return ""
        if not self._names:
            self._names = {place: layer.name for layer in self.layers for place in _places(layer.node)}
        return self._names.get((span.file, span.line, span.column), "")


def _places(root: Node) -> set[Place]:
    """Where everything in a node stands."""
    found: set[Place] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        found.add((node.source.name, node.line, node.column))
        if isinstance(node, Mapping):
            waiting += [part for pair in node.items for part in pair]
        elif isinstance(node, Sequence):
            waiting += node.items
    return found
