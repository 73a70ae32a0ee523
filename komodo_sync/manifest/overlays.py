"""Where overlays lie: `overlays/NAME/` beside the settings, or without settings in or beside what is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.errors import InputError, UsageError
from komodo_sync.manifest.discover import OVERLAYS
from komodo_sync.manifest.findings import nearest, quoted
from komodo_sync.source.codes import Code
from komodo_sync.source.text import read_source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from komodo_sync.settings import Settings


def overlay_folders(
    asked: Sequence[str], paths: Sequence[Path], settings: Settings | None, root: Path
) -> dict[str, list[Path]]:
    """The folders of each overlay in use, in the order in which overlays are laid: those of the settings' target, then
    those that were `asked` for. Raises InputError for one that the settings name and is not there, UsageError for one
    that was asked for."""
    named = settings.overlays if settings is not None else ()
    names = tuple(dict.fromkeys((*named, *asked)))
    if not names:
        return {}
    found = _found(paths, settings, root)
    missing = next((name for name in names if name not in found), None)
    if missing is not None:
        message = f"there is no overlay {quoted(missing)}"
        way_out = nearest(missing, sorted(found)) if found else f"there are none: make {OVERLAYS}/{missing}/"
        way_out = way_out or f"there are {', '.join(sorted(found))}"
        if settings is not None and missing in named:
            source, span = read_source(settings.file, settings.file.name), settings.spans["overlay"]
            raise InputError(
                [
                    source.diagnostic(
                        Code.UNKNOWN_OVERLAY, message, span.line, span.column, length=span.length, help=way_out
                    )
                ]
            )
        raise UsageError(message, hint=way_out)
    return {name: found[name] for name in names}


def unused_folders(used: Collection[str], paths: Iterable[Path], settings: Settings | None, root: Path) -> list[Path]:
    """The folders of the overlays that are there and not in use."""
    found = _found(paths, settings, root)
    return [folder for name, folders in sorted(found.items()) if name not in used for folder in folders]


def _found(paths: Iterable[Path], settings: Settings | None, root: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for holder in _holders(paths, root) if settings is None else [settings.root]:
        for folder in _folders(holder / OVERLAYS):
            found.setdefault(folder.name, []).append(folder)
    return found


def _holders(paths: Iterable[Path], root: Path) -> list[Path]:
    """The folders that may have `overlays/`: each that is named, and, inside the root, that in which it lies."""
    found: dict[Path, None] = {}
    for path in (path.absolute() for path in paths):
        found |= {path: None} if path.is_dir() else {path.parent: None}
        if path.parent.is_relative_to(root.absolute()):
            found |= {path.parent: None}
    return list(found)


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return sorted(item for item in parent.iterdir() if item.is_dir() and not item.name.startswith("."))
