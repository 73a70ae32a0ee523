"""What is kept of an apply: its commit, where all of it is proved to be as declared, or that a part was applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.errors import KomodoSyncError
from komodo_sync.model.data import replace
from komodo_sync.model.outcome import Status
from komodo_sync.session.observation import plan

if TYPE_CHECKING:
    from pathlib import Path

    from komodo_sync.execution.events import Listener
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.manifest import Loaded
    from komodo_sync.model.outcome import Outcome
    from komodo_sync.model.plan import Plan
    from komodo_sync.planning import Options
    from komodo_sync.session.connection import Session


def keep(
    session: Session,
    outcome: Outcome,
    loaded: Loaded,
    options: Options,
    listener: Listener,
    stop: StopFlag,
    root: Path,
) -> None:
    """Keeps what an apply that wrote something has come to. That this cannot be is told, and no failure."""
    if stop.abandoned:
        return
    from komodo_sync.execution.applied import commit_of, record, record_part
    from komodo_sync.session.baseline import files_read

    commit, known = commit_of(root, files_read(loaded)), (options.owner, session.reader, session.writer, listener.note)
    if commit is not None and _is_whole(session, outcome, loaded, options):
        record(commit, *known)
    elif any(result.status in (Status.DONE, Status.FAILED) for result in outcome.results):
        record_part(commit, *known)


def _is_whole(session: Session, outcome: Outcome, loaded: Loaded, options: Options) -> bool:
    """Whether a plan of everything, which saw everything, had nothing left. Where the plan that was approved was made
    with a key that sees less, another is made for that."""
    remaining = outcome.remaining
    if not outcome.complete or remaining is None or options.narrowed or not options.deploy:
        return False
    if not remaining.visibility.admin:
        try:
            remaining = plan(session, loaded, replace(options, visibility=None, known=None), patient=False).plan
        except KomodoSyncError:
            return False
    return _proves(remaining)


def _proves(plan: Plan) -> bool:
    return plan.visibility.admin and not plan.has_changes and not plan.summary.refused and plan.is_sure


def keep_proved(
    session: Session, plan: Plan, loaded: Loaded, owner: str, listener: Listener, stop: StopFlag, root: Path
) -> None:
    """Keeps the commit of which an admin's plan has proved that nothing is left to do. That this cannot be is told, and
    no failure."""
    if not _proves(plan):
        return
    from komodo_sync.execution.applied import commit_of, is_news, not_kept, record
    from komodo_sync.execution.lock import Lock, locked
    from komodo_sync.session.baseline import files_read

    commit = commit_of(root, files_read(loaded))
    try:
        if commit is None or not is_news(commit, owner, session.reader, session.writer):
            return
        with locked(Lock(owner, session.reader, session.writer), admin=True, note=listener.note, stop=stop) as held:
            if held:
                record(commit, owner, session.reader, session.writer, listener.note)
    except KomodoSyncError as error:
        listener.note(not_kept(error))
