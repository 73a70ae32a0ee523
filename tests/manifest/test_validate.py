"""`komodo-sync validate`: every finding, the count, the exit code; no Core and nothing heavy."""

# ruff: noqa: E501  one line a case
from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from komodo_sync.cli.validate import validate
from komodo_sync.errors import UsageError
from komodo_sync.model.diagnostic import Diagnostic, Severity, Span
from komodo_sync.report.diagnostics import counts, diagnostics_text

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: str) -> tuple[int, Result]:
    result = CliRunner().invoke(validate, arguments, standalone_mode=False)
    if result.exception is not None:
        raise result.exception
    return result.return_value, result


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_what_is_right(folder: Path) -> None:
    (folder / "a.yaml").write_text("stacks: [{name: a}, {name: b}]\n")
    (folder / "b.yaml").write_text("stacks: [{name: c}]\n")
    code, result = run(".")
    assert (code, result.stdout, result.stderr) == (0, "3 resources in 2 files, 0 errors\n", "")


def test_what_is_wrong_is_shown_with_its_line(folder: Path) -> None:
    (folder / "a.yaml").write_text("stacks:\n  - name: a\n    config:\n\t\tserver: x\n")
    (folder / "b.yaml").write_text("stacks:\n  - name: b\n    depoly: true\n    config: {server: prod, repo: a/b}\n")
    code, result = run(".")
    assert code == 1
    assert result.stdout == (
        "a.yaml:4:1: error[KS004]: a tab indents this line\n"
        "  \t\tserver: x\n"
        "  ^\n"
        "  help: indent it by spaces: YAML takes nothing else\n"
        "\n"
        "b.yaml:3:5: error[KS021]: unknown key `depoly`\n"
        "      depoly: true\n"
        "      ^^^^^^\n"
        "  help: did you mean deploy?\n"
        "\n"
        "b.yaml:4:22: warning[KS043]: no manifest declares server/prod\n"
        "      config: {server: prod, repo: a/b}\n"
        "                       ^^^^\n"
        "  help: else it must be in the Core, where plan will look for it\n"
        "\n"
        "1 resource in 2 files, 2 errors, 1 warning\n"
    )


def test_settings_name_the_manifests(folder: Path) -> None:
    (folder / "komodo-sync.yaml").write_text("manifests: [in]\n")
    (folder / "in").mkdir()
    (folder / "in" / "a.yaml").write_text("stacks: [{name: a}]\n")
    (folder / "out.yaml").write_text("broken: [\n")
    code, result = run()
    assert (code, result.stdout) == (0, "1 resource in 1 file, 0 errors\n")


def test_broken_settings(folder: Path) -> None:
    (folder / "komodo-sync.yaml").write_text("own: x\n")
    code, result = run()
    assert code == 1
    assert "komodo-sync.yaml:1:1: error[KS021]" in result.stdout


def test_what_is_wrong_with_settings_and_manifests_is_told_at_once(folder: Path) -> None:
    (folder / "komodo-sync.yaml").write_text("onwer: x\nprune: perhaps\nvars: {r: a/b}\n")
    (folder / "a.yaml").write_text("stacks: [{name: a, depoly: true, config: {repo: '${var:r}'}}]\n")
    code, result = run("--format", "json")
    found = [(item["code"], item["place"]["file"]) for item in json.loads(result.stdout)["diagnostics"]]
    assert code == 1
    assert found == [("KS021", "a.yaml"), ("KS021", "komodo-sync.yaml"), ("KS023", "komodo-sync.yaml")]


@pytest.mark.parametrize("line", ["vars: [r]", "varz: {r: a/b}", "manifests: x", "targets: {a: {vars: 1}}", "vars:"])
def test_nothing_is_told_that_only_follows_from_wrong_settings(folder: Path, line: str) -> None:
    (folder / "komodo-sync.yaml").write_text(f"{line}\n")
    (folder / "a.yaml").write_text("stacks: [{name: a, config: {repo: '${var:r}'}}]\n")
    code, result = run("--format", "json")
    assert code == 1
    assert {item["place"]["file"] for item in json.loads(result.stdout)["diagnostics"]} == {"komodo-sync.yaml"}


def test_what_is_wrong_in_a_target_that_is_not_in_use_hides_nothing(folder: Path) -> None:
    (folder / "komodo-sync.yaml").write_text("targets: {a: {ownr: x}}\n")
    (folder / "a.yaml").write_text("stacks: [{name: a, depoly: true, config: {repo: a/b}}]\n")

    def told(*words: str) -> list[tuple[str, str]]:
        code, result = run("--format", "json", *words)
        assert code == 1
        return [(item["code"], item["place"]["file"]) for item in json.loads(result.stdout)["diagnostics"]]

    assert told() == [("KS021", "a.yaml"), ("KS021", "komodo-sync.yaml")]
    assert told("--target", "a") == told("--target", "b") == [("KS021", "komodo-sync.yaml")]


def test_nothing_to_check(folder: Path) -> None:
    with pytest.raises(UsageError):
        run()
    code, result = run("none")
    assert code == 1
    assert "none:1:1: error[KS013]: there is no such file or folder" in result.stdout


