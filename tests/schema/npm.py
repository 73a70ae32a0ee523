"""Packages of the npm registry that tests need, fetched once and kept beside other caches. Where node and npm or the
registry are missing, whoever asks for one is skipped and says why."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "komodo-sync-tests"
PATIENCE = 120
"""Seconds after which a registry that does not answer is none."""


def installed(package: str) -> Path:
    """The `node_modules` with a package and all that it needs."""
    return _kept(package, "node_modules", _install)


def unpacked(package: str) -> Path:
    """The files of a package alone."""
    return _kept(package, "package", _unpack)


def _kept(package: str, folder: str, fetch: Callable[[str, str, Path], None]) -> Path:
    place = CACHE / package.replace("/", "-").replace("@", "-").lstrip("-")
    if (place / folder).is_dir():
        return place / folder
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node and npm are not here")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        try:
            fetch(npm, package, Path(scratch))
        except (OSError, subprocess.SubprocessError):
            pytest.skip(f"npm cannot fetch {package}: no registry within reach?")
        place.mkdir(exist_ok=True)
        if not (place / folder).exists():  # another worker may have been quicker
            Path(scratch, folder).rename(place / folder)
    return place / folder


def _install(npm: str, package: str, scratch: Path) -> None:
    command = [npm, "install", "--prefix", str(scratch), "--ignore-scripts", "--no-audit", "--no-fund", package]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)


def _unpack(npm: str, package: str, scratch: Path) -> None:
    command = [npm, "pack", package, "--pack-destination", str(scratch)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    [archive] = scratch.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(scratch, filter="data")
