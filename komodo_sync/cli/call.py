"""`komodo-sync call`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from komodo_sync.cli.calling_options import calling_options
from komodo_sync.cli.options import connection_options

if TYPE_CHECKING:
    from komodo_sync.cli.calling_options import CallingOptions
    from komodo_sync.cli.options import ConnectionOptions


@click.command(short_help="Ask the API, and print what it answers: call read GetStack stack=web.")
@connection_options
@calling_options("json")
def call(asked: CallingOptions, connection: ConnectionOptions) -> int:
    """Call any operation of the API and print its answer: call read GetStack stack=web.

    GROUP is read, write, execute or auth, and may be left out. VALUE is a text or JSON, @FILE the text of a file
    (@- stdin); a bare @FILE holds all parameters as JSON. Executions are waited for. Secrets are masked.

    Exit status: 0 it succeeded; 1 it failed; 3 a part of it failed; 4 refused; 64 wrong usage; 130 stopped.
    """
    from komodo_sync.cli.calling import perform

    return perform(asked, connection, answer_alone=True)
