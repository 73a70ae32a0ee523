"""`komodo-sync schema`."""

from __future__ import annotations

import click


@click.command(short_help="Print the JSON Schema of a document.")
@click.argument("document", type=click.Choice(["plan", "outcome"]), default="plan")
def schema(document: str) -> None:
    """Print the JSON Schema (draft 2020-12) of DOCUMENT: `plan` is what plan --format json and --out write,
    `outcome` what apply --format json does."""
    from komodo_sync.report.schema import schema_text

    click.echo(schema_text(document), nl=False)
