"""What is refused, warnings and notes of a plan as HTML: a box for each severity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.report.changes import counted
from komodo_sync.report.findings import MANY, alike, allowing
from komodo_sync.report.html_elements import Html, element, joined, section, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.plan import Finding

_LISTED = 8
_SHORT = 6
"""Refusals of which each has a line, where they are many."""
_FINDINGS = {"refusal": "Refused: apply will not start", "warning": "Warnings", "note": "Notes"}


def findings_html(findings: Sequence[Finding], *severities: str) -> list[Html]:
    """Refusals, warnings and notes, each sort in a box of its own."""
    boxes = []
    for severity in severities:
        rows = [_group(group) for group in alike(item for item in findings if item.severity == severity)]
        if rows:
            boxes.append(section(_FINDINGS[severity], element("ul", *rows), place=severity, style=severity))
    return boxes


def refusals_html(refusals: Sequence[Finding]) -> list[Html]:
    """Many are told in a line each, and the rest of them folded, so that what the plan would do is on the same screen:
    which flags there are is told once for all."""
    if len(refusals) <= MANY:
        return findings_html(refusals, "refusal")
    rows = [element("li", _folded(group)) for group in alike(refusals)]
    if rest := rows[_SHORT:]:
        rows[_SHORT:] = [_more(rest)]
    flags = sorted({item.override for item in refusals if item.override})
    ways: list[str] = [element("code", flag) for flag in flags]
    way = [element("p", "to allow what a flag allows: ", joined(ways, " "))] if ways else []
    return [section(_FINDINGS["refusal"], element("ul", *rows), *way, place="refusal", style="refusal short")]


def _more(rows: Sequence[Html]) -> Html:
    return element(
        "li", element("details", element("summary", counted(len(rows), "more reason")), element("ul", *rows))
    )


def _folded(group: list[Finding]) -> Html:
    first = group[0]
    more = f" and {len(group) - 1} more" if len(group) > 1 else ""
    said = (element("code", f"[{first.code}]"), " ", sentence(first.message), more)
    # the message of the first stands in the line already
    rest = _told(group)[1:]
    return element("details", element("summary", *said), *rest) if rest else element("p", *said)


def _group(group: list[Finding]) -> Html:
    return element("li", *_told(group))


def _told(group: list[Finding]) -> list[Html]:
    told = [part for item in group for part in _finding(item)]
    way, hint = group[0].override, group[0].hint
    told += [element("p", allowing(group), element("code", way))] if way else []
    told += [element("p", element("b", "next: "), sentence(hint))] if hint else []
    return told


def _finding(item: Finding) -> list[Html]:
    told = [element("p", sentence(item.message), " ", element("code", f"[{item.code}]"))]
    if any(str(address) not in item.message for address in item.addresses):
        names = ", ".join(str(address) for address in item.addresses[:_LISTED])
        more = f" and {len(item.addresses) - _LISTED} more" if len(item.addresses) > _LISTED else ""
        told.append(element("p", f"concerns {names}{more}"))
    return told
