"""What prunes take of what a plan leaves unused or stops: told of the run that takes it, and of what leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.executions import TAKES_STOPPED, TAKES_VOLUMES
from komodo_sync.model.data import Data, replace
from komodo_sync.model.plan import Action, Effect, Step
from komodo_sync.planning.deploys.losses.prunes import STOPPED
from komodo_sync.planning.deploys.losses.unused import STAYS, Users, left_of, volumes_of
from komodo_sync.planning.deploys.losses.volumes import ANY_VOLUMES, EXTERNAL, VOLUMES
from komodo_sync.planning.deploys.subject import host_of, listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Resource
    from komodo_sync.planning.deploys.losses.freed import Freed
    from komodo_sync.planning.deploys.losses.prunes import Prune, Prunes
    from komodo_sync.planning.deploys.losses.unused import Left
    from komodo_sync.planning.deploys.subject import World


_UNUSED = "what nothing uses"


class _Taken(Data, frozen=True):
    """Volumes of it that one prune takes."""

    by: Prune
    left: Left
    volumes: Sequence[Freed] | None

    @property
    def told(self) -> str:
        """`PruneVolumes of procedure/p (which this plan runs after that)`."""
        return self.by.told(after=self.left.since is not None)

    @property
    def takes_named(self) -> bool:
        """Whether that prune takes volumes with a name, too."""
        return TAKES_VOLUMES[self.by.operation]

    @property
    def what(self) -> str:
        """`the volumes data and the anonymous volumes`."""
        return _told(self.volumes, some=self.left.some, named=self.takes_named)

    def only(self, volumes: Sequence[Freed] | None) -> _Taken:
        """The same, of some of them."""
        return replace(self, volumes=volumes)

    @property
    def why(self) -> str:
        """Why it can take them."""
        handed = any(each.handed_on for each in self.volumes or ())
        return f"{self.left.why}, unless compose hands them on" if handed else self.left.why


def with_lost(
    resources: Sequence[Resource], waves: Sequence[Sequence[Step]], found: Prunes, world: World
) -> list[Resource]:
    """The resources, where what a prune takes is told: of it, and of what leaves that behind."""
    turn = {step: number for number, wave in enumerate(waves) for step in wave}
    others = Users(world)
    mine: dict[Address, list[_Taken]] = {}
    stopped: dict[Address, list[str]] = {}
    theirs: dict[Step, list[Effect]] = {}
    for item in resources:
        for each, lost in _containers(item, turn, found, world):
            stopped.setdefault(item.address, []).append(each.told(after=True))
            if not each.schedule:
                theirs.setdefault(Step(each.by, Action.RUN), []).append(lost)
        for taken in _volumes(item, turn, found, others, world):
            mine.setdefault(item.address, []).append(taken)
            if not taken.by.schedule:
                gone = f"{taken.by.operation} {taken.left.host.name}: {taken.why}"
                lost = Effect("loses", f"{taken.what} of {item.address}", gone)
                theirs.setdefault(Step(taken.by.by, Action.RUN), []).append(lost)
    return [_with(item, mine.get(item.address, ()), stopped.get(item.address, ()), theirs) for item in resources]


def _volumes(item: Resource, turn: Mapping[Step, int], found: Prunes, others: Users, world: World) -> Iterator[_Taken]:
    """The volumes of it that a prune takes."""
    for left in left_of(item, found, world):
        for each in found[left.host]:
            if each.operation in TAKES_VOLUMES and left.is_taken_by(each, found[left.host], turn):
                named, volumes = TAKES_VOLUMES[each.operation], left.volumes
                if volumes is not None:
                    users = others.on(left.host) if named and any(volume.name for volume in volumes) else {}
                    volumes = [
                        volume
                        for volume in volumes
                        if not volume.name or (named and not users.get(volume.name, set()) - {item.address})
                    ]
                if volumes is None or volumes:
                    yield _Taken(each, left, volumes)


def _containers(
    item: Resource, turn: Mapping[Step, int], found: Prunes, world: World
) -> Iterator[tuple[Prune, Effect]]:
    """What takes the containers of what this plan stops, and how that is told of it."""
    if not any(each.action is Action.STOP for each in item.changes):
        return
    host, stop = host_of(KINDS[item.address.kind], world.config_of(item.address)), Step(item.address, Action.STOP)
    live = world.observed.resources.get(world.old(item.address))
    for each in found.get(host, ()) if host else ():
        if each.operation in TAKES_STOPPED and (each.schedule or turn[Step(each.by, Action.RUN)] >= turn.get(stop, 0)):
            all_of = volumes_of(live, world) if live is not None and each.operation in TAKES_VOLUMES else []
            unnamed = None if all_of is None else [volume for volume in all_of if not volume.name]
            volumes = _told(unnamed, named=False)
            told = f"the containers{f' and {volumes}' if volumes else ''} of {item.address}"
            gone = f"{each.operation} {host.name if host else ''}: they do not run once this plan has stopped them"
            yield each, Effect("loses" if volumes else "removes", told, gone)


def _told(volumes: Sequence[Freed] | None, *, some: bool = False, named: bool = True) -> str:
    """`the volumes data and the anonymous volumes`; empty where there are none. `some`: it has more; `named`: what is
    not known may have a name."""
    if volumes is None:
        return "any volumes" if named else "any anonymous volumes"
    names = sorted(f"{each.told}{' (unless others use it)' if each.shared else ''}" for each in volumes if each.name)
    told = [f"the volumes {', '.join(names)}"] if names else []
    if paths := sorted(each.told for each in volumes if not each.name):
        which = f" ({', '.join(paths)})" if some else ""
        told.append(f"the anonymous volumes{which}")
    return " and ".join(told)


def _with(
    item: Resource, taken: Sequence[_Taken], stopped: Sequence[str], theirs: Mapping[Step, Sequence[Effect]]
) -> Resource:
    changes = []
    lasting = _lasting(item, taken)
    for change in item.changes:
        lost = dict.fromkeys(theirs.get(Step(item.address, change.action), ()))
        effects = [_until(effect, taken, stopped) for effect in change.effects]
        effects = [*lost, *effects, *lasting.get(change.action, ())]
        changes.append(replace(change, effects=tuple(effects)) if taken or stopped or lost else change)
    return replace(item, changes=tuple(changes))


def _until(effect: Effect, taken: Sequence[_Taken], stopped: Sequence[str]) -> Effect:
    if effect.detail == STOPPED:
        who, what = stopped, "what does not run"
    else:
        who, what = [each.told for each in taken if _speaks_of(effect, each)], _UNUSED
    return replace(effect, detail=f"{effect.detail}, until {_take(who, what)}") if who else effect


def _lasting(item: Resource, taken: Sequence[_Taken]) -> Mapping[Action, Sequence[Effect]]:
    """What is lost to a schedule alone, and told by nothing else as lost, by the action that leaves it."""
    told = [effect for each in item.changes for effect in each.effects if effect.kind == "loses"]
    runs = [each for each in taken if not each.by.schedule]

    def is_told(each: _Taken) -> bool:
        same = (run.volumes is None or each.volumes is None or each.volumes[0] in run.volumes for run in runs)
        return any(same) or any(_speaks_of(effect, each) for effect in told)

    found: dict[Action, dict[tuple[str, str], list[str]]] = {}
    deleted = any(each.action is Action.DELETE for each in item.changes)
    for each in taken:
        if not each.by.schedule or each.left.since is None:
            continue
        if each.volumes is None:
            rest = [] if is_told(each) or not each.takes_named else [each]
        else:
            left = [volume for volume in each.volumes if not is_told(each.only([volume]))]
            rest = [each.only(left)] if left else []
        for one in rest:
            action = Action.DELETE if deleted else each.left.since.action
            found.setdefault(action, {}).setdefault((one.what, one.why), []).append(one.told)
    return {
        action: [Effect("loses", what, f"{why}, and {_take(by, _UNUSED)}") for (what, why), by in lost.items()]
        for action, lost in found.items()
    }


def _take(who: Iterable[str], what: str) -> str:
    names = list(dict.fromkeys(who))
    return f"{listing(names)} take{'' if len(names) > 1 else 's'} {what} there"


def _speaks_of(effect: Effect, taken: _Taken) -> bool:
    """Whether it says of some of these volumes that they stay."""
    if taken.left.until is not None or not any(words in effect.detail for words in STAYS):
        return False
    what, volumes = effect.subject, taken.volumes
    named = taken.takes_named if volumes is None else any(each.name for each in volumes)
    unnamed = volumes is None or any(not each.name for each in volumes)
    if what.startswith(("the anonymous volume", "its anonymous volumes")):
        return unnamed
    if what.startswith((VOLUMES, ANY_VOLUMES)):
        return named
    if what.startswith(EXTERNAL):
        return any(each.shared for each in volumes or ())
    if effect.kind == "loses" and volumes is not None and any(each.name and each.told == what for each in volumes):
        return True
    return "volumes" in effect.detail and effect.kind != "loses"
