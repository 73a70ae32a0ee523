"""What drift compares with: the plans for the manifests that were applied last, read out of git."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from komodo_sync.errors import KomodoSyncError
from komodo_sync.model.data import Data
from komodo_sync.model.plan import Finding
from komodo_sync.session.observation import plan
from komodo_sync.settings import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.execution.applied import Kept
    from komodo_sync.manifest import Loaded
    from komodo_sync.model.plan import Planned
    from komodo_sync.planning import Options
    from komodo_sync.session.connection import Session

    LoadIn = Callable[[Path], Loaded]

BASELINE = "baseline"
"""The code of the finding that says what was compared with."""

_WHOLE = (
    ": everything, with an admin's key, until nothing is left; also an apply that has nothing to do keeps its commit"
)
"""Which apply keeps its commit."""


class Baseline(Data, frozen=True):
    """The plan for the manifests of the last applied commit, and behind it those for commits of which a part was
    applied since; none where there are none, and then `finding` says why. `loaded`: the manifests of that commit;
    `since` when it was applied, in Core's milliseconds, 0 where that is not known."""

    applied: tuple[Planned, ...]
    finding: Finding
    since: int = 0
    commit: str = ""
    loaded: Loaded | None = None


class _UnknownError(Exception):
    """Why there is nothing to compare with, and what to do about it."""

    def __init__(self, why: str, hint: str) -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


def files_read(loaded: Loaded) -> frozenset[str]:
    """The settings, the manifests, and the files that these take texts from, relative to their root."""
    taken = (item.files() for item in loaded.desired.resources.values())
    return frozenset({FILE_NAME, *loaded.places}).union(*taken)


def baseline_of(
    session: Session, loaded: Loaded, now: Planned, options: Options, root: Path, load_in: LoadIn
) -> Baseline:
    """What to compare `now` with, the plan for what was `loaded`."""
    kept: Kept | None = None
    try:
        kept = _kept(session, options)
        _check_committed(kept)
        commits = _Commits(session, loaded, now, options, root, load_in)
        applied, then = commits.made(kept.commit)
        parts = [commits.made(part)[0] for part in kept.parts]
    except _UnknownError as unknown:
        message = f"what was changed in git and what in Komodo cannot be told: {unknown.why}"
        return Baseline((), Finding(BASELINE, "note", message, hint=unknown.hint), kept.at if kept else 0)
    message = f"compared with commit {kept.commit[:12]}, which was applied last"
    if parts:
        names = ", ".join(part[:12] for part in kept.parts)
        message += f" as a whole, and with {names}, of which a part was applied since"
    return Baseline((applied, *parts), Finding(BASELINE, "note", message), kept.at, kept.commit, then)


def _kept(session: Session, options: Options) -> Kept:
    from komodo_sync.execution.applied import last_applied

    if not options.owner:
        raise _UnknownError("without an owner no applied commit is kept", "set owner in komodo-sync.yaml, or --owner")
    try:
        found = last_applied(options.owner, session.reader, session.writer)
    except KomodoSyncError as error:
        raise _UnknownError(f"the last applied commit cannot be read: {error.summary}", error.hint) from None
    if found is None:
        hint = f"run apply in a git repository{_WHOLE}"
        raise _UnknownError(f"no commit that was applied is kept for owner {options.owner}", hint)
    return found


def _check_committed(kept: Kept) -> None:
    short, hint = kept.commit[:12], f"commit, and apply what is committed{_WHOLE}"
    if kept.dirty:
        raise _UnknownError(f"what was applied last, at {short}, had changes that were in no commit", hint)
    if "" in kept.parts:
        raise _UnknownError(f"after commit {short} was applied, a part of what is in no commit was applied", hint)


class _Commits:
    """The plans for the manifests of commits; `now` for those that are checked out."""

    def __init__(
        self, session: Session, loaded: Loaded, now: Planned, options: Options, root: Path, load_in: LoadIn
    ) -> None:
        self._session, self._loaded, self._now, self._options = session, loaded, now, options
        self._root, self._load_in = root, load_in

    def made(self, commit: str) -> tuple[Planned, Loaded]:
        """The plan for a commit, and what it declares. Raises _UnknownError."""
        from komodo_sync.execution.applied import Commit, commit_of
        from komodo_sync.execution.repository import has_commit, is_repository, write_tree

        root, short = self._root, commit[:12]
        if commit_of(root, files_read(self._loaded)) == Commit(commit, dirty=False):
            return self._now, self._loaded
        if not is_repository(root):
            hint = "run drift in a clone of the repository that is applied, with git installed"
            raise _UnknownError("there is no git repository here, or no git", hint)
        if not has_commit(root, commit):
            hint = "fetch the whole history (in CI, fetch-depth: 0); after a rebase, the next apply makes a new start"
            raise _UnknownError(f"the commit that was applied last, {short}, is not in this clone", hint)
        with tempfile.TemporaryDirectory(prefix="komodo-sync-") as name:
            folder = Path(name).resolve()
            if not write_tree(root, commit, folder):
                hint = "run git fsck; fetch the whole history"
                raise _UnknownError(f"git cannot give the files of commit {short}", hint)
            try:
                then = self._load_in(folder)
                return plan(self._session, then, self._options), then
            except KomodoSyncError as error:
                hint = f"git show {short} shows what was applied then; the next apply makes a new start"
                raise _UnknownError(
                    f"the manifests of commit {short} make no plan now: {error.summary}", hint
                ) from None
