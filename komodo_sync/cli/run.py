"""`komodo-sync run`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from komodo_sync.cli.calling_options import calling_options
from komodo_sync.cli.options import connection_options

if TYPE_CHECKING:
    from komodo_sync.cli.calling_options import CallingOptions
    from komodo_sync.cli.options import ConnectionOptions


@click.command(short_help="Have the Core do something, and wait until it has: run DeployStack web.")
@connection_options
@calling_options("text")
def run(asked: CallingOptions, connection: ConnectionOptions) -> int:
    """Do an operation of the API to each NAME, and wait until it is done: run DeployStack web 'api-*'.

    Names may have wildcards; they are looked up before anything begins. PARAM=VALUE are its other parameters:
    VALUE is a text or JSON, @FILE the text of a file.

    Exit status: 0 all of it succeeded; 1 it failed; 3 a part of it failed; 4 refused; 64 wrong usage; 130 stopped.
    """
    from komodo_sync.cli.calling import perform

    return perform(asked, connection, answer_alone=False)
