"""Packages of the npm registry that tests hold our files against. `make test` fetches them before the tests, once, and
keeps them beside other caches; no test fetches anything. Where they are missing, whoever asks for one is skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import pytest

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "komodo-sync-tests"
PATIENCE = 120
"""Seconds after which a registry that does not answer is none."""
LANGUAGE_SERVER, SARIF = "yaml-language-server@2.0.0", "@microsoft/jest-sarif@1.0.0-beta.0"
_QUICK = ("--fetch-retries=0", "--fetch-timeout=20000")


def installed(package: str) -> Path:
    """The `node_modules` with a package and all that it needs."""
    if shutil.which("node") is None:
        pytest.skip("node is not here")
    return _kept(package, "node_modules")


def unpacked(package: str) -> Path:
    """The files of a package alone."""
    return _kept(package, "package")


def _place(package: str) -> Path:
    return CACHE / package.replace("/", "-").replace("@", "-").lstrip("-")


def _kept(package: str, folder: str) -> Path:
    place = _place(package) / folder
    if not place.is_dir():
        pytest.skip(f"{package} is not here: `make test` fetches it first, where npm and its registry are")
    return place


def fetch() -> None:
    """Fetches what is missing; what cannot be fetched is said, and is no failure."""
    for package, folder, how in ((LANGUAGE_SERVER, "node_modules", _install), (SARIF, "package", _unpack)):
        place = _place(package)
        if (place / folder).is_dir():
            continue
        npm = shutil.which("npm")
        if npm is None:
            print(f"no npm here: tests that need {package} are skipped", file=sys.stderr)
            continue
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
            try:
                how(npm, package, Path(scratch))
            except (OSError, subprocess.SubprocessError):
                print(f"npm cannot fetch {package}: tests that need it are skipped", file=sys.stderr)
                continue
            place.mkdir(exist_ok=True)
            Path(scratch, folder).rename(place / folder)


def _install(npm: str, package: str, scratch: Path) -> None:
    words = ["--prefix", str(scratch), "--ignore-scripts", "--no-audit", "--no-fund", *_QUICK, package]
    subprocess.run([npm, "install", *words], check=True, capture_output=True, timeout=PATIENCE)


def _unpack(npm: str, package: str, scratch: Path) -> None:
    command = [npm, "pack", package, "--pack-destination", str(scratch), *_QUICK]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    [archive] = scratch.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(scratch, filter="data")


if __name__ == "__main__":
    fetch()
