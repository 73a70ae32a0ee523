"""`komodo-sync convert`."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from komodo_sync.cli.options import input_options
from komodo_sync.errors import InputError, KomodoSyncError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from komodo_sync.cli.options import InputOptions
    from komodo_sync.manifest import Loaded
    from komodo_sync.manifest.lookup import Lookup


@click.command(short_help="Turn Resource Sync TOML into manifests.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE.toml|DIR...")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", help="Where to write the manifests."
)
@click.option("--force", is_flag=True, help="Write the files anew, whatever stands there.")
@click.option("-v", "--verbose", count=True, expose_value=False, help="Tell more on stderr.")
@click.option("-q", "--quiet", is_flag=True, help="Errors alone on stderr.")
@input_options
def convert(inputs: InputOptions, paths: tuple[Path, ...], out: Path | None, force: bool, quiet: bool) -> None:
    """Turn Komodo's Resource Sync TOML into manifests that declare the very same. Needs no Core.

    Each TOML file becomes a YAML file of the same name in DIR; comments go along, long texts go into files beside.
    One file without --out is printed. The TOML stays where it is: nothing may be declared twice, so leave it out of
    the manifests then. Nothing is overwritten without --force.
    """
    from komodo_sync.cli.console import stdout_as_it_is
    from komodo_sync.cli.export_folder import Folder
    from komodo_sync.cli.inputs import make_lookup
    from komodo_sync.export import Existing
    from komodo_sync.manifest import load
    from komodo_sync.manifest.lookup import Lookup

    for path in paths:
        if path.is_file() and path.suffix.lower() != ".toml":
            raise UsageError(
                f"{path} is not TOML", hint="name *.toml files of Resource Sync, or folders that hold some"
            )
    # what is secret stays what it asks for, whatever it is worth here
    lookup = Lookup(vars=make_lookup(inputs.env_files, inputs.variables, os.environ).vars)
    loaded = load(paths, settings=None, root=Path.cwd(), lookup=lookup)
    if loaded.desired.failed:
        raise InputError(loaded.diagnostics)
    sources = {name: place for name, place in loaded.places.items() if place.suffix.lower() == ".toml"}
    if not sources:
        raise UsageError("there is no *.toml file to convert", hint="name the files of your Resource Sync")
    if out is None and len(sources) > 1:
        raise UsageError(f"these are {len(sources)} files", hint="give --out DIR, and they are written there")
    targets = _targets(paths, sources) if out else dict.fromkeys(sources, "")
    files = _converted(loaded, targets)
    _prove(loaded, files if out else {"manifest.yaml": files[""]}, lookup)
    if out is None:
        click.echo(files[""], stdout_as_it_is(), nl=False)
        return
    folder = Folder(out)
    if not force:
        folder.check(files, Existing())
    files = {path: text for path, text in files.items() if _differs(out / path, text)}
    folder.write(files)
    for name in files:
        click.echo(str(out / name))
    if not quiet:
        _tell(loaded, sources, files, out)


def _targets(paths: Sequence[Path], sources: Mapping[str, Path]) -> dict[str, str]:
    """The path of each file's manifest: as it lies in the folder that was named, else in the one that holds all files
    that were named. Raises UsageError when two would be one."""
    folders = [path.resolve() for path in paths if path.is_dir()]
    named = [path.resolve().parent for path in paths if not path.is_dir()]
    bases = [*folders, *([Path(os.path.commonpath(named))] if named else [])]
    targets: dict[str, str] = {}
    for name, place in sources.items():
        base = next(each for each in bases if place.is_relative_to(each))
        where = place.relative_to(base)
        stem = where.stem.lstrip(".") or "manifest"
        target = where.with_name(f"{stem}_.yaml" if stem == "komodo-sync" else f"{stem}.yaml").as_posix()
        if target in targets.values():
            other = next(each for each, taken in targets.items() if taken == target)
            raise UsageError(f"{other} and {name} would both become {target}", hint="convert them one after the other")
        targets[name] = target
    return targets


def _converted(loaded: Loaded, targets: Mapping[str, str]) -> dict[str, str]:
    """All files by path. `targets` has the path of the manifest for each name of a TOML file."""
    from komodo_sync.conversion import convert as converted
    from komodo_sync.source.text import read_source

    files: dict[str, str] = {}
    taken = {path.casefold() for path in targets.values()}
    for name, path in targets.items():
        made = converted(read_source(loaded.places[name], name), loaded, path=path, taken=taken)
        files |= {path: made.text, **made.files}
    return dict(sorted(files.items()))


def _prove(loaded: Loaded, files: Mapping[str, str], lookup: Lookup) -> None:
    """Raises KomodoSyncError when the files would not be read as the very same."""
    from komodo_sync.cli.export_folder import Folder
    from komodo_sync.conversion import differences
    from komodo_sync.manifest import load

    others = [place for place in loaded.places.values() if place.suffix.lower() != ".toml"]
    with TemporaryDirectory(prefix="komodo-sync-") as place:
        Folder(Path(place)).write(files)
        again = load([Path(place), *others], settings=None, root=Path(place), lookup=lookup)
    differing = list(differences(loaded.desired, again.desired))
    if again.desired.failed or differing:
        wrong = [f"{item.span or ''} {item.message}".strip() for item in again.diagnostics]
        raise KomodoSyncError(
            "nothing was written: the manifests would not say the very same",
            detail="\n".join([*differing, *wrong]),
            hint="what they name must be written in another way in the TOML; everything else can be converted without",
        )


def _differs(place: Path, text: str) -> bool:
    return not place.is_file() or place.read_bytes() != text.encode()


def _tell(loaded: Loaded, sources: Mapping[str, Path], files: Mapping[str, str], out: Path) -> None:
    """What to do next, and which secrets stand in what was written."""
    from komodo_sync.masking.suspects import suspects

    for path, text in files.items():
        for line, key in suspects(text):
            click.echo(
                f"warning: {out / path}:{line} may hold a secret in clear ({key}); ${{env:NAME}} keeps it out of git",
                err=True,
            )
    count = len(loaded.desired.resources)
    click.echo(
        f"{count} resource{'' if count == 1 else 's'} of {len(sources)} TOML file{'' if len(sources) == 1 else 's'}, "
        f"{len(files)} file{'' if len(files) == 1 else 's'} written",
        err=True,
    )
    if any(place.is_relative_to(out.resolve()) for place in sources.values()):
        click.echo(f"next: remove the TOML files from {out}: nothing may be declared twice", err=True)
