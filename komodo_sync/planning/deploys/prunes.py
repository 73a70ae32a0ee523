"""Prunes of a server that something leaves, or has left already: nothing uses the volumes any more that stay there, and
a prune takes them; so it does with containers that are stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.schedules import is_cron, unknown_zone, unread
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data, replace
from komodo_sync.model.plan import Action, Effect, Step
from komodo_sync.operations import executions
from komodo_sync.planning.deploys.compose import compose_of
from komodo_sync.planning.deploys.moved import last_host
from komodo_sync.planning.deploys.nested import executed
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.volumes import ANY_STAY, as_deployed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from komodo_sync.model.plan import Resource
    from komodo_sync.planning.deploys.subject import World

    Prunes = Mapping[Address, Sequence["Prune"]]

_TAKES_NAMED = {"PruneVolumes": True, "PruneSystem": False}
"""The operations that take volumes which nothing uses, and whether also those with a name."""
_TAKES_STOPPED = frozenset(("PruneContainers", "PruneSystem"))
"""The operations that take containers which do not run."""
_STAYS = (" stay behind", " stays behind", "; volumes stay", ANY_STAY)
"""How it is said of volumes that they stay; of mounted files, too."""
_FREE = "nothing uses them any more, unless it still runs there"


STOPPED = "its containers stay, and can be started again"
"""What is said of what this plan stops."""


class Prune(Data, frozen=True):
    """One that `by` runs: by this plan, or by itself (`schedule`)."""

    by: Address
    operation: str
    schedule: str = ""

    def told(self, *, after: bool) -> str:
        """`PruneVolumes of procedure/p (which this plan runs)`; `after`: it runs once that was taken down."""
        runs = f"which this plan runs{' after that' if after else ''}"
        return f"{self.operation} of {self.by} ({f'by its schedule: {self.schedule}' if self.schedule else runs})"


def prunes(resources: Sequence[Resource], world: World) -> dict[Address, list[Prune]]:
    """By each host, what prunes it in this plan, and by a schedule; nothing where nothing is left behind or stopped."""
    found: dict[Address, list[Prune]] = {}
    if not any(_stopped(item, world) or _left(item, world) for item in resources):
        return found
    operations = _TAKES_NAMED.keys() | _TAKES_STOPPED
    gone = {item.address for item in resources if any(each.action is Action.DELETE for each in item.changes)}
    runs = sorted(item.address for item in resources if any(each.action is Action.RUN for each in item.changes))
    scheduled = [(each, when) for each in sorted(world.addresses() - gone) if (when := schedule_of(each, world))]
    for address, when in [*((address, "") for address in runs), *scheduled]:
        for each in executed(address, world):
            for host in _pruned(each.operation, each.params) if each.operation in operations else ():
                found.setdefault(host, []).append(Prune(address, each.operation, when))
    return found


def schedule_of(address: Address, world: World) -> str:
    """When it runs by itself; empty: never, also because the Core cannot read it."""
    spec = KINDS[address.kind]
    if not spec.schedule:
        return ""
    config = world.config_of(address)
    schedule, counts = (config.get(name, spec.fields()[name].default) for name in spec.schedule[:2])
    if not schedule or not counts or unread(config) or unknown_zone(config):
        return ""
    if not isinstance(schedule, str):
        return "unknown here"
    # whole, in whatever is read as Markdown
    return f"`{schedule}`" if is_cron(config) else schedule


def before(resources: Iterable[Resource], found: Prunes, world: World) -> dict[Step, set[Step]]:
    """By each step that takes something down or stops it, the prunes of its host that had better come first: what is
    still used is not lost by them."""
    steps: dict[Step, set[Step]] = {}
    for item in resources:
        down = _left(item, world) if _goes_down(item) else None
        for action, host, takes in (
            (Action.DESTROY, down, _TAKES_NAMED.keys()),
            (Action.STOP, _stopped(item, world), _TAKES_STOPPED),
        ):
            runs = {
                Step(each.by, Action.RUN)
                for each in (found.get(host, ()) if host else ())
                if each.operation in takes and not each.schedule
            }
            if runs:
                steps[Step(item.address, action)] = runs
    return steps


def with_lost(
    resources: Sequence[Resource], waves: Sequence[Sequence[Step]], found: Prunes, world: World
) -> list[Resource]:
    """The resources, where what a prune takes is told: of it, and of what leaves that behind."""
    turn = {step: number for number, wave in enumerate(waves) for step in wave}
    mine: dict[Address, list[str]] = {}
    theirs: dict[Step, list[Effect]] = {}
    for item in resources:
        for each, lost in _taking(item, turn, found, world):
            mine.setdefault(item.address, []).append(each.told(after=True))
            if not each.schedule:
                theirs.setdefault(Step(each.by, Action.RUN), []).append(lost)
        host, down = _left(item, world), turn.get(Step(item.address, Action.DESTROY))
        for each in found.get(host, ()) if host else ():
            if each.operation not in _TAKES_NAMED:
                continue
            volumes = _volumes(item.address, world, named=_TAKES_NAMED[each.operation])
            run = Step(each.by, Action.RUN)
            if not volumes or (not each.schedule and down is not None and turn[run] < down):
                continue
            mine.setdefault(item.address, []).append(each.told(after=down is not None))
            if not each.schedule:
                free = _FREE if down is None else "nothing uses them once this plan has taken it down"
                gone = f"{each.operation} {host.name if host else ''}: {free}"
                theirs.setdefault(run, []).append(Effect("loses", f"{volumes} of {item.address}", gone))
    return [_with(item, mine.get(item.address, ()), theirs) for item in resources]


def _taking(item: Resource, turn: Mapping[Step, int], found: Prunes, world: World) -> Iterator[tuple[Prune, Effect]]:
    """What takes the containers of what this plan stops, and how that is told of it."""
    host, stop = _stopped(item, world), turn.get(Step(item.address, Action.STOP), 0)
    for each in found.get(host, ()) if host else ():
        if each.operation in _TAKES_STOPPED and (each.schedule or turn[Step(each.by, Action.RUN)] >= stop):
            volumes = _volumes(item.address, world, named=False) if each.operation in _TAKES_NAMED else ""
            told = f"the containers{f' and {volumes}' if volumes else ''} of {item.address}"
            gone = f"{each.operation} {host.name if host else ''}: they do not run once this plan has stopped them"
            yield each, Effect("loses" if volumes else "removes", told, gone)


def _with(item: Resource, mine: Sequence[str], theirs: Mapping[Step, Sequence[Effect]]) -> Resource:
    changes = []
    for change in item.changes:
        lost = theirs.get(Step(item.address, change.action), ())
        effects = tuple(_until(effect, mine) for effect in change.effects) if mine else change.effects
        changes.append(replace(change, effects=(*dict.fromkeys(lost), *effects)) if mine or lost else change)
    return replace(item, changes=tuple(changes))


def _until(effect: Effect, taken: Sequence[str]) -> Effect:
    what = "what nothing uses" if _stay(effect) else "what does not run" if effect.detail == STOPPED else ""
    who = " and ".join(dict.fromkeys(taken))
    return replace(effect, detail=f"{effect.detail}, until {who} takes {what} there") if what else effect


def _stay(effect: Effect) -> bool:
    return "volumes" in f"{effect.subject} {effect.detail}" and any(words in effect.detail for words in _STAYS)


def _pruned(operation: str, params: Mapping[str, object]) -> Iterator[Address]:
    for param in executions()[operation].params.values():
        value = params.get(param.name)
        if param.refers_to and isinstance(value, str):
            yield Address(param.refers_to, value)


def _stopped(item: Resource, world: World) -> Address | None:
    """The host on which this plan stops it, so that its containers stay there."""
    if not any(each.action is Action.STOP for each in item.changes):
        return None
    return host_of(KINDS[item.address.kind], world.config_of(item.address))


def _goes_down(item: Resource) -> bool:
    return any(each.action is Action.DESTROY for each in item.changes)


def _left(item: Resource, world: World) -> Address | None:
    """The host on which it leaves its volumes behind: this plan takes it down there, or something did so before it
    moves, as a move of which half is done."""
    live = world.observed.resources.get(world.old(item.address))
    if live is None:
        return None
    spec = KINDS[item.address.kind]
    if _goes_down(item):
        return host_of(spec, live.config)
    if live.state in spec.up or not any(_stay(effect) for each in item.changes for effect in each.effects):
        return None
    host = last_host(live, world.history(live))[0]
    return host if host != host_of(spec, world.config_of(item.address)) else None


def _volumes(address: Address, world: World, *, named: bool) -> str:
    """The volumes that docker keeps of it on its host, as far as they are known; empty where there are none."""
    spec, live = KINDS[address.kind], world.observed.resources.get(world.old(address))
    if live is None or not (spec.compose or spec.mounts):
        return ""
    said = compose_of(spec, as_deployed(live, world.history(live)))
    if said is None or said.volumes is None:
        return "any volumes"
    names = sorted(name for name, volume in said.volumes.items() if volume.begins_empty) if named else []
    told = [f"the volumes {', '.join(names)}"] if names else []
    return " and ".join([*told, *(["the anonymous volumes"] if said.unnamed else [])])
