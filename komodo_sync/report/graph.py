"""Dependencies as text, as a Mermaid flowchart, and in Graphviz's dot language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.report.layout import safe

if TYPE_CHECKING:
    from komodo_sync.model.address import Address
    from komodo_sync.model.dependencies import Dependencies, Edge


def graph_text(graph: Dependencies) -> str:
    """Each resource with what it needs below it."""
    elsewhere = set(graph.elsewhere)
    needs: dict[Address, list[Edge]] = {address: [] for address in graph.declared}
    for edge in graph.edges:
        needs[edge.source].append(edge)
    lines = []
    for address, edges in needs.items():
        lines.append(_name(address))
        for edge in edges:
            aside = "; declared nowhere" if edge.target in elsewhere else ""
            lines.append(f"  -> {_name(edge.target)}  ({_why(edge)}{aside})")
    return "".join(f"{line}\n" for line in lines)


def graph_mermaid(graph: Dependencies) -> str:
    """A flowchart; what is declared nowhere has a dashed border, `after` alone a dotted arrow."""
    ids = _ids(graph)
    lines = ["flowchart LR", *(f'  {ids[address]}["{_mermaid(_name(address))}"]' for address in ids)]
    for edge in graph.edges:
        arrow = "-->" if edge.fields else "-.->"
        lines.append(f'  {ids[edge.source]} {arrow}|"{_mermaid(_why(edge))}"| {ids[edge.target]}')
    if graph.elsewhere:
        lines.append("  classDef elsewhere stroke-dasharray: 4")
        lines.append(f"  class {','.join(ids[address] for address in graph.elsewhere)} elsewhere")
    return "".join(f"{line}\n" for line in lines)


def graph_dot(graph: Dependencies) -> str:
    """A digraph; styles as in the flowchart."""
    lines = ["digraph komodo {", "  rankdir=LR;", "  node [shape=box];"]
    lines += [f"  {_dot(_name(address))};" for address in graph.declared]
    lines += [f"  {_dot(_name(address))} [style=dashed];" for address in graph.elsewhere]
    for edge in graph.edges:
        style = "" if edge.fields else ", style=dotted"
        ends = f"{_dot(_name(edge.source))} -> {_dot(_name(edge.target))}"
        lines.append(f"  {ends} [label={_dot(_why(edge))}{style}];")
    return "".join(f"{line}\n" for line in [*lines, "}"])


def _ids(graph: Dependencies) -> dict[Address, str]:
    return {address: f"n{index}" for index, address in enumerate((*graph.declared, *graph.elsewhere))}


def _name(address: Address) -> str:
    return safe(str(address))


def _why(edge: Edge) -> str:
    return ", ".join([*edge.fields, *(["after"] if edge.after else [])])


def _mermaid(text: str) -> str:
    """Text between quotes, where entities are written with # instead of &."""
    return "".join(char if char.isalnum() or char in " _-./,:" else f"#{ord(char)};" for char in text)


def _dot(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
