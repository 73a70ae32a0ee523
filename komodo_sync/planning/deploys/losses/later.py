"""Files that the next deploy no longer finds, whoever asks for it: told of the change that brings it about, where this
plan deploys nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action, Step
from komodo_sync.planning.deploys.losses.checkouts import current_folder, is_one, linked_by, planned_folder
from komodo_sync.planning.deploys.losses.emptied import recloned
from komodo_sync.planning.deploys.losses.folders import left_in_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.plan import Change, Effect, Resource
    from komodo_sync.planning.deploys.subject import World


def with_left_files(resources: Sequence[Resource], world: World) -> list[Resource]:
    """The resources, where each change of what is deployed, or of a checkout that it links, tells what its next deploy
    leaves in another folder."""
    done = {item.address for item in resources if any(each.action is Action.DEPLOY for each in item.changes)}
    told: dict[Step, list[Effect]] = {}
    for item in resources:
        for change in item.changes if item.address not in done else ():
            if found := list(_own(item, change, world)):
                told[Step(item.address, change.action)] = found
    done |= {step.address for step in told}
    for item in resources:
        for change in item.changes:
            if found := list(_of_others(item, change, done, world)):
                told.setdefault(Step(item.address, change.action), []).extend(found)
    return [_with(item, told) for item in resources] if told else list(resources)


def _with(item: Resource, told: dict[Step, list[Effect]]) -> Resource:
    steps = [(change, told.get(Step(item.address, change.action), ())) for change in item.changes]
    changes = (replace(each, effects=(*found, *each.effects)) if found else each for each, found in steps)
    return replace(item, changes=tuple(changes))


def _own(item: Resource, change: Change, world: World) -> Iterator[Effect]:
    """What the update of something that was deployed has its next deploy miss."""
    address, spec = item.address, KINDS[item.address.kind]
    live = world.observed.resources.get(world.old(address))
    if change.action is not Action.UPDATE or spec.folder is None or live is None or not _was_deployed(live):
        return
    after, history = world.config_of(address), world.history(live)
    renamed = any(each.action is Action.RENAME for each in item.changes)
    by_name = renamed and any(left_in_folder(live, history, address.name, after, later=True))
    if _goes(live, world) and not by_name:
        yield from left_in_folder(live, history, address.name, after, world, later=True)
    sent = world.payloads.get(Step(address, Action.UPDATE))
    if sent and spec.folder.anew in sent.config:
        yield from recloned(address, after, world)


def _of_others(item: Resource, change: Change, done: set[Address], world: World) -> Iterator[Effect]:
    """What a checkout that goes to another folder leaves behind of what is deployed from it, and is not told there."""
    lifecycle = KINDS[item.address.kind].lifecycle
    if lifecycle is None or lifecycle.checkout is None:
        return
    sent = world.payloads.get(Step(item.address, change.action))
    moves = change.action is Action.UPDATE and sent is not None and lifecycle.checkout.path in sent.config
    if not moves and change.action is not Action.RENAME:
        return
    for old, live in sorted(world.observed.resources.items()):
        address = world.new(old)
        after = world.config_of(address)
        if address in done or linked_by(KINDS[old.kind], after) != item.address or not _was_deployed(live):
            continue
        done.add(address)
        history, who = world.history(live), str(address)
        yield from left_in_folder(live, history, address.name, after, world, later=True, who=who)


def _was_deployed(live: ObservedResource) -> bool:
    return bool(live.project) or live.state in KINDS[live.address.kind].up


def _goes(live: ObservedResource, world: World) -> bool:
    """Whether this plan has it deployed from another folder than it would be now."""
    spec, address = KINDS[live.address.kind], world.new(live.address)
    old = current_folder(live, world)
    new = planned_folder(spec, address.name, world.config_of(address), world)
    return old is not None and new is not None and not is_one(old.base, new.base)
