"""`komodo-sync schema`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.options import verbosity_options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DOCUMENTS = ("plan", "outcome", "unowned", "manifest", "settings", "diagnostics")


def schemas() -> Mapping[str, Callable[[], str]]:
    """How each document's schema is made, by the document's name."""
    from functools import partial

    from komodo_sync.manifest.schema import manifest_schema_text
    from komodo_sync.report.schema import DOCUMENTS as REPORTS
    from komodo_sync.report.schema import schema_text
    from komodo_sync.settings.schema import settings_schema_text

    reports = {name: partial(schema_text, name) for name in REPORTS}
    return {**reports, "manifest": manifest_schema_text, "settings": settings_schema_text}


@click.command(short_help="Print the JSON Schema of a document.")
@click.argument("document", type=click.Choice(DOCUMENTS), default="plan")
@click.option(
    "--write",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write all of them to a folder instead, as DOCUMENT.schema.json.",
)
@verbosity_options
def schema(document: str, folder: Path | None) -> None:
    """Print the JSON Schema (draft 2020-12) of DOCUMENT.

    `plan` is what plan --format json and --out write, `outcome` what apply --format json does, `unowned`
    what plan --unowned does, `diagnostics` what validate does; `manifest` and `settings` are for editors
    (docs/editor.md).
    """
    from komodo_sync.cli.writing import write_file

    if folder is None:
        click.echo(schemas()[document](), nl=False)
        return
    for name, text in schemas().items():
        write_file(folder / f"{name}.schema.json", text())
