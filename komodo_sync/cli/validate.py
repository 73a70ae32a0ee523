"""`komodo-sync validate`: the manifests alone, without a Core, a network or secrets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync import __version__
from komodo_sync.cli.console import stdout_style
from komodo_sync.cli.options import (
    connection_options,
    input_options,
    output_options,
    safety_options,
    scope_options,
    unused_options,
)
from komodo_sync.cli.repository import base_of
from komodo_sync.cli.writing import add_to_summary, printed
from komodo_sync.errors import InputError
from komodo_sync.model.diagnostic import Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.cli.options import InputOptions
    from komodo_sync.model.diagnostic import Diagnostic, Silenced


@click.command()
@unused_options(scope_options, connection_options, safety_options, output_options("text"))
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--settings", "file", type=click.Path(path_type=Path), metavar="FILE", help="Settings other than komodo-sync.yaml."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    help="How to print what is found: github is annotations in GitHub Actions, and the step summary.",
)
@input_options
@click.option("--strict", is_flag=True, help="Warnings fail too.")
@click.option("--report", "reports", multiple=True, hidden=True)
@click.option("-v", "--verbose", count=True, help="Show what `ignore` comments silence, and why.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors alone; with --strict, warnings too.")
def validate(
    paths: tuple[Path, ...],
    file: Path | None,
    form: str,
    inputs: InputOptions,
    reports: tuple[str, ...],
    verbose: int,
    *,
    strict: bool,
    quiet: bool,
) -> int:
    """Check the manifests, without a Core and without secrets.

    Every error of every file is shown at once. With settings (komodo-sync.yaml) it is their manifests that are
    checked, else those in each PATH. Options of `plan` that are about the Core are taken and mean nothing here: one
    list of options serves for both. Exits 0 when there is no error, 1 when there is one.
    """
    from komodo_sync.cli.inputs import find_inputs

    if reports:
        click.echo("note: validate writes no --report, which is about a plan: it prints what --format says", err=True)
    root = Path.cwd()
    wrong: tuple[Diagnostic, ...] = ()
    try:
        found = find_inputs(paths, file, inputs, whatever_is_wrong=True)
        root, wrong = found.root, found.wrong
        loaded = found.load()
    except InputError as error:
        verdict = Verdict(0, 0, _all(wrong, error.diagnostics))
        if form == "text":
            _print(verdict.diagnostics)
        else:
            _write(verdict, form, root)
        return error.exit_code
    verdict = Verdict(len(loaded.desired.resources), loaded.files, _all(wrong, loaded.diagnostics), loaded.silenced)
    if form == "text":
        _tell(verdict, warnings=strict or not quiet or bool(verbose), quiet=quiet, verbose=verbose)
    else:
        _write(verdict, form, root)
    failing = [item for item in verdict.diagnostics if strict or item.severity is Severity.ERROR]
    return 1 if failing else 0


def _all(*several: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted((item for found in several for item in found), key=lambda item: item.sort_key))


def _tell(verdict: Verdict, *, warnings: bool, quiet: bool, verbose: int) -> None:
    _print([item for item in verdict.diagnostics if warnings or item.severity is Severity.ERROR])
    if verbose:
        for item in verdict.silenced:
            click.echo(printed("text", _silenced(item)))
    if not quiet:
        counted = [_number(verdict.count(Severity.ERROR), "error")]
        if verdict.count(Severity.WARNING):
            counted.append(_number(verdict.count(Severity.WARNING), "warning"))
        if verdict.silenced:
            counted.append(f"{len(verdict.silenced)} silenced")
        read = f"{_number(verdict.resources, 'resource')} in {_number(verdict.files, 'file')}"
        click.echo(f"{read}, {', '.join(counted)}")


def _silenced(item: Silenced) -> str:
    from komodo_sync.report.diagnostics import silenced_text

    return silenced_text(item)


def _print(diagnostics: Sequence[Diagnostic]) -> None:
    from komodo_sync.report.diagnostics import diagnostics_text

    if diagnostics:
        click.echo(printed("text", diagnostics_text(diagnostics, color=stdout_style().color)))


def _write(verdict: Verdict, form: str, root: Path) -> None:
    """The verdict for a machine."""
    if form == "json":
        from komodo_sync.report.diagnostics_json import diagnostics_json

        text = diagnostics_json(verdict)
    elif form == "sarif":
        from komodo_sync.report.sarif import sarif
        from komodo_sync.source.codes import Code

        causes = {code.value: code.cause for code in Code}
        text = sarif(verdict, causes, version=__version__, base=base_of(root))
    else:
        from komodo_sync.report.diagnostics_markdown import verdict_markdown
        from komodo_sync.report.github import github

        text = github(verdict, base=base_of(root))
        add_to_summary(verdict_markdown(verdict, base=base_of(root)))
    click.echo(printed(form, text), nl=False)


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
