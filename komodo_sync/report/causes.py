"""Where differences come from, in words that every format of a report uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.report.layout import prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from komodo_sync.model.address import Address
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
    done = _done(cause)
    told = WORDS[cause.where] + (f": {done}" if done else "")
    return f"{told} ({cause.detail})" if cause.detail else told


def _said(cause: Cause) -> str:
    done = _done(cause)
    return f"{done} ({cause.detail})" if done and cause.detail else done or cause.detail


def _done(cause: Cause) -> str:
    return "; ".join(f"{_what(record.side, record.what)} by {record.by}, {record.at}" for record in cause.records)


def _what(side: str, what: str) -> str:
    return f"commit {what}" if side == "git" else what


def by_record(resources: Iterable[Resource]) -> list[tuple[Where, list[Address], str]]:
    """For a summary, what was changed on one side by the same people: the side, the resources, and who did it and
    when; empty where there is nothing to say of that."""
    found: dict[tuple[Where, str], list[Address]] = {}
    for item in resources:
        if item.cause is not None:
            found.setdefault((item.cause.where, _said(item.cause)), []).append(item.address)
    return [(side, names, said) for side in WORDS for (where, said), names in found.items() if where == side]


def by_side(resources: Iterable[Resource]) -> list[tuple[str, list[str]]]:
    """For a summary, each side with its resources: `Changed in Komodo`, [stack/web, stack/db]."""
    found: dict[Where, list[str]] = {}
    for item in resources:
        if item.cause is not None:
            found.setdefault(item.cause.where, []).append(prose(str(item.address)))
    return [(titled(where), found[where]) for where in WORDS if where in found]


def titled(where: Where) -> str:
    """`Changed in Komodo`."""
    return WORDS[where][0].upper() + WORDS[where][1:]