def test_quiet_shows_errors_alone(folder: Path) -> None:
    (folder / "a.yaml").write_text("stacks: [{name: a, config: {server: b}}]\n")
    code, result = run("-q", ".")
    assert (code, result.stdout) == (0, "")


def test_nothing_heavy_is_imported(folder: Path) -> None:
    (folder / "a.yaml").write_text("stacks: [{name: a}]\n")
    program = (
        "import sys; from komodo_sync.cli.validate import validate; validate(['.'], standalone_mode=False);"
        "print([name for name in ('httpx', 'deepdiff', 'pydantic', 'rich') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines() == ["1 resource in 1 file, 0 errors", "[]"]


def diagnostic(message: str, excerpt: str, column: int, length: int = 0) -> Diagnostic:
    return Diagnostic("KS021", Severity.ERROR, message, Span("f.yaml", 1, column, length), "h", excerpt)


def test_control_characters_of_the_input_are_not_printed() -> None:
    text = diagnostics_text([diagnostic("x\x1b[31m", "a\x1b[2J: \u202ex", 1)])
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_the_caret_stands_below_its_place_behind_tabs() -> None:
    lines = diagnostics_text([diagnostic("x", "\ta: b", 5, 1)]).splitlines()
    assert lines[1:3] == ["  \ta: b", "  \t   ^"]


def test_a_caret_never_leaves_its_line() -> None:
    lines = diagnostics_text([diagnostic("x", "a: (secret)", 4, 99), diagnostic("x", "a", 9)]).splitlines()
    assert lines[2] == "     ^^^^^^^^"
    assert lines[5:8] == ["f.yaml:1:9: error[KS021]: x", "  a", "  help: h"]


def test_color_and_counts() -> None:
    item = diagnostic("x", "a", 1)
    assert "\x1b[1;31merror[KS021]\x1b[0m" in diagnostics_text([item], color=True)
    warning = Diagnostic("KS043", Severity.WARNING, "x")
    assert counts([item, warning, item]) == "2 errors, 1 warning"
    assert counts([]) == "0 errors"
    assert diagnostics_text([warning]) == "warning[KS043]: x\n"


DANGLING = "stacks:\n- name: web\n  config: {server: prod, repo: a/b}\n"


def test_strict_lets_warnings_fail(folder: Path) -> None:
    (folder / "a.yaml").write_text(DANGLING)
    assert run(".")[0] == 0
    code, result = run("--strict", "-q", ".")
    assert code == 1
    assert "warning[KS043]" in result.stdout
    (folder / "a.yaml").write_text(DANGLING.rstrip() + "  # komodo-sync: ignore KS043 because by hand\n")
    assert run("--strict", ".")[0] == 0


def test_what_is_silenced_is_counted_and_told_with_v(folder: Path) -> None:
    (folder / "a.yaml").write_text(DANGLING.rstrip() + "  # komodo-sync: ignore KS043 because by hand\n")
    assert run(".")[1].stdout == "1 resource in 1 file, 0 errors, 1 silenced\n"
    first, *_ = run("-v", ".")[1].stdout.splitlines()
    assert first == "a.yaml:3:20: silenced[KS043]: no manifest declares server/prod, because by hand"


def test_formats_for_machines(folder: Path) -> None:
    (folder / ".git").mkdir()
    (folder / "deploy").mkdir()
    (folder / "deploy" / "komodo-sync.yaml").write_text("owner: me\n")
    (folder / "deploy" / "a.yaml").write_text("stacks: [{name: web, depoly: true}]\n")
    settings = ("--settings", "deploy/komodo-sync.yaml")
    code, result = run("--format", "json", *settings)
    assert code == 1
    assert json.loads(result.stdout)["diagnostics"][0]["place"]["file"] == "a.yaml"
    code, result = run("--format", "github", *settings)
    assert (code, result.stdout.splitlines()) == (
        1, ["::error file=deploy/a.yaml,line=1,col=22,endColumn=28,title=KS021::unknown key `depoly`%0Ahelp: did you mean deploy?"]
    )  # fmt: skip
    code, result = run("--format", "sarif", *settings)
    [found] = json.loads(result.stdout)["runs"][0]["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "deploy/a.yaml"


def test_what_cannot_be_read_at_all_has_formats_too(folder: Path) -> None:
    code, result = run("--format", "json", "nowhere")
    assert (code, json.loads(result.stdout)["diagnostics"][0]["code"]) == (1, "KS013")


def test_a_caret_stands_below_what_it_means_also_behind_wide_letters(folder: Path) -> None:
    (folder / "a.yaml").write_text("stacks:\n  - {name: a, description: 日本, depoly: 1, 🦎: 1}\n", encoding="utf-8")
    lines = run("a.yaml")[1].stdout.splitlines()
    below = [(lines[at - 1], line) for at, line in enumerate(lines) if line.strip("^ ") == "" and "^" in line]
    meant = []
    for above, caret in below:
        begin, end = caret.index("^"), len(caret)
        meant.append("".join(char for at, char in columns(above) if begin <= at < end))
    assert meant == ["depoly", "🦎"]


def columns(line: str) -> list[tuple[int, str]]:
    found, at = [], 0
    for char in line:
        found.append((at, char))
        at += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return found
