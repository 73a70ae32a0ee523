"""What of each resource nothing uses on its host, once a plan has deployed it, taken it down or let it be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.executions import TAKES_STOPPED, TAKES_VOLUMES
from komodo_sync.model.data import Data
from komodo_sync.model.plan import Action, Effect, Step
from komodo_sync.planning.deploys.losses.freed import all_freed, freed, names_used, project_of
from komodo_sync.planning.deploys.losses.moved import last_host
from komodo_sync.planning.deploys.losses.prunes import has_volumes
from komodo_sync.planning.deploys.losses.volumes import ANY_STAY, deployed
from komodo_sync.planning.deploys.projects import place_of
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.texts.interpolated import (
    config_interpolated,
    deployed_interpolated,
    live_interpolated,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.plan import Resource
    from komodo_sync.planning.deploys.losses.freed import Freed
    from komodo_sync.planning.deploys.losses.prunes import Prune, Prunes
    from komodo_sync.planning.deploys.subject import World

STAYS = (" stay behind", " stays behind", "; volumes stay", ANY_STAY)
"""How it is said of volumes that they stay; of mounted files, too."""
_NO_MORE = "nothing uses them any more"


class Left(Data, frozen=True):
    """Volumes of a host that nothing uses, None: any of them, and `why`: from the step `since` on, until the step
    `until`, both of this plan. `later`: not before a deploy that is not part of it; `stopped`: not before its
    containers, which are there still, are pruned; `some`: not all that it has."""

    host: Address
    volumes: Sequence[Freed] | None
    why: str
    since: Step | None = None
    until: Step | None = None
    later: bool = False
    stopped: bool = False
    some: bool = False

    def is_taken_by(self, each: Prune, found: Sequence[Prune], turn: Mapping[Step, int]) -> bool:
        """Whether that prune, one of `found` on this host, comes when nothing uses them."""
        begun, end = -1 if self.since is None else turn[self.since], len(turn)
        if self.stopped:
            # of what `PruneSystem` takes is told with the containers
            pruned = (_when(one, turn) for one in found if one.operation in TAKES_STOPPED)
            begun = min((at for at in pruned if at >= begun), default=end + 1)
            if not TAKES_VOLUMES[each.operation]:
                return False
        if self.later and not each.schedule:
            return False
        return begun <= _when(each, turn) and (self.until is None or _when(each, turn) < turn[self.until])


def _when(each: Prune, turn: Mapping[Step, int]) -> int:
    """The number of its wave; what a schedule does comes after all of them."""
    return len(turn) if each.schedule else turn[Step(each.by, Action.RUN)]


class Users:
    """What uses which volumes of a host, by docker's name, once this plan is done."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._found: dict[Address, dict[str, set[Address]]] = {}

    def on(self, host: Address) -> Mapping[str, set[Address]]:
        """By each volume, who uses it."""
        if host not in self._found:
            found = self._found[host] = {}
            for address in self._world.addresses():
                for name in self._names(address, host):
                    found.setdefault(name, set()).add(address)
        return self._found[host]

    def _names(self, address: Address, host: Address) -> set[str]:
        spec, world = KINDS[address.kind], self._world
        if not has_volumes(spec) or any(world.writes(address, each) for each in (Action.DESTROY, Action.DELETE)):
            return set()
        live = world.observed.resources.get(world.old(address))
        if world.writes(address, Action.DEPLOY):
            config: Mapping[str, object] = config_interpolated(address, world)
        elif live is None or live.state not in spec.up:
            return set()
        else:
            config = deployed_interpolated(live, world)
        if host_of(spec, config) != host:
            return set()
        place = place_of(live) if live else address.name
        return names_used(spec, config, project_of(spec, config, address.name, place))


def left_of(item: Resource, found: Prunes, world: World) -> Iterator[Left]:
    """What nothing uses of it, on a host that is pruned."""
    live, address = world.observed.resources.get(world.old(item.address)), item.address
    spec, actions = KINDS[address.kind], {each.action for each in item.changes}
    if live is None or not actions or not has_volumes(spec):
        return
    history, after = world.history(live), config_interpolated(address, world)
    here, host = host_of(spec, live.config), host_of(spec, after)
    if Action.DESTROY in actions:
        if here is not None and here in found:
            why = "nothing uses them once this plan has taken it down"
            yield Left(here, volumes_of(live, world), why, Step(address, Action.DESTROY))
        return
    there = live.state in spec.up
    last = last_host(live, history)[0]
    if not there and last is not None and last != host:
        # a move of which half is done
        if last in found and any(_stays(effect) for each in item.changes for effect in each.effects):
            yield Left(last, volumes_of(live, world), f"{_NO_MORE}, unless it still runs there")
        return
    if host is None or host != here or host not in found or not deployed(live):
        return
    if Action.STOP in actions:
        why = "nothing uses them once its stopped containers are pruned, too"
        yield Left(host, volumes_of(live, world), why, Step(address, Action.STOP), stopped=True)
        return
    deploy = Step(address, Action.DEPLOY)
    if Action.DEPLOY not in actions:
        rest = freed(live, live_interpolated(live, world), after, address.name)
        yield Left(host, rest, _NO_MORE, later=True, some=True)
        return
    execution = world.payloads[deploy].execution
    if execution is not None and execution.params.get("services"):
        return
    rest = freed(live, deployed_interpolated(live, world), after, address.name)
    if there:
        yield Left(host, rest, "nothing uses them once this plan has deployed it", deploy, some=True)
        return
    yield Left(host, rest, _NO_MORE, some=True)
    if (all_of := volumes_of(live, world)) is not None:
        more = [each for each in all_of if each.name and each.name not in {one.name for one in rest or ()}]
        yield Left(host, more, "nothing uses them until this plan deploys it after that", until=deploy)


def volumes_of(live: ObservedResource, world: World) -> Sequence[Freed] | None:
    """All that it uses where it was deployed, that a prune takes. None where that is not known."""
    return all_freed(KINDS[live.address.kind], deployed_interpolated(live, world), place_of(live))


def _stays(effect: Effect) -> bool:
    return "volumes" in f"{effect.subject} {effect.detail}" and any(words in effect.detail for words in STAYS)
