"""`komodo-sync show`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.formats import FORMATS, plan_formats
from komodo_sync.cli.options import PlanFile, output_options

if TYPE_CHECKING:
    from komodo_sync.cli.options import OutputOptions


@click.command(short_help="Show a plan that was saved with --out.")
@click.argument("file", type=PlanFile())
@output_options(*FORMATS)
def show(file: Path, output: OutputOptions) -> int:
    """Show the plan that `plan --out FILE` saved, exactly as it was printed then; with - the one that
    comes on stdin.

    Exit status: 0 shown; 1 error, also for a file that was changed or is no plan, which apply --plan refuses with 4.
    """
    from komodo_sync.cli.approving import find_plan_key, plan_bytes, read_plan, source
    from komodo_sync.cli.repository import base_of
    from komodo_sync.cli.writing import write_result
    from komodo_sync.errors import KomodoSyncError

    key = find_plan_key()
    read = plan_bytes(file)
    try:
        saved, keyed = read_plan(read, key)
    except KomodoSyncError as error:
        detail = "\n".join(filter(None, (error.summary, error.detail)))
        raise KomodoSyncError(f"{source(file)} cannot be shown", detail=detail, hint=error.hint) from None
    if keyed and key is None and not output.quiet:
        click.echo("note: KOMODO_SYNC_PLAN_KEY is not set, so nobody can tell whether this plan was changed", err=True)
    write_result(output, plan_formats(saved, max_bytes=output.max_bytes, key=key, base=base_of(Path.cwd())))
    return 0
