"""A backup of what an apply changes: written whole before the first write, or the apply does not begin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.errors import KomodoSyncError
from komodo_sync.kinds import KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from komodo_sync.model.desired import Desired
    from komodo_sync.model.plan import Plan
    from komodo_sync.session.connection import Session

_ELSEWHERE = "name another folder with --backup"


def check_backup(folder: Path) -> None:
    """Raises KomodoSyncError where no backup could be written to `folder`: it must be new or empty, as one backup is
    never written over another."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        what = "it is not empty" if folder.is_dir() else "it is no folder"
        raise KomodoSyncError(f"{folder} cannot take a backup", detail=what, hint=_ELSEWHERE)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = folder / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise KomodoSyncError(f"{folder} cannot be written", detail=error.strerror or "", hint=_ELSEWHERE) from None


def back_up(session: Session, plan: Plan, declared: Desired, folder: Path) -> int:
    """Writes what `plan` changes or deletes, as it is now, but for what the `declared` world takes from outside, and
    gives the number of files. Raises KomodoSyncError: then the plan is not to be done."""
    from komodo_sync.client.snapshot import observe
    from komodo_sync.export.backup import backup, touched
    from komodo_sync.manifest.discover import BACKUP_MARK

    addresses = touched(plan)
    if not addresses:
        return 0
    kinds = {address.kind for address in addresses}
    observed = observe(session.reader, kinds & set(KINDS), states=False, detailed=addresses)
    files = backup(plan, observed, session.known, declared)
    # the mark is first: at no time are these manifests what anybody declares
    mark = {BACKUP_MARK: "What lies here was there before an apply; it is no part of the manifests around it.\n"}
    try:
        for name, text in ((mark | dict(files)) if files else {}).items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            place.touch(mode=0o600)
            place.write_text(text, encoding="utf-8")
    except OSError as error:
        raise KomodoSyncError(
            f"the backup cannot be written to {folder}, so nothing was changed",
            detail=error.strerror or "",
            hint=_ELSEWHERE,
        ) from None
    return len(files)
