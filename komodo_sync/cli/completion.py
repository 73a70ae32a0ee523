"""`komodo-sync completion SHELL`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from komodo_sync.cli.options import verbosity_options


@click.command(short_help="Print the completion script for a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@verbosity_options
def completion(shell: str) -> None:
    """Print the completion script for SHELL: `source <(komodo-sync completion bash)`."""
    from komodo_sync.cli.entry import cli

    found = get_completion_class(shell)
    if found is None:  # pragma: no cover  click knows the three
        raise click.UsageError(f"no completion for {shell}")
    click.echo(found(cli, {}, "komodo-sync", "_KOMODO_SYNC_COMPLETE").source())
