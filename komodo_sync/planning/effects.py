"""What a change does beyond itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect

if TYPE_CHECKING:
    from collections.abc import Collection

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource


def delete_effects(live: ObservedResource, referers: Collection[Address]) -> tuple[Effect, ...]:
    """What deleting `live` stops, removes or leaves without it. `referers`: who refers to it and stays."""
    spec = KINDS[live.address.kind]
    found: list[Effect] = []
    if spec.stops and spec.states:
        found.append(_stops(live))
    elif spec.stops:
        found.append(Effect("loses", str(live.address), spec.stops))
    if referers:
        names = ", ".join(map(str, sorted(referers)))
        found.append(Effect("detaches", str(live.address), f"left without it: {names}"))
    found.append(
        Effect("irreversible", str(live.address), "its configuration, history and permissions in Komodo are gone")
    )
    return tuple(found)


def rename_effects(live: ObservedResource, new_name: str) -> tuple[Effect, ...]:
    """What renaming `live` does to what runs."""
    spec = KINDS[live.address.kind]
    if not spec.renames_running or live.state not in spec.up:
        return ()
    detail = spec.renames_running.format(old=live.address.name, new=new_name)
    return (Effect("renames", str(live.address), detail),)


def _stops(live: ObservedResource) -> Effect:
    spec = KINDS[live.address.kind]
    if live.state in spec.up:
        names = live.services
        count = f"{len(names)} service{'' if len(names) == 1 else 's'}" if names else "all its services"
        services = f"{count} ({', '.join(sorted(names))})" if names else count
        return Effect("stops", str(live.address), f"it is {live.state}: {spec.stops.format(services=services)}")
    if live.state in ("down", "not_deployed"):
        return Effect("keeps", str(live.address), "nothing of it runs")
    state = f"its state is {live.state}" if live.state else "its state is not known"
    return Effect("unknown", str(live.address), f"{state}: containers that still run are left behind, unmanaged")
