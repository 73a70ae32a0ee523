"""The commit that was applied last: of the manifests' folder, kept in the Core beside the lock."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from komodo_sync.errors import KomodoSyncError
from komodo_sync.execution.own_variables import OwnVariable, variable_name
from komodo_sync.kinds.flat import APPLIED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.writer import Writer

_DESCRIPTION = "The commit that komodo-sync applied last; dirty: with changes that were not committed"


@dataclass(frozen=True, slots=True)
class Commit:
    """`commit` is its hash; `dirty`: what was applied has changes that are in no commit."""

    commit: str
    dirty: bool


def commit_of(root: Path) -> Commit | None:
    """The commit that is checked out in `root`; None where that is no git repository, or there is no git."""
    head = _git(root, "rev-parse", "--verify", "HEAD")
    if not head:
        return None
    status = _git(root, "status", "--porcelain", "--", ".")
    return Commit(head.strip(), status is None or bool(status.strip()))


def record(commit: Commit, owner: str, reader: Reader, writer: Writer, note: Callable[[str], None]) -> None:
    """Keeps `commit` as the last that was applied for `owner`. What goes wrong is told: the apply itself is done."""
    variable = OwnVariable(variable_name(APPLIED, owner), _DESCRIPTION, reader, writer)
    text = json.dumps(asdict(commit))
    try:
        before = variable.value()
        if before is None:
            variable.create(text)
        elif before != text:
            variable.update(text)
    except KomodoSyncError as error:
        note(f"warning: the last applied commit could not be kept in the Core: {error.summary}")


def _git(root: Path, *words: str) -> str | None:
    """What git says; None when it fails. Nothing that a repository configures is run."""
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(root), *words]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=20, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return done.stdout if done.returncode == 0 else None
