"""Where results go: stdout, and the files of `--report`."""

from __future__ import annotations

import os
from contextlib import suppress
from errno import EACCES
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.console import Style, stdout_style
from komodo_sync.cli.known import discreet
from komodo_sync.errors import KomodoSyncError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.cli.options import OutputOptions

    Formats = Mapping[str, Callable[[Style], str]]

_FILE = Style(color=False, width=120)
_MANIFESTS = (".yaml", ".yml", ".toml")
_JSON = ("json", "ndjson", "sarif")


def check_reports(
    output: OutputOptions, formats: tuple[str, ...], out: Path | None = None
) -> tuple[tuple[str, Path], ...]:
    """The `--report FORMAT=FILE` values, before anything is done. Raises UsageError, also where two of them, or one and
    `out`, are the same file, and KomodoSyncError for a file that could not be written later."""
    taken = {_identity(out)} if out is not None else set()
    reports: list[tuple[str, Path]] = []
    for value in output.reports:
        name, equals, path = value.partition("=")
        if not equals or not path:
            raise UsageError(
                f"--report {value} has no file", hint=f"write --report {name if name in formats else formats[0]}=FILE"
            )
        if name not in formats:
            raise UsageError(f"--report {value}: there is no format {name}", hint=f"one of {', '.join(formats)}")
        if path == "-":
            raise UsageError(f"--report {value} is no file", hint=f"to print it: --format {name}")
        check_place(Path(path))
        if (identity := _identity(Path(path))) in taken and path != os.devnull:
            what = "the plan" if out is not None and identity == _identity(out) else "another report"
            raise UsageError(f"--report {value}: {what} goes to that file", hint="give each a file of its own")
        taken.add(identity)
        reports.append((name, Path(path)))
    return tuple(reports)


def _identity(path: Path) -> str:
    """By what one file is known, however it is spelt."""
    try:
        return os.path.realpath(path) if path.is_file() or not path.exists() else str(path)
    except OSError:
        return str(path)  # a name that no file can have: it is told later


def write_result(output: OutputOptions, formats: Formats, *, told: str = "", printed_already: bool = False) -> None:
    """Writes every report and prints the result in the asked format. `formats`: from how to write to a text;
    `told`: a format that was written already, while it went on; `printed_already`: so was what is printed."""
    # whoever reads stdout may be gone already; files are written all the same, and the result is printed all the same
    # where one of them cannot be
    failed = _written(output, formats, told)
    style = stdout_style()
    try:
        if output.format != told and not printed_already:
            click.echo(printed(output.format, formats[output.format](style)), nl=False, color=style.color)
    finally:
        if failed is not None:
            raise failed


def printed(name: str, text: str) -> str:
    """The result as it is printed: in a log of GitHub Actions only the format for it may hold commands."""
    if os.environ.get("GITHUB_ACTIONS") != "true" or name == "github":
        return text
    from komodo_sync.report.github import inert

    return inert(text, is_json=name in _JSON)


def _written(output: OutputOptions, formats: Formats, told: str) -> KomodoSyncError | None:
    """Writes every report that can be written, without colour; what was wrong with the first that cannot be."""
    reports = check_reports(output, (*formats, told) if told else tuple(formats))
    writes = [partial(write_file, path, discreet(formats[name](_FILE))) for name, path in reports if name != told]
    if "github" in (output.format, *(name for name, _ in reports)):
        writes.append(partial(add_to_summary, formats["markdown"](_FILE)))
    failed = None
    for write in writes:
        try:
            write()
        except KomodoSyncError as error:
            failed = failed or error
    return failed


def add_to_summary(text: str) -> None:
    """The Markdown form, as a part of the step summary where GitHub Actions asks for one."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{discreet(text)}\n")
    except OSError as error:
        hint = "GITHUB_STEP_SUMMARY names it: unset that, or leave the format github out"
        raise KomodoSyncError(f"{path} cannot be written", detail=error.strerror or "", hint=hint) from None


def check_place(path: Path) -> None:
    """Raises KomodoSyncError for a file that could not be written, before anything is done."""
    try:
        _try(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    if path.suffix.lower() in _MANIFESTS:
        raise KomodoSyncError(
            f"{path} is not written",
            detail="by its name it is a manifest, and would be overwritten or read as one",
            hint="name a file that ends in another way",
        )


def _try(path: Path) -> None:
    """Raises OSError for a file that cannot be opened, or made with the folders that it is to lie in; leaves nothing
    behind. Permissions alone do not tell: a file system may be one that takes no files."""
    if path.exists():
        if path.is_file() or path.is_dir():  # to open a pipe would wait for its reader
            os.close(os.open(path, os.O_WRONLY | os.O_APPEND))
        elif not os.access(path, os.W_OK):
            raise PermissionError(EACCES, os.strerror(EACCES))
        return
    made: list[Path] = []
    try:
        for folder in reversed(path.absolute().parents):
            if not folder.exists():
                folder.mkdir()
                made.append(folder)
        with suppress(FileExistsError):  # somebody else was faster
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
            made.append(path.absolute())
    finally:
        for each in reversed(made):
            with suppress(OSError):  # somebody else uses it by now
                each.unlink() if each == path.absolute() else each.rmdir()


def _unwritable(path: Path, error: OSError) -> KomodoSyncError:
    return KomodoSyncError(f"{path} cannot be written", detail=error.strerror or "", hint="name another file")


def write_file(path: Path, text: str) -> None:
    """Writes a result to a file. Raises KomodoSyncError when it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from None
