"""A Plan as Markdown for a pull request's comment or a step summary: what matters first, the details folded.

It never takes more bytes than asked: where all of it has no room, it is told with less detail, in the order of
`DETAILS`, down to a list of addresses, and says what was left out. Why something is stopped, deployed or deleted, and
with which effects, goes last: after the names.
"""

from __future__ import annotations

from hashlib import sha256
from json import dumps
from typing import TYPE_CHECKING

from komodo_sync.report.attention import attentions
from komodo_sync.report.budget import GITHUB_BYTES, LEAST_BYTES
from komodo_sync.report.causes import by_record, titled
from komodo_sync.report.changes import MARKS, ORDER, counted, not_running
from komodo_sync.report.findings import alike, allowing
from komodo_sync.report.layout import prose
from komodo_sync.report.markdown_changes import write_changes
from komodo_sync.report.markdown_detail import DETAILS, Names, Others
from komodo_sync.report.markdown_names import write_names, write_others, write_within
from komodo_sync.report.markdown_notices import write_notices
from komodo_sync.report.markdown_text import byte_length, code, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.plan import Finding, Plan, Severity
    from komodo_sync.report.markdown_detail import Detail

_ALERTS = {
    "refusal": ("CAUTION", "**Refused: apply will not start.**"),
    "warning": ("WARNING", "**Warnings**"),
    "note": ("NOTE", "**Notes**"),
}
_LISTED = 8
_CLIPPED = 60
_SHARE = 4
"""What is refused may take this part of the room where names have not enough of it."""
_LEAST_ROW = 60
"""Bytes that the frame of a folded resource takes: what has no room with these alone need not be tried."""


def plan_markdown(plan: Plan, *, max_bytes: int = GITHUB_BYTES) -> str:
    """The plan in at most `max_bytes` bytes of UTF-8 (LEAST_BYTES at least), a newline at its end. Its first line is
    `marker(plan)`."""
    max_bytes = max(max_bytes, LEAST_BYTES)
    changed = sum(1 for resource in plan.resources if resource.changes)
    for detail in DETAILS:
        if detail.others is Others.FIELDS and changed * _LEAST_ROW > max_bytes:
            continue
        if detail.names is Names.CUT and detail.refusals and _refused(plan, detail) > max_bytes // _SHARE:
            continue
        text = _plan(plan, detail, max_bytes)
        if byte_length(text) <= max_bytes:
            return text
    raise AssertionError("the last detail fits into any room")  # pragma: no cover


def _refused(plan: Plan, detail: Detail) -> int:
    return sum(map(byte_length, write_findings(plan.findings, detail, "refusal")))


def marker(plan: Plan, subject: str = "") -> str:
    """A line that shows nothing and is the same for every plan of the same world: by it the comment is found that is to
    be replaced. `subject`: apply; else the plan's own."""
    scope = plan.scope
    world = [plan.core.host, scope.target, scope.owner, scope.paths, scope.select, scope.overlays]
    key = sha256(dumps(world).encode()).hexdigest()[:16]
    return f"<!-- komodo-sync {subject or plan.subject} {key} -->"


def _plan(plan: Plan, detail: Detail, room: int) -> str:
    blocks = [marker(plan), f"## Komodo {plan.subject}: {counts(plan)}", context(plan, detail)]
    if detail.names is Names.EXPLAINED:
        blocks += _sides(plan)
    blocks += write_findings(plan.findings, detail, "refusal")
    if detail.names is Names.EXPLAINED:
        blocks += write_notices(attentions(plan))
    blocks += write_findings(plan.findings, detail, "warning", "note")
    tail = [_end(detail)] if detail.said else []

    def left() -> int:
        return room - sum(byte_length(block) + 2 for block in (*blocks, *tail))

    if detail.others in (Others.FIELDS, Others.ADDRESSES):
        blocks += write_changes(plan, detail)
    if detail.names is Names.CUT:
        blocks += write_within(plan, left())
    else:
        blocks += write_names(plan) if detail.names is Names.GROUPED else []
        listed = detail.others in (Others.LISTED, Others.CUT)
        blocks += write_others(plan, left() if detail.others is Others.CUT else None) if listed else []
    return "\n\n".join((*blocks, *tail)) + "\n"


