"""A plan that says of each difference which side it comes from."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from komodo_sync.errors import KomodoSyncError
from komodo_sync.model.data import Data, replace
from komodo_sync.model.plan import Finding
from komodo_sync.session.observation import plan
from komodo_sync.settings import FILE_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.manifest import Loaded
    from komodo_sync.model.address import Address
    from komodo_sync.model.cause import Record
    from komodo_sync.model.plan import Plan
    from komodo_sync.planning import Options
    from komodo_sync.planning.attribution import Records
    from komodo_sync.session.connection import Session

    LoadIn = Callable[[Path], Loaded]

BASELINE = "baseline"
"""The code of the finding that says what was compared with."""
NO_RECORDS = "no-records"
"""The code of the finding that Komodo's records could not be read."""


_WHOLE = (
    ": everything, with an admin's key, until nothing is left; also an apply that has nothing to do keeps its commit"
)
"""Which apply keeps its commit."""


class _Baseline(Data, frozen=True):
    """The plan for the manifests of the last applied commit, and these manifests; None where there are none, and then
    `finding` says why."""

    plan: Plan | None
    finding: Finding
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


def drift(session: Session, loaded: Loaded, options: Options, *, root: Path, load_in: LoadIn) -> Plan:
    """The plan, and of each resource that differs the cause. `root`: the folder of the manifests; `load_in`: what would
    be declared if another folder were that one. Asks more than a plan does only where something differs. Raises what
    `plan` raises."""
    planned = plan(session, loaded, options)
    now = replace(planned.plan, subject="drift")
    if not now.has_changes:
        return now
    from komodo_sync.planning.attribution import attributed, causes, wanted_records

    baseline = _baseline(session, loaded, now, options, root, load_in)
    where = causes(now, baseline.plan)
    findings = [baseline.finding]
    records: Records = {}
    try:
        from komodo_sync.client.records import records_of

        records = records_of(session.reader, wanted_records(now, where), planned.ids)
    except KomodoSyncError as error:
        message = f"who changed it in Komodo cannot be told: {error.summary}"
        findings.append(Finding(NO_RECORDS, "note", message, hint=error.hint))
    uncommitted: set[Address] = set()
    if baseline.commit:
        records, uncommitted = _with_commits(records, where, now, loaded, baseline.loaded, root, baseline.commit)
    return attributed(now, where, records, findings, uncommitted)


def _baseline(session: Session, loaded: Loaded, now: Plan, options: Options, root: Path, load_in: LoadIn) -> _Baseline:
    try:
        commit, applied, then = _applied(session, loaded, now, options, root, load_in)
    except _UnknownError as unknown:
        message = f"what was changed in git and what in Komodo cannot be told: {unknown.why}"
        return _Baseline(None, Finding(BASELINE, "note", message, hint=unknown.hint))
    message = f"compared with commit {commit[:12]}, which was applied last"
    return _Baseline(applied, Finding(BASELINE, "note", message), commit, then)


def _applied(
    session: Session, loaded: Loaded, now: Plan, options: Options, root: Path, load_in: LoadIn
) -> tuple[str, Plan, Loaded]:
    from komodo_sync.execution.applied import Commit, commit_of, last_applied
    from komodo_sync.execution.repository import has_commit, is_repository, write_tree

    if not options.owner:
        raise _UnknownError("without an owner no applied commit is kept", "set owner in komodo-sync.yaml, or --owner")
    try:
        found = last_applied(options.owner, session.reader, session.writer)
    except KomodoSyncError as error:
        raise _UnknownError(f"the last applied commit cannot be read: {error.summary}", error.hint) from None
    if found is None:
        hint = f"run apply in a git repository{_WHOLE}"
        raise _UnknownError(f"no commit that was applied is kept for owner {options.owner}", hint)
    short = found.commit[:12]
    if found.dirty:
        hint = f"commit, and apply what is committed{_WHOLE}"
        raise _UnknownError(f"what was applied last, at {short}, had changes that were in no commit", hint)
    if commit_of(root, files_read(loaded)) == Commit(found.commit, dirty=False):
        return found.commit, now, loaded
    if not is_repository(root):
        hint = "run drift in a clone of the repository that is applied, with git installed"
        raise _UnknownError("there is no git repository here, or no git", hint)
    if not has_commit(root, found.commit):
        hint = "fetch the whole history (in CI, fetch-depth: 0); after a rebase, the next apply makes a new start"
        raise _UnknownError(f"the commit that was applied last, {short}, is not in this clone", hint)
    with tempfile.TemporaryDirectory(prefix="komodo-sync-") as name:
        folder = Path(name).resolve()
        if not write_tree(root, found.commit, folder):
            raise _UnknownError(f"git cannot give the files of commit {short}", "run git fsck; fetch the whole history")
        try:
            then = load_in(folder)
            return found.commit, plan(session, then, options).plan, then
        except KomodoSyncError as error:
            hint = f"git show {short} shows what was applied then; the next apply makes a new start"
            raise _UnknownError(f"the manifests of commit {short} make no plan now: {error.summary}", hint) from None


def _with_commits(
    records: Records,
    where: Mapping[Address, str],
    now: Plan,
    loaded: Loaded,
    then: Loaded | None,
    root: Path,
    commit: str,
) -> tuple[Records, set[Address]]:
    """The records, and behind them the commits that changed what is changed in git; and where something is in no commit
    yet. `then`: the manifests of that commit, which alone know the files of what is declared no more."""
    from komodo_sync.session.commits import Commits

    commits = Commits(root, commit, loaded)
    found: dict[Address, tuple[Record, ...]] = dict(records)
    uncommitted = set()
    for item in now.resources:
        address, side = item.address, where.get(item.address)
        known = (each.desired.resources.get(address) for each in (loaded, then) if each)
        declared = next(filter(None, known), None)
        if side in ("git", "both") and declared is not None:
            told, unfinished = commits.of(item, declared)
            found[address] = (*found.get(address, ()), *told)
            if unfinished:
                uncommitted.add(address)
    return found, uncommitted
