"""`komodo-sync doctor`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.options import connection_options, output_options, target_option

if TYPE_CHECKING:
    from komodo_sync.cli.options import ConnectionOptions, OutputOptions
    from komodo_sync.cli.writing import Formats
    from komodo_sync.model.checkup import Checkup


@click.command(short_help="Check settings, connection, Core, rights and lock.")
@connection_options
@click.option(
    "--settings", type=click.Path(path_type=Path), metavar="FILE", help="Settings other than komodo-sync.yaml."
)
@target_option
@click.option("--owner", metavar="NAME", help="Whose tags and lock are meant (setting: owner).")
@output_options("text", "json")
def doctor(
    connection: ConnectionOptions, settings: Path | None, target: str | None, owner: str | None, output: OutputOptions
) -> int:
    """Look at everything that a plan and an apply need, and say of each thing that it is well, or what to do.

    It reads alone, and works also where nothing does: without settings, network or key.

    Exit status: 0 when nothing failed, also with warnings; 1 when something did.
    """
    from komodo_sync.checkup import examine
    from komodo_sync.checkup.inputs import Asked
    from komodo_sync.cli.inputs import learn_manifests_of
    from komodo_sync.cli.known import known
    from komodo_sync.cli.workspace import log_to_stderr
    from komodo_sync.cli.writing import check_reports, write_result

    check_reports(output, ("text", "json"))
    log_to_stderr(output.verbose)
    asked = Asked(settings, target, connection.url, connection.key, connection.secret, connection.profile)
    learn_manifests_of(settings, target)
    found = examine(asked, environment=os.environ, folder=Path.cwd(), owner=owner, known=known())
    write_result(output, _formats(found))
    return 0 if found.healthy else 1


def _formats(found: Checkup) -> Formats:
    from komodo_sync.report.checkup import checkup_json, checkup_text

    return {
        "text": lambda style: checkup_text(found, color=style.color, width=style.width),
        "json": lambda _style: checkup_json(found),
    }
