"""What a schedule will stop or take away, told when it is set, or when something that it runs changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action, Effect, Step
from komodo_sync.planning.deploys.losses.prunes import schedule_of
from komodo_sync.planning.deploys.nested import callers
from komodo_sync.planning.deploys.stages import run_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Resource
    from komodo_sync.planning.deploys.subject import World

_TOLD = ("stops", "loses", "unknown")
"""The effects of a run that are worth a warning. `unknown`: what nobody here can tell, and may stop what runs."""


def with_schedules(resources: Iterable[Resource], world: World, leaving: Collection[Address]) -> list[Resource]:
    """The resources, each change with what runs of its own accord once all of it is written: by a schedule of its own,
    or of what runs it and is not `leaving`. This apply does none of it."""
    changed = {step.address for step in world.payloads if _changes_stages(step, world)}
    found = callers(changed, world) if changed else {}
    outer = {address: each.difference(leaving) for address, each in found.items()}
    return [_with_schedules(each, outer, world) for each in resources]


def _with_schedules(resource: Resource, outer: Mapping[Address, frozenset[Address]], world: World) -> Resource:
    if not KINDS[resource.address.kind].schedule or not resource.changes:
        return resource
    changes = []
    for change in resource.changes:
        found = tuple(_effects(Step(resource.address, change.action), outer, world))
        changes.append(replace(change, effects=(*change.effects, *found)) if found else change)
    return replace(resource, changes=tuple(changes))


def _effects(step: Step, outer: Mapping[Address, frozenset[Address]], world: World) -> Iterator[Effect]:
    address, later = step.address, Step(step.address, Action.UPDATE)
    if step.action is Action.CREATE and _touches(later, world):
        return  # told of the step that completes it
    when = schedule_of(address, world) if _touches(step, world) else ""
    who = {"its schedule": when} if when else {}
    if _changes_stages(step, world):
        found = ((each, schedule_of(each, world)) for each in sorted(outer.get(address, ())))
        who |= {f"the schedule of {each}": when for each, when in found if when}
    for by, when in who.items():
        for kind, names in run_of(address, world).items():
            if kind in _TOLD:
                unseen = " (what that does is not seen here, and it may stop what runs)" if kind == "unknown" else ""
                yield Effect(kind, "", f"{names}{unseen} by {by}; not by this apply but at its time: {when}")


def _touches(step: Step, world: World) -> bool:
    """Whether it writes when something runs, or what that does."""
    return _writes(step, (*KINDS[step.address.kind].schedule, KINDS[step.address.kind].stages), world)


def _changes_stages(step: Step, world: World) -> bool:
    return _writes(step, (KINDS[step.address.kind].stages,), world)


def _writes(step: Step, names: Iterable[str], world: World) -> bool:
    sent = world.payloads.get(step)
    return sent is not None and not sent.config.keys().isdisjoint(filter(None, names))
