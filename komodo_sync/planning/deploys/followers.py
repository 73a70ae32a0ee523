"""What Core deploys by itself once a build has ended: a deploy of ours beside it would be a second one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect
from komodo_sync.planning.deploys.choice import HELD
from komodo_sync.planning.references import referred

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from komodo_sync.model.address import Address
    from komodo_sync.planning.deploys.subject import Subject, World


def followed(subject: Subject, world: World) -> tuple[Address, ...]:
    """The builds of this plan after which Core deploys `subject` by itself, where it is."""
    live, lifecycle = subject.live, subject.lifecycle
    if live is None or subject.moves or not live.state or live.state in lifecycle.unfollowed:
        return ()
    return tuple(base for base in _bases(subject.address, subject.config) if base in world.redone)


def unasked(subject: Subject, world: World) -> Iterator[Effect]:
    """What Core deploys by itself once `subject` is built, and this plan does not: whoever declared it, or nobody."""
    if subject.spec.states:
        return
    for address, item in sorted(world.observed.resources.items()):
        lifecycle = KINDS[address.kind].lifecycle
        if lifecycle is None or not lifecycle.follows or item.state in lifecycle.unfollowed:
            continue
        declared = world.desired.resources.get(address)
        ours = declared is not None and declared.deploy and declared.state not in HELD and not _pinned(item.config)
        if not ours and world.old(subject.address) in _bases(address, item.config):
            yield Effect("deploys", str(address), f"Komodo deploys it by itself after the build ({lifecycle.follows})")


def told(builds: tuple[Address, ...], subject: Subject) -> Iterator[Effect]:
    """That it is Core which does it."""
    if builds:
        names = " and ".join(map(str, builds))
        yield Effect("deploys", "", f"Komodo does it by itself after {names} ({subject.lifecycle.follows})")


def _bases(address: Address, config: Mapping[str, Any]) -> list[Address]:
    """The builds whose end has Core deploy it, whichever version it asks for."""
    spec = KINDS[address.kind]
    flag = spec.lifecycle.follows if spec.lifecycle else ""
    if not flag or not config.get(flag):
        return []
    found = (referred(spec, {name: config[name]}) for name in spec.rests_on if config.get(name))
    return sorted(base for some in found for base in some)


def _pinned(config: Mapping[str, Any]) -> bool:
    image = config.get("image")
    return isinstance(image, dict) and image.get("params", {}).get("version", "0.0.0") != "0.0.0"
