"""Options in groups (connection, scope, input, safety, output), each a decorator that hands one frozen value over."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from komodo_sync.errors import UsageError
from komodo_sync.model.data import Data
from komodo_sync.report.budget import GITHUB_BYTES, LEAST_BYTES
from komodo_sync.settings.document import owner_problem
from komodo_sync.settings.duration import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.model.desired import Omitted

    Command = Callable[..., Any]

Group = TypeVar("Group", bound=Data)


class Seconds(click.FloatRange):
    """So many seconds; `inf` and `nan` are numbers to Python and no time that anybody can wait."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        seconds: float = super().convert(value, param, ctx)
        if not 0 <= seconds <= LONGEST:
            self.fail(f"{value} is no number of seconds up to {LONGEST}, which is a year.", param, ctx)
        return seconds


class PlanFile(click.Path):
    """The file of a plan, or `-`. An empty name is a variable that was not set, and no folder."""

    def __init__(self) -> None:
        super().__init__(path_type=Path, allow_dash=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("an empty name names no plan file.", param, ctx)
        return super().convert(value, param, ctx)


class ConnectionOptions(Data, frozen=True):
    """Which Core, and as whom."""

    url: str | None
    key: str | None
    secret: str | None
    profile: str | None


class ScopeOptions(Data, frozen=True):
    """What is declared, and which part of it is meant."""

    paths: tuple[Path, ...]
    settings: Path | None
    select: tuple[str, ...]


class InputOptions(Data, frozen=True):
    """What manifests are read with."""

    variables: tuple[str, ...]
    env_files: tuple[Path, ...]
    target: str | None
    overlays: tuple[str, ...]


class SafetyOptions(Data, frozen=True):
    """What may happen. Each mirrors a setting."""

    owner: str | None
    prune: bool | None
    omitted_fields: Omitted | None
    deploy: bool
    adopt_changes: bool
    allow_syncs: bool
    allow_deletes: int | None
    allow_deploys: int | None
    refresh: bool
    abandon_old: bool


class OutputOptions(Data, frozen=True):
    """How the result is written."""

    format: str
    reports: tuple[str, ...]
    max_bytes: int
    verbose: int
    quiet: bool


def connection_options(command: Command) -> Command:
    """`--url --key --secret --profile` as `connection`."""
    return grouped(
        command,
        "connection",
        ConnectionOptions,
        click.option("--url", metavar="URL", help="The Core's address, or sim:PATH for an embedded one kept in PATH."),
        click.option("--key", metavar="KEY", help="API key; better as KOMODO_CLI_KEY or KOMODO_CLI_KEY_FILE."),
        click.option("--secret", metavar="SECRET", help="API secret; better as KOMODO_CLI_SECRET or its _FILE."),
        click.option("--profile", metavar="NAME", help="A profile of km's komodo.cli.toml."),
    )


def scope_options(command: Command) -> Command:
    """`PATH... --settings --select` as `scope`."""
    return grouped(
        command,
        "scope",
        ScopeOptions,
        click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]..."),
        click.option(
            "--settings", type=click.Path(path_type=Path), metavar="FILE", help="Settings other than komodo-sync.yaml."
        ),
        click.option(
            "--select",
            multiple=True,
            metavar="EXPR",
            help="Change these alone: kind/name with wildcards, tag:T, server:S, file:F, changed:REF; repeatable.",
        ),
    )


def target_option(command: Command) -> Command:
    """`--target`, as every command takes it that goes by the settings."""
    return click.option("--target", metavar="NAME", help="Which of the settings' targets is meant.")(command)


def env_file_option(told: str) -> Callable[[Command], Command]:
    """`--env-file` as `env_files`; `told`: what it is for, as the help says it."""
    return click.option(
        "--env-file", "env_files", multiple=True, type=click.Path(path_type=Path), metavar="FILE", help=told
    )


def input_options(command: Command) -> Command:
    """`--target --overlay --var --env-file` as `inputs`."""
    return grouped(
        command,
        "inputs",
        InputOptions,
        target_option,
        click.option(
            "--overlay", "overlays", multiple=True, metavar="NAME", help="Lay overlays/NAME over it; repeatable."
        ),
        click.option(
            "--var", "variables", multiple=True, metavar="NAME=VALUE", help="What ${var:NAME} is worth; repeatable."
        ),
        env_file_option("A dotenv file for ${env:NAME}; the environment wins; repeatable."),
    )


