"""A Plan for people at a terminal: what is refused, what changes, what is deleted, how many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.report.attention_text import write_attention, write_overview
from komodo_sync.report.causes import by_side
from komodo_sync.report.changes import (
    MARKS,
    ORDER,
    counted,
    is_deleted,
    listed,
    not_running,
    write_losses,
    write_resource,
)
from komodo_sync.report.fields import DEPLOYS
from komodo_sync.report.findings import alike, allowing
from komodo_sync.report.in_short import write_in_short
from komodo_sync.report.layout import Page, Style, prose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.plan import Finding, Plan, Resource, Severity
    from komodo_sync.report.layout import Run

_HEADINGS = {
    "refusal": ("REFUSED: apply will not start.", Style.LOUD),
    "warning": ("Warnings", Style.YELLOW),
    "note": ("Notes", Style.CYAN),
}

SCREEN, COMMON, LONG = 24, 40, 60
"""Rows of a terminal, where nobody knows how many it has: at least, in most cases, and at most. Of a text with more
than SCREEN the end may be seen alone, and of one with more than LONG it is."""

ASKED = 3
"""Rows below a plan: a blank one and a question, which may take two, or what a shell writes."""


def plan_text(plan: Plan, *, color: bool, width: int, height: int | None = None) -> str:
    """The plan in rows of at most `width` columns (20 at least), each ended by a newline. `color` adds SGR sequences
    and changes nothing else. The last row counts. `height`: rows of the terminal that shows it, where it is one: what
    must be known is on its last screen, with a question below."""
    page = Page(width=width, color=color)
    changed = [resource for resource in plan.resources if resource.changes]
    _write_header(page, plan)
    first = Page(width=width, color=color)
    _write_sides(first, changed)
    write_findings(first, plan.findings, "refusal")
    write_attention(first, plan)
    if page.height + first.height > SCREEN:
        write_overview(page, plan, "At a glance")
    page.blank()
    page.add(first)
    write_findings(page, plan.findings, "warning", "note")
    _write_legend(page, changed)
    deleted = [resource for resource in changed if is_deleted(resource)]
    for resource in changed:
        if not is_deleted(resource):
            page.blank()
            write_resource(page, resource)
    if deleted:
        _write_deletes(page, deleted)
    page.blank()
    _write_end(page, plan, height)
    return page.text()


def _write_header(page: Page, plan: Plan) -> None:
    scope = plan.scope
    facts = [f"Core {plan.core.version}" if plan.core.version else ""]
    facts += [f"target {scope.target}" if scope.target else "", *(f"overlay {name}" for name in scope.overlays)]
    facts += [f"owner {scope.owner}" if scope.owner else "no owner", "prune on" if scope.prune else "prune off"]
    facts += ["" if scope.omitted_fields == "reset" else f"omitted fields: {scope.omitted_fields}"]
    aside = prose(", ".join(filter(None, facts)))
    page.say((prose(plan.core.host), Style.BOLD), (f"  ({aside})", Style.DIM))
    if narrowed := [*scope.paths, *(f"--select {expression}" for expression in scope.select)]:
        page.say((f"Narrowed to {prose(' '.join(narrowed))}: what is outside is left alone.", Style.PLAIN))
    if not scope.deploy:
        page.say(("Without deploys (--no-deploy): nothing is deployed or started.", Style.PLAIN))
    if number := plan.visibility.refreshed:
        of = "1 resource" if number == 1 else f"{number} resources"
        page.say((f"Files of {of} were fetched anew.", Style.PLAIN))
    if scope.deploy and not scope.refresh:
        page.say(("Not refreshed (--no-refresh): files are as the Core read them last.", Style.PLAIN))
    if not plan.visibility.admin:
        page.say(
            ("Partial view: ", Style.YELLOW),
            (f"the key of {prose(plan.visibility.user)} is not an admin's and sees a part of this Core.", Style.PLAIN),
        )


def _write_sides(page: Page, changed: Sequence[Resource]) -> None:
    """On which side each was changed, where that was asked for."""
    if sides := by_side(changed):
        page.blank()
        for title, names in sides:
            page.say((f"{title}: {listed(names)}", Style.CYAN))


def write_findings(page: Page, findings: Sequence[Finding], *severities: Severity) -> None:
    """Refusals, warnings or notes, each sort under its heading."""
    for severity in severities:
        heading, style = _HEADINGS[severity]
        chosen = [finding for finding in findings if finding.severity == severity]
        if chosen:
            page.blank()
            page.say((heading, style))
        for group in alike(chosen):
            _write_group(page, group)


def _write_group(page: Page, group: list[Finding]) -> None:
    for finding in group:
        page.say((f"{prose(finding.message)} ", Style.PLAIN), (f"[{prose(finding.code)}]", Style.DIM), indent=2)
        if any(str(address) not in finding.message for address in finding.addresses):
            names = listed([prose(str(address)) for address in finding.addresses])
            page.say((f"concerns {names}", Style.PLAIN), indent=4)
    if group[0].override:
        page.say((allowing(group), Style.PLAIN), (prose(group[0].override), Style.BOLD), indent=4)
    if group[0].hint:
        page.say(("next: ", Style.BOLD), (prose(group[0].hint), Style.PLAIN), indent=4)


def _write_deletes(page: Page, deleted: Sequence[Resource]) -> None:
    page.blank()
    heading = f"DELETES: {counted(len(deleted), 'resource')} will be gone for good."
    page.say((heading, Style.LOUD))
    write_losses(page, deleted, indent=2)
    for resource in deleted:
        page.blank()
        write_resource(page, resource)


def _write_legend(page: Page, changed: Sequence[Resource]) -> None:
    """What stands behind a field of what is updated and not deployed, said before the first of them."""
    later = [item for item in changed if all(change.action != "deploy" for change in item.changes)]
    updates = [change for item in later for change in item.changes if change.action != "create"]
    fields = [field for change in updates for field in change.fields]
    if any(field.deploys for field in fields):
        page.blank()
        page.say((DEPLOYS, Style.YELLOW), (" reaches the containers at the next deploy, not before.", Style.DIM))


def _write_end(page: Page, plan: Plan, height: int | None) -> None:
    end = Page(width=page.width, color=page.color)
    if refusals := plan.refusals:
        reasons = f"Refused: apply will not start, for {counted(len(refusals), 'reason')} given at the top"
        end.say((f"{reasons}{_ways(refusals)}.", Style.LOUD))
    end.say(*_counts(plan))
    below = end.height + ASKED
    if page.height > LONG if height is None else page.height + below > height:
        write_in_short(page, plan, (height or COMMON) - below - 1)
        page.blank()
    elif page.height > SCREEN and height is None:
        write_overview(page, plan, "At the top")
    page.add(end)


def _ways(refusals: Sequence[Finding]) -> str:
    """Which flags lift the refusals, and how many of them stay: with those, no flag makes apply start."""
    lifted = [finding for finding in refusals if finding.override]
    if not lifted:
        return ""
    flags = " ".join(sorted({prose(finding.override) for finding in lifted}))
    if len(lifted) == len(refusals):
        return f" (to allow: {flags})"
    return f"; {flags} would allow {len(lifted)} of them, no flag allows the rest"


def _counts(plan: Plan) -> list[Run]:
    summary = plan.summary
    if not plan.has_changes and summary.refused:
        counts = f"{summary.refused} refused, {summary.unchanged} unchanged"
        return [(f"No changes but those that are refused: {counts}.", Style.BOLD)]
    if not plan.has_changes and plan.unapproved:
        left = f"{counted(len(plan.unapproved), 'resource')} skipped, {summary.unchanged} unchanged"
        return [(f"Nothing of the approved plan is left to do: {left}.", Style.BOLD)]
    if not plan.has_changes and plan.amiss:
        return [(f"No changes, but {not_running(plan)}.", Style.BOLD)]
    if not plan.has_changes and not plan.is_sure:
        return [("No changes as far as is known here.", Style.BOLD)]
    if not plan.has_changes:
        are = "is" if summary.unchanged == 1 else "are"
        if summary.unchanged == 0:
            narrowed = plan.scope.select or plan.scope.paths
            return [
                (f"No changes: nothing {'that is declared is selected' if narrowed else 'is declared'}.", Style.BOLD)
            ]
        return [(f"No changes: {counted(summary.unchanged, 'resource')} {are} as declared.", Style.GREEN)]
    runs: list[Run] = [("Plan: ", Style.BOLD)]
    for action in ORDER:
        if number := summary.actions.get(action, 0):
            runs += [(f"{number} to {action}", MARKS[action].style), (", ", Style.PLAIN)]
    if summary.refused:
        runs += [(f"{summary.refused} refused", Style.LOUD), (", ", Style.PLAIN)]
    return [*runs, (f"{summary.unchanged} unchanged.", Style.PLAIN)]
