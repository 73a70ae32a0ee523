"""`explain` and `graph` through the command line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from shell import Shell

    from komodo_sync.simulator import EmbeddedCore

MANIFEST = """\
servers: [{name: prod}]
stacks:
  - name: web
    after: [stack/db]
    config: {server: prod, repo: acme/web, branch: dev, environment: {TOKEN: hunter2, PORT: 80}}
  - {name: db, config: {server: prod, repo: acme/db}}
"""


@pytest.fixture
def manifests(work: Path) -> Path:
    (work / "komodo-sync.yaml").write_text("owner: me\n")
    (work / "m.yaml").write_text(MANIFEST)
    return work


def test_explain_without_a_core(shell: Shell, manifests: Path) -> None:
    said = shell.good("explain", "stack/web")
    assert "  config/branch             dev  (m.yaml:5:44)\n" in said.out
    [token] = [line for line in said.out.splitlines() if "TOKEN" in line]
    assert token.split() == ["config/environment/TOKEN", "(secret)", "(m.yaml:5:71)"]
    assert "config/auto_pull " in said.out.partition("Komodo's default")[2]
    assert "hunter2" not in said.all


@pytest.mark.parametrize("option", ["--url", "--key", "--secret", "--profile"])
def test_a_core_that_would_not_be_asked_is_wrong_usage(shell: Shell, manifests: Path, option: str) -> None:
    said = shell("explain", "stack/web", option, "x")
    assert (said.code, said.out) == (64, "")
    assert f"{option} is for --live" in said.err
    assert "add --live" in said.err


def test_explain_tells_the_timeout_of_the_settings(shell: Shell, manifests: Path) -> None:
    assert "timeout" not in shell.good("explain", "stack/web").out
    (manifests / "komodo-sync.yaml").write_text("timeouts: {stack: 1h, 'stack/w*': 20m}\n")
    assert "  timeout " in shell.good("explain", "stack/web").out
    assert "1200 seconds  (komodo-sync.yaml:1:23)\n" in shell.good("explain", "stack/web").out
    assert "3600 seconds  (komodo-sync.yaml:1:12)\n" in shell.good("explain", "stack/db").out


def test_explain_with_what_is_live(shell: Shell, manifests: Path, core: EmbeddedCore) -> None:
    assert "Not in the Core: apply would create it." in shell.good("explain", "stack/web", "--live").out
    shell.good("apply", "--yes")
    assert "live: " not in shell.good("explain", "stack/web", "--live").out
    (manifests / "m.yaml").write_text(MANIFEST.replace("branch: dev", "branch: next").replace("hunter2", "hunter3"))
    said = shell.good("explain", "stack/web", "--live")
    assert "next  (m.yaml:5:44)\n    live: dev\n" in said.out
    assert said.out.count("live: ") == 2
    assert "hunter" not in said.all


@pytest.mark.parametrize(
    ("text", "error", "help"),
    [
        ("stack/wbe", "no manifest declares stack/wbe", "did you mean stack/web?"),
        ("web", "'web' is not an address", "did you mean stack/web?"),
        ("stacks/web", "no manifest declares stacks/web", "did you mean stack/web?"),
        ("nope", "'nope' is not an address", "one of server/prod, stack/db, stack/web"),
        ("stack/nothing", "no manifest declares stack/nothing", "one of stack/db, stack/web"),
        ("build/x", "no manifest declares build/x", "one of server/prod, stack/db, stack/web"),
    ],
)
def test_a_resource_that_is_not_declared(shell: Shell, manifests: Path, text: str, error: str, help: str) -> None:  # noqa: A002
    said = shell("explain", text)
    assert (said.code, said.out) == (64, "")
    assert said.err.endswith(f"error: {error}\nhelp: {help}\n")


@pytest.mark.parametrize("text", ["nope", "stack/nope"])
def test_a_resource_of_manifests_that_declare_none(shell: Shell, manifests: Path, text: str) -> None:
    (manifests / "m.yaml").write_text("stacks: []\n")
    said = shell("explain", text)
    assert said.code == 64
    error, _, help_text = said.err.partition("help: ")
    assert "stack/web" in help_text
    assert "stack/web" not in error


def test_manifests_that_cannot_be_read(shell: Shell, manifests: Path) -> None:
    (manifests / "m.yaml").write_text("stacks: [{name: web, depoly: true}]\nstakcs: [{name: db}]\n")
    for command in (("explain", "stack/db"), ("graph",)):
        said = shell(*command)
        assert (said.code, said.out) == (1, "")
        assert "KS020" in said.err


def test_graph(shell: Shell, manifests: Path) -> None:
    assert shell.good("graph").out == (
        "server/prod\nstack/db\n  -> server/prod  (server_id)\n"
        "stack/web\n  -> server/prod  (server_id)\n  -> stack/db  (after)\n"
    )
    assert shell.good("graph", "--format", "mermaid").out.startswith("flowchart LR\n")
    assert shell.good("graph", "--format", "dot").out.startswith("digraph komodo {\n")


def test_graph_as_a_picture(shell: Shell, manifests: Path) -> None:
    pytest.importorskip("pygraphviz", reason="pip has no wheel of pygraphviz for this machine")
    (manifests / "n.yaml").write_text("actions: [{name: 'a \"<b>\" & \\ [x]'}, {name: é}]\n")
    said = shell.good("graph", "--format", "svg")
    drawn = ElementTree.fromstring(said.out)
    space = {"svg": "http://www.w3.org/2000/svg"}
    texts = {text.text for text in drawn.iterfind(".//svg:g[@class='node']/svg:text", space)}
    assert texts == {"stack/web", "stack/db", "server/prod", 'action/a "<b>" & \\ [x]', "action/é"}
    assert len(drawn.findall(".//svg:g[@class='edge']", space)) == 3
    assert said.err == ""


def test_a_picture_without_the_library(shell: Shell, manifests: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    said = shell("graph", "--format", "svg")
    assert (said.code, said.out) == (1, "")
    assert "pip install pygraphviz" in said.err
