"""What needs what: one edge for each pair, in three notations, whatever the names are."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from planning_worlds import at, declared, desired

from komodo_sync.model.dependencies import Dependencies, Edge
from komodo_sync.model.sealed import Sealed
from komodo_sync.planning.graph import dependencies
from komodo_sync.report.graph import graph_dot, graph_mermaid, graph_text

WORLD = dependencies(
    desired(
        declared("stack/web", {"server_id": "prod", "linked_repo": "site"}, after=["stack/db"]),
        declared("stack/db", {"server_id": "prod"}),
        declared("server/prod"),
    )
)


def test_references_and_order() -> None:
    assert WORLD.declared == (at("server/prod"), at("stack/db"), at("stack/web"))
    assert WORLD.elsewhere == (at("repo/site"),)
    assert [(str(edge.source), str(edge.target), bool(edge.fields), edge.after) for edge in WORLD.edges] == [
        ("stack/db", "server/prod", True, False),
        ("stack/web", "repo/site", True, False),
        ("stack/web", "server/prod", True, False),
        ("stack/web", "stack/db", False, True),
    ]


def test_variables_are_edges_also_beside_a_secret_and_the_command_of_a_wrapper_is_none() -> None:
    pairs = {"TOKEN": Sealed("hunter2 [[NO]]"), "A": "[[REGION]]", "B": "[[ ZONE ]]"}
    config = {"environment": Sealed("x", pairs), "compose_cmd_wrapper": "op run -- [[COMPOSE_COMMAND]]"}
    graph = dependencies(desired(declared("stack/web", config)))
    assert [str(edge.target) for edge in graph.edges] == ["variable/REGION", "variable/ZONE"]


def test_a_reference_that_is_also_an_order_is_one_edge() -> None:
    graph = dependencies(
        desired(declared("deployment/a", {"server_id": "s"}, after=["server/s"]), declared("server/s"))
    )
    [edge] = graph.edges
    assert (bool(edge.fields), edge.after) == (True, True)


def test_a_variable_in_a_text_is_needed_too() -> None:
    graph = dependencies(
        desired(
            declared("stack/a", {"environment": "A=[[REGION]]\nB=[[ ZONE ]]\n", "extra_args": ["--x=[[REGION]]"]}),
            declared("variable/REGION", {"value": "eu"}),
        )
    )
    assert [(str(edge.target), edge.fields) for edge in graph.edges] == [
        ("variable/REGION", ("environment", "extra_args")),
        ("variable/ZONE", ("environment",)),
    ]
    assert graph.elsewhere == (at("variable/ZONE"),)


SMALL = Dependencies(
    (at("stack/db"), at("stack/web")),
    (at("server/p"),),
    (
        Edge(at("stack/web"), at("server/p"), ("server_id",)),
        Edge(at("stack/web"), at("stack/db"), after=True),
    ),
)


def test_text() -> None:
    assert graph_text(SMALL) == (
        "stack/db\nstack/web\n  -> server/p  (server_id; declared nowhere)\n  -> stack/db  (after)\n"
    )


def test_mermaid() -> None:
    assert graph_mermaid(SMALL) == (
        "flowchart LR\n"
        '  n0["stack/db"]\n  n1["stack/web"]\n  n2["server/p"]\n'
        '  n1 -->|"server_id"| n2\n  n1 -.->|"after"| n0\n'
        "  classDef elsewhere stroke-dasharray: 4\n  class n2 elsewhere\n"
    )


def test_dot() -> None:
    assert graph_dot(SMALL) == (
        "digraph komodo {\n  rankdir=LR;\n  node [shape=box];\n"
        '  "stack/db";\n  "stack/web";\n  "server/p" [style=dashed];\n'
        '  "stack/web" -> "server/p" [label="server_id"];\n'
        '  "stack/web" -> "stack/db" [label="after", style=dotted];\n}\n'
    )


@given(st.text(min_size=1, max_size=20))
def test_no_name_breaks_out_of_its_quotes(name: str) -> None:
    graph = dependencies(desired(declared(f"server/{name}"), declared("swarm/s", {"server_ids": [name]})))
    for line in graph_mermaid(graph).splitlines()[1:]:
        assert re.fullmatch(r'  n\d(?:\["[^"]*"\]| -->\|"[^"]*"\| n\d)', line), line
    for line in graph_dot(graph).splitlines()[3:-1]:
        text = r'"(?:[^"\\]|\\.)*"'
        assert re.fullmatch(rf"  {text}(?: -> {text} \[label={text}\])?;", line), line
    assert len(graph_text(graph).splitlines()) == 3
