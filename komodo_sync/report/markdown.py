"""A Plan as Markdown for a pull request's comment or a step summary: what matters first, the details folded.

It never takes more bytes than asked: where all of it has no room, it is told with less detail, in the order of
`DETAILS`, down to a list of addresses, and says what was left out. Why something is stopped, deployed or deleted, and
with which effects, goes last: after the names.
"""

from __future__ import annotations

from hashlib import sha256
from json import dumps
from typing import TYPE_CHECKING

from komodo_sync.report.attention import attentions, overview
from komodo_sync.report.budget import GITHUB_BYTES, LEAST_BYTES
from komodo_sync.report.causes import by_record, titled
from komodo_sync.report.changes import LISTED, MARKS, ORDER, counted, not_running
from komodo_sync.report.findings import MANY
from komodo_sync.report.markdown_changes import write_changes
from komodo_sync.report.markdown_detail import DETAILS, Names, Others
from komodo_sync.report.markdown_findings import clip, some, write_findings
from komodo_sync.report.markdown_names import write_names, write_others, write_within
from komodo_sync.report.markdown_notices import write_glance, write_notices
from komodo_sync.report.markdown_text import byte_length, words

if TYPE_CHECKING:
    from komodo_sync.model.plan import Plan
    from komodo_sync.report.markdown_detail import Detail

_REFUSED = 4
"""What is refused may take this part of the room where names have not enough of it."""
_WARNED = 8
"""What warns, and notes, may take this part of it where they are told in short."""
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
        if detail.names is Names.CUT and detail.refusals and _refused(plan, detail) > max_bytes // _REFUSED:
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
    world: list[object] = [plan.core.host, scope.target, scope.owner, scope.paths, scope.select, scope.overlays]
    seldom = {"manifests": scope.manifests, "settings": scope.settings, "env_files": scope.env_files}
    # and no value of --var: it might be one that is not to be guessed
    world += [item for item in seldom.items() if item[1]]
    key = sha256(dumps(world).encode()).hexdigest()[:16]
    return f"<!-- komodo-sync {subject or plan.subject} {key} -->"


def _plan(plan: Plan, detail: Detail, room: int) -> str:
    blocks = [marker(plan), f"## Komodo {plan.subject}: {counts(plan)}", context(plan, detail)]
    if detail.names is Names.EXPLAINED:
        blocks += _sides(plan)
    above, below = _answers(plan, detail)
    blocks += [*above, *write_findings(plan.findings, detail, "refusal"), *below]
    blocks += write_findings(plan.findings, detail, "warning", "note", room=room // _WARNED)
    tail = [_end(detail)] if detail.said else []

    def left() -> int:
        return room - sum(byte_length(block) + 2 for block in (*blocks, *tail))

    if detail.others in (Others.FIELDS, Others.ADDRESSES):
        blocks += write_changes(plan, detail, left())
    if detail.names is Names.CUT:
        blocks += write_within(plan, left())
    else:
        blocks += write_names(plan) if detail.names is Names.GROUPED else []
        listed = detail.others in (Others.LISTED, Others.CUT)
        blocks += write_others(plan, left() if detail.others is Others.CUT else None) if listed else []
    return "\n\n".join((*blocks, *tail)) + "\n"


def _answers(plan: Plan, detail: Detail) -> tuple[list[str], list[str]]:
    """What stands above what is refused, and below it: where much is refused, first of all what the answers come to."""
    found = overview(plan)
    numbers = [f"**At a glance:** {'; '.join(said for _, said in found)}."] if found else []
    if detail.names is not Names.EXPLAINED:
        return numbers, []
    answers = attentions(plan)
    brief, notices = write_glance(answers), write_notices(answers)
    return (brief or numbers, notices) if len(plan.refusals) > MANY else ([], brief + notices)


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
    facts = [clip(plan.core.host, detail)]
    facts += [f"Core {clip(plan.core.version, detail)}"] if plan.core.version else []
    facts += [f"target {clip(scope.target, detail)}"] if scope.target else []
    facts += [f"overlay {clip(', '.join(scope.overlays), detail)}"] if scope.overlays else []
    facts += [f"owner {clip(scope.owner, detail)}" if scope.owner else "no owner"]
    facts += ["prune on" if scope.prune else "prune off"]
    facts += [f"omitted fields: {clip(scope.omitted_fields, detail)}"] if scope.omitted_fields != "reset" else []
    if narrowed := [*scope.paths, *(f"--select {expression}" for expression in scope.select)]:
        facts.append(f"narrowed to {clip(' '.join(narrowed), detail)}")
    facts += ["without deploys (`--no-deploy`)"] if not scope.deploy else []
    facts += ["not refreshed (`--no-refresh`)"] if scope.deploy and not scope.refresh else []
    facts += [f"files of {plan.visibility.refreshed} fetched anew"] if plan.visibility.refreshed else []
    if not plan.visibility.admin:
        facts.append(f"partial view: the key of {clip(plan.visibility.user, detail)} is not an admin's")
    return " · ".join(facts)


def _sides(plan: Plan) -> list[str]:
    """On which side each was changed, by whom and when, where that was asked for."""
    found = by_record(plan.resources)
    rows = [
        f"- **{titled(side)}**: {some(list(map(str, names)))}{f': {words(said)}' if said else ''}"
        for side, names, said in found
    ]
    left = sum(len(names) for _, names, _ in found[LISTED:])
    rows[LISTED:] = [f"- and {counted(left, 'more resource')}"] if left else []
    return ["\n".join(rows)] if rows else []


def _end(detail: Detail) -> str:
    return f"*Left out for want of room: {detail.said}. The HTML report and `komodo-sync show` have all of it.*"
