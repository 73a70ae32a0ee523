"""Which files differ from a git revision."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from komodo_sync.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def changed_files(root: Path, revision: str) -> frozenset[str]:
    """The files below `root` that differ from `revision`, committed or not, and those that git does not know yet;
    relative to `root`, with `/`. Raises UsageError where git cannot tell."""
    differing = _git(root, revision, "diff", "--name-only", "--relative", "--no-ext-diff", "-z", revision, "--")
    unknown = _git(root, revision, "ls-files", "--others", "--exclude-standard", "-z")
    return frozenset(name for name in (differing + unknown).split("\0") if name)


def _git(root: Path, revision: str, *arguments: str) -> str:
    try:
        # fixed words, and a revision that cannot begin with a dash
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, check=False)  # noqa: S603, S607
    except OSError:
        raise UsageError(f"--select changed:{revision} needs git", hint="install git, or select otherwise") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise UsageError(
            f"--select changed:{revision}: git cannot compare with {revision}",
            detail=said[0] if said else "",
            hint="name a revision of the repository in which the manifests are; in CI, fetch it first",
        )
    return done.stdout.decode(errors="surrogateescape")
