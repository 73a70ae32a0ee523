"""`komodo-sync plan`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.formats import FORMATS, UNOWNED_FORMATS, plan_formats, unowned_formats
from komodo_sync.cli.options import connection_options, input_options, output_options, safety_options, scope_options
from komodo_sync.errors import UsageError

if TYPE_CHECKING:
    from komodo_sync.cli.options import ConnectionOptions, InputOptions, OutputOptions, SafetyOptions, ScopeOptions


@click.command(short_help="Show what would change; write nothing.")
@scope_options
@connection_options
@input_options
@safety_options
@output_options(*FORMATS)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Save the plan as JSON.")
@click.option("--detailed-exitcode", is_flag=True, help="Exit 2 when there are changes.")
@click.option("--unowned", is_flag=True, help="List instead what nobody owns and no manifest declares.")
def plan(
    scope: ScopeOptions,
    connection: ConnectionOptions,
    inputs: InputOptions,
    safety: SafetyOptions,
    output: OutputOptions,
    out: Path | None,
    detailed_exitcode: bool,
    unowned: bool,
) -> int:
    """Show what would change, with every effect; write nothing.

    The manifests are those of komodo-sync.yaml, and each PATH narrows what is changed; without settings, the PATHs are
    the manifests.

    Exit status: 0, also with changes; 1 error; with --detailed-exitcode 2 when there are changes, or
    when apply would refuse.
    """
    from komodo_sync.cli.approving import find_plan_key
    from komodo_sync.cli.repository import base_of
    from komodo_sync.cli.workspace import open_workspace
    from komodo_sync.cli.writing import check_place, check_reports, write_file, write_result

    check_reports(output, UNOWNED_FORMATS if unowned else FORMATS, out)
    if unowned and output.format not in UNOWNED_FORMATS:
        raise UsageError(f"--unowned has no format {output.format}", hint=f"one of {', '.join(UNOWNED_FORMATS)}")
    if unowned and (out is not None or detailed_exitcode or scope.select):
        hint = "leave --out, --detailed-exitcode and --select out, or --unowned"
        raise UsageError("--unowned makes no plan that could be saved, counted or narrowed", hint=hint)
    if out is not None:
        check_place(out)
    saved = out is not None or output.format == "json" or any(each.startswith("json=") for each in output.reports)
    with open_workspace(scope, connection, inputs, safety, output, saved=saved) as workspace:
        if unowned:
            write_result(output, unowned_formats(workspace.unowned()))
            return 0
        made = workspace.plan().plan
    key = find_plan_key()
    if out is not None:
        from komodo_sync.report.json import plan_json

        write_file(out, plan_json(made, key))
    forms = plan_formats(made, max_bytes=output.max_bytes, key=key, base=base_of(workspace.root))
    write_result(output, forms)
    # what is refused is not as declared either
    return 2 if detailed_exitcode and (made.has_changes or made.refusals) else 0