def counts(plan: Plan) -> str:
    """`2 to update, **1 to delete**, 412 unchanged`"""
    summary = plan.summary
    told = []
    for action in ORDER:
        if number := summary.actions.get(action, 0):
            said = f"{number} to {action}"
            told.append(f"**{said}**" if MARKS[action].loud else said)
    told += [f"**{summary.refused} refused**"] if summary.refused else []
    if not told and plan.amiss:
        return f"no changes, but {not_running(plan)}"
    if not told and not plan.is_sure:
        return "no changes as far as is known here"
    return ", ".join([*(told or ["no changes"]), f"{summary.unchanged} unchanged"])


def context(plan: Plan, detail: Detail) -> str:
    """Which Core and what was asked, on one line."""
    scope = plan.scope
    facts = [_clip(plan.core.host, detail)]
    facts += [f"Core {_clip(plan.core.version, detail)}"] if plan.core.version else []
    facts += [f"target {_clip(scope.target, detail)}"] if scope.target else []
    facts += [f"overlay {_clip(', '.join(scope.overlays), detail)}"] if scope.overlays else []
    facts += [f"owner {_clip(scope.owner, detail)}" if scope.owner else "no owner"]
    facts += ["prune on" if scope.prune else "prune off"]
    facts += [f"omitted fields: {_clip(scope.omitted_fields, detail)}"] if scope.omitted_fields != "reset" else []
    if narrowed := [*scope.paths, *(f"--select {expression}" for expression in scope.select)]:
        facts.append(f"narrowed to {_clip(' '.join(narrowed), detail)}")
    facts += ["without deploys (`--no-deploy`)"] if not scope.deploy else []
    facts += ["not refreshed (`--no-refresh`)"] if scope.deploy and not scope.refresh else []
    facts += [f"files of {plan.visibility.refreshed} fetched anew"] if plan.visibility.refreshed else []
    if not plan.visibility.admin:
        facts.append(f"partial view: the key of {_clip(plan.visibility.user, detail)} is not an admin's")
    return " · ".join(facts)


def _sides(plan: Plan) -> list[str]:
    """On which side each was changed, by whom and when, where that was asked for."""
    found = by_record(plan.resources)
    rows = [
        f"- **{titled(side)}**: {_some(list(map(str, names)))}{f': {words(said)}' if said else ''}"
        for side, names, said in found
    ]
    left = sum(len(names) for _, names, _ in found[_LISTED:])
    rows[_LISTED:] = [f"- and {counted(left, 'more resource')}"] if left else []
    return ["\n".join(rows)] if rows else []


def _clip(text: str, detail: Detail) -> str:
    text = prose(text)
    return code(text if detail.names is not Names.CUT or len(text) <= _CLIPPED else f"{text[:_CLIPPED]}…")


def write_findings(findings: Sequence[Finding], detail: Detail, *severities: Severity) -> list[str]:
    """An alert for each of these severities, with as much of its findings as the detail leaves."""
    blocks = []
    for severity in severities:
        alert, heading = _ALERTS[severity]
        chosen = [item for item in findings if item.severity == severity]
        if not chosen:
            continue
        refused = severity == "refusal"
        if detail.findings or (refused and detail.refusals):
            rows = [row for group in alike(chosen) for row in _group(group)]
        elif refused:
            ways = sorted({item.override for item in chosen if item.override})[:_LISTED]
            allowed = f"; to allow what a flag allows: {', '.join(_clip(way, detail) for way in ways)}" if ways else ""
            rows = [f"- for {counted(len(chosen), 'reason')}{allowed}"]
        else:
            rows = [f"- {len(chosen)}, not told here for want of room"]
        blocks.append("\n".join(f"> {row}" for row in (f"[!{alert}]", heading, "", *rows)))
    return blocks


def _group(group: list[Finding]) -> list[str]:
    """One on a line; several below each other, and below them what is true of all."""
    first = group[0]
    ways = [f"{allowing(group).capitalize()}{code(first.override)}."] if first.override else []
    ways += [f"Next: {words(first.hint)}"] if first.hint else []
    if len(group) == 1:
        return [" ".join((f"- {code(first.code)}:", _finding(first), *ways))]
    return [f"- {code(first.code)}:", *(f"  - {told}" for told in (*map(_finding, group), *ways))]


def _finding(item: Finding) -> str:
    message = words(item.message)
    told = f"{message}{'' if message.endswith(('.', ':', '?')) else '.'}"
    if any(str(address) not in item.message for address in item.addresses):
        told += f" Concerns {_some([str(address) for address in item.addresses])}."
    return told


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(code(name) for name in names[:_LISTED]) + more


def _end(detail: Detail) -> str:
    return f"*Left out for want of room: {detail.said}. The HTML report and `komodo-sync show` have all of it.*"
