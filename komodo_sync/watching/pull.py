"""The manifests' repository brought up to date: fast-forward or nothing, asking nobody, running nothing of it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from komodo_sync.errors import KomodoSyncError
from komodo_sync.masking.mask import shown_text
from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 300.0
"""Seconds for one pull."""
# hooks and the like of a repository are not run; nothing asks for a password
_SAFE = ("-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "protocol.ext.allow=never")
_QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "true", "SSH_ASKPASS": "true"}
_SSH = "ssh -oBatchMode=yes"


class Pulled(Data, frozen=True):
    """The commit that is checked out now, and whether it is another one than before. `own`: what the checkout has that
    its upstream has not, in words."""

    commit: str
    moved: bool
    own: tuple[str, ...] = ()


def pull(root: Path) -> Pulled:
    """Brings the repository of `root` to where its upstream is. Raises KomodoSyncError when that is no fast-forward, or
    fails; nothing is changed then."""
    before = _git(root, "rev-parse", "--verify", "HEAD")
    _git(root, "pull", "--ff-only", "--no-rebase", "--quiet", "--no-recurse-submodules")
    after = _git(root, "rev-parse", "--verify", "HEAD")
    return Pulled(after, after != before, tuple(_own(root)))


def _own(root: Path) -> Iterator[str]:
    """What was pulled is not all that is planned: somebody has worked in this checkout."""
    ahead = int(_git(root, "rev-list", "--count", "@{upstream}..HEAD"))
    if ahead:
        yield f"warning: the checkout has {ahead} commit{'' if ahead == 1 else 's'} that its upstream has not"
    changed = _git(root, "status", "--porcelain", "--untracked-files=no", "--", ".").splitlines()
    if changed:
        yield f"warning: the checkout has {len(changed)} changed file{'' if len(changed) == 1 else 's'} in no commit"


def _git(root: Path, *words: str) -> str:
    environment = {**os.environ, **_QUIET}
    environment.setdefault("GIT_SSH_COMMAND", _SSH)
    try:
        done = subprocess.run(  # noqa: S603
            ["git", *_SAFE, "-C", str(root), *words],  # noqa: S607
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            timeout=PATIENCE,
            check=False,
            # Ctrl-C is ours to handle: a pull that has begun ends
            start_new_session=True,
        )
    except FileNotFoundError:
        raise KomodoSyncError("git is not installed", hint="install it, or leave --git out") from None
    except (OSError, subprocess.TimeoutExpired):
        raise KomodoSyncError(
            f"git {words[0]} did not end in {PATIENCE:.0f} seconds", hint="check that the remote can be reached"
        ) from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()
        raise KomodoSyncError(
            f"git {words[0]} failed in {root}",
            detail=shown_text("\n".join(said.splitlines()[:5])),
            hint="nothing was applied; pull there by hand to see why: the checkout has to be clean, and its branch to "
            "follow one whose history is only added to",
        )
    return done.stdout.decode(errors="replace").strip()
