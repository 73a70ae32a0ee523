"""`komodo-sync init`."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.options import connection_options, verbosity_options
from komodo_sync.errors import RefusedError, StoppedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.cli.options import ConnectionOptions


@click.command(short_help="Begin: write a working folder.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), metavar="[DIR]")
@click.option("--owner", metavar="NAME", help="Whose tag will mark what is ours.")
@click.option(
    "--export/--no-export",
    "exports",
    default=None,
    help="Write what the Core in use holds as manifests, or an example.",
)
@click.option("-y", "--yes", is_flag=True, help="Do not ask; take what is not given as it is proposed.")
@connection_options
@verbosity_options
@click.pass_context
def init(
    ctx: click.Context, connection: ConnectionOptions, folder: Path, owner: str | None, exports: bool | None, yes: bool
) -> int:
    """Write komodo-sync.yaml, first manifests and the schemas for your editor in DIR (default: here).

    It asks who you are, and, where a Core is in use, whether to write what it holds as manifests. Nothing that is there
    is overwritten. Without a terminal give --owner, or --yes.
    """
    from komodo_sync.cli.asking import somebody_is_there
    from komodo_sync.cli.export_folder import Folder
    from komodo_sync.cli.schema import schemas
    from komodo_sync.settings import starter

    _check(folder)
    url, has_core = _core(connection)
    proposed = _slug(folder.resolve().name)
    if not yes and somebody_is_there():
        if owner is None:
            owner = _answer("Who owns what this folder declares (a team, a repository)?", proposed)
        if exports is None and has_core:
            exports = _answer(f"Write what {url} holds as manifests? yes or no", "yes").lower() in ("y", "yes")
    elif owner is None and not yes:
        raise RefusedError(
            "init asks who the owner is, and there is no terminal to ask on",
            hint="give --owner NAME, or --yes to take what is proposed (here: " + proposed + ")",
        )
    if yes and exports is None:
        exports = has_core  # as it would be proposed
    owner = (proposed if owner is None else owner).strip()
    if not owner:
        raise UsageError("an owner has a name", hint="give --owner NAME")
    if exports and not has_core:
        raise UsageError(
            "--export needs a Core, and none is in use",
            hint="give --url and set KOMODO_CLI_KEY and KOMODO_CLI_SECRET, or leave --export out",
        )
    files: dict[str, Callable[[], str]] = {"komodo-sync.yaml": lambda: starter.starter_settings(owner, url)}
    documents = schemas()
    for name in ("manifest", "overlay", "settings"):
        files[f"{starter.SCHEMAS}/{name}.schema.json"] = documents[name]
    if not exports:
        files[f"{starter.MANIFESTS}/example.yaml"] = starter.starter_manifest
    texts = {name: make() for name, make in files.items()}
    out = Folder(folder)
    out.write(texts)
    if exports:
        try:
            _export(ctx, connection, folder, owner)
        except BaseException:
            # as if it had not begun, so that it can begin again
            for name in texts:
                (folder / name).unlink()
            (folder / starter.SCHEMAS).rmdir()
            raise
        if not (folder / starter.MANIFESTS).exists():
            click.echo("nothing was there to export: here is an example instead", err=True)
            exports, name = False, f"{starter.MANIFESTS}/example.yaml"
            texts[name] = starter.starter_manifest()
            out.write({name: texts[name]})
    for name in texts:
        click.echo(str(folder / name))
    _tell_next(folder, exported=bool(exports), connected=has_core)
    return 0


def _check(folder: Path) -> None:
    """Nothing that somebody wrote is in the way."""
    from komodo_sync.settings.starter import MANIFESTS

    for path in (folder / "komodo-sync.yaml", folder / MANIFESTS):
        if path.exists():
            raise RefusedError(
                f"{path} is there already", hint="nothing was written; init begins in a folder that has none"
            )


def _core(connection: ConnectionOptions) -> tuple[str, bool]:
    """The address for the settings (empty for an embedded Core), and whether there is a Core to speak to."""
    from komodo_sync.errors import KomodoSyncError
    from komodo_sync.session import EMBEDDED
    from komodo_sync.settings import find_connection

    try:
        found = find_connection(
            url=connection.url,
            key=connection.key,
            secret=connection.secret,
            profile=connection.profile,
            environment=os.environ,
        )
    except UsageError:
        if connection.url:
            raise  # it is no address, and would be none in the settings
        return "", False
    except KomodoSyncError:
        return connection.url or "", False
    return ("" if found.url.startswith(EMBEDDED) else found.url), True


def _export(ctx: click.Context, connection: ConnectionOptions, folder: Path, owner: str) -> None:
    from komodo_sync.cli.export import export
    from komodo_sync.settings.starter import MANIFESTS

    ctx.invoke(
        export,
        out=folder / MANIFESTS,
        owner=owner,
        settings=folder / "komodo-sync.yaml",
        url=connection.url,
        key=connection.key,
        secret=connection.secret,
        profile=connection.profile,
    )


def _tell_next(folder: Path, *, exported: bool, connected: bool) -> None:
    steps = [] if folder.resolve() == Path.cwd() else [f"cd {folder}"]
    if exported:
        steps += ["git init && git add . && git commit", "set the variables that are listed above, if any"]
    else:
        steps += ["komodo-sync validate", "edit manifests/example.yaml"]
    if not connected:
        steps.append("set KOMODO_CLI_HOST, KOMODO_CLI_KEY and KOMODO_CLI_SECRET")
    steps += ["komodo-sync plan", "komodo-sync apply" + (" (once it shows no more than you mean)" if exported else "")]
    click.echo("\nNext:", err=True)
    for number, step in enumerate(steps, 1):
        click.echo(f"  {number}. {step}", err=True)


def _answer(question: str, proposed: str) -> str:
    """What somebody types, or what is proposed when they type nothing. Raises StoppedError at Ctrl-C."""
    try:
        click.echo(f"{question} [{proposed}] ", err=True, nl=False)
        return sys.stdin.readline().strip() or proposed
    except KeyboardInterrupt:
        click.echo(err=True)
        raise StoppedError("stopped at the question", hint="nothing was written") from None


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-") or "platform"
