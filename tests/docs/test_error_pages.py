"""Every code has its page, and no page lies: its example gives that code and no other, its fix gives nothing."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from error_pages import FOLDER, INDEX, RETIRED, Example, example, index, page, section

from komodo_sync.cli.validate import validate
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from pathlib import Path


ALONGSIDE = {Code.NAME_COLLISION: {Code.NAME_CHANGES.value}}
"""Codes that cannot come alone: of two names that become one, one at least is changed."""


WITHOUT_LINE = {
    Code.UNREADABLE,
    Code.BINARY,
    Code.NOT_UTF8,
    Code.NO_MANIFESTS,
    Code.NOTHING_DECLARED,
    Code.SETTINGS_MISSING,
}
"""Codes about a file whose lines cannot be shown, or that has none."""


def found(given: Example, folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The codes that validate gives, each with its way out and the line that it means."""
    for name, text in given.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(folder)
    subprocess.run(["sh", "-ec", given.script], check=True, cwd=folder)
    result = CliRunner().invoke(validate, ["--format", "json", *given.arguments], standalone_mode=False)
    assert result.exception is None, result.exception
    diagnostics = json.loads(result.stdout)["diagnostics"]
    for item in diagnostics:
        assert item["help"], item
        assert item["excerpt"] or item["code"] in WITHOUT_LINE, item
    return {item["code"] for item in diagnostics}


@pytest.mark.parametrize("code", Code)
def test_the_example_of_a_page_gives_its_code_alone(
    code: Code, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if RETIRED not in page(code):
        expected = {code.value} | ALONGSIDE.get(code, set())
        assert found(example(section(page(code), "Example")), tmp_path, monkeypatch) == expected


@pytest.mark.parametrize("code", Code)
def test_the_fix_of_a_page_gives_nothing(code: Code, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if RETIRED not in page(code):
        assert found(example(section(page(code), "Fix")), tmp_path, monkeypatch) == set()


@pytest.mark.parametrize("code", Code)
def test_a_page_begins_with_its_code_and_cause(code: Code) -> None:
    assert page(code).startswith(f"# {code.value}\n\n{code.cause}\n\n")


def test_codes_and_pages_are_the_same() -> None:
    assert {path.stem for path in FOLDER.glob("KS*.md")} == {code.value for code in Code}


def test_the_index_is_the_one_that_is_made() -> None:
    assert INDEX.read_text(encoding="utf-8") == index()
