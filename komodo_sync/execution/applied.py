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
from komodo_sync.model.data import Data, asdict, replace
from komodo_sync.wire.live import read_records

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.writer import Writer

_HASH = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_DESCRIPTION = "The commit that komodo-sync applied last; dirty: with changes that were not committed"
MOST_PARTS = 5
"""Commits of which a part was applied since that are told apart."""


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


class Kept(Data, frozen=True):
    """The commit that was applied last as a whole, as a Commit; `at`: the newest of Core's records was of then, in its
    milliseconds (0: that is not known). `parts`: the commits of which a part was applied since; an empty one stands for
    what is in no commit, or is not told apart any more."""

    commit: str
    dirty: bool
    at: int = 0
    parts: tuple[str, ...] = ()

    def text(self) -> str:
        """As it is kept."""
        return json.dumps({name: value for name, value in asdict(self).items() if name != "parts" or value})


def last_applied(owner: str, reader: Reader, writer: Writer) -> Kept | None:
    """What was applied last for `owner`; None where there is none that can be read. Raises errors of the tree."""
    return parse(_variable(owner, reader, writer).value() or "")


def _variable(owner: str, reader: Reader, writer: Writer) -> OwnVariable:
    return OwnVariable(variable_name(APPLIED, owner), _DESCRIPTION, reader, writer)


def parse(text: str) -> Kept | None:
    """What is kept so; None where it is no commit."""
    try:
        found = json.loads(text)
        commit, dirty, at, parts = found["commit"], found["dirty"], found.get("at", 0), found.get("parts", [])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not isinstance(commit, str) or not _HASH.fullmatch(commit):
        return None
    known = isinstance(parts, list) and all(isinstance(each, str) and _HASH.fullmatch(each) for each in parts if each)
    return Kept(commit, dirty is not False, at if type(at) is int else 0, tuple(parts) if known else ("",))


def is_news(commit: Commit, owner: str, reader: Reader, writer: Writer) -> bool:
    """Whether an apply that had nothing to do tells more by `commit` than what is kept for `owner`. Changes that are in
    no commit tell less than any commit that is kept already. Raises errors of the tree."""
    kept = last_applied(owner, reader, writer)
    if kept is None:
        return True
    return not commit.dirty and (Commit(kept.commit, kept.dirty) != commit or bool(kept.parts) or not kept.at)


def not_kept(why: KomodoSyncError) -> str:
    """What is told where the commit could not be kept: the apply itself is done."""
    return f"warning: the last applied commit could not be kept in the Core: {why.summary}"


def record(commit: Commit, owner: str, reader: Reader, writer: Writer, note: Callable[[str], None]) -> None:
    """Keeps `commit` as the last that was applied for `owner`. What goes wrong is told: the apply itself is done."""
    try:
        _keep(Kept(commit.commit, commit.dirty, newest_record(reader)), owner, reader, writer)
    except KomodoSyncError as error:
        note(not_kept(error))


def record_part(commit: Commit | None, owner: str, reader: Reader, writer: Writer, note: Callable[[str], None]) -> None:
    """Keeps that a part of `commit` (None: of what is in no repository) was applied for `owner` since what is kept as
    the last. Where nothing is, there is nothing to compare with. What goes wrong is told."""
    try:
        kept = last_applied(owner, reader, writer)
        name = commit.commit if commit and not commit.dirty else ""
        if kept is None or (name == kept.commit and not kept.dirty):
            return
        parts = tuple(dict.fromkeys((*kept.parts, name)))
        _keep(replace(kept, parts=parts if len(parts) <= MOST_PARTS else ("",)), owner, reader, writer)
    except KomodoSyncError as error:
        note(not_kept(error))


def _keep(kept: Kept, owner: str, reader: Reader, writer: Writer) -> None:
    variable, text = _variable(owner, reader, writer), kept.text()
    before = variable.value()
    if before is None:
        variable.create(text)
    elif before != text:
        variable.update(text)


def newest_record(reader: Reader) -> int:
    """When the newest record of Core's is from, in its milliseconds; 0 where there is none."""
    records, _ = read_records(reader.read("ListUpdates", {"query": {}, "page": 0}))
    return max((each.at for each in records), default=0)
