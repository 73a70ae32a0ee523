"""Order among things that need each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

Node = TypeVar("Node")


class CycleError(ValueError):
    """`cycle` is the ring of nodes, its first repeated at the end."""

    def __init__(self, cycle: tuple[Any, ...]) -> None:
        super().__init__(" -> ".join(map(str, cycle)))
        self.cycle = cycle


def waves(nodes: Iterable[Node], needs: Mapping[Node, Collection[Node]]) -> list[list[Node]]:
    """The nodes in waves: each node comes in the first wave after all that it needs; in a wave they keep their order.

    Needs that are not among the nodes are taken as met. Raises CycleError.
    """
    order = list(nodes)
    known = set(order)
    missing = {node: {need for need in needs.get(node, ()) if need in known and need != node} for node in order}
    dependents: dict[Node, list[Node]] = {}
    for node, wanted in missing.items():
        for need in wanted:
            dependents.setdefault(need, []).append(node)
    position = {node: index for index, node in enumerate(order)}
    result: list[list[Node]] = []
    ready = [node for node in order if not missing[node]]
    placed = 0
    while ready:
        result.append(ready)
        placed += len(ready)
        following: set[Node] = set()
        for node in ready:
            for dependent in dependents.get(node, ()):
                missing[dependent].discard(node)
                if not missing[dependent]:
                    following.add(dependent)
        ready = sorted(following, key=position.__getitem__)
    if placed < len(order):
        raise CycleError(find_cycle({node: wanted for node, wanted in missing.items() if wanted}))
    return result


def find_cycle(needs: Mapping[Node, Collection[Node]]) -> tuple[Node, ...]:
    """Some ring in `needs`, its first node repeated at the end; () if there is none. Iterative: depth is no limit."""
    done: set[Node] = set()
    for start in needs:
        path: list[Node] = []
        on_path: set[Node] = set()
        stack: list[tuple[Node, bool]] = [(start, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                path.pop()
                on_path.discard(node)
                done.add(node)
                continue
            if node in on_path:
                return (*path[path.index(node) :], node)
            if node in done:
                continue
            path.append(node)
            on_path.add(node)
            stack.append((node, True))
            stack.extend((need, False) for need in needs.get(node, ()))
    return ()
