"""From the command line to an exit code: the one place where errors become text and a number."""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING

import click

from komodo_sync import __version__
from komodo_sync.cli.commands import Commands
from komodo_sync.cli.console import (
    discard_output,
    encodable,
    error_rows,
    stderr_style,
    streams_of_run,
    unfailing,
    whole,
)
from komodo_sync.cli.known import begin, known
from komodo_sync.errors import InputError, KomodoSyncError, StoppedError, UsageError
from komodo_sync.model.hiding import knowing

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFECT = 70


def _version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    click.echo(f"komodo-sync {__version__}")
    ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, callback=_version, expose_value=False, is_eager=True, help="Print the version."
)
def cli() -> None:
    """Keep what a Komodo Core holds equal to YAML files in git."""


def run(arguments: Sequence[str]) -> int:
    """Runs one command and gives its exit code. Nothing is raised but SystemExit of a closed pipe."""
    # a run is short and builds large worlds: collecting garbage would only cost time
    gc.disable()
    _open_closed_streams()
    sys.stdout, sys.stderr = whole(sys.stdout), unfailing(sys.stderr)
    encodable(sys.stdout)
    encodable(sys.stderr)
    begin(os.environ)
    with streams_of_run(), knowing(known().learned_places):
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    try:
        result = cli.main(list(arguments), prog_name="komodo-sync", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.UsageError as error:
        error.show(sys.stderr)
        command = error.ctx.command_path if error.ctx else "komodo-sync"
        _tell(f"help: `{command} --help` lists what there is, with an explanation of each")
        return UsageError.exit_code
    except (click.Abort, KeyboardInterrupt):
        _tell("Stopped.")
        return StoppedError.exit_code
    except KomodoSyncError as error:
        _tell_error(error)
        return error.exit_code
    except BrokenPipeError:
        # whoever read our output has gone
        discard_output()
        return 1
    except OSError as error:
        # the disk under stdout is full, the working directory is gone
        discard_output()
        place = ", while the output was written"
        if error.filename or isinstance(error, FileNotFoundError):
            place = f": {error.filename or 'the folder in which this runs'}"
        _tell(f"error: {error.strerror or type(error).__name__}{place}")
        return 1
    except click.ClickException as error:
        error.show(sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        library = (error.name or "komodo_sync").partition(".")[0]
        if library == "komodo_sync":
            _tell_defect(error)
            return DEFECT
        _tell(f"error: the library {library} is not installed, which this version needs")
        _tell("help: install komodo-sync anew: `make demo` in a checkout, else pip")
        return 1
    except UnicodeEncodeError as error:
        if sys.getfilesystemencoding() == "utf-8":
            _tell_defect(error)
            return DEFECT
        _tell_error(_unwritable_name(error))
        return 1
    except Exception as error:
        _tell_defect(error)
        return DEFECT
    return result if isinstance(result, int) else 0


def _open_closed_streams() -> None:
    """A stream that was closed before the process began (`>&-`) takes everything and gives nothing."""
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def _tell_error(error: KomodoSyncError) -> None:
    if isinstance(error, InputError):
        from komodo_sync.report.diagnostics import diagnostics_text

        _tell(diagnostics_text(error.diagnostics, color=stderr_style().color).rstrip("\n"))
        return
    style = stderr_style()
    for row in error_rows(error, style.width if style.height else None):
        _tell(row)


def _unwritable_name(error: UnicodeEncodeError) -> KomodoSyncError:
    """A manifest or a folder names a file as the locale cannot write it."""
    text = error.object[error.start : error.end].encode("ascii", "backslashreplace").decode()
    return KomodoSyncError(
        f"a name of a file cannot be written in this locale: it has {text}",
        detail=f"the encoding of names is {error.encoding}",
        hint="choose a locale of UTF-8 (LC_ALL=C.UTF-8), or set PYTHONUTF8=1",
    )


def _tell_defect(error: Exception) -> None:
    """Where it happened, without the message: that could hold what must not be shown."""
    import traceback

    click.echo(f"defect: {type(error).__name__}; this should not have happened, and is not your fault.", err=True)
    for frame in traceback.extract_tb(error.__traceback__)[-4:]:
        place = f"{os.path.basename(frame.filename)}:{frame.lineno}"  # noqa: PTH119
        click.echo(f"  at {place} in {frame.name}", err=True)
    click.echo(
        "help: please report these lines with the command that you ran; what was applied is told by `plan`", err=True
    )


def _tell(text: str) -> None:
    # what goes wrong is seldom, so that here is found out too what is seldom asked for
    click.echo(known().without_telling(text), err=True)
