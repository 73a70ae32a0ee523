"""In which order steps are taken: what each needs, and waves of independent work."""

from __future__ import annotations

from enum import IntEnum
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import replace
from komodo_sync.model.graph import CycleError, waves
from komodo_sync.model.plan import Action, Resource, Step
from komodo_sync.planning.units import behind, left_hosts, makes_room, moves_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import Observed

_RUNS = frozenset({Action.DEPLOY, Action.START, Action.STOP, Action.DESTROY, Action.RUN})


class _Phase(IntEnum):
    """What comes one after the other: names are free before anything is written, everything is written before anything
    is deployed, but for what moves, and everything runs before anything goes."""

    RENAME = 0
    WRITE = 1
    RUN = 2
    DELETE = 3


def _phases(steps: Mapping[Address, list[Step]], moving: Collection[Step]) -> dict[Step, _Phase]:
    """The phase of each step. What is taken down goes with what that is for: the delete, or the move. `moving`: what is
    part of a move, or comes after one."""
    found: dict[Step, _Phase] = {}
    for own in steps.values():
        actions = [step.action for step in own]
        for step in own:
            if step.action is Action.RENAME:
                phase = _Phase.RENAME
            elif step.action is Action.DELETE or (step.action is Action.DESTROY and Action.DELETE in actions):
                phase = _Phase.DELETE
            elif step.action in _RUNS or step in moving:
                phase = _Phase.RUN
            else:
                phase = _Phase.WRITE
            found[step] = phase
    return found


def ordered(
    resources: Sequence[Resource],
    desired: Desired,
    observed: Observed,
    tag_users: Mapping[Address, Iterable[Address]],
    renames: Mapping[Address, Address],
    uses: Mapping[Address, frozenset[Address]] | None = None,
    first: Mapping[Step, Collection[Step]] | None = None,
) -> tuple[tuple[Resource, ...], tuple[tuple[Step, ...], ...]]:
    """The resources with the needs of their changes filled in, and the waves.

    Renames come first (a chain from its end), then tags, then creates and updates by reference and `after`, then
    deploys by the same and by the variables that they take (`uses`), then deletes against the direction of the live
    references. What moves to another host is one unit among the deploys, in one wave. `tag_users`: who will carry each
    tag. `first`: what had better come before a step, and need not.
    """
    changed = [item for item in resources if item.changes]
    steps = {item.address: [Step(item.address, change.action) for change in item.changes] for item in changed}
    moves = moves_of(steps)
    left = left_hosts(moves, observed, renames)
    # a server that is switched off cannot take anything down any more
    last = {step: left[host] for host in left for step in steps.get(host, ()) if step.action is Action.UPDATE}
    phases = _phases(steps, {*moves, *chain.from_iterable(moves.values()), *last})
    needs: dict[Step, list[Step]] = {}
    for item in changed:
        earlier: list[Step] = []
        late = {each.pointer for change in item.changes[1:] for each in change.fields}
        for change in item.changes:
            step = Step(item.address, change.action)
            held = late if change.action is Action.CREATE else set()
            wanted = [need for need in _wanted(step, desired, observed, steps, renames, held) if need != step]
            if phases[step] is _Phase.WRITE:
                wanted = [need for need in wanted if phases[need] < _Phase.RUN and need.action not in _RUNS]
            elif phases[step] is _Phase.RUN:
                wanted = [need for need in wanted if phases[need] < _Phase.DELETE]
                used = (uses or {}).get(item.address, frozenset())
                wanted += [need for each in sorted(used) for need in steps.get(each, ())]
                hosts = sorted(behind(item.address, desired) & left.keys()) if last else ()
                wanted += [need for host in hosts for need in steps.get(host, ()) if need in last and need != step]
            needs[step] = list(dict.fromkeys([*earlier, *wanted, *last.get(step, ())]))
            earlier.append(step)
    for tag, users in tag_users.items():
        for user in users:
            for step in steps.get(user, []):
                if phases[step] in (_Phase.WRITE, _Phase.RUN) and step.action not in _RUNS:
                    needs[step] += [need for need in steps.get(tag, []) if need not in needs[step]]
    for step, rest in moves.items():
        # nothing is taken down for what cannot follow
        more = [need for each in rest for need in needs[each] if need.address != step.address]
        needs[step] = list(dict.fromkeys([*needs[step], *more]))
    rather = makes_room((step for step, phase in phases.items() if phase is _Phase.RUN), left, desired)
    for step, better in (first or {}).items():
        rather.setdefault(step, set()).update(better)
    order = _waves(needs, phases, moves, rather)
    turn = {step: (number, order_in) for number, wave in enumerate(order) for order_in, step in _placed(wave)}
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
    step: Step, needs: Mapping[Step, list[Step]], turn: Mapping[Step, tuple[int, int]], phases: Mapping[Step, _Phase]
) -> tuple[Step, ...]:
    """What `step` needs, but for what a ring of live references puts after it."""
    found = {need for need in needs[step] if turn[need] < turn[step]}
    return tuple(sorted(found, key=lambda need: (phases[need], _position(need))))


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


