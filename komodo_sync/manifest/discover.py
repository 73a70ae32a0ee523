"""Which files are manifests."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data
from komodo_sync.model.diagnostic import Diagnostic, Severity, Span
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Sequence

SUFFIXES = frozenset({".yaml", ".yml", ".toml"})
SETTINGS_NAME = "komodo-sync.yaml"
OVERLAYS = "overlays"
BACKUP_MARK = ".komodo-sync-backup"
"""A folder that holds this file is a backup of what was there before: what it declares is over, wherever it lies."""


class Candidate(Data, frozen=True):
    """A file that may be a manifest. `named`: somebody named the very file, so it must be one."""

    path: Path
    named: bool


def discover(paths: Sequence[Path], root: Path) -> tuple[list[Candidate], list[Diagnostic]]:
    """The files behind `paths` (files and folders), each once, in order of their names."""
    found: dict[Path, Candidate] = {}
    diagnostics: list[Diagnostic] = []
    for path in paths:
        if path.is_dir():
            files, unreadable = _walk(path)
            diagnostics += [_unreadable(failure, root) for failure in unreadable]
            if not files and not unreadable:
                diagnostics.append(nothing(path, root, "the folder has no manifests", _PUT))
            named = False
        elif path.exists():
            files, named = [path], True
        else:
            diagnostics.append(not_there(path, root))
            continue
        inside = (real(root), real(path))
        for file in files:
            target = real(file)
            if named or any(target.is_relative_to(folder) for folder in inside):
                found.setdefault(target, Candidate(file, named))
            else:
                diagnostics.append(_outside(file, root))
    return sorted(found.values(), key=lambda item: shown(item.path, root)), diagnostics


def real(path: Path) -> Path:
    """Where a path lies with its links followed, as far as they lead anywhere: a link to itself lies where it is."""
    return Path(os.path.realpath(path))


_PUT = "put *.yaml, *.yml or *.toml files there, or name the folder that has them"


def shown(path: Path, root: Path) -> str:
    """A file as users see it: relative to the root where it lies inside."""
    absolute = Path(os.path.normpath(path.absolute()))
    for base in (root.absolute(), real(root)):
        if absolute.is_relative_to(base):
            return absolute.relative_to(base).as_posix()
    return path.as_posix()


def _walk(folder: Path) -> tuple[list[Path], list[OSError]]:
    """Every file with the right ending, and every folder that could not be looked into. What is hidden, overlays, the
    settings and backups below are no manifests."""
    result: list[Path] = []
    unreadable: list[OSError] = []
    for parent, folders, files in os.walk(folder, onerror=unreadable.append):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name != OVERLAYS)
        if BACKUP_MARK in files and Path(parent) != folder:
            folders.clear()
            continue
        for name in files:
            path = Path(parent, name)
            if path.suffix.lower() in SUFFIXES and not name.startswith(".") and name != SETTINGS_NAME:
                result.append(path)
    return sorted(result), unreadable


def _unreadable(failure: OSError, root: Path) -> Diagnostic:
    span = Span(shown(Path(failure.filename or "."), root), 1, 1)
    message = f"the folder cannot be read: {(failure.strerror or 'it fails').lower()}"
    return Diagnostic(Code.UNREADABLE.value, Severity.ERROR, message, span, "check who may read it")


def _outside(path: Path, root: Path) -> Diagnostic:
    message = "this is a link to a file outside the manifests' root"
    span = Span(shown(path, root), 1, 1)
    return Diagnostic(Code.FILE_OUTSIDE.value, Severity.ERROR, message, span, "put the file itself here")


def not_there(path: Path, root: Path) -> Diagnostic:
    """An error for a path that does not exist."""
    return nothing(path, root, "there is no such file or folder", "check the path")


def nothing(path: Path, root: Path, message: str, help: str) -> Diagnostic:  # noqa: A002
    """An error for a path where there is nothing to read."""
    return Diagnostic(Code.NO_MANIFESTS.value, Severity.ERROR, message, Span(shown(path, root), 1, 1), help)
