"""Of a plan, the part that may be applied while nobody looks: creates and updates that stop, lose and deploy nothing.

A resource is done as a whole or held as a whole: a configuration whose deploy is held would be deployed by the next
click in Komodo's UI. What needs something that is held is held as well.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data, replace
from komodo_sync.model.finding import LIKELY_RENAME
from komodo_sync.model.plan import Action, Planned, Step

if TYPE_CHECKING:
    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Change, Finding, Plan, Resource

_CALM = frozenset(("idle", "keeps", "protects"))
"""Effects that take nothing away from anybody."""
_ALONE = frozenset((Action.CREATE, Action.UPDATE, Action.RENAME, Action.ADOPT))

_DOUBTFUL = "it looks like something that was renamed"


class Held(Data, frozen=True):
    """A step that is not done by itself, and why, for people."""

    step: Step
    why: str


class Safe(Data, frozen=True):
    """`planned`: what is left of the plan; `held`: what is not in it."""

    planned: Planned
    held: tuple[Held, ...]


def safe_part(planned: Planned) -> Safe:
    """The part of the plan that is safe. Refusals that concern nothing else than what is held are left out with it."""
    plan = planned.plan
    # once both are there, nobody sees that they were one
    doubtful = {each for item in plan.findings if item.code == LIKELY_RENAME for each in item.addresses}
    reasons = {
        item.address: why
        for item in plan.resources
        if (why := _danger(item) or (_DOUBTFUL if item.changes and item.address in doubtful else ""))
    }
    _spread(plan, reasons)
    held = [
        Held(Step(item.address, change.action), _change_danger(change) or _along(item) or reasons[item.address])
        for item in plan.resources
        if item.address in reasons
        for change in item.changes
    ]
    if not held:
        return Safe(planned, ())
    steps = {each.step for each in held}
    resources = tuple(replace(item, changes=()) if item.address in reasons else item for item in plan.resources)
    actions = Counter(str(change.action) for item in resources for change in item.changes)
    changed = sum(1 for item in resources if item.changes)
    summary = replace(
        plan.summary,
        actions={str(action): actions[action] for action in Action if actions[action]},
        changed=changed,
        unchanged=len(resources) - changed - plan.summary.refused,
    )
    waves = tuple(tuple(step for step in wave if step not in steps) for wave in plan.waves)
    left = replace(
        plan,
        resources=resources,
        waves=tuple(wave for wave in waves if wave),
        findings=tuple(item for item in plan.findings if not _about(item, reasons)),
        summary=summary,
    )
    payloads = {step: payload for step, payload in planned.payloads.items() if step not in steps}
    return Safe(Planned(left, payloads, planned.ids), tuple(held))


def _about(finding: Finding, held: dict[Address, str]) -> bool:
    return bool(finding.addresses) and all(address in held for address in finding.addresses)


def _danger(resource: Resource) -> str:
    """Why a resource is not changed while nobody looks; empty where it may be."""
    actions = {change.action for change in resource.changes}
    if Action.ADOPT in actions and actions & {Action.UPDATE, Action.RENAME}:
        return "it is adopted, and changed at once"
    return next((why for change in resource.changes if (why := _change_danger(change))), "")


def _along(resource: Resource) -> str:
    """For a change that would be safe by itself: what it goes along with."""
    action = next((change.action for change in resource.changes if _change_danger(change)), None)
    return f"it goes along with its {action}, which is held" if action else ""


def _change_danger(change: Change) -> str:
    if change.action not in _ALONE:
        return f"{change.action} is done on purpose alone"
    if change.action is Action.ADOPT and change.fields and any(field.pointer != "tags" for field in change.fields):
        return "it is adopted, and changed at once"
    loud = [effect for effect in change.effects if effect.kind not in _CALM]
    return f"its {change.action} does more: {loud[0].detail}" if loud else ""


def _spread(plan: Plan, reasons: dict[Address, str]) -> None:
    """Holds what needs what is held."""
    changed = True
    while changed:
        changed = False
        for item in plan.resources:
            if item.address in reasons:
                continue
            need = next((step for change in item.changes for step in change.needs if step.address in reasons), None)
            if need is not None:
                reasons[item.address] = f"it needs {need}, which is held"
                changed = True
