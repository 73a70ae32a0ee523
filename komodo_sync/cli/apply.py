"""`komodo-sync apply`."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.formats import FORMATS, apply_formats
from komodo_sync.cli.options import (
    PlanFile,
    Seconds,
    connection_options,
    input_options,
    output_options,
    safety_options,
    scope_options,
)
from komodo_sync.errors import RefusedError

if TYPE_CHECKING:
    from komodo_sync.cli.options import ConnectionOptions, InputOptions, OutputOptions, SafetyOptions, ScopeOptions
    from komodo_sync.model.plan import Planned


@click.command(short_help="Make it so, in order, and prove that nothing is left.")
@scope_options
@connection_options
@input_options
@safety_options
@output_options(*FORMATS)
@click.option(
    "--plan",
    "plan_file",
    type=PlanFile(),
    metavar="FILE",
    help="Do what this plan of plan --out says, and nothing else.",
)
@click.option(
    "--backup",
    "backup",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="First write what is changed or deleted there, as manifests.",
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--parallelism", type=click.IntRange(1, 64), default=8, show_default=True, help="Writes at a time.")
@click.option(
    "--batch", type=click.IntRange(1, 64), metavar="N", help="Deploys at a time; as many as writes if not set."
)
@click.option(
    "--pause",
    type=Seconds(min=0),
    default=0.0,
    metavar="SECONDS",
    help="Deploy server by server, with a pause.",
)
@click.option(
    "--timeout",
    type=Seconds(min=1),
    default=None,
    metavar="SECONDS",
    help="Wait so long for each deploy; as its kind takes if not set (30 minutes, builds 2 hours).",
)
@click.option("--no-verify", "verify", flag_value=False, default=True, type=bool, help="Skip the plan at the end.")
def apply(
    scope: ScopeOptions,
    connection: ConnectionOptions,
    inputs: InputOptions,
    safety: SafetyOptions,
    output: OutputOptions,
    plan_file: Path | None,
    backup: Path | None,
    yes: bool,
    parallelism: int,
    batch: int | None,
    pause: float,
    timeout: float | None,
    verify: bool,
) -> int:
    """Plan, ask, make it so in order, and plan again: the run has succeeded when nothing is left.

    With --plan nothing is asked: the file is the answer. It is planned again, as the file says; where
    anything else would be done than what it holds, nothing is. Deploys whose reason arose since are left out.

    Exit status: 0 all is as declared; 3 some of it failed or is left; 4 refused before the first write; 130 stopped.
    """
    from komodo_sync.cli.approving import find_plan_key, read_approval, recorded
    from komodo_sync.cli.asking import ask, somebody_is_there
    from komodo_sync.cli.console import told_to_whoever_reads
    from komodo_sync.cli.events import EVENTS, open_events
    from komodo_sync.cli.interrupts import stop_on_signals
    from komodo_sync.cli.progress import open_progress
    from komodo_sync.cli.refusals import reported
    from komodo_sync.cli.repository import base_of
    from komodo_sync.cli.workspace import open_workspace, show_plan
    from komodo_sync.cli.writing import check_reports, write_result
    from komodo_sync.session import check_backup, exit_code, refusal_of

    check_reports(output, FORMATS)
    if backup is not None:
        check_backup(backup)
    approved = read_approval(plan_file, find_plan_key()) if plan_file is not None else None
    if approved is not None:
        scope, inputs, safety = recorded(approved.scope, scope, inputs, safety)
    with (
        open_workspace(scope, connection, inputs, safety, output, approved=approved) as workspace,
        open_events(output, FORMATS) as events,
        reported(output, events, base_of(workspace.root)) as seen,
    ):
        made = partial(workspace.plan_once_idle, timeout=timeout or 0.0, quiet=output.quiet)
        verdict = workspace.verdict(seen(made()))
        planned = verdict.planned
        events.plan(planned.plan)
        refusal = refusal_of(planned.plan, approved=approved is not None)
        if output.format == "text":
            show_plan(planned.plan, below=refusal)
        if refusal is not None:
            raise refusal
        if planned.plan.has_changes and not yes and approved is None:
            if output.format != "text" or (somebody_is_there() and not sys.stdout.isatty()):
                # whoever is asked sees what about, wherever stdout goes
                show_plan(planned.plan, err=True)
            host = planned.plan.core.host
            ask(
                f"Apply this to {host}?",
                about=f"{host} would be changed",
                otherwise="review the plan above, then run apply with --yes",
            )
            verdict = workspace.verdict(_unchanged(planned, seen(made())))
        if backup is not None:
            workspace.back_up(verdict.planned.plan, backup, quiet=output.quiet)
        steps = sum(map(len, verdict.planned.plan.waves))
        with stop_on_signals() as stop, open_progress(steps, quiet=output.quiet) as listener:
            outcome = workspace.apply(
                verdict,
                parallelism=parallelism,
                verify=verify,
                listener=events.before(listener),
                stop=stop,
                batch=batch or 0,
                pause=pause,
                timeout=timeout or 0.0,
            )
        events.outcome(outcome)
    with told_to_whoever_reads():
        forms = apply_formats(outcome, max_bytes=output.max_bytes, base=base_of(workspace.root))
        write_result(output, forms, told=EVENTS)
    return exit_code(outcome)


def _unchanged(shown: Planned, now: Planned) -> Planned:
    """The plan as it is after somebody took their time over it. Raises RefusedError where it is another one."""
    if now.plan == shown.plan:
        return now
    before, after = ({item.address: item for item in planned.plan.resources} for planned in (shown, now))
    moved = sorted(address for address in before.keys() | after.keys() if before.get(address) != after.get(address))
    raise RefusedError(
        f"{shown.plan.core.host} was changed while you were asked, and the plan is another one now",
        detail="\n".join(map(str, moved)),
        hint="nothing was written; run apply again, and review the new plan",
    )
