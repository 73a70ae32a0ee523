"""What lies where in each service before and after a deploy, and how the one becomes the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import Data
from komodo_sync.planning.deploys.losses.lain import Lain, lain
from komodo_sync.planning.deploys.projects import place_of
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.texts.compose import compose_of
from komodo_sync.planning.deploys.texts.filled import filling
from komodo_sync.planning.deploys.texts.services import renews, sweeps

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.texts.compose import Service

    Config = Mapping[str, Any]


class Side(Data, frozen=True):
    """What lies where in each service, before or after."""

    services: Mapping[str, Service]
    lain: Mapping[str, Sequence[Lain]]

    def users(self, item: Lain) -> list[str]:
        """The services that have it."""
        return [name for name, each in self.lain.items() if any(item.is_in(other) for other in each)]


class Way(Data, frozen=True):
    """How a deploy comes about: all is `taken_down` before; what its text no longer has `goes`; volumes without a name
    are handed on from a container to the next (`hands_on`), or a word says that they are not (`renews`)."""

    taken_down: bool
    goes: bool
    hands_on: bool
    renews: str


def side_of(spec: KindSpec, config: Config, project: str, base: str = "") -> Side | None:
    """What `config` says, as `project`; `base`: where relative paths begin. None where that is not known."""
    said = compose_of(spec, config)
    if said is None or said.volumes is None:
        return None
    fill = filling(spec, config, COMPOSE_PROJECT_NAME=project)
    lies = {name: tuple(lain(each, said, project, fill, base)) for name, each in said.services.items()}
    return Side(said.services, lies)


def way_of(live: ObservedResource, before: Config, after: Config) -> Way | None:
    """How compose makes `after` of what is there. None where it does not, or no container is there."""
    spec, project = KINDS[live.address.kind], place_of(live)
    if not spec.compose or (spec.lifecycle and live.state in spec.lifecycle.down):
        return None
    host = host_of(spec, after)
    taken_down = bool(spec.lifecycle and spec.lifecycle.takes_down(after)) or host != host_of(spec, before)
    taken_down = taken_down or (after.get(spec.volumes_as) or project) != project
    # what a swarm starts anew has nothing of what was there
    swarm = host is not None and KINDS[host.kind].all_or_nothing
    word = "" if taken_down or swarm else renews(spec, after)
    return Way(taken_down, taken_down or sweeps(spec, after), not (taken_down or swarm or word), word)
