"""The commit that was applied last: of the manifests' folder, kept in the Core beside the lock."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

from komodo_sync.errors import KomodoSyncError
from komodo_sync.execution.own_variables import OwnVariable, variable_name
from komodo_sync.execution.repository import git
from komodo_sync.kinds.flat import APPLIED
from komodo_sync.model.data import Data, asdict

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.writer import Writer

_HASH = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_DESCRIPTION = "The commit that komodo-sync applied last; dirty: with changes that were not committed"


class Commit(Data, frozen=True):
    """`commit` is its hash; `dirty`: what was applied has changes that are in no commit."""

    commit: str
    dirty: bool


def commit_of(root: Path, files: Collection[str]) -> Commit | None:
    """The commit that is checked out in `root`; None where that is no git repository, or there is no git. `files` are
    those that were read, relative to `root`: what git does not know beside them (a plan file, a report) changes
    nothing."""
    head = git(root, "rev-parse", "--verify", "HEAD")
    if not head:
        return None
    status = git(root, "status", "--porcelain", "--untracked-files=no", "--", ".")
    others = git(root, "ls-files", "--others", "--exclude-standard", "-z")
    if status is None or others is None:
        return Commit(head.decode("ascii").strip(), dirty=True)
    new = {os.fsdecode(name) for name in others.split(b"\0")}
    return Commit(head.decode("ascii").strip(), bool(status.strip()) or not new.isdisjoint(files))


def last_applied(owner: str, reader: Reader, writer: Writer) -> Commit | None:
    """The commit that was applied last for `owner`; None where there is none that can be read. Raises errors of the
    tree."""
    return parse(OwnVariable(variable_name(APPLIED, owner), _DESCRIPTION, reader, writer).value() or "")


def parse(text: str) -> Commit | None:
    """The commit that is kept so; None where it is none."""
    try:
        found = json.loads(text)
        commit, dirty = found["commit"], found["dirty"]
    except (ValueError, KeyError, TypeError):
        return None
    return Commit(commit, dirty is not False) if isinstance(commit, str) and _HASH.fullmatch(commit) else None


def is_news(commit: Commit, owner: str, reader: Reader, writer: Writer) -> bool:
    """Whether an apply that had nothing to do tells more by `commit` than what is kept for `owner`. Changes that are in
    no commit tell less than any commit that is kept already. Raises errors of the tree."""
    kept = last_applied(owner, reader, writer)
    return kept is None or (kept != commit and not commit.dirty)


def not_kept(why: KomodoSyncError) -> str:
    """What is told where the commit could not be kept: the apply itself is done."""
    return f"warning: the last applied commit could not be kept in the Core: {why.summary}"


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
        note(not_kept(error))
