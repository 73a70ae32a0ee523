"""`komodo-sync drift`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from komodo_sync.cli.formats import FORMATS, plan_formats
from komodo_sync.cli.options import connection_options, input_options, output_options, safety_options, scope_options

if TYPE_CHECKING:
    from komodo_sync.cli.options import ConnectionOptions, InputOptions, OutputOptions, SafetyOptions, ScopeOptions


@click.command(short_help="Tell what is not as declared, and on which side it was changed.")
@scope_options
@connection_options
@input_options
@safety_options
@output_options(*FORMATS)
def drift(
    scope: ScopeOptions,
    connection: ConnectionOptions,
    inputs: InputOptions,
    safety: SafetyOptions,
    output: OutputOptions,
) -> int:
    """Plan, and say of each difference where it comes from; write nothing. For a job that runs by the clock.

    "Changed in Komodo" says by whom and when, as far as Komodo keeps a record of it; "changed in git" names the commits
    since the one that was applied last.

    Exit status: 0 all is as declared; 1 error; 2 something is not as declared, does not run so, or would be refused.
    """
    from komodo_sync.cli.repository import base_of
    from komodo_sync.cli.workspace import open_workspace
    from komodo_sync.cli.writing import check_reports, write_result

    check_reports(output, FORMATS)
    with open_workspace(scope, connection, inputs, safety, output) as workspace:
        found = workspace.drift()
        base = base_of(workspace.root)
    write_result(output, plan_formats(found, max_bytes=output.max_bytes, base=base))
    return 2 if found.has_changes or found.refusals or found.amiss else 0
