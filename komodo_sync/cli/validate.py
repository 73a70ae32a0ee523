"""`komodo-sync validate`: the manifests alone, without a Core, a network or secrets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.console import stdout_style
from komodo_sync.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.diagnostic import Diagnostic


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--settings", "file", type=click.Path(path_type=Path), metavar="FILE", help="Settings other than komodo-sync.yaml."
)
@click.option("-v", "--verbose", count=True, help="Show warnings too: names that no manifest declares.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors alone.")
def validate(paths: tuple[Path, ...], file: Path | None, verbose: int, *, quiet: bool) -> int:
    """Check the manifests, without a Core and without secrets.

    Every error of every file is shown at once. With settings (komodo-sync.yaml) it is their manifests that are
    checked, else those in each PATH. Exits 0 when there is no error, 1 when there is one.
    """
    from komodo_sync.manifest import load
    from komodo_sync.settings import find_settings

    here = Path.cwd()
    try:
        settings = find_settings(file, here)
        if settings is None and not paths:
            raise UsageError(
                "no manifests are named, and there is no komodo-sync.yaml here or above",
                hint="name a folder or a file, or write a komodo-sync.yaml",
            )
        loaded = load(paths, settings=settings, root=settings.root if settings else here)
    except InputError as error:
        _print(error.diagnostics, warnings=True)
        return error.exit_code
    errors = [item for item in loaded.diagnostics if item.severity == "error"]
    _print(loaded.diagnostics, warnings=bool(verbose) or not quiet)
    if not quiet:
        resources = len(loaded.desired.resources)
        click.echo(
            f"{_number(resources, 'resource')} in {_number(loaded.files, 'file')}, {_number(len(errors), 'error')}"
        )
    return 1 if errors else 0


def _print(diagnostics: Sequence[Diagnostic], *, warnings: bool) -> None:
    from komodo_sync.report.diagnostics import diagnostics_text

    shown = [item for item in diagnostics if warnings or item.severity == "error"]
    if shown:
        click.echo(diagnostics_text(shown, color=stdout_style().color))


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
