"""`komodo-sync unlock`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.options import connection_options, target_option, verbosity_options
from komodo_sync.errors import RefusedError, UsageError

if TYPE_CHECKING:
    from komodo_sync.cli.options import ConnectionOptions


@click.command(short_help="Break the lock of an apply that cannot end any more.")
@connection_options
@click.option(
    "--settings", type=click.Path(path_type=Path), metavar="FILE", help="Settings other than komodo-sync.yaml."
)
@target_option
@click.option("--owner", metavar="NAME", help="Whose lock (setting: owner).")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@verbosity_options
def unlock(
    connection: ConnectionOptions, settings: Path | None, target: str | None, owner: str | None, yes: bool
) -> int:
    """Show who holds the lock of an owner, ask, and break it.

    An apply holds it from its first write to its end. One that was killed leaves it behind: the next apply on the same
    host sees that and goes on; on any other host nobody can know, and this is the way out.

    Exit status: 0, also when nobody holds it; 4 when the answer was not yes, or there is nobody to ask.
    """
    from komodo_sync.cli.asking import ask
    from komodo_sync.cli.inputs import find_target, learn_manifests_of
    from komodo_sync.cli.known import known
    from komodo_sync.execution.lock import Lock, described
    from komodo_sync.execution.process import Process
    from komodo_sync.session import connect
    from komodo_sync.settings import find_connection

    found = find_target(settings, target)
    chosen = (found.owner if found else "") if owner is None else owner
    if not chosen:
        raise UsageError("whose lock? Without an owner there is none", hint="set owner in komodo-sync.yaml, or --owner")
    core = find_connection(
        url=connection.url,
        key=connection.key,
        secret=connection.secret,
        profile=connection.profile,
        environment=os.environ,
        settings=found,
    )
    learn_manifests_of(settings, target)
    with connect(core, known=known()) as session:
        lock = Lock(chosen, session.reader, session.writer)
        held = lock.held()
        if held is None:
            click.echo(f"Nobody holds the lock of owner {chosen} at {core.url}.")
            return 0
        click.echo(f"The lock of owner {chosen} at {core.url} is held by {described(held)}.")
        holder = Process.parse(held)
        if holder is not None and holder.is_here():
            click.echo("That process is gone." if holder.is_gone() else "That process still runs on this host.")
        if not yes:
            about = f"breaking the lock of owner {chosen} is asked for first"
            ask("Break it?", about=about, otherwise="see that this apply has ended, then run unlock with --yes")
        if not lock.break_if(held):
            raise RefusedError(
                "the lock is not the one any more that was shown", hint="nothing was done; run unlock again to see"
            )
    click.echo("The lock is broken.")
    return 0
