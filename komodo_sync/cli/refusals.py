"""An apply that is refused once there is a plan: its reports say so, and why, as those of any other one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.console import told_to_whoever_reads
from komodo_sync.cli.events import EVENTS
from komodo_sync.cli.formats import apply_formats
from komodo_sync.cli.writing import write_result
from komodo_sync.errors import KomodoSyncError, RefusedError
from komodo_sync.model.outcome import Outcome, Status, StepOutcome
from komodo_sync.model.plan import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.cli.events import Events
    from komodo_sync.cli.options import OutputOptions
    from komodo_sync.model.plan import Plan, Planned


class Seen:
    """The plan that was made last; None: there is none yet."""

    plan: Plan | None = None

    def __call__(self, planned: Planned) -> Planned:
        self.plan = planned.plan
        return planned


@contextmanager
def reported(output: OutputOptions, events: Events, base: str) -> Iterator[Seen]:
    """Where the block is refused, with a plan that it has `Seen`, the reports are written before the error goes on; one
    that cannot be is told, and keeps it from nothing."""
    seen = Seen()
    try:
        yield seen
    except RefusedError as refusal:
        if seen.plan is not None:
            outcome = refused(seen.plan, refusal)
            events.refused(outcome)
            try:
                with told_to_whoever_reads():
                    # for people at a terminal the error says it all
                    forms = apply_formats(outcome, max_bytes=output.max_bytes, base=base)
                    write_result(output, forms, told=EVENTS, printed_already=output.format == "text")
            except KomodoSyncError as error:
                click.echo(f"warning: {error.summary}{f': {error.detail}' if error.detail else ''}", err=True)
        raise


def refused(plan: Plan, refusal: RefusedError) -> Outcome:
    """What became of a plan of which nothing was begun."""
    said = "; ".join(filter(None, (refusal.summary, *map(str.strip, refusal.detail.splitlines()))))
    reasons = refusal.findings or (Finding("refused", "refusal", said, "", (), refusal.hint),)
    results = tuple(StepOutcome(step, Status.NOT_STARTED) for wave in plan.waves for step in wave)
    return Outcome(plan, results, refused=reasons)