def _owner(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    """An empty one is none, whatever the settings say."""
    problem = owner_problem(name or "")
    if problem:
        raise UsageError(f"--owner {problem}", hint="write a short name, as platform")
    return name


def safety_options(command: Command) -> Command:
    """Flags that say what may happen, as `safety`."""
    return grouped(
        command,
        "safety",
        SafetyOptions,
        click.option("--owner", metavar="NAME", callback=_owner, help="Whose tag marks what is ours (setting: owner)."),
        click.option("--prune/--no-prune", default=None, help="Delete what is ours and not declared (setting: prune)."),
        click.option(
            "--omitted-fields",
            type=click.Choice(["reset", "keep"]),
            default=None,
            help="What becomes of fields that a manifest does not mention (setting: omitted_fields).",
        ),
        click.option("--no-deploy", "deploy", flag_value=False, default=True, type=bool, help="Deploy nothing."),
        click.option("--adopt-changes", is_flag=True, help="Change what is adopted in the same run."),
        click.option("--allow-syncs", is_flag=True, help="Go on although a resource sync of Komodo's would fight."),
        click.option(
            "--allow-deletes", type=click.IntRange(min=0), metavar="N", help="Up to N deletes, whatever the limits say."
        ),
        click.option(
            "--allow-deploys", type=click.IntRange(min=0), metavar="N", help="Up to N deploys, whatever the limits say."
        ),
        click.option(
            "--no-refresh",
            "refresh",
            flag_value=False,
            default=True,
            type=bool,
            help="Go by the files that the Core knows, without fetching them anew.",
        ),
        click.option(
            "--abandon-old",
            is_flag=True,
            help="Leave behind what runs on a server that is left: not reached, or where nothing starts it again.",
        ),
    )


def output_options(*formats: str) -> Callable[[Command], Command]:
    """`--format --report --max-bytes -v -q` as `output`; the first of `formats` is the default."""

    def decorate(command: Command) -> Command:
        return grouped(
            command,
            "output",
            OutputOptions,
            click.option("--format", type=click.Choice(formats), default=formats[0], help="How to print the result."),
            click.option(
                "--report", "reports", multiple=True, metavar="FORMAT=FILE", help="Write it to a file too; repeatable."
            ),
            click.option(
                "--max-bytes",
                type=click.IntRange(min=LEAST_BYTES),
                metavar="N",
                default=GITHUB_BYTES,
                show_default=True,
                hidden="markdown" not in formats,
                help="Room for Markdown: less is told where all of it has none.",
            ),
            click.option(
                "-v", "--verbose", count=True, help="Tell more on stderr: which Core and settings; -vv every request."
            ),
            click.option("-q", "--quiet", is_flag=True, help="No progress on stderr."),
        )

    return decorate


def verbosity_options(command: Command) -> Command:
    """`-v -q`, which every command takes, for one that has nothing more and nothing less to tell."""
    for option in (
        click.option("-q", "--quiet", is_flag=True, expose_value=False, help="No progress on stderr."),
        click.option("-v", "--verbose", count=True, expose_value=False, help="Tell more on stderr."),
    ):
        command = option(command)
    return command


def unused_options(*groups: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Options of these groups that are taken and mean nothing, so that one list of arguments serves for a command and
    for `plan`; they are not in its help. What the command has itself is its own."""

    def decorate(command: Command) -> Command:
        mine = {opt for param in _params(command) for opt in param.opts}
        for group in groups:
            for param in _params(group(lambda: None)):
                if isinstance(param, click.Option) and mine.isdisjoint(param.opts):
                    param.hidden, param.expose_value = True, False
                    command.__click_params__.append(param)  # type: ignore[attr-defined]
        return command

    return decorate


def _params(command: Command) -> list[click.Parameter]:
    return list(getattr(command, "__click_params__", ()))


def grouped(command: Command, name: str, value: type[Group], *options: Callable[[Command], Command]) -> Command:
    """`command`, to which the values of `options` are handed over as one `value` under `name`."""
    words = value.__struct_fields__

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        kwargs[name] = value(**{word: kwargs.pop(word) for word in words})
        return command(*args, **kwargs)

    decorated: Command = wrapped
    for option in reversed(options):
        decorated = option(decorated)
    return decorated
