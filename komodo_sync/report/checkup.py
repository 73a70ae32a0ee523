"""What doctor found, for people and as a document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from komodo_sync.model.checkup import FORMAT_VERSION, Verdict
from komodo_sync.report.changes import counted
from komodo_sync.report.layout import Page, Style, pad, prose

if TYPE_CHECKING:
    from komodo_sync.model.checkup import Checkup
    from komodo_sync.report import checkup_document as doc

_SHOWN = {
    Verdict.OK: ("ok", Style.GREEN),
    Verdict.WARNING: ("warning", Style.YELLOW),
    Verdict.FAILED: ("FAILED", Style.LOUD),
    Verdict.UNKNOWN: ("unknown", Style.DIM),
}
_SIGN, _TOPIC = 9, 13


def checkup_text(found: Checkup, *, color: bool, width: int) -> str:
    """A row for each check in rows of at most `width` columns, its cure below it; the last row says how it stands."""
    page = Page(width=width, color=color)
    for check in found.checks:
        word, style = _SHOWN[check.verdict]
        start = _SIGN + _TOPIC
        page.say(
            (pad(word, _SIGN), style),
            (pad(check.topic, _TOPIC), Style.BOLD),
            (prose(check.told), Style.PLAIN),
            hang=start,
        )
        if check.verdict in (Verdict.WARNING, Verdict.FAILED):
            page.say(("next: ", Style.BOLD), (prose(check.cure), Style.PLAIN), indent=_SIGN + _TOPIC, hang=start)
    page.blank()
    page.say(_end(found))
    return page.text()


def _end(found: Checkup) -> tuple[str, Style]:
    warnings, failures = found.count(Verdict.WARNING), found.count(Verdict.FAILED)
    if failures:
        rest = f", {counted(warnings, 'warning')}" if warnings else ""
        return f"{failures} of {counted(len(found.checks), 'check')} failed{rest}.", Style.LOUD
    if warnings:
        return f"It works, with {counted(warnings, 'warning')}.", Style.YELLOW
    return "All is well.", Style.GREEN


def checkup_json(found: Checkup) -> str:
    """The document of `schemas/doctor.schema.json`, with a newline at its end."""
    document: doc.CheckupDocument = {
        "format_version": FORMAT_VERSION,
        "healthy": found.healthy,
        "checks": [
            {"topic": item.topic, "verdict": item.verdict.value, "message": item.told, "cure": item.cure}
            for item in found.checks
        ],
    }
    return json.dumps(document, indent=2) + "\n"
