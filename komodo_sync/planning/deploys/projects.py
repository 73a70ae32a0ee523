"""Compose projects under another name: a deploy takes the one that runs down, and its named volumes stay behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect
from komodo_sync.planning.deploys.condition import THERE
from komodo_sync.planning.deploys.services import services_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.condition import Condition
    from komodo_sync.planning.deploys.subject import Subject

_VOLUMES = "its named volumes"


def place_of(live: ObservedResource) -> str:
    """What it is called where it runs."""
    return live.project or live.config.get(KINDS[live.address.kind].volumes_as) or live.address.name


def lost_later(live: ObservedResource, name: str, config: Mapping[str, Any]) -> Iterator[Effect]:
    """What the next deploy loses, whoever asks for it, where `live` is to be called `name` and have that `config`."""
    spec = KINDS[live.address.kind]
    lifecycle, old, new = spec.lifecycle, place_of(live), _told(config.get(spec.volumes_as) or name)
    never = lifecycle is not None and live.state in lifecycle.down and not live.project
    if new == old or never:
        return
    # Core takes down what it deployed, and nothing else
    if live.project:
        detail = f"the next deploy takes project {old} down and starts {new}, with new and empty ones"
        yield Effect("loses", _VOLUMES, detail)
    elif live.state in spec.up:
        detail = f"the next deploy starts project {new}, with new and empty ones; what runs as {old} runs on, unmanaged"
        yield Effect("loses", _VOLUMES, detail)
    else:
        detail = (
            f"what may run of it runs on, unmanaged; the next deploy starts {new}, with new and empty named volumes"
        )
        yield Effect("leaves", f"project {old}", detail)


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
        detail = f"project {live.project} is taken down, and {new} started in its place"
        yield Effect("stops", services_of(live), detail)
    detail = f"{new} starts with new and empty ones; those of {live.project} stay behind on {subject.host}"
    yield Effect("loses", _VOLUMES, detail)


def _told(name: Any) -> str:
    """A name that is a secret here, or not known, is another one."""
    return name if isinstance(name, str) else "another one"
