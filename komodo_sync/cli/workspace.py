"""What every command that speaks to a Core sets up: settings, manifests, connection, options of the plan."""

from __future__ import annotations

import logging
import os
import sys
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from komodo_sync import session as sessions
from komodo_sync.cli.approving import as_recorded, check_settings, find_plan_key, given
from komodo_sync.cli.console import above, stderr_style, stdout_style, tell_new
from komodo_sync.cli.formats import plan_formats
from komodo_sync.cli.inputs import find_inputs, find_target
from komodo_sync.cli.known import known, learn_declared
from komodo_sync.cli.revisions import changed_files
from komodo_sync.cli.writing import printed
from komodo_sync.model.data import Data, replace
from komodo_sync.model.diagnostic import Severity
from komodo_sync.report.diagnostics import diagnostics_text
from komodo_sync.settings import find_connection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from komodo_sync.cli.inputs import Inputs
    from komodo_sync.cli.options import ConnectionOptions, InputOptions, OutputOptions, SafetyOptions, ScopeOptions
    from komodo_sync.errors import KomodoSyncError
    from komodo_sync.execution.events import Listener
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.manifest import Loaded
    from komodo_sync.model.outcome import Outcome
    from komodo_sync.model.plan import Plan, Planned
    from komodo_sync.model.unowned import Unowned
    from komodo_sync.planning import Options
    from komodo_sync.planning.approved import Verdict
    from komodo_sync.settings import Connection, Settings


_LOG = logging.getLogger(__name__)


class Workspace(Data, frozen=True):
    """An open session with what is declared and how it is to be planned."""

    session: sessions.Session
    loaded: Loaded
    options: Options
    inputs: Inputs
    approved: Plan | None = None

    @property
    def root(self) -> Path:
        """The folder of the manifests."""
        return self.inputs.root

    def plan(self) -> Planned:
        """The plan."""
        return sessions.plan(self.session, self.loaded, self.options)

    def plan_once_idle(self, *, timeout: float, quiet: bool) -> Planned:
        """The plan, made when nobody else is at what it has to decide any more."""

        def note(text: str) -> None:
            if not quiet:
                click.echo(text, err=True)

        return sessions.plan_once_idle(self.session, self.loaded, self.options, note=note, timeout=timeout)

    def drift(self) -> Plan:
        """The plan, with where each difference comes from."""
        inputs = self.inputs
        return sessions.drift(self.session, self.loaded, self.options, root=inputs.root, load_in=inputs.load_in)

    def unowned(self) -> Unowned:
        """What nobody owns and no manifest declares."""
        return sessions.unowned(self.session, self.loaded, self.options)

    def verdict(self, planned: Planned) -> Verdict:
        """What of the plan may be done: all of it, or what was approved. Raises RefusedError where it moved."""
        from komodo_sync.planning.approved import Verdict

        return Verdict(planned) if self.approved is None else sessions.judged(planned, self.approved, self.loaded)

    def back_up(self, plan: Plan, folder: Path, *, quiet: bool) -> None:
        """Writes what the plan changes or deletes, and says what that is. Raises KomodoSyncError."""
        number = sessions.back_up(self.session, plan, self.loaded.desired, folder)
        told = f"backup of what is changed: {number} files in {folder}" if number else "nothing there is to back up"
        if not quiet:
            click.echo(told, err=True)

    def apply(
        self,
        verdict: Verdict,
        *,
        parallelism: int,
        verify: bool,
        listener: Listener,
        stop: StopFlag,
        batch: int = 0,
        pause: float = 0.0,
        timeout: float = 0.0,
        whole: bool = True,
    ) -> Outcome:
        """Does the plan; `batch` deploys at a time, with `pause` seconds between servers and at most `timeout`
        for each. `whole`: it is all that there
        is to do, so that the commit is the last applied one when it is done."""
        from komodo_sync.execution import Pace

        return sessions.apply(
            self.session,
            verdict.planned,
            self.loaded,
            self.options,
            parallelism=parallelism,
            verify=verify,
            listener=listener,
            stop=stop,
            root=self.root if whole else None,
            pace=Pace(self.options.limits.failures, batch, pause, timeout),
            skipped=verdict.skipped,
        )


@contextmanager
def open_workspace(
    scope: ScopeOptions,
    connection: ConnectionOptions,
    inputs: InputOptions,
    safety: SafetyOptions,
    output: OutputOptions,
    *,
    approved: Plan | None = None,
    saved: bool = False,
) -> Iterator[Workspace]:
    """Reads everything, then connects, for as long as the block runs. Warnings about the input go to stderr.
    `approved`: the plan that is to be done, in the scope that it records; `saved`: a plan is made to be approved."""
    log_to_stderr(output.verbose)
    with as_recorded(approved):
        if approved is not None:
            check_settings(approved.scope, find_target(scope.settings, inputs.target))
        found = find_inputs(scope.paths, scope.settings, inputs)
    settings = found.settings
    target = find_core(connection, settings)
    _LOG.info("settings: %s", settings.file if settings else "none; the PATHs are the manifests")
    _LOG.info("Core: %s, from %s", target.url, target.url_origin)
    if target.key_origin:
        _LOG.info("API key from %s, its secret from %s", target.key_origin, target.secret_origin)
    if approved is not None:
        sessions.check_core(approved, target.url)
    with as_recorded(approved):
        loaded = found.load()
    learn_declared(loaded.desired)
    options = sessions.plan_options(
        settings,
        loaded,
        paths=scope.paths,
        # what a selection picks is recorded in the approved plan
        select=() if approved is not None else scope.select,
        owner=safety.owner,
        prune=safety.prune,
        omitted_fields=safety.omitted_fields,
        adopt_changes=safety.adopt_changes,
        allow_syncs=safety.allow_syncs,
        allow_deletes=safety.allow_deletes,
        allow_deploys=safety.allow_deploys,
        deploy=safety.deploy,
        refresh=safety.refresh,
        abandon_old=safety.abandon_old,
        host=target.url,
        changed=partial(changed_files, found.root),
        given=given(scope, inputs),
        plan_key=find_plan_key(),
        saved=saved or approved is not None,
    )
    if approved is not None:
        options = sessions.approved_options(replace(options, select=scope.select), approved)
    warnings = [item for item in loaded.diagnostics if item.severity is Severity.WARNING]
    with sessions.connect(target, known=known()) as opened:
        tell_new(opened, quiet=output.quiet)
        workspace = Workspace(opened, loaded, options, found, approved)
        if warnings and not output.quiet and output.verbose:
            click.echo(diagnostics_text(warnings, color=stderr_style().color), err=True, nl=False)
        yield workspace


def find_core(connection: ConnectionOptions, settings: Settings | None) -> Connection:
    """The Core in use. Raises what `find_connection` does."""
    return find_connection(
        url=connection.url,
        key=connection.key,
        secret=connection.secret,
        profile=connection.profile,
        environment=os.environ,
        settings=settings,
    )


def log_to_stderr(verbose: int) -> None:
    """Our own words alone: what libraries log may hold headers, and so secrets."""
    log = logging.getLogger("komodo_sync")
    log.handlers = [logging.StreamHandler(sys.stderr)]
    log.propagate = False
    log.setLevel({0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG))


def show_plan(plan: Plan, *, err: bool = False, below: KomodoSyncError | None = None) -> None:
    """The plan on stdout (or stderr), for the person who is about to be asked, or is told `below` why it is refused."""
    style = stderr_style() if err else stdout_style()
    style = style if below is None else above(below, style)
    text = printed("text", plan_formats(plan)["text"](style))
    click.echo(text, nl=False, err=err, color=style.color)
