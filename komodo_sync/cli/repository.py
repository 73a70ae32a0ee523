"""How the repository around the manifests names their files."""

from __future__ import annotations

import os
from pathlib import Path


def base_of(root: Path) -> str:
    """The folder from which files are named, as the repository (else the working directory) names it."""
    root = root.absolute()
    folders = (root, *root.parents)
    repository = next((folder for folder in folders if (folder / ".git").exists()), Path.cwd())
    base = Path(os.path.relpath(root, repository)).as_posix()
    return "" if base == "." else base
