"""What doctor found: one line a topic, and what to do about each that is not well."""

from __future__ import annotations

from enum import StrEnum

from komodo_sync.model.data import Data

FORMAT_VERSION = 1
"""Of the JSON document; raised when something that was there changes or goes."""


class Verdict(StrEnum):
    """OK; WARNING (it works, and something is to be known); FAILED (it does not work); UNKNOWN (it could not be looked
    at, because of what failed before)."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Check(Data, frozen=True):
    """One line: `topic` is a stable word, `told` what was seen, `cure` what to do; only what is well has none."""

    topic: str
    verdict: Verdict
    told: str
    cure: str = ""


class Checkup(Data, frozen=True):
    """Every line, in the order in which one rests on the other."""

    checks: tuple[Check, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing failed."""
        return not any(check.verdict is Verdict.FAILED for check in self.checks)

    def count(self, verdict: Verdict) -> int:
        """How many lines have that verdict."""
        return sum(check.verdict is verdict for check in self.checks)
