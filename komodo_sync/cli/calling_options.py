"""The words and options of `run` and `call`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.complete import complete_words
from komodo_sync.cli.options import Seconds, env_file_option, grouped, target_option
from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.cli.options import Command


class CallingOptions(Data, frozen=True):
    """Which operation, and how it is done."""

    words: tuple[str, ...]
    settings: Path | None
    target: str | None
    env_files: tuple[Path, ...]
    yes: bool
    dry_run: bool
    wait: bool
    timeout: float | None
    parallelism: int
    format: str
    out: Path | None
    verbose: int
    quiet: bool


def calling_options(default: str) -> Callable[[Command], Command]:
    """The words of an operation and how it is done, as `asked`; `default` is the format."""

    def decorate(command: Command) -> Command:
        return grouped(
            command,
            "asked",
            CallingOptions,
            click.argument(
                "words", nargs=-1, metavar="[GROUP] OPERATION [NAME|PARAM=VALUE]...", shell_complete=complete_words
            ),
            click.option(
                "--settings",
                type=click.Path(path_type=Path),
                metavar="FILE",
                help="Settings other than komodo-sync.yaml.",
            ),
            target_option,
            env_file_option(
                "A dotenv file that the manifests are applied with: what they take from it is not printed."
            ),
            click.option("-y", "--yes", is_flag=True, help="Do not ask before something is destroyed."),
            click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing."),
            click.option(
                "--no-wait",
                "wait",
                flag_value=False,
                default=True,
                type=bool,
                help="Begin, and do not wait for the end.",
            ),
            click.option(
                "--timeout",
                type=Seconds(0, min_open=True),
                default=None,
                metavar="SECONDS",
                help="Wait so long for each execution; as its kind takes if not set (30 minutes, builds 2 hours).",
            ),
            click.option(
                "--parallelism", type=click.IntRange(1, 64), default=8, show_default=True, help="Calls at a time."
            ),
            click.option(
                "--format",
                type=click.Choice(["text", "json"]),
                default=default,
                show_default=True,
                help="How to print the result.",
            ),
            click.option(
                "--out",
                type=click.Path(path_type=Path, dir_okay=False),
                metavar="FILE",
                help="Write the whole answer, secrets included, to a new file for you alone.",
            ),
            click.option("-v", "--verbose", count=True, help="Tell more on stderr; -vv every request."),
            click.option("-q", "--quiet", is_flag=True, help="No progress on stderr."),
        )

    return decorate
