"""`komodo-sync graph`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.options import input_options, verbosity_options

if TYPE_CHECKING:
    from komodo_sync.cli.options import InputOptions


@click.command(short_help="Show what needs what.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--settings", "file", type=click.Path(path_type=Path), metavar="FILE", help="Settings other than komodo-sync.yaml."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "mermaid", "dot", "svg"]),
    default="text",
    help="mermaid is drawn by GitHub and GitLab, dot by Graphviz; svg is a picture.",
)
@input_options
@verbosity_options
def graph(paths: tuple[Path, ...], file: Path | None, form: str, inputs: InputOptions) -> None:
    """Show every reference, every variable in a text, and every `after` among the declared resources. Needs no Core."""
    from komodo_sync.cli.inputs import find_inputs
    from komodo_sync.errors import InputError
    from komodo_sync.planning.graph import dependencies
    from komodo_sync.report import graph as report

    loaded = find_inputs(paths, file, inputs).load()
    if loaded.desired.failed:
        raise InputError(loaded.diagnostics)
    found = dependencies(loaded.desired)
    if form == "svg":
        from komodo_sync.cli.drawing import svg

        click.echo(svg(report.graph_dot(found)), nl=False)
        return
    write = {"text": report.graph_text, "mermaid": report.graph_mermaid, "dot": report.graph_dot}[form]
    click.echo(write(found), nl=False)
