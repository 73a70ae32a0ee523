"""`komodo-sync show`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.formats import PLAN_FORMATS, plan_formats
from komodo_sync.cli.options import output_options

if TYPE_CHECKING:
    from komodo_sync.cli.options import OutputOptions


@click.command(short_help="Show a plan that was saved with --out.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@output_options(*PLAN_FORMATS)
def show(file: Path, output: OutputOptions) -> int:
    """Show the plan that `plan --out FILE` saved, exactly as it was printed then."""
    from komodo_sync.cli.writing import write_result
    from komodo_sync.errors import KomodoSyncError
    from komodo_sync.report.json import plan_from_json

    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a text"
        raise KomodoSyncError(f"{file} cannot be read", detail=reason or "", hint="name a file of plan --out") from None
    try:
        saved = plan_from_json(text)
    except KomodoSyncError as error:
        detail = "\n".join(filter(None, (error.summary, error.detail)))
        raise KomodoSyncError(f"{file} cannot be shown", detail=detail, hint=error.hint) from None
    write_result(output, plan_formats(saved, output.max_bytes))
    return 0
