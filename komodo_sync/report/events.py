"""A plan and an apply as events: one JSON object a line, each with its `event`; `docs/reports.md` describes them.

All ASCII, so that a terminal that shows a line cannot be moved. A reader passes over events and members that it does
not know.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from komodo_sync.model.outcome import Status
from komodo_sync.report.github import inert
from komodo_sync.report.json import finding_document, plan_document
from komodo_sync.report.outcome import ending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.outcome import Outcome, StepOutcome, Wait
    from komodo_sync.model.plan import Finding, Plan, Step


def plan_events(plan: Plan) -> Iterator[str]:
    """`plan`, then a `finding` each, a `change` each in the order of the plan, and a `summary`."""
    document = plan_document(plan)
    yield _line(
        "plan",
        format_version=document["format_version"],
        core=document["core"],
        scope=document["scope"],
        visibility=document["visibility"],
    )
    yield from map(finding_event, plan.findings)
    for resource in document["resources"]:
        for change in resource["changes"]:
            told = {"address": resource["address"], "source": resource["source"], "cause": resource["cause"]}
            yield _line("change", **told, **change)
    yield _line("summary", **document["summary"])


def finding_event(finding: Finding) -> str:
    """One finding of the plan, or why it is refused after all."""
    return _line("finding", **finding_document(finding))


def started_event(step: Step) -> str:
    """A step's first call is about to be sent."""
    return _line("started", **_step(step))


def waiting_event(step: Step, wait: Wait) -> str:
    """A step pauses; `seconds` so far, of at most `limit`, both 0 where the pause is short; `update` is what the Core
    does meanwhile."""
    so_far = {"seconds": wait.seconds, "limit": wait.limit, "update": wait.update}
    return _line("waiting", **_step(step), why=wait.why, **so_far)


def finished_event(outcome: StepOutcome) -> str:
    """A step came to its end, whichever."""
    told = {"status": str(outcome.status), "message": outcome.message, "hint": outcome.hint, "update": outcome.update}
    stages = [{"name": stage.name, "text": stage.text} for stage in outcome.stages]
    return _line("finished", **_step(outcome.step), **told, stages=stages)


def note_event(text: str) -> str:
    """Something about the whole run."""
    return _line("note", message=text)


def outcome_event(outcome: Outcome) -> str:
    """The last event: how it ended, and how many resources still differ (null: that was not checked)."""
    left = outcome.remaining.summary if outcome.remaining is not None else None
    return _line(
        "outcome",
        complete=outcome.complete,
        stopped=outcome.stopped,
        message=ending(outcome),
        verification=outcome.verification,
        summary={str(status): len(outcome.of(status)) for status in Status},
        left=left.changed + left.refused if left is not None else None,
    )


def outcome_events(outcome: Outcome) -> Iterator[str]:
    """What an apply told while it ran, for who comes afterwards: the plan, how each step ended, and the outcome."""
    yield from plan_events(outcome.plan)
    yield from map(finished_event, outcome.results)
    yield outcome_event(outcome)


def _step(step: Step) -> dict[str, str]:
    return {"address": str(step.address), "action": str(step.action)}


def _line(event: str, /, **members: Any) -> str:
    return inert(json.dumps({"event": event, **members}), is_json=True) + "\n"
