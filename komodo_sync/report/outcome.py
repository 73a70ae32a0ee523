"""An Outcome for people at a terminal: what was done, what was not and why, what is left, how it ended."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from komodo_sync.model.finding import UNPROVEN
from komodo_sync.model.outcome import Status
from komodo_sync.model.plan import Action, Step
from komodo_sync.report.changes import MARKS, counted, write_resource
from komodo_sync.report.layout import Page, Style, prose
from komodo_sync.report.text import write_findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.outcome import Outcome, StepOutcome
    from komodo_sync.model.plan import Plan, Resource

_HEADINGS = {
    Status.DONE: ("Done", Style.GREEN),
    Status.FAILED: ("FAILED", Style.LOUD),
    Status.SKIPPED: ("Skipped", Style.YELLOW),
    Status.NOT_STARTED: ("Not started", Style.YELLOW),
}
_GROUPED = (Status.SKIPPED, Status.NOT_STARTED)
"""What is told by its cause, with all that has the same one in a sentence."""
_AGAIN = "Run apply again when the cause is mended: what is done stays done."
_APPROVE = "Plan again, and have that approved: what is done stays done."


def outcome_text(outcome: Outcome, *, color: bool, width: int) -> str:
    """The outcome in rows of at most `width` columns; the last sentence says how it ended."""
    page = Page(width=width, color=color)
    write_findings(page, outcome.refused, "refusal")
    for status, (heading, style) in _HEADINGS.items():
        results = outcome.of(status)
        if results:
            page.blank()
            page.say((f"{heading}:", style))
        if status in _GROUPED:
            _write_groups(page, results)
            continue
        for result, following in zip_longest(results, results[1:]):
            # the same way out for many is said once, below the last of them
            same = following is not None and (following.message, following.hint) == (result.message, result.hint)
            _write_result(page, result, outcome.plan.core.host, hint="" if same else result.hint)
    if outcome.remaining is not None and outcome.remaining.has_changes:
        _write_remaining(page, outcome, outcome.remaining)
    page.blank()
    page.say((ending(outcome), Style.GREEN if outcome.complete else Style.LOUD), hang=0)
    return page.text()


def _write_result(page: Page, result: StepOutcome, host: str, *, hint: str) -> None:
    mark = MARKS[result.step.action]
    word = mark.done if result.status is Status.DONE else result.step.action
    lines = result.message.strip().splitlines()
    inline = f": {prose(lines[0])}" if len(lines) == 1 else ""
    head = f" {prose(str(result.step.address))}{inline}"
    page.say((f"{mark.sign} {word}", mark.style), (head, Style.PLAIN), indent=2, hang=6)
    for line in lines if not inline else ():
        page.value("| ", line, indent=6)
    for stage in result.stages:
        page.say((f"{prose(stage.name)}:", Style.BOLD), indent=6)
        for line in stage.text.splitlines():
            page.value("| ", line, indent=8)
    if result.update and result.status is not Status.DONE:
        # whole, however narrow the terminal: a link that is cut leads nowhere
        page.row(("update: ", Style.BOLD), (prose(update_place(host, result.update)), Style.PLAIN), indent=6)
    if hint:
        page.say(("next: ", Style.BOLD), (prose(hint), Style.PLAIN), indent=6)


def update_place(host: str, update: str) -> str:
    """Where a Core's UI shows an Update; its id alone where there is no UI."""
    return update if host.startswith("sim:") else f"{host}/updates/{update}"


def _write_groups(page: Page, results: Sequence[StepOutcome]) -> None:
    """Steps that were not tried, by the reason for it: a reason, what it kept from being done, the way out."""
    groups: dict[tuple[str, str], dict[Action, list[str]]] = {}
    for result in results:
        actions = groups.setdefault((result.message, result.hint), {})
        actions.setdefault(result.step.action, []).append(prose(str(result.step.address)))
    for (message, hint), actions in groups.items():
        if message:
            page.say((f"{prose(message)}:", Style.PLAIN), indent=2)
        indent = 4 if message else 2
        for action, names in actions.items():
            mark = MARKS[action]
            page.say(
                (f"{mark.sign} {action}", mark.style), (f" {', '.join(names)}", Style.PLAIN), indent=indent, hang=8
            )
        if hint:
            page.say(("next: ", Style.BOLD), (prose(hint), Style.PLAIN), indent=indent)


def _write_remaining(page: Page, outcome: Outcome, remaining: Plan) -> None:
    """What the verifying plan would change beyond the steps that are listed as not done. Where a step was done and the
    same is left, Core keeps something else than it was sent: that is shown in full."""
    fates = {result.step: result.status for result in outcome.results}
    again: list[Resource] = []
    more: list[Resource] = []
    for resource in remaining.resources:
        found = {fates.get(Step(resource.address, change.action)) for change in resource.changes}
        if Status.DONE in found:
            again.append(resource)
        elif None in found:
            more.append(resource)
    for heading, resources in (("Done, and yet different:", again), ("Also left to do:", more)):
        if resources:
            page.blank()
            page.say((heading, Style.LOUD))
        for resource in resources:
            page.blank()
            write_resource(page, resource)


def _unproven(plan: Plan) -> str:
    """Why something does not run, or may not: the findings of the verifying plan, three at most."""
    told = [prose(item.message) for item in plan.findings if item.code in UNPROVEN]
    more = f" And {len(told) - 3} more: the warnings of plan tell them." if len(told) > 3 else ""
    return f"{'; '.join(told[:3])}.{more}"


def ending(outcome: Outcome) -> str:
    """How it ended, in one or two sentences."""
    numbers = {status: len(outcome.of(status)) for status in Status}
    done = counted(numbers[Status.DONE], "change")
    counts = ", ".join(f"{number} {status}" for status, number in numbers.items() if number)
    summary = outcome.remaining.summary if outcome.remaining is not None else None
    left = summary.changed + summary.refused if summary is not None else 0
    still = f"{counted(left, 'resource')} still {'differs' if left == 1 else 'differ'}"
    if outcome.refused:
        return f"Refused: nothing was done, for {counted(len(outcome.refused), 'reason')}."
    if outcome.stopped:
        return f"Stopped: {counts or 'nothing was started'}. Run apply again to go on from here."
    if undone := [result for result in outcome.results if result.status is not Status.DONE]:
        way_out = _APPROVE if all(result.unapproved for result in undone) else _AGAIN
        return f"{'Applied in part' if numbers[Status.DONE] else 'Not applied'}: {counts}. {way_out}"
    if outcome.verification:
        why = prose(outcome.verification).rstrip(".")
        return f"Applied, but not proven: {done} done; the plan afterwards failed: {why}. Run plan to see what is left."
    if outcome.remaining is None:
        return f"Applied: {done} done; whether anything is left was not checked."
    if left:
        return f"Applied in part: {done} done, but {still}. Run plan to see what is left."
    if unproven := len(outcome.remaining.unproven):
        done = f"Applied: {done} done" if outcome.results else "Nothing was to do"
        return f"{done}, but {counted(unproven, 'resource')} may not run as declared: {_unproven(outcome.remaining)}"
    seen = "" if outcome.remaining.is_sure else " as far as the key of the plan sees"
    if not outcome.results:
        return f"Nothing to do: everything is as declared{seen}."
    return f"Applied: {done} done; nothing is left to do{seen}."
