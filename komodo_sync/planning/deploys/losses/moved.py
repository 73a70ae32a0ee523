"""Data that what goes to another host leaves behind: volumes, and files of the old host that it mounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect
from komodo_sync.planning.deploys.losses.volumes import ANY_VOLUMES, EXTERNAL, VOLUMES, as_deployed, deployed
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.texts.compose import compose_of
from komodo_sync.planning.deploys.texts.mounts import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import History
    from komodo_sync.planning.deploys.texts.compose import Compose
    from komodo_sync.planning.deploys.texts.mounts import Volume

    Config = Mapping[str, Any]

_BY_HAND = "to be brought over by hand"
_UNKNOWN = (
    "where it was deployed last is not known: it may have been there, or elsewhere; see where its data is before "
    "anything is brought over"
)


def moved_away(live: ObservedResource, history: History | None, after: Config, *, later: bool) -> Iterator[Effect]:
    """What it starts without where it goes to another host; `later`: by the next deploy, not by this plan."""
    spec, before = KINDS[live.address.kind], as_deployed(live, history)
    old, known = last_host(live, history)
    new = host_of(spec, after)
    if old is None or new is None or old == new or not deployed(live) or not (spec.compose or spec.mounts):
        return
    was, will = compose_of(spec, before), compose_of(spec, after)
    when = "the next deploy starts" if later else "it starts"
    stay = f"the old ones stay behind on {old}, {_BY_HAND}" if known else _UNKNOWN
    rest = f"what only {old} has stays behind, {_BY_HAND}" if known else _UNKNOWN
    if will is None or will.volumes is None:
        if was is None or was.volumes is None or _local(was) or was.files:
            empty = f"{when} on {new} with new and empty volumes, and the files that are there"
            yield Effect("loses", f"{ANY_VOLUMES} and mounted files", f"{empty}; {rest}")
        return
    said = was if was is not None and was.volumes is not None else will
    if names := _local(will) & _local(said):
        yield Effect("loses", _listed(VOLUMES, names), f"{when} with new and empty volumes on {new}; {stay}")
    if paths := will.unnamed & said.unnamed:
        yield Effect("loses", _listed("its anonymous volumes of", paths), f"{when} with new and empty ones; {stay}")
    if files := will.files & said.files:
        there = f"{when} with the files that {new} has there"
        yield Effect("loses", _listed("its mounted files", files), f"{there}; {rest}")
    yield from _elsewhere(will.volumes, old, new, rest)


def last_host(live: ObservedResource, history: History | None) -> tuple[Address | None, bool]:
    """Where what it holds is: where it runs, or else where it was deployed last. And whether that is known: a move that
    failed leaves the name of a host on which it never ran."""
    spec = KINDS[live.address.kind]
    here, runs = host_of(spec, live.config), live.state in spec.up
    if history is None or history.good is None or history.changed is None:
        return here, runs
    if runs and history.failed is not None:
        # it came up there, and failed afterwards
        return here, True
    return host_of(spec, as_deployed(live, history)), True


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


def _elsewhere(volumes: Mapping[str, Volume], old: Address, new: Address, rest: str) -> Iterator[Effect]:
    """What becomes of those that are not docker's own on the host."""
    theirs = {name for name, volume in volumes.items() if volume.external}
    driven = {name for name, volume in volumes.items() if volume.place is Place.DRIVER} - theirs
    shared = {name for name, volume in volumes.items() if volume.place is Place.SHARE} - theirs
    if theirs:
        behind = rest.replace(" has stays", " has of them stays")
        made = f"somebody else has to have made them on {new}; {behind}"
        yield Effect("needs", _listed(EXTERNAL, theirs), made)
    if driven:
        made = f"their driver has to be on {new}; whether what they hold is reached from there is up to it"
        yield Effect("needs", _listed(VOLUMES, driven), made)
    if shared:
        yield Effect("keeps", _listed(VOLUMES, shared), f"what they hold is on a share of the network, not on {old}")


def _listed(what: str, names: set[str]) -> str:
    return f"{what} {', '.join(sorted(names))}"
