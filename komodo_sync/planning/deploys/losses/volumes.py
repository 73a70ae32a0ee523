"""Named volumes that another project leaves for new and empty ones, and those that stay: read from the text, where that
is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect
from komodo_sync.planning.deploys.texts.compose import compose_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import History
    from komodo_sync.planning.deploys.subject import Subject
    from komodo_sync.planning.deploys.texts.mounts import Volume

    Config = Mapping[str, Any]

VOLUMES = "its named volumes"
EXTERNAL = "its external volumes"
ANY_VOLUMES = "any named volumes"
"""The same where nobody here knows whether it has some."""

ANY_STAY = "; any volumes stay"


def left_by_project(spec: KindSpec, before: Config, after: Config) -> str:
    """The volumes that are others in another project: `its named volumes data, db`; `any named volumes` where the texts
    are not known, and empty where there are none. Only those are named that are there before, as far as that is known,
    and missed afterwards: what the text to come does not show may be a secret."""
    if not spec.compose:
        return ""
    found = [
        {_in_doubt(name, volume) for name, volume in each.volumes.items() if volume.of_project}
        if (each := compose_of(spec, config)) is not None and each.volumes is not None
        else None
        for config in (before, after)
    ]
    if found[1] is None:
        return "" if found[0] == set() else ANY_VOLUMES
    names = found[1] if found[0] is None else found[1] & found[0]
    return f"{VOLUMES} {', '.join(sorted(names))}" if names else ""


def kept(spec: KindSpec, config: Config, services: Collection[str] | None = None) -> str:
    """What is said of volumes where containers are removed, at the end of a sentence: `; volumes stay`; empty where
    there are none. `services`: those whose containers they are, where that is not all."""
    said = compose_of(spec, config)
    if said is None or said.volumes is None:
        return ANY_STAY
    of = said.services.keys() if services is None else {said.service_of(name) for name in services}
    if not of <= said.services.keys():
        return ANY_STAY
    some = any(not mount.in_memory for name in of for mount in said.services[name].mounts)
    return "; volumes stay" if some else ""


def begun_anew(spec: KindSpec, before: Config, after: Config, services: Iterable[str]) -> Iterator[Effect]:
    """The volumes without a name of the containers of `services`, where all is taken down and made again: compose hands
    them on from one container to the next, and here there is none to take them from."""
    old, new = compose_of(spec, before), compose_of(spec, after)
    if old is None or new is None:
        return
    for name in sorted({new.service_of(each) for each in services} & old.services.keys() & new.services.keys()):
        if new.services[name].none or not new.services[name].starts:
            continue
        for path in sorted(old.services[name].unnamed & new.services[name].unnamed):
            detail = f"the service {name} gets a new and empty one by compose down; it stays behind unused"
            yield Effect("loses", f"the anonymous volume of {path}", detail)


def _in_doubt(name: str, volume: Volume) -> str:
    return name if volume.begins_empty else f"{name} (unless its driver finds the data again)"


def deployed(live: ObservedResource) -> bool:
    """Whether it may have been deployed, so that volumes of it may be there."""
    lifecycle = KINDS[live.address.kind].lifecycle
    return lifecycle is not None and (bool(live.project) or live.state not in lifecycle.down)


def deployed_config(subject: Subject) -> Config:
    """Its config as it was deployed, as far as that is known."""
    return as_deployed(subject.live, subject.running.history)


def as_deployed(live: ObservedResource | None, history: History | None) -> Config:
    """The config of `live` as it was deployed, as far as that is known."""
    changed = (history.changed if history and history.good else None) or {}
    return {**(live.config if live else {}), **{name: before for name, (before, _) in changed.items()}}
