"""In which order steps are taken: what each needs, and waves of independent work."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.graph import CycleError, waves
from komodo_sync.model.plan import Action, Change, Resource, Step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import Observed

_PHASES = (
    frozenset({Action.RENAME}),
    frozenset({Action.ADOPT, Action.CREATE, Action.UPDATE, Action.FORGET}),
    frozenset({Action.DELETE}),
)


def ordered(
    resources: Sequence[Resource],
    desired: Desired,
    observed: Observed,
    tag_users: Mapping[Address, Iterable[Address]],
    renames: Mapping[Address, Address],
) -> tuple[tuple[Resource, ...], tuple[tuple[Step, ...], ...]]:
    """The resources with the needs of their changes filled in, and the waves.

    Renames come first (a chain from its end), then tags, then creates and updates by reference and `after`, then
    deletes against the direction of the live references. `tag_users`: who will carry each tag.
    """
    changed = [item for item in resources if item.changes]
    steps = {item.address: [Step(item.address, change.action) for change in item.changes] for item in changed}
    needs: dict[Step, list[Step]] = {}
    for item in changed:
        earlier: list[Step] = []
        late = {each.pointer for change in item.changes[1:] for each in change.fields}
        for change in item.changes:
            step = Step(item.address, change.action)
            left = late if change.action is Action.CREATE else set()
            wanted = [need for need in _wanted(step, desired, observed, steps, renames, left) if need != step]
            needs[step] = list(dict.fromkeys([*earlier, *wanted]))
            earlier.append(step)
    for tag, users in tag_users.items():
        for user in users:
            for step in steps.get(user, []):
                if step.action in _PHASES[1]:
                    needs[step] += [need for need in steps.get(tag, []) if need not in needs[step]]
    order = _waves(needs)
    turn = {step: number for number, wave in enumerate(order) for step in wave}
    filled = {
        item.address: replace(
            item,
            changes=tuple(
                replace(change, needs=_earlier(Step(item.address, change.action), needs, turn))
                for change in item.changes
            ),
        )
        for item in changed
    }
    return tuple(filled.get(item.address, item) for item in resources), tuple(tuple(wave) for wave in order)


def _earlier(step: Step, needs: Mapping[Step, list[Step]], turn: Mapping[Step, int]) -> tuple[Step, ...]:
    """What `step` needs, but for what a ring of live references puts after it."""
    return tuple(sorted((need for need in needs[step] if turn[need] < turn[step]), key=_position))


def _wanted(
    step: Step,
    desired: Desired,
    observed: Observed,
    steps: Mapping[Address, list[Step]],
    renames: Mapping[Address, Address],
    late: Collection[str],
) -> Iterable[Step]:
    """What must be done first; `late` are the fields that the step leaves to a later one."""
    match step.action:
        case Action.RENAME:
            # the name must be free: what holds it now moves on first
            taken = [new for new, old in renames.items() if old == step.address]
            return [Step(new, Action.RENAME) for new in taken]
        case Action.DELETE:
            referers = observed.references.get(step.address, frozenset())
            return [need for referer in referers for need in steps.get(referer, [])]
        case _:
            item = desired.resources.get(step.address)
            if item is None:
                return []
            named = (each for each in item.references if f"config/{each.pointer.partition('/')[0]}" not in late)
            targets = [*(each.target for each in named), *item.after]
            return [need for target in targets for need in steps.get(target, []) if need.action is not Action.DELETE]


def _waves(needs: Mapping[Step, list[Step]]) -> list[list[Step]]:
    result: list[list[Step]] = []
    for phase in _PHASES:
        members = sorted((step for step in needs if step.action in phase), key=_position)
        inside = {step: [need for need in needs[step] if need.action in phase] for step in members}
        result += _cut(members, inside)
    return result


def _cut(members: Sequence[Step], needs: dict[Step, list[Step]]) -> list[list[Step]]:
    """The waves, where a ring is opened between steps that only would rather have an order: that something is made
    before it is named is a must, that it is changed or deleted before is none."""
    while True:
        try:
            return waves(members, needs)
        except CycleError as error:
            ring = list(pairwise(error.cycle))
            loose = [
                (step, need) for step, need in ring if need.action is not Action.CREATE and step.address != need.address
            ]
            # without any the kinds' order decides
            step, need = min(loose or ring, key=lambda pair: _position(pair[0]))
            needs[step].remove(need)


def _position(step: Step) -> tuple[int, int, Address, str]:
    phase = next(index for index, phase in enumerate(_PHASES) if step.action in phase)
    order = KINDS[step.address.kind].order
    return (phase, -order if step.action is Action.DELETE else order, step.address, step.action)


def by_reader(item: Resource) -> tuple[bool, int, Address]:
    """Where a resource stands in a plan: deletes last, then in the order in which kinds are created, then by name."""
    deletes = any(change.action is Action.DELETE for change in item.changes)
    return (deletes, KINDS[item.address.kind].order, item.address)


def change_order(change: Change) -> int:
    """In which order the changes of one resource are done."""
    return (Action.RENAME, Action.ADOPT, Action.FORGET, Action.CREATE, Action.UPDATE, Action.DELETE).index(
        change.action
    )
