"""`komodo-sync watch`."""

from __future__ import annotations

import gc
import sys
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, cast

import click

from komodo_sync.cli.options import OutputOptions, connection_options, input_options, safety_options, scope_options
from komodo_sync.model.data import Data
from komodo_sync.settings.duration import seconds_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.cli.options import ConnectionOptions, InputOptions, SafetyOptions, ScopeOptions
    from komodo_sync.cli.workspace import Workspace
    from komodo_sync.execution.events import Listener
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.model.outcome import Outcome
    from komodo_sync.model.plan import Planned
    from komodo_sync.watching.cycle import Applies, Job, World
    from komodo_sync.watching.loop import Turn, Witness


def _seconds(_ctx: click.Context, _param: click.Parameter, value: str) -> float:
    """`30s`, `5m`, `1h`; digits alone are seconds."""
    seconds = seconds_of(value)
    if seconds is None:
        raise click.BadParameter(f"{value} is no interval: write 30s, 5m or 1h.")
    return seconds


@click.command(short_help="Pull, plan and apply again and again: the GitOps job.")
@scope_options
@connection_options
@input_options
@safety_options
@click.option(
    "--interval", callback=_seconds, default="5m", show_default=True, help="From one cycle to the next: 30s, 5m, 1h."
)
@click.option("--git", "git", is_flag=True, help="Pull the manifests' repository first (fast-forward alone).")
@click.option(
    "--apply",
    "applies",
    type=click.Choice(["never", "safe", "always"]),
    default="never",
    show_default=True,
    help="What is applied: safe is what stops, deletes and deploys nothing.",
)
@click.option("--parallelism", type=click.IntRange(1, 64), default=8, show_default=True, help="Writes at a time.")
@click.option("--listen", metavar="HOST:PORT", help="Answer /healthz and /metrics (Prometheus) there.")
@click.option("--once", is_flag=True, help="One cycle, then end: the exit status tells how.")
@click.option("-v", "--verbose", count=True, help="Tell more on stderr: which Core and settings; -vv every request.")
@click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
def watch(
    scope: ScopeOptions,
    connection: ConnectionOptions,
    inputs: InputOptions,
    safety: SafetyOptions,
    interval: float,
    git: bool,
    applies: str,
    parallelism: int,
    listen: str | None,
    once: bool,
    verbose: int,
    quiet: bool,
) -> int:
    """Pull, plan, and apply as allowed, every INTERVAL; one line of JSON on stdout for each cycle.

    What goes wrong in a cycle is told in its line, and the next one tries again. SIGTERM and Ctrl-C let the running
    calls end and begin nothing new; a plan that is being made is given up.

    Exit status: 0 stopped by a signal; 130 by a second one, which waits for nothing; 64 wrong usage. With --once: 0 as
    declared, 1 failed, 2 changes are left, 3 done in part or not known to run, 4 refused.
    """
    from komodo_sync.cli.interrupts import stop_on_signals
    from komodo_sync.watching.health import Health, Listener, parse_address
    from komodo_sync.watching.lines import Lines
    from komodo_sync.watching.loop import Loop

    address = parse_address(listen) if listen else None
    # it runs for long, unlike most commands
    gc.enable()
    output = OutputOptions("text", (), 0, verbose, quiet)
    with ExitStack() as stack:
        stop = stack.enter_context(stop_on_signals())
        job = _job(scope, connection, inputs, safety, output, cast("Applies", applies), parallelism, stop, git=git)
        witnesses: list[Witness] = [Lines(sys.stdout)]
        if address is not None:
            from komodo_sync.watching.metrics import Metrics

            health, metrics = Health(interval, time.time), Metrics()
            witnesses = [health, metrics, *witnesses]
            listener = Listener(*address, health, metrics)
            stack.callback(listener.close)
            if not quiet:
                click.echo(f"health and metrics at {listener.url}/healthz and /metrics", err=True)
        loop = Loop(job.cycle, interval, witnesses, time.time, time.monotonic, stop.wait, limit=1 if once else 0)
        last = loop.run()
        if stop.requested:
            return 130 if stop.abandoned else 0
    return _exit_code(last)


class _World(Data, frozen=True):
    """A workspace as a cycle wants it."""

    workspace: Workspace

    def plan(self) -> Planned:
        """The plan."""
        return self.workspace.plan()

    def apply(
        self, planned: Planned, *, parallelism: int, verify: bool, listener: Listener, stop: StopFlag, whole: bool
    ) -> Outcome:
        """Does it."""
        return self.workspace.apply(
            self.workspace.verdict(planned),
            parallelism=parallelism,
            verify=verify,
            listener=listener,
            stop=stop,
            whole=whole,
        )


def _job(
    scope: ScopeOptions,
    connection: ConnectionOptions,
    inputs: InputOptions,
    safety: SafetyOptions,
    output: OutputOptions,
    applies: Applies,
    parallelism: int,
    stop: StopFlag,
    *,
    git: bool,
) -> Job:
    """The job. Raises UsageError and its like now, for what no later cycle could mend."""
    from komodo_sync.cli.inputs import find_inputs
    from komodo_sync.cli.workspace import find_core, open_workspace
    from komodo_sync.session.scope import read_selection
    from komodo_sync.watching.cycle import Job
    from komodo_sync.watching.pull import pull

    found = find_inputs(scope.paths, scope.settings, inputs)
    find_core(connection, found.settings)
    for text in scope.select:
        read_selection(text)

    @contextmanager
    def open_world() -> Iterator[World]:
        with open_workspace(scope, connection, inputs, safety, output) as workspace:
            yield _World(workspace)

    return Job(
        open_world,
        applies,
        parallelism,
        stop,
        partial(pull, found.root) if git else None,
    )


def _exit_code(last: Turn | None) -> int:
    from komodo_sync.watching.cycle import Result

    codes = {
        Result.FAILED: 1,
        Result.DRIFT: 2,
        Result.HELD: 2,
        Result.PARTLY: 3,
        Result.UNPROVEN: 3,
        Result.REFUSED: 4,
    }
    return codes.get(last.cycle.result, 0) if last is not None else 0
