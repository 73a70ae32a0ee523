"""Lines of a checkup as they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.errors import InputError
from komodo_sync.model.checkup import Check, Verdict

if TYPE_CHECKING:
    from komodo_sync.errors import KomodoSyncError


class StopError(Exception):
    """What comes after rests on what failed: `why` is said of all of it."""

    def __init__(self, why: str, *checks: Check) -> None:
        super().__init__(why)
        self.why = why
        self.checks = checks


def well(topic: str, told: str) -> Check:
    """It is as it should be."""
    return Check(topic, Verdict.OK, told)


def warning(topic: str, told: str, cure: str) -> Check:
    """It works, and something is to be known."""
    return Check(topic, Verdict.WARNING, told, cure)


def failed(topic: str, told: str, cure: str) -> Check:
    """It does not work."""
    return Check(topic, Verdict.FAILED, told, cure)


def failed_by(topic: str, error: KomodoSyncError) -> Check:
    """It does not work, for the reason that the error gives. Of wrong input the first finding is told."""
    if isinstance(error, InputError):
        first = next(iter(error.diagnostics), None)
        told = f"{error.summary}, the first at {first.span}: {first.message}" if first else error.summary
        return failed(topic, told, (first.help if first else "") or "`komodo-sync validate` lists all of them")
    told = ": ".join(filter(None, (error.summary, "; ".join(error.detail.splitlines()))))
    return failed(topic, told, error.hint or "run the command again with -vv, and look at the Core's log")


def unknown(topic: str, why: str) -> Check:
    """It could not be looked at."""
    return Check(topic, Verdict.UNKNOWN, f"not looked at: {why}", "see to what failed above, then run doctor again")
