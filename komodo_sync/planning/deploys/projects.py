"""Compose projects under another name: a deploy takes the one that runs down, and its named volumes stay behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect
from komodo_sync.planning.deploys.condition import THERE, Condition
from komodo_sync.planning.deploys.losses.volumes import deployed, deployed_config, left_by_project
from komodo_sync.planning.deploys.texts.services import services_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.subject import Subject


def place_of(live: ObservedResource) -> str:
    """What it is called where it runs."""
    return live.project or live.config.get(KINDS[live.address.kind].volumes_as) or live.address.name


def lost_later(
    live: ObservedResource, name: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Effect]:
    """What the next deploy loses, whoever asks for it, where `live` has the config `before`, and is to be called `name`
    and have that of `after`."""
    spec = KINDS[live.address.kind]
    old, new = place_of(live), _told(after.get(spec.volumes_as) or name)
    if new == old or not deployed(live):
        return
    volumes, projects = left_by_project(spec, before, after), f"project {old}, now {new}"
    lost = f"{volumes} of {projects}" if volumes else ""
    # Core takes down what it deployed, and nothing else
    if live.project:
        detail = "the next deploy takes the old project down, and starts the new one with new and empty volumes"
        if lost:
            yield Effect("loses", lost, f"{detail}; the old ones stay behind unused")
        elif live.state in spec.up:
            yield Effect("replaces", projects, "the next deploy takes the old one down, and starts the new one")
    elif live.state in spec.up and lost:
        detail = "the next deploy starts the new project with new and empty volumes; what runs as the old one runs on"
        yield Effect("loses", lost, f"{detail}, unmanaged")
    else:
        runs = "what runs of it" if live.state in spec.up else "what may run of it"
        empty = f", with new and empty {volumes.removeprefix('its ').removeprefix('any ')}" if volumes else ""
        yield Effect("leaves", projects, f"{runs} runs on, unmanaged; the next deploy starts the new one{empty}")


def other_project(subject: Subject) -> str:
    """The name of the project that a deploy starts in place of the one that was deployed; empty: it is the same."""
    field, live = subject.spec.volumes_as, subject.live
    if not field or live is None or not live.project or subject.moves:
        return ""
    new = _told(subject.config.get(field) or subject.address.name)
    return "" if new == live.project else new


def replaced(subject: Subject, new: str, condition: Condition) -> Iterator[Effect]:
    """What a deploy as project `new` does to the one that was deployed."""
    live = subject.live
    assert live is not None
    if condition in THERE:
        kind = "removes" if condition is Condition.STOPPED else "stops"
        yield Effect(kind, services_of(live), "its project is taken down, and another one started in its place")
    if volumes := left_by_project(subject.spec, deployed_config(subject), subject.config):
        detail = "it starts with new and empty volumes; the old ones stay behind unused"
        yield Effect("loses", f"{volumes} of project {live.project}, now {new}", detail)


def _told(name: Any) -> str:
    """A name that is a secret here, or not known, is another one."""
    return name if isinstance(name, str) else "another one"
