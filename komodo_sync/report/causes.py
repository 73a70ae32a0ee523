"""Where differences come from, in words that every format of a report uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.report.layout import prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from komodo_sync.model.cause import Cause, Where
    from komodo_sync.model.plan import Resource

WORDS: dict[Where, str] = {
    "komodo": "changed in Komodo",
    "git": "changed in git",
    "both": "changed in Komodo and in git",
    "unknown": "changed in Komodo or in git",
}


def cause_text(cause: Cause) -> str:
    """One sentence: `changed in Komodo: UpdateStack by alice, 2026-11-24 05:00 UTC`."""
    done = "; ".join(f"{_what(record.side, record.what)} by {record.by}, {record.at}" for record in cause.records)
    told = WORDS[cause.where] + (f": {done}" if done else "")
    return f"{told} ({cause.detail})" if cause.detail else told


def _what(side: str, what: str) -> str:
    return f"commit {what}" if side == "git" else what


def by_side(resources: Iterable[Resource]) -> list[tuple[str, list[str]]]:
    """For a summary, each side with its resources: `Changed in Komodo`, [stack/web, stack/db]."""
    found: dict[Where, list[str]] = {}
    for item in resources:
        if item.cause is not None:
            found.setdefault(item.cause.where, []).append(prose(str(item.address)))
    return [(WORDS[where][0].upper() + WORDS[where][1:], found[where]) for where in WORDS if where in found]