def _waves(
    needs: Mapping[Step, list[Step]],
    phases: Mapping[Step, _Phase],
    moves: Mapping[Step, Sequence[Step]],
    rather: Mapping[Step, Collection[Step]],
) -> list[list[Step]]:
    """`moves`: what follows a step at once, in its wave. `rather`: what had better come first, and need not."""
    unit = {each: first for first, rest in moves.items() for each in (first, *rest)}
    result: list[list[Step]] = []
    for phase in _Phase:
        members = sorted(
            (step for step in needs if phases[step] is phase and unit.get(step, step) == step), key=_position
        )
        inside: dict[Step, list[Step]] = {step: [] for step in members}
        loose: dict[Step, set[Step]] = {step: set() for step in members}
        for step in (step for step in needs if phases[step] is phase):
            first = unit.get(step, step)
            wanted = [unit.get(need, need) for need in needs[step] if phases[need] is phase]
            inside[first] += [need for need in wanted if need != first]
            loose[first] |= {unit.get(need, need) for need in rather.get(step, ())} - {first}
        for step in members:
            loose[step] -= set(inside[step])
            inside[step] += sorted(loose[step], key=_position)
        cut = _cut(members, inside, loose)
        result += [[step for first in wave for step in (first, *moves.get(first, ()))] for wave in cut]
    return result


def _placed(wave: Sequence[Step]) -> Iterator[tuple[int, Step]]:
    """Each step with the number of those of its resource that come before it in its wave."""
    seen: dict[Address, int] = {}
    for step in wave:
        yield seen.setdefault(step.address, 0), step
        seen[step.address] += 1


def _cut(
    members: Sequence[Step], needs: dict[Step, list[Step]], rather: Mapping[Step, Collection[Step]]
) -> list[list[Step]]:
    """The waves, where a ring is opened between steps that only would rather have an order: that something is made
    before it is named is a must, that it is changed or deleted before is none, and least of all what is in `rather`."""
    while True:
        try:
            return waves(members, needs)
        except CycleError as error:
            ring = list(pairwise(error.cycle))
            least = [(step, need) for step, need in ring if need in rather[step]]
            loose = [
                (step, need) for step, need in ring if need.action is not Action.CREATE and step.address != need.address
            ]
            # without any the kinds' order decides
            step, need = min(least or loose or ring, key=lambda pair: _position(pair[0]))
            needs[step].remove(need)


def _position(step: Step) -> tuple[int, Address, str]:
    order = KINDS[step.address.kind].order
    return (-order if step.action is Action.DELETE else order, step.address, step.action)


def by_reader(item: Resource) -> tuple[bool, int, Address]:
    """Where a resource stands in a plan: deletes last, then in the order in which kinds are created, then by name."""
    deletes = any(change.action is Action.DELETE for change in item.changes)
    return (deletes, KINDS[item.address.kind].order, item.address)
