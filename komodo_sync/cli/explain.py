"""`komodo-sync explain`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.options import connection_options, input_options, verbosity_options
from komodo_sync.errors import UsageError

if TYPE_CHECKING:
    from komodo_sync.cli.options import ConnectionOptions, InputOptions
    from komodo_sync.manifest import Loaded
    from komodo_sync.model.address import Address


@click.command(short_help="Show every field of a resource: its value, who says so, what is live.")
@click.argument("resource", metavar="KIND/NAME")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option(
    "--settings", "file", type=click.Path(path_type=Path), metavar="FILE", help="Settings other than komodo-sync.yaml."
)
@click.option("--live", is_flag=True, help="Ask the Core too, and show what differs there.")
@input_options
@connection_options
@verbosity_options
def explain(
    resource: str,
    paths: tuple[Path, ...],
    file: Path | None,
    inputs: InputOptions,
    connection: ConnectionOptions,
    *,
    live: bool,
) -> None:
    """Show every field of one declared resource, as in `explain stack/web`: its value, and the line that says so or
    that nobody does. Secrets are not shown. Needs no Core, unless --live is given."""
    from komodo_sync import session as sessions
    from komodo_sync.cli.console import stdout_style
    from komodo_sync.cli.inputs import find_inputs
    from komodo_sync.cli.known import known, learn_declared
    from komodo_sync.cli.writing import printed
    from komodo_sync.masking.redaction import learn_live
    from komodo_sync.planning.explain import explain as explained
    from komodo_sync.planning.permissions import expanded
    from komodo_sync.planning.timeouts import timeout_key
    from komodo_sync.report.explanation import explanation_text
    from komodo_sync.settings import Settings, find_connection

    named = [word for word in connection.__struct_fields__ if getattr(connection, word) is not None]
    if named and not live:
        raise UsageError(
            f"--{named[0]} is for --live: else no Core is asked", hint=f"add --live, or leave --{named[0]} out"
        )
    found = find_inputs(paths, file, inputs)
    loaded = found.load()
    learn_declared(loaded.desired)
    address = _declared(resource, loaded)
    settings = found.settings or Settings.without_file()
    desired, omitted = loaded.desired.resources[address], settings.omitted_fields
    key = timeout_key(address, settings.timeouts)
    timeout = (settings.timeouts[key], str(settings.spans[f"timeouts.{key}"])) if key else None
    if live:
        target = find_connection(
            url=connection.url,
            key=connection.key,
            secret=connection.secret,
            profile=connection.profile,
            environment=os.environ,
            settings=found.settings,
        )
        options = sessions.plan_options(found.settings, loaded, prune=False, host=target.url)
        with sessions.connect(target, known=known()) as session:
            observed = sessions.observe(session, loaded.desired, options)
        learn_live(known(), observed, loaded.desired)
        whole, _ = expanded(loaded.desired, lambda: {*observed.resources, *loaded.desired.resources})
        made = explained(
            whole.resources[address],
            omitted,
            observed.resources.get(address),
            asked=True,
            timeout=timeout,
            known=known(),
        )
    else:
        made = explained(desired, omitted, timeout=timeout, known=known())
    style = stdout_style()
    text = explanation_text(made, color=style.color, width=style.width)
    click.echo(printed("text", text), nl=False, color=style.color)


def _declared(text: str, loaded: Loaded) -> Address:
    """The address, if it is declared. Raises InputError where the manifests could not be read, else UsageError."""
    from komodo_sync.errors import InputError
    from komodo_sync.model.address import Address

    try:
        address = Address.parse(text)
    except ValueError as error:
        hint = _meant(text, loaded) or "write kind/name, as in stack/web"
        raise UsageError(str(error), hint=hint) from None
    if address not in loaded.desired.resources:
        if loaded.desired.failed:
            raise InputError(loaded.diagnostics)
        hint = _meant(text, loaded) or "name manifests that declare resources: komodo-sync explain stack/web PATH"
        raise UsageError(f"no manifest declares {text}", hint=hint)
    return address


def _meant(text: str, loaded: Loaded) -> str:
    """What was meant most likely, or may have been; empty where nothing is declared."""
    from komodo_sync.manifest.findings import choices

    declared = sorted(map(str, loaded.desired.resources))
    kind, _, name = text.rpartition("/")
    named = [each for each in declared if each.partition("/")[2] == name] if name else []
    if len(named) == 1:
        return f"did you mean {named[0]}?"
    own = [each for each in declared if each.startswith(f"{kind}/")] if kind else []
    return choices(text, named or own or declared) if declared else ""
