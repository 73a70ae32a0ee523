"""Results in every format: printed, and written beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shell import Shell, write

if TYPE_CHECKING:
    from pathlib import Path

    from komodo_sync.simulator import EmbeddedCore

MANIFEST = "stacks:\n  - name: web\n    description: ping @all\n"


@pytest.fixture
def declared(work: Path, core: EmbeddedCore) -> None:
    """One stack that is not there yet."""
    write(work, {"m.yaml": MANIFEST})


@pytest.mark.usefixtures("declared")
def test_markdown_is_printed_and_written(shell: Shell, work: Path) -> None:
    said = shell.good("plan", "m.yaml", "--format", "markdown", "--report", "markdown=a/plan.md", "--out", "plan.json")
    assert said.out == (work / "a/plan.md").read_text()
    assert said.out.startswith("<!-- komodo-sync plan ")
    assert "+ ping @all" in said.out
    assert shell.good("show", "plan.json", "--format", "markdown").out == said.out
    applied = shell.good("apply", "m.yaml", "--yes", "--format", "markdown").out
    assert applied.startswith(said.out.splitlines()[0].replace(" plan ", " apply "))
    assert "✅ Done: 1 change" in applied


@pytest.mark.usefixtures("declared")
def test_markdown_keeps_to_its_room(shell: Shell, work: Path) -> None:
    many = "".join(f"  - {{name: web-{n:04}, description: the number {n}}}\n" for n in range(60))
    write(work, {"m.yaml": f"stacks:\n{many}"})
    said = shell.good("plan", "m.yaml", "--format", "markdown", "--max-bytes", "4096")
    assert len(said.out.encode()) <= 4096
    assert "Left out for want of room" in said.out
    assert shell("plan", "m.yaml", "--max-bytes", "4000").code == 64


def test_unowned_knows_two_formats(shell: Shell, core: EmbeddedCore) -> None:
    said = shell("plan", "--unowned", "--format", "markdown")
    assert said.code == 64
    assert "--unowned has no format markdown" in said.err
    assert shell("plan", "--unowned", "--report", "markdown=x").code == 64
