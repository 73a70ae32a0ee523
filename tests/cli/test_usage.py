"""The command line itself: help, completion, wrong usage."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from shell import Shell, process, write

from komodo_sync.cli.commands import COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

    from komodo_sync.simulator import EmbeddedCore

# init asks: without a terminal it refuses, which is no wrong usage
NEEDS_NOTHING = {"demo", "doctor", "init", "schema", "simulate"}


def test_help_of_all(shell: Shell) -> None:
    said = shell.good("--help")
    for name, sentence in COMMANDS.items():
        assert f"{name} " in said.out
        assert sentence.split()[0] in said.out
    assert shell.good("-h").out == said.out


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_explains_every_option(shell: Shell, command: str) -> None:
    text = shell.good(command, "--help").out
    assert text.startswith(f"Usage: komodo-sync {command}")
    assert max(map(len, text.splitlines())) <= 80
    options = text.partition("Options:\n")[2].splitlines()
    for line, following in zip(options, [*options[1:], ""], strict=True):
        if line.startswith("  -"):
            # the words stand beside the option, or in the next line
            explained = len(line.strip().split("  ")) > 1 or following.startswith("   ")
            assert explained, line


@pytest.mark.parametrize("command", COMMANDS)
def test_wrong_usage_is_64_for_every_command(shell: Shell, command: str) -> None:
    for words in (["--no-such-option"], ["a", "b", "c", "--format", "xml"]):
        said = shell(command, *words)
        assert (said.code, said.out) == (64, "")
        assert f"komodo-sync {command} --help" in said.err
        assert said.err.splitlines()[-1].startswith("help: ")


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - NEEDS_NOTHING))
def test_nothing_given_is_64_and_says_what_is_missing(
    shell: Shell, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KOMODO_CLI_HOST", raising=False)
    said = shell(command)
    assert (said.code, said.out) == (64, "")
    assert said.err.splitlines()[-1].startswith("help: ")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_can_be_told_to_say_more_or_less(shell: Shell, command: str) -> None:
    text = shell.good(command, "--help").out
    assert "-v, --verbose" in text
    assert "-q, --quiet" in text


def test_more_says_which_core_and_settings_are_meant(
    shell: Shell, core: EmbeddedCore, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(work, {"m.yaml": "stacks: [{name: web}]\n"})
    said = shell.good("plan", "-v", "m.yaml")
    assert "settings: none; the PATHs are the manifests\n" in said.err
    assert ", from KOMODO_CLI_HOST\n" in said.err
    assert "API key from KOMODO_CLI_KEY, its secret from KOMODO_CLI_SECRET\n" in said.err
    write(work, {"komodo-sync.yaml": "owner: me\n"})
    assert f"settings: {work / 'komodo-sync.yaml'}\n" in shell.good("plan", "-v").err


def test_an_unknown_command_names_the_nearest(shell: Shell) -> None:
    said = shell("aply")
    assert said.code == 64
    assert "No such command: aply. Did you mean apply?" in said.err
    assert f"There are: {', '.join(COMMANDS)}." in shell("frobnicate").err


def test_no_command_prints_the_help(shell: Shell) -> None:
    said = shell()
    assert (said.code, said.out) == (64, "")
    assert "Commands:" in said.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("plan", "m.yaml", "--select", "web"), ("--select web: web is not kind/name", "--select 'stack/web'")),
        (("plan", "m.yaml", "--prune"), ("without settings nothing is pruned", "komodo-sync.yaml")),
        (("plan", "m.yaml", "--report", "x.json"), ("--report x.json has no file", "--report text=FILE")),
        (("plan", "m.yaml", "--report", "xml=x"), ("there is no format xml", "text, json")),
        (("apply", "m.yaml", "--report", "json="), ("--report json= has no file", "--report json=FILE")),
        (("apply", "m.yaml", "--parallelism", "0"), ("--parallelism",)),
        (("apply", "m.yaml", "--allow-deletes", "-1"), ("--allow-deletes",)),
        (("apply", "m.yaml", "--timeout", "nan"), ("--timeout", "no number of seconds")),
        (("apply", "m.yaml", "--timeout", "1e400"), ("--timeout", "no number of seconds")),
        (("apply", "m.yaml", "--pause", "inf"), ("--pause", "no number of seconds")),
        (("run", "DeployStack", "web", "--timeout", "inf"), ("--timeout", "no number of seconds")),
        (("plan", "m.yaml", "--owner", "a\nb"), ("--owner has a line break", "short name")),
        (("plan", "m.yaml", "--url", "komodo.example.com"), ("https://", "--url")),
        (("simulate", "--fault", "oops"), ("unknown fault 'oops'", "UpdateStack=busy:3")),
    ],
)
def test_wrong_usage_has_its_way_out(
    shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    write(work, {"m.yaml": "stacks: [{name: web}]\n"})
    monkeypatch.setenv("KOMODO_CLI_HOST", "sim:")
    said = shell(*arguments)
    assert (said.code, said.out) == (64, "")
    for word in words:
        assert word in said.err


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
def test_completion(shell: Shell, name: str, tmp_path: Path) -> None:
    said = shell.good("completion", name)
    assert "_KOMODO_SYNC_COMPLETE" in said.out
    found = shutil.which(name)
    if found:
        script = tmp_path / "script"
        script.write_text(said.out)
        done = subprocess.run([found, "-n", str(script)], capture_output=True, text=True, timeout=30, check=False)
        assert (done.returncode, done.stderr) == (0, "")


def test_completion_knows_the_commands() -> None:
    env = {"_KOMODO_SYNC_COMPLETE": "bash_complete", "COMP_WORDS": "komodo-sync pl", "COMP_CWORD": "1"}
    assert "plan" in process(env=env).out


def test_version(shell: Shell) -> None:
    said = shell.good("--version")
    assert said.out.split()[0] == "komodo-sync"
    assert said.out.split()[1][0].isdigit()
    assert process("--version").out == said.out


@pytest.mark.parametrize("document", ["plan", "outcome"])
def test_schema(shell: Shell, document: str) -> None:
    assert shell.good("schema", document).json["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("address", ["https://u:canary@core", "https://core/?token=canary", "https://core/#canary"])
def test_what_may_be_secret_in_an_address_is_not_shown(
    shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("KOMODO_CLI_HOST", address)
    write(work, {"m.yaml": "stacks: [{name: web}]\n"})
    said = shell("plan", "m.yaml", "-vv")
    assert (said.code, "canary" in said.all) == (64, False)
    assert "KOMODO_CLI_HOST is no address of a Core: it " in said.err


@pytest.mark.parametrize(
    ("module", "code", "said"),
    [
        ("yaml", 1, "error: the library yaml is not installed, which this version needs\n"),
        ("komodo_sync.source.yaml", 70, "defect: ModuleNotFoundError"),
    ],
)
def test_a_library_that_is_not_there(tmp_path: Path, module: str, code: int, said: str) -> None:
    """As after a pull of a checkout whose libraries were installed before."""
    write(tmp_path, {"m.yaml": "stacks: []\n"})
    script = f"import sys; sys.modules['{module}'] = None; from komodo_sync.cli.entry import run; "
    done = subprocess.run(
        [sys.executable, "-c", script + "sys.exit(run(['validate']))"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(said)


def test_validate_takes_the_options_of_plan(shell: Shell, work: Path) -> None:
    """One list of options serves for both in CI: what is about the Core means nothing offline."""
    write(work, {"m.yaml": "stacks: [{name: '${var:NAME}'}]\n"})
    words = [
        "--var",
        "NAME=web",
        "--url",
        "https://x",
        "--owner",
        "me",
        "--prune",
        "--no-deploy",
        "--allow-deletes",
        "3",
    ]
    said = shell.good(
        "validate", *words, "--select", "stack/web", "--max-bytes", "9000", "--report", "html=x", "m.yaml"
    )
    assert said.err == "note: validate writes no --report, which is about a plan: it prints what --format says\n"
    assert not (work / "x").exists()
    assert "--allow-deletes" not in shell.good("validate", "--help").out
    assert shell("validate", "--allow-deletes", "few", "m.yaml").code == 64
    assert "--owner" in shell("validate", "--onwer", "me", "m.yaml").err
