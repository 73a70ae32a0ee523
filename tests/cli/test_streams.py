"""What a run has learned to be secret comes through no stream and into no report, whoever writes it and in whatever
encoding."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
import pytest
from shell import Shell, write

from komodo_sync.cli.console import encodable
from komodo_sync.cli.known import Discreet, begin

if TYPE_CHECKING:
    from typing import TextIO

    from asking import Asker

SECRET = "hunter2Hunter2"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1"])
def test_nobody_gets_round_it_by_the_bytes_of_a_stream(encoding: str) -> None:
    begin({"MY_TOKEN": SECRET})
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    encodable(stream)
    shut = cast("TextIO", Discreet(stream))
    click.echo(f"é {SECRET}", file=shut)
    shut.writelines(["once more ", SECRET])
    click.echo(f", as bytes {SECRET}".encode(), file=shut)
    shut.flush()
    told = raw.getvalue().decode(stream.encoding)
    assert told == "é (secret)\nonce more (secret), as bytes (secret)\n"


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_what_a_manifest_repeats_of_the_environment_is_in_no_verdict(
    shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setenv("MY_TOKEN", SECRET)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    write(work, {"m.yaml": f"stacks: [{{name: web, config: {{{SECRET}: x, brunch: y}}}}]\n"})
    said = shell("validate", "m.yaml", "--format", form)
    assert said.code == 1
    summary = Path("summary.md")
    told = said.all + (summary.read_text(encoding="utf-8") if summary.exists() else "")
    assert SECRET not in told
    assert "(secret)" in told
    assert "brunch" in told


def test_what_is_converted_stays_as_it_was_written(shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_TOKEN", SECRET)
    write(work, {"a.toml": f'[[stack]]\nname = "web"\nconfig.branch = "{SECRET}"\n'})
    assert SECRET in shell.good("convert", "a.toml").out


@pytest.mark.parametrize(
    "words",
    [
        ("call", "write", "UpdateVariableIsSecret", "name=V", f"is_secret={SECRET}"),
        ("call", "write", "UpdateStack", "web", f"config.{SECRET}=1"),
        ("call", "read", "GetStack", SECRET),
        ("plan", "--select", f"stack/{SECRET}"),
    ],
)
def test_what_manifests_declare_is_in_no_error_about_the_words_of_a_command(
    shell: Shell, work: Path, ask: Asker, words: tuple[str, ...]
) -> None:
    ask.write("CreateStack", name="web", config={})
    manifest = {"variables": [{"name": "V", "value": SECRET, "is_secret": True}]}
    write(work, {"komodo-sync.yaml": "manifests: [m.yaml]\n", "m.yaml": json.dumps(manifest)})
    said = shell(*words)
    assert said.code in (1, 64)
    assert SECRET not in said.all
    assert "(secret)" in said.err


def test_no_login_is_written_into_settings(shell: Shell, work: Path) -> None:
    said = shell("init", "new", "--yes", "--no-export", "--url", f"https://me:{SECRET}@komodo.example.com")
    assert said.code == 64
    assert "holds a user or a password" in said.err
    assert SECRET not in said.all
    assert not Path("new").exists()
