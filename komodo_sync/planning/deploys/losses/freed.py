"""Volumes that no container of a resource uses any more, once it is deployed anew or taken down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import Data
from komodo_sync.planning.deploys.losses.turnover import side_of, way_of
from komodo_sync.planning.deploys.projects import place_of
from komodo_sync.planning.deploys.texts.filled import as_read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.losses.lain import Lain
    from komodo_sync.planning.deploys.losses.turnover import Side, Way

    Config = Mapping[str, Any]


class Freed(Data, frozen=True):
    """One of these. `name`: docker's, empty where it has none; `told`: how the text calls it, or where it is mounted;
    `shared`: it is made and kept by somebody else; `handed_on`: unless compose hands it on all the same."""

    told: str
    name: str = ""
    shared: bool = False
    handed_on: bool = False


def freed(live: ObservedResource, before: Config, after: Config, name: str) -> list[Freed] | None:
    """Those that a deploy as `after` leaves where it is, of what was deployed as `before`; `name`: what it is called by
    then. What is not known may be used still, but by another project: None, that leaves any."""
    spec = KINDS[live.address.kind]
    place = place_of(live)
    project = project_of(spec, after, name, place)
    if project != place and not live.project:
        return []  # Core takes down what it deployed, and nothing else
    way = way_of(live, before, after)
    said = (spec.mounts, spec.compose, spec.fills, *(spec.lifecycle.swept_by if spec.lifecycle else ()))
    as_before = all(before.get(each) == after.get(each) for each in said if each)
    if as_before and project == place and not (way is not None and (way.taken_down or way.renews)):
        return []
    old, new = side_of(spec, before, place), side_of(spec, as_read(spec, before, after), project)
    if old is None or new is None:
        return [] if project == place else None
    was = [item for each in old.lain.values() for item in each]
    if any(item.is_open and not any(map(item.is_as, was)) for each in new.lain.values() for item in each):
        return []
    used = set(_used(old, new, way))
    found: dict[tuple[str, str], Freed] = {}
    for each in (*_named(old, new, way), *(_unnamed(old, new, way) if way else ())):
        if not each.name or each.name not in used:
            known = found.get((each.name, each.told))
            found[each.name, each.told] = known if known and known.handed_on else each
    return list(found.values())


def all_freed(spec: KindSpec, config: Config, project: str) -> list[Freed] | None:
    """All that it uses as `config`. None where that is not known."""
    side = side_of(spec, config, project)
    if side is None:
        return None
    found: dict[Freed, None] = {}
    for item in (item for each in side.lain.values() for item in each):
        if item.is_unnamed:
            found[Freed(item.mount.target)] = None
        elif item.volume is not None and item.volume.is_pruned:
            found[Freed(item.told, item.name, item.volume.external)] = None
    return list(found)


def names_used(spec: KindSpec, config: Config, project: str) -> set[str]:
    """What docker calls the volumes that it uses as `config`, as far as they are known."""
    side = side_of(spec, config, project)
    if side is None:
        return set()
    return {item.name for name, each in side.services.items() if not each.none for item in side.lain[name]}


def project_of(spec: KindSpec, config: Config, name: str, place: str) -> str:
    """The project as which `config` is deployed under `name`; `place`: what it is called where it runs."""
    if not spec.volumes_as:
        return place
    project = config.get(spec.volumes_as) or name
    return project if isinstance(project, str) else ""


def _goes(name: str, new: Side, way: Way | None) -> bool:
    """Whether no container of a service that is there is left."""
    will = new.services.get(name)
    if will is None:
        return way is None or way.goes
    return will.none or (will.sleeps and way is not None and way.taken_down)


def _stays(name: str, new: Side, way: Way | None) -> bool:
    """Whether its container is left as it is, or may be."""
    return not _goes(name, new, way) and (name not in new.services or not new.services[name].starts)


def _used(old: Side, new: Side, way: Way | None) -> Iterator[str]:
    """The names of what a container uses afterwards."""
    for name, was in old.lain.items():
        if _stays(name, new, way):
            yield from (item.name for item in was)
    # what mounts the volumes of others has those of any
    every = any(each.more for each in new.services.values())
    for name, will in new.lain.items():
        if every or not new.services[name].none:
            yield from (item.name for item in will)


def _named(old: Side, new: Side, way: Way | None) -> Iterator[Freed]:
    for name, was in old.lain.items():
        if old.services[name].none or not old.services[name].starts:
            continue
        there = {} if _goes(name, new, way) else {item.target: item for item in new.lain.get(name, ())}
        # compose looks for a volume in the image, of which nothing is known here, or for one without a name
        may = way is not None and way.hands_on and not _goes(name, new, way)
        for item in was:
            if item.volume is not None and item.volume.is_pruned and item.name and not item.is_open:
                handed = may and (item.target not in there or there[item.target].is_unnamed)
                yield Freed(item.told, item.name, item.volume.external, handed)


def _unnamed(old: Side, new: Side, way: Way) -> Iterator[Freed]:
    for name, was in old.lain.items():
        if old.services[name].none or not old.services[name].starts or _stays(name, new, way):
            continue
        gone = way.taken_down or _goes(name, new, way)
        there: dict[str, Lain] = {} if gone else {item.target: item for item in new.lain[name]}
        for item in was:
            if not item.is_unnamed:
                continue
            will = there.get(item.target)
            if gone or will is None or not will.is_unnamed or way.renews:
                # with a word that renews them it is one of what is started anew, and of nothing else
                doubt = will is None and way.hands_on if not (will and will.is_unnamed) else not gone
                yield Freed(item.mount.target, handed_on=doubt and not gone)
