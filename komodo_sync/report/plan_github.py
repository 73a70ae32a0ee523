"""A Plan and an Outcome as workflow commands of GitHub Actions, which shows them as annotations at their lines.

GitHub shows ten errors, ten warnings and ten notices of a step: so the gravest come first, and what has the same
action, reason and effects is one annotation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.outcome import Status
from komodo_sync.report.attention import Concern, attentions
from komodo_sync.report.causes import by_record, titled
from komodo_sync.report.changes import IRREVERSIBLE, ORDER, called, counted, listed
from komodo_sync.report.github import command
from komodo_sync.report.layout import prose, safe
from komodo_sync.report.outcome import ending, update_place
from komodo_sync.report.paths import beside
from komodo_sync.report.places import place_of_finding, places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.outcome import Outcome, StepOutcome
    from komodo_sync.model.plan import Effect, Finding, Plan
    from komodo_sync.report.attention import Notice
    from komodo_sync.report.places import Place

_FINDINGS = {"refusal": "error", "warning": "warning", "note": "notice"}
_CONCERNS = {Concern.STOPS: "warning", Concern.LASTING: "warning", Concern.DEPLOYS: "notice", Concern.OTHER: "notice"}

_STEPS = 4
"""What is to be done, of what one annotation is about, in as many rows at most."""


def plan_github(plan: Plan, *, base: str = "") -> str:
    """Refusals as errors; what stops or cannot be undone as warnings; what is deployed, and the counts, as notices. Of
    drift, what was changed and by whom: a warning, but for what was changed in git alone.
    `base`: the folder from which the files' names count, relative to the repository."""
    known = places(plan)
    lines = [command("notice", {"title": f"komodo-sync {plan.subject}"}, _counts(plan))]
    lines += _causes(plan, known, base)
    lines += [_finding(item, known, base) for item in plan.findings]
    concerns = {item.concern: item for item in attentions(plan)}
    for concern in (concern for concern in _CONCERNS if concern in concerns):
        lines += [_notice(item, concern, known, base) for item in concerns[concern].notices]
    return "".join(lines)


def outcome_github(outcome: Outcome, *, base: str = "") -> str:
    """What it was refused for, and what failed, as errors, what was not done as warnings, and how it ended. Where it
    was refused nothing was done, and the plan says what."""
    known, host = places(outcome.plan), outcome.plan.core.host
    lines = [command("notice" if outcome.complete else "error", {"title": "komodo-sync apply"}, ending(outcome))]
    lines += [_finding(item, known, base) for item in outcome.refused]
    lines += [_result(item, "error", known, base, host) for item in outcome.of(Status.FAILED)]
    for status in (Status.SKIPPED, Status.NOT_STARTED) if not outcome.refused else ():
        lines += [_result(item, "warning", known, base, host) for item in outcome.of(status)]
    return "".join(lines)


def _causes(plan: Plan, known: Mapping[Address, Place], base: str) -> Iterator[str]:
    changes = {item.address: item.changes for item in plan.resources}
    for side, addresses, said in by_record(plan.resources):
        names = [prose(str(address)) for address in addresses]
        one = names[0] if len(names) == 1 else counted(len(names), "resource")
        place = next((known[address] for address in addresses if address in known), None)
        steps = dict.fromkeys(
            prose(f"{each.action}: {each.reason}") for address in addresses for each in changes[address]
        )
        lines = [f"{listed(names)}: {said}" if said else listed(names), *list(steps)[:_STEPS]]
        level = "notice" if side == "git" else "warning"
        yield _command(level, {**_properties(place, base), "title": f"{titled(side)}: {one}"}, "\n".join(lines))


def _counts(plan: Plan) -> str:
    actions = plan.summary.actions
    told = [f"{actions[action]} to {action}" for action in ORDER if actions.get(action)]
    told += [f"{plan.summary.refused} refused"] if plan.summary.refused else []
    return ", ".join([*(told or ["no changes"]), f"{plan.summary.unchanged} unchanged"])


def _finding(item: Finding, known: Mapping[Address, Place], base: str) -> str:
    allowed = f"To allow it: {item.override}." if item.override else ""
    text = "\n".join(filter(None, (item.message, allowed, item.hint)))
    place = _properties(place_of_finding(item, known), base)
    return _command(_FINDINGS[item.severity], {**place, "title": item.code}, text)


def _notice(notice: Notice, concern: Concern, known: Mapping[Address, Place], base: str) -> str:
    names = [prose(f"{item.address} ({item.subject})" if item.subject else str(item.address)) for item in notice.named]
    place = next((known[item.address] for item in notice.named if item.address in known), None)
    number = counted(len(names), "resource") if len(names) > 1 else names[0]
    lines = [f"{called(notice.action)} {listed(names)}", *(prose(_said(item)) for item in notice.told)]
    return _command(_CONCERNS[concern], {**_properties(place, base), "title": f"{concern}: {number}"}, "\n".join(lines))


def _said(item: str | Effect) -> str:
    if isinstance(item, str):
        return item
    what = " ".join(filter(None, ("" if item.kind == IRREVERSIBLE else item.kind, item.subject)))
    return ": ".join(filter(None, (what, item.detail)))


def _result(item: StepOutcome, level: str, known: Mapping[Address, Place], base: str, host: str) -> str:
    title = f"{item.status}: {item.step.action} {item.step.address}"
    place = f"update: {update_place(host, item.update)}" if item.update else ""
    text = "\n".join(filter(None, (*item.told, place, item.hint))) or title
    return _command(level, {**_properties(known.get(item.step.address), base), "title": title}, text)


def _command(name: str, properties: Mapping[str, str], text: str) -> str:
    """A command in which what cannot be seen is shown as its escape."""
    lines = "\n".join(map(safe, text.splitlines()))
    return command(name, {key: safe(value) for key, value in properties.items()}, lines)


def _properties(place: Place | None, base: str) -> dict[str, str]:
    return {"file": beside(base, place.file), "line": str(place.line), "col": str(place.column)} if place else {}
