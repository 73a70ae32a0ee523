"""Named volumes that a deploy leaves behind for new and empty ones: read from the text, where that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect
from komodo_sync.planning.deploys.compose import compose_of
from komodo_sync.planning.deploys.subject import host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.compose import Compose, Volume
    from komodo_sync.planning.deploys.subject import Subject

    Config = Mapping[str, Any]

_VOLUMES = "its named volumes"


def left_by_project(spec: KindSpec, before: Config, after: Config) -> str:
    """The volumes that are others in another project: `its named volumes data, db`; without names where the texts are
    not known, and empty where there are none."""
    return _left(spec, before, after, lambda volume: volume.of_project)


def left_by_move(spec: KindSpec, before: Config, after: Config) -> str:
    """The same of those that stay on the host that it leaves."""
    return _left(spec, before, after, lambda volume: not volume.external)


def _left(spec: KindSpec, before: Config, after: Config, stays: Callable[[Volume], bool]) -> str:
    """Those that are there before, and missed afterwards, as far as it is known. None is named that the text to come
    does not show: it may be a secret."""
    if not spec.compose and not spec.mounts:
        return ""
    found = [
        {name for name, volume in each.volumes.items() if stays(volume)}
        if (each := compose_of(spec, config)) is not None and each.volumes is not None
        else None
        for config in (before, after)
    ]
    if found[1] is None:
        return "" if found[0] == set() else _VOLUMES
    names = found[1] if found[0] is None else found[1] & found[0]
    return f"{_VOLUMES} {', '.join(sorted(names))}" if names else ""


def moved_away(live: ObservedResource, before: Config, after: Config, *, later: bool) -> Iterator[Effect]:
    """What it starts without where it goes to another host; `later`: by the next deploy, not by this plan."""
    spec = KINDS[live.address.kind]
    old, new = host_of(spec, before), host_of(spec, after)
    if old is None or new is None or old == new or not deployed(live):
        return
    if names := left_by_move(spec, before, after):
        when = "the next deploy starts" if later else "it starts"
        behind = f"the old ones stay behind on {old}, to be brought over by hand"
        yield Effect("loses", names, f"{when} with new and empty volumes on {new}; {behind}")


def swapped(spec: KindSpec, before: Config, after: Config, *, later: bool) -> Iterator[Effect]:
    """The services that get another named volume in the place of theirs."""
    text = spec.mounts or spec.compose
    if not text or before.get(text) == after.get(text):
        return
    old, new = compose_of(spec, before), compose_of(spec, after)
    if old is None or new is None or old.volumes is None or new.volumes is None:
        return
    used = {name for service in old.services.values() for name in service.mounts.values()}
    there = {_real(name, volume) for name, volume in old.volumes.items() if name in used}
    found: dict[tuple[str, str], list[str]] = {}
    for service, body in new.services.items():
        was = old.services[service].mounts if service in old.services else {}
        for path, name in body.mounts.items():
            volume, held = new.volumes.get(name), old.volumes.get(was.get(path, ""))
            if volume is None or held is None or volume.external or _real(name, volume) in there:
                continue
            found.setdefault((_called(old, was[path]), _called(new, name)), []).append(service)
    for (left, empty), services in found.items():
        many = len(services) > 1
        who = f"the service{'s' if many else ''} {', '.join(services)}" if any(services) else "it"
        gets = f"{who} {'get' if many else 'gets'} the new and empty volume {empty}"
        when = " by the next deploy" if later else ""
        yield Effect("loses", left, f"{gets}{when}; {left} stays behind unused")


def _real(name: str, volume: Volume) -> tuple[str, bool]:
    """What docker calls it: after the project, where that makes it another one."""
    return (volume.called or name, volume.of_project)


def _called(compose: Compose, name: str) -> str:
    return (compose.volumes or {})[name].called or name


def deployed(live: ObservedResource) -> bool:
    """Whether it may have been deployed, so that volumes of it may be there."""
    lifecycle = KINDS[live.address.kind].lifecycle
    return lifecycle is not None and (bool(live.project) or live.state not in lifecycle.down)


def deployed_config(subject: Subject) -> Config:
    """Its config as it was deployed, as far as that is known."""
    history, live = subject.running.history, subject.live
    changed = (history.changed if history and history.good else None) or {}
    return {**(live.config if live else {}), **{name: before for name, (before, _) in changed.items()}}


def lost_by_deploy(subject: Subject) -> Iterator[Effect]:
    """What a deploy of it loses, other than by another project."""
    live = subject.live
    if live is None or not deployed(live):
        return
    spec, before, after = subject.spec, deployed_config(subject), subject.config
    yield from moved_away(live, before, after, later=False)
    yield from swapped(spec, before, after, later=False)
