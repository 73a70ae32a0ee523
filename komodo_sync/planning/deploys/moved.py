"""Data that what goes to another host leaves behind: volumes, and files of the old host that it mounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect
from komodo_sync.planning.deploys.compose import compose_of
from komodo_sync.planning.deploys.mounts import Place
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.volumes import ANY_VOLUMES, VOLUMES, deployed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.compose import Compose
    from komodo_sync.planning.deploys.mounts import Volume

    Config = Mapping[str, Any]

_BY_HAND = "to be brought over by hand"


def moved_away(live: ObservedResource, before: Config, after: Config, *, later: bool) -> Iterator[Effect]:
    """What it starts without where it goes to another host; `later`: by the next deploy, not by this plan."""
    spec = KINDS[live.address.kind]
    old, new = host_of(spec, before), host_of(spec, after)
    if old is None or new is None or old == new or not deployed(live) or not (spec.compose or spec.mounts):
        return
    was, will = compose_of(spec, before), compose_of(spec, after)
    when = "the next deploy starts" if later else "it starts"
    if will is None or will.volumes is None:
        if was is None or was.volumes is None or _local(was) or was.files:
            empty = f"{when} on {new} with new and empty volumes, and the files that are there"
            behind = f"what only {old} has stays behind, {_BY_HAND}"
            yield Effect("loses", f"{ANY_VOLUMES} and mounted files", f"{empty}; {behind}")
        return
    known = was if was is not None and was.volumes is not None else will
    if names := _local(will) & _local(known):
        behind = f"the old ones stay behind on {old}, {_BY_HAND}"
        yield Effect("loses", _listed(VOLUMES, names), f"{when} with new and empty volumes on {new}; {behind}")
    if paths := will.unnamed & known.unnamed:
        behind = f"the old ones stay behind on {old}, {_BY_HAND}"
        yield Effect("loses", _listed("its anonymous volumes of", paths), f"{when} with new and empty ones; {behind}")
    if files := will.files & known.files:
        there = f"{when} with the files that {new} has there"
        yield Effect(
            "loses", _listed("its mounted files", files), f"{there}; what only {old} has stays behind, {_BY_HAND}"
        )
    yield from _elsewhere(will.volumes, old, new)


def left_on(spec: KindSpec, config: Config, host: Address) -> str:
    """What a move leaves behind, for the end of a sentence; empty where that is nothing."""
    said = compose_of(spec, config)
    if said is None or said.volumes is None:
        return f"; any volumes and mounted files stay behind on {host}"
    left = [word for word, found in (("volumes", _local(said) or said.unnamed), ("mounted files", said.files)) if found]
    return f"; its {' and '.join(left)} stay behind on {host}" if left else ""


def _local(said: Compose) -> set[str]:
    """The volumes that docker keeps on the host alone."""
    return {name for name, volume in (said.volumes or {}).items() if volume.begins_empty}


def _elsewhere(volumes: Mapping[str, Volume], old: Address, new: Address) -> Iterator[Effect]:
    """What becomes of those that are not docker's own on the host."""
    theirs = {name for name, volume in volumes.items() if volume.external}
    driven = {name for name, volume in volumes.items() if volume.place is Place.DRIVER} - theirs
    shared = {name for name, volume in volumes.items() if volume.place is Place.SHARE} - theirs
    if theirs:
        made = f"somebody else has to have made them on {new}; what only {old} has of them stays behind, {_BY_HAND}"
        yield Effect("needs", _listed("its external volumes", theirs), made)
    if driven:
        made = f"their driver has to be on {new}; whether what they hold is reached from there is up to it"
        yield Effect("needs", _listed(VOLUMES, driven), made)
    if shared:
        yield Effect("keeps", _listed(VOLUMES, shared), f"what they hold is on a share of the network, not on {old}")


def _listed(what: str, names: set[str]) -> str:
    return f"{what} {', '.join(sorted(names))}"
