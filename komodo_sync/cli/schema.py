"""`komodo-sync schema`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from komodo_sync.cli.options import verbosity_options

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DOCUMENTS = ("plan", "outcome", "unowned", "manifest", "overlay", "settings", "diagnostics", "doctor", "calls", "cycle")


def schemas() -> Mapping[str, Callable[[], str]]:
    """How each document's schema is made, by the document's name."""
    from functools import partial

    from komodo_sync.manifest.schema import manifest_schema, overlay_schema, schema_text
    from komodo_sync.report.schema import DOCUMENTS as REPORTS
    from komodo_sync.report.schema import schema_text as report_text

    return {
        **{name: partial(report_text, name) for name in REPORTS},
        "manifest": lambda: schema_text(manifest_schema()),
        "overlay": lambda: schema_text(overlay_schema()),
        "settings": lambda: schema_text(_settings_schema()),
    }


def _settings_schema() -> dict[str, Any]:
    from komodo_sync.manifest.schema import defaults_schema
    from komodo_sync.manifest.shape_schemas import Definitions
    from komodo_sync.settings.schema import settings_schema

    definitions = Definitions()
    defaults = defaults_schema(definitions)
    definitions.table["defaults"] = defaults
    return settings_schema({"$ref": "#/$defs/defaults"}, dict(sorted(definitions.table.items())))


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
    what plan --unowned does, `diagnostics` what validate does, `calls` what run does, `cycle` is a line of watch;
    `manifest`, `overlay` and `settings` are for editors (docs/editor.md).
    """
    from komodo_sync.cli.writing import write_file

    if folder is None:
        click.echo(schemas()[document](), nl=False)
        return
    for name, text in schemas().items():
        write_file(folder / f"{name}.schema.json", text())
