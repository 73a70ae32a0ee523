"""Resources that need each other in a circle.

References alone may go round: one of the resources is created without its reference, which is written once the other is
there. What `after` says cannot, and neither can a reference of a resource to itself that the Core refuses.
"""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import TargetsShape
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.manifest.findings import Findings
    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Reference
    from komodo_sync.model.diagnostic import Span
    from komodo_sync.source.nodes import Scalar

Order = dict["Address", dict["Address", "Scalar"]]
"""For each resource what it is to come after, and where that was written."""


def check_cycles(declared: Mapping[Address, Declared], order: Order, findings: Findings) -> None:
    """Every circle that `after` has a part in is reported once, and cut open to find the next; and every resource that
    refers to itself."""
    for address, item in declared.items():
        for each in item.resource.references:
            if each.target == address and _is_refused(each):
                _report(Code.REFERENCE_CYCLE, item, [address, address], each.span, "take the reference out", findings)
                break
    graph = _graph(declared, order)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError:
        for source, targets in order.items():
            for target in targets:
                way = _way(graph, target, source)
                if way:
                    circle = [source, *way]
                    start = circle.index(min(circle[:-1]))
                    walk = [*circle[start:-1], *circle[: start + 1]]
                    first = next(step for step in pairwise(walk) if step[1] in order.get(step[0], {}))
                    span = order[first[0]][first[1]].span()
                    way_out = "take one of them out of after"
                    _report(Code.AFTER_CYCLE, declared[first[0]], walk, span, way_out, findings)
                    graph[source].discard(target)


def _graph(declared: Mapping[Address, Declared], order: Order) -> dict[Address, set[Address]]:
    """Who needs whom; what only refers to what refers to nothing, as most do, is in no circle and left out."""
    referring = {address for address, item in declared.items() if item.resource.references} | order.keys()
    graph: dict[Address, set[Address]] = {}
    for address in referring:
        targets = set(order.get(address, ()))
        for each in declared[address].resource.references:
            target = each.target
            if target in referring and target != address:
                targets.add(target)
        if targets:
            graph[address] = targets
    return {address: inner for address, targets in graph.items() if (inner := targets & graph.keys())}


def _way(graph: Mapping[Address, set[Address]], start: Address, end: Address) -> list[Address]:
    """A shortest way from one to the other, both included; empty where there is none."""
    came: dict[Address, Address] = {}
    waiting = [start]
    while waiting and end not in came and start != end:
        following = []
        for at in waiting:
            for target in sorted(graph.get(at, ())):
                if target not in came and target != start:
                    came[target] = at
                    following.append(target)
        waiting = following
    if start != end and end not in came:
        return []
    way = [end]
    while way[-1] != start:
        way.append(came[way[-1]])
    return way[::-1]


def _is_refused(reference: Reference) -> bool:
    """Whether the Core refuses it where a resource refers so to itself: an alerter may be about itself."""
    field = KINDS[reference.target.kind].fields().get(reference.pointer.partition("/")[0])
    return field is None or not isinstance(field.shape, TargetsShape)


def _report(code: Code, item: Declared, walk: list[Address], span: Span, way_out: str, findings: Findings) -> None:
    drawn = " -> ".join(map(str, walk))
    findings.diagnostics.append(
        item.source(span).diagnostic(
            code, f"a circle: {drawn}", span.line, span.column, length=span.length, help=way_out
        )
    )
