"""A plan that was approved, and the plan as it is now: what of it may be done, what is skipped, and what moved."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.approval import Approval
from komodo_sync.model.data import Data, replace
from komodo_sync.model.finding import NOT_APPROVED, UNPROVEN
from komodo_sync.model.outcome import Status, StepOutcome
from komodo_sync.model.plan import Action, Change, Finding, Planned, Resource, Step
from komodo_sync.model.sealed import Sealed
from komodo_sync.planning.agreed import CALM, not_agreed
from komodo_sync.planning.approval import after_side, before_side, declared_digest, with_removals

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.approval import KeyedSides
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.model.plan import FieldChange, Plan
    from komodo_sync.model.scope import Visibility
    from komodo_sync.planning.agreed import LeftOut

EXECUTIONS = frozenset((Action.DEPLOY, Action.START, Action.STOP, Action.DESTROY, Action.RUN))
"""What is done to what runs, not to what is configured."""

_RUNS = frozenset((Action.DEPLOY, Action.START))

_NOTHING = Approval("", "")


class Moved(Data, frozen=True):
    """A change that is not the one that was approved. None: nothing was approved, or nothing is to be done now.
    `why`: what else there is to say."""

    address: Address
    approved: Change | None
    now: Change | None
    why: str = ""


class Verdict(Data, frozen=True):
    """`planned`: what is left to do of what was approved; `skipped`: executions that are left out, because their reason
    arose since, or because they cannot be done now; `moved`: if there is any, nothing may be done."""

    planned: Planned
    skipped: tuple[StepOutcome, ...] = ()
    moved: tuple[Moved, ...] = ()


def judge(planned: Planned, approved: Plan, desired: Desired) -> Verdict:
    """`planned` is the plan as it is now, in the scope and the visibility of `approved`."""
    granted = {item.address: item for item in approved.resources}
    moved: list[Moved] = []
    later: dict[Step, LeftOut] = {}
    for item in planned.plan.resources:
        given = granted[item.address].changes if item.address in granted else ()
        for place, change in enumerate(item.changes):
            fitting = _fitting(change, given)
            if change.action in EXECUTIONS:
                step = Step(item.address, change.action)
                left = not_agreed(item.address, change, fitting, planned.payloads[step], approved)
                if left is None:
                    continue
                if any(each.action not in EXECUTIONS for each in item.changes[place:]):
                    # what leaves a server is taken down there first: without that it would run on, unmanaged
                    moved.append(Moved(item.address, fitting, change, "what was approved would come after it"))
                else:
                    later[step] = left
            elif fitting is None:
                moved.append(Moved(item.address, given[0] if len(given) == 1 else None, change))
            elif problem := _problem(change, fitting, item.address, admin=approved.visibility.admin):
                moved.append(Moved(item.address, fitting, change, problem))
    moved += _dropped(planned, approved, desired, {each.address for each in moved})
    skipped = [StepOutcome(step, Status.SKIPPED, left.why, left.hint, unapproved=True) for step, left in later.items()]
    skipped += _hindered(planned.plan, approved)
    return Verdict(without(planned, later), tuple(skipped), tuple(sorted(moved, key=lambda each: each.address)))


def without(planned: Planned, steps: Mapping[Step, LeftOut]) -> Planned:
    """`planned` without some of its executions; each is told of by a warning, with why. What nothing is left of is not
    counted as unchanged: it is not as declared."""
    if not steps:
        return planned
    plan = planned.plan
    told = [
        Finding(
            NOT_APPROVED,
            "warning",
            f"{item.address}: {change.action} is skipped, {steps[step].told(change)}",
            "",
            (item.address,),
            steps[step].hint,
        )
        for item in plan.resources
        for change in item.changes
        if (step := Step(item.address, change.action)) in steps
    ]
    resources = tuple(_without(item, steps) for item in plan.resources)
    waves = tuple(left for wave in plan.waves if (left := tuple(step for step in wave if step not in steps)))
    changed = sum(1 for item in resources if item.changes)
    counts = Counter(str(change.action) for item in resources for change in item.changes)
    findings = tuple(sorted([*plan.findings, *told], key=lambda item: (item.severity != "refusal", item.code)))
    summary = replace(
        plan.summary,
        actions={action: counts[action] for action in plan.summary.actions if counts[action]},
        changed=changed,
        findings=dict(sorted(Counter(item.severity for item in findings).items())),
    )
    left_plan = replace(plan, resources=resources, waves=waves, findings=findings, summary=summary)
    payloads = {step: payload for step, payload in planned.payloads.items() if step not in steps}
    return replace(planned, plan=left_plan, payloads=payloads)


def as_seen(observed: Observed, visibility: Visibility) -> Observed:
    """`observed` as the key of an approved plan saw it: a secret that it could not read is no difference now."""
    if visibility.admin:
        return observed
    switched = {
        kind: {field.name: field.secret_when for field in spec.fields().values() if field.secret_when}
        for kind, spec in KINDS.items()
    }
    resources = {
        address: _masked(item, switched[address.kind]) if switched[address.kind] else item
        for address, item in observed.resources.items()
    }
    return replace(observed, resources=resources, admin=False, user=visibility.user)


def known_addresses(approved: Plan) -> frozenset[Address] | None:
    """What a key that sees a part has seen, as far as the plan tells; None: everything."""
    return None if approved.visibility.admin else frozenset(item.address for item in approved.resources)


def _masked(item: ObservedResource, switches: Mapping[str, str]) -> ObservedResource:
    hidden = frozenset(name for name, switch in switches.items() if item.config.get(name) and item.config.get(switch))
    if not hidden:
        return item
    left = {name: value for name, value in item.config.items() if name not in hidden}
    assert all(isinstance(item.config[name], Sealed) for name in hidden)
    return replace(item, config=left, masked=item.masked | hidden)


def _fitting(change: Change, given: tuple[Change, ...]) -> Change | None:
    """The approved change that `change` is, or that it finishes: what a create leaves when it is cut off is an update,
    and what is written late, because it goes round in a circle, may be in it."""
    same = next((each for each in given if each.action is change.action), None)
    create = next((each for each in given if each.action is Action.CREATE), None)
    if change.action is not Action.UPDATE or create is None:
        return same
    if same is None:
        return create
    told = {field.pointer for field in same.fields}
    if {field.pointer for field in change.fields} <= told:
        return same
    approvals = [each.approval or _NOTHING for each in (create, same)]
    keyed = {sides.pointer: sides for approval in approvals for sides in approval.keyed}
    return replace(
        create,
        fields=(*(field for field in create.fields if field.pointer not in told), *same.fields),
        effects=(*create.effects, *same.effects),
        approval=replace(approvals[0], keyed=tuple(keyed.values())),
    )


def _problem(change: Change, approved: Change, address: Address, *, admin: bool) -> str:
    """Why the approval does not cover `change`, in words; empty when it does. What is done already is no problem."""
    now, then = change.approval or _NOTHING, approved.approval or _NOTHING
    if change.previous != approved.previous:
        return f"it is renamed from {change.previous}"
    if more := _more_effects(change, approved):
        return "it does more: " + "; ".join(more)
    if change.action is Action.DELETE and (now.before != then.before or (now.keyed and now.keyed != then.keyed)):
        return "it was changed since the plan"
    fields = {field.pointer: field for field in approved.fields}
    keyed = {sides.pointer: sides for sides in then.keyed}
    other = [field.pointer for field in change.fields if not _is_same(field, fields.get(field.pointer))]
    if other:
        return f"{', '.join(other)} {'is' if len(other) == 1 else 'are'} not as approved"
    secret = [sides.pointer for sides in now.keyed if not _is_same_secret(sides, keyed.get(sides.pointer))]
    if secret:
        return f"secret values of {', '.join(secret)} are not the approved ones"
    if change.action is not approved.action and not admin:
        written = [field.pointer for field in change.fields if field.pointer.startswith("config")]
        if written:
            return f"{address} exists already, which the key of the approved plan did not see"
    return ""


def _more_effects(change: Change, approved: Change) -> list[str]:
    agreed = with_removals({(effect.kind, effect.subject) for effect in approved.effects})
    return [
        f"{effect.kind} {effect.subject}".strip() + f" ({effect.detail})"
        for effect in change.effects
        if effect.kind not in CALM and (effect.kind, effect.subject) not in agreed
    ]


def _is_same(field: FieldChange, approved: FieldChange | None) -> bool:
    return approved is not None and (
        before_side(field) == before_side(approved) and after_side(field) == after_side(approved)
    )


def _is_same_secret(now: KeyedSides, approved: KeyedSides | None) -> bool:
    """What was not known when the plan was made may be anything."""
    if approved is None:
        return False
    return all(not agreed or agreed == side for side, agreed in zip(_pair(now), _pair(approved), strict=True))


def _pair(sides: KeyedSides) -> tuple[str, str]:
    return sides.before, sides.after


def _dropped(planned: Planned, approved: Plan, desired: Desired, told: Collection[Address]) -> Iterator[Moved]:
    """Approved changes that are not to be done any more, and are not done either."""
    now = {item.address: item for item in planned.plan.resources}
    for item in approved.resources:
        if item.address in told:
            continue
        there = now.get(item.address)
        left = {(change.action, len(change.fields)) for change in there.changes} if there else set()
        for change in item.changes:
            if (change.action, len(change.fields)) in left:
                continue
            if change.action in EXECUTIONS:
                why = _why_not_run(change, item, planned, desired)
            else:
                why = _why_dropped(change, item, there, planned, desired)
            if why:
                yield Moved(item.address, change, None, why)


def _why_dropped(change: Change, item: Resource, there: Resource | None, planned: Planned, desired: Desired) -> str:
    declared = (change.approval or _NOTHING).declared
    if change.action is Action.DELETE:
        return "it is to stay" if item.address in planned.ids else ""
    if change.action is Action.FORGET or not declared:
        return ""
    if item.address not in desired.resources:
        return "no manifest declares it any more"
    if there is not None and there.refused:
        return ""  # a refusal tells
    if declared_digest(item.address, desired, planned.known) != declared:
        return "its manifest declares something else now"
    return ""


def _why_not_run(change: Change, item: Resource, planned: Planned, desired: Desired) -> str:
    """What is not to be done any more may have been done, or needs not be done any more. Not where nobody asks for it
    now, nor where it is left undone. (What is taken down before something else is done goes with that.)"""
    declared = desired.resources.get(item.address)
    if declared is None:
        alone = all(each.action in EXECUTIONS for each in item.changes)
        return "no manifest declares it any more" if alone else ""
    if change.action is Action.DESTROY and change is not item.changes[-1]:
        return ""
    if not (declared.deploy or declared.state or declared.run_on_change):
        return "its manifest does not ask for it any more"
    return planned.left.get(item.address, "") if change.action in _RUNS else ""


def _hindered(plan: Plan, approved: Plan) -> Iterator[StepOutcome]:
    """Approved executions that are not to be done now because of something that may pass."""
    now = {Step(item.address, change.action) for item in plan.resources for change in item.changes}
    why = {address: item for item in plan.findings if item.code in UNPROVEN for address in item.addresses}
    for item in approved.resources:
        for change in item.changes:
            step = Step(item.address, change.action)
            if change.action in _RUNS and step not in now and item.address in why:
                finding = why[item.address]
                yield StepOutcome(step, Status.SKIPPED, finding.message, finding.hint)


def _without(item: Resource, steps: Collection[Step]) -> Resource:
    kept = tuple(
        replace(change, needs=tuple(need for need in change.needs if need not in steps))
        for change in item.changes
        if Step(item.address, change.action) not in steps
    )
    return replace(item, changes=kept)
