"""What docs/manifests.md shows of reuse is what happens."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from pages import commands, files, sections

from komodo_sync.cli.entry import cli

if TYPE_CHECKING:
    from pathlib import Path

REUSE = {title: text for title, text in sections("manifests.md", "Reuse").items() if title}


@pytest.mark.parametrize("title", REUSE)
def test_an_example_of_reuse_says_what_is_said(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in files(REUSE[title]).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    run = commands(REUSE[title])
    assert run
    for command in run:
        result = CliRunner().invoke(cli, shlex.split(command.line)[1:], standalone_mode=False)
        assert result.exception is None, result.output
        said = result.stdout.splitlines()
        assert command.output
        assert [line for line in said if line in command.output] == command.output, result.stdout
