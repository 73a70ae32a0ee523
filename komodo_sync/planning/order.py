"""In which order steps are taken: what each needs, and waves of independent work."""

from __future__ import annotations

from enum import IntEnum
from itertools import pairwise
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.graph import CycleError, waves
from komodo_sync.model.plan import Action, Resource, Step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import Observed

_RUNS = frozenset({Action.DEPLOY, Action.START, Action.STOP, Action.DESTROY, Action.RUN})


class _Phase(IntEnum):
    """What comes one after the other: names are free before anything is written, everything is written before anything
    is deployed, and everything runs before anything goes."""

    RENAME = 0
    WRITE = 1
    RUN = 2
    DELETE = 3


def _phases(steps: Mapping[Address, list[Step]]) -> dict[Step, _Phase]:
    """The phase of each step. What is taken down goes with what that is for: the delete, or the move that is written
    after it."""
    found: dict[Step, _Phase] = {}
    for own in steps.values():
        actions = [step.action for step in own]
        for step in own:
            if step.action is Action.RENAME:
                phase = _Phase.RENAME
            elif step.action is Action.DELETE or (step.action is Action.DESTROY and Action.DELETE in actions):
                phase = _Phase.DELETE
            elif step.action not in _RUNS or _leaves(step, actions):
                phase = _Phase.WRITE
            else:
                phase = _Phase.RUN
            found[step] = phase
    return found


def _leaves(step: Step, actions: Sequence[Action]) -> bool:
    """Whether it takes down what its resource is moved away from afterwards."""
    return (
        step.action is Action.DESTROY
        and Action.UPDATE in actions
        and actions.index(Action.DESTROY) < actions.index(Action.UPDATE)
    )


def ordered(
    resources: Sequence[Resource],
    desired: Desired,
    observed: Observed,
    tag_users: Mapping[Address, Iterable[Address]],
    renames: Mapping[Address, Address],
    uses: Mapping[Address, frozenset[Address]] | None = None,
) -> tuple[tuple[Resource, ...], tuple[tuple[Step, ...], ...]]:
    """The resources with the needs of their changes filled in, and the waves.

    Renames come first (a chain from its end), then tags, then creates and updates by reference and `after`, then
    deploys by the same and by the variables that they take (`uses`), then deletes against the direction of the live
    references. `tag_users`: who will carry each tag.
    """
    changed = [item for item in resources if item.changes]
    steps = {item.address: [Step(item.address, change.action) for change in item.changes] for item in changed}
    phases = _phases(steps)
    needs: dict[Step, list[Step]] = {}
    for item in changed:
        earlier: list[Step] = []
        late = {each.pointer for change in item.changes[1:] for each in change.fields}
        for change in item.changes:
            step = Step(item.address, change.action)
            left = late if change.action is Action.CREATE else set()
            wanted = [need for need in _wanted(step, desired, observed, steps, renames, left) if need != step]
            if phases[step] is _Phase.WRITE:
                wanted = [need for need in wanted if phases[need] < _Phase.RUN and need.action not in _RUNS]
            elif phases[step] is _Phase.RUN:
                wanted = [need for need in wanted if phases[need] < _Phase.DELETE]
                used = (uses or {}).get(item.address, frozenset())
                wanted += [need for each in sorted(used) for need in steps.get(each, ())]
            needs[step] = list(dict.fromkeys([*earlier, *wanted]))
            earlier.append(step)
    for tag, users in tag_users.items():
        for user in users:
            for step in steps.get(user, []):
                if phases[step] is _Phase.WRITE:
                    needs[step] += [need for need in steps.get(tag, []) if need not in needs[step]]
    for step in [step for step, phase in phases.items() if step.action in _RUNS and phase is _Phase.WRITE]:
        for host in _old_hosts(step.address, observed, renames):
            # a server that is switched off cannot take anything down any more
            needs.update({each: [*needs[each], step] for each in steps.get(host, ()) if phases[each] is _Phase.WRITE})
    order = _waves(needs, phases)
    turn = {step: number for number, wave in enumerate(order) for step in wave}
    filled = {
        item.address: replace(
            item,
            changes=tuple(
                replace(change, needs=_earlier(Step(item.address, change.action), needs, turn, phases))
                for change in item.changes
            ),
        )
        for item in changed
    }
    return tuple(filled.get(item.address, item) for item in resources), tuple(tuple(wave) for wave in order)


def _earlier(
    step: Step, needs: Mapping[Step, list[Step]], turn: Mapping[Step, int], phases: Mapping[Step, _Phase]
) -> tuple[Step, ...]:
    """What `step` needs, but for what a ring of live references puts after it."""
    found = {need for need in needs[step] if turn[need] < turn[step]}
    return tuple(sorted(found, key=lambda need: (phases[need], _position(need))))


def _old_hosts(address: Address, observed: Observed, renames: Mapping[Address, Address]) -> Iterable[Address]:
    live = observed.resources.get(renames.get(address, address))
    spec = KINDS[address.kind]
    names = ((name, live.config.get(name)) for name in spec.hosts) if live else ()
    return [Address(spec.fields()[name].ref, value) for name, value in names if isinstance(value, str) and value]


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


def _waves(needs: Mapping[Step, list[Step]], phases: Mapping[Step, _Phase]) -> list[list[Step]]:
    result: list[list[Step]] = []
    for phase in _Phase:
        members = sorted((step for step in needs if phases[step] is phase), key=_position)
        inside = {step: [need for need in needs[step] if phases[need] is phase] for step in members}
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


def _position(step: Step) -> tuple[int, Address, str]:
    order = KINDS[step.address.kind].order
    return (-order if step.action is Action.DELETE else order, step.address, step.action)


def by_reader(item: Resource) -> tuple[bool, int, Address]:
    """Where a resource stands in a plan: deletes last, then in the order in which kinds are created, then by name."""
    deletes = any(change.action is Action.DELETE for change in item.changes)
    return (deletes, KINDS[item.address.kind].order, item.address)
