"""The commands by name, each imported when it is called and not before."""

from __future__ import annotations

from importlib import import_module
from typing import cast

import click

COMMANDS = {
    "init": "Begin: write a working folder.",
    "doctor": "Check settings, connection, Core, rights and lock.",
    "validate": "Check the manifests, without a Core and without secrets.",
    "plan": "Show what would change; write nothing.",
    "apply": "Make it so, in order, and prove that nothing is left.",
    "drift": "Tell what is not as declared, and on which side it was changed.",
    "show": "Show a plan that was saved with --out.",
    "export": "Write what a Core holds as manifests.",
    "convert": "Turn Resource Sync TOML into manifests.",
    "explain": "Show every field of a resource: its value, who says so, what is live.",
    "graph": "Show what needs what.",
    "watch": "Pull, plan and apply again and again: the GitOps job.",
    "run": "Have the Core do something, and wait until it has: run DeployStack web.",
    "call": "Ask the API, and print what it answers: call read GetStack stack=web.",
    "unlock": "Break the lock of an apply that cannot end any more.",
    "simulate": "Serve an embedded Komodo Core on this machine.",
    "demo": "See plan and apply at work on an embedded Core.",
    "schema": "Print the JSON Schema of a document.",
    "completion": "Print the completion script for a shell.",
}


class Commands(click.Group):
    """A group that knows the names and sentences of its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order in which they are used."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """The command, from its own module."""
        if name not in COMMANDS:
            return None
        return cast("click.Command", getattr(import_module(f"komodo_sync.cli.{name}"), name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with the nearest command named when there is none of that name."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            close = get_close_matches(args[0], COMMANDS, 1) if args else []
            known = f"Did you mean {close[0]}?" if close else f"There are: {', '.join(COMMANDS)}."
            raise click.UsageError(f"No such command: {args[0]}. {known}", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands in `--help`, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))
