"""What a change does beyond itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource


def delete_effects(live: ObservedResource, referers: Collection[Address]) -> tuple[Effect, ...]:
    """What deleting `live` stops, removes or leaves without it. `referers`: who refers to it and stays."""
    spec = KINDS[live.address.kind]
    found: list[Effect] = []
    if spec.stops and spec.states:
        found.append(_stops(live))
    elif spec.stops:
        found.append(Effect("loses", "", spec.stops))
    if referers:
        names = ", ".join(map(str, sorted(referers)))
        found.append(Effect("detaches", names, f"left without {live.address}: {names}"))
    found.append(Effect("irreversible", "", "its configuration, history and permissions in Komodo are gone"))
    return tuple(found)


def rename_effects(live: ObservedResource, new_name: str) -> tuple[Effect, ...]:
    """What renaming `live` does to what runs."""
    spec = KINDS[live.address.kind]
    if not spec.renames_running or live.state not in spec.up:
        return ()
    detail = spec.renames_running.format(old=live.address.name, new=new_name)
    return (Effect("renames", live.address.name, detail),)


def update_effects(live: ObservedResource, sent: Mapping[str, Any]) -> tuple[Effect, ...]:
    """What sending `sent` to `live` does beyond the fields themselves."""
    switches = {item.secret_when for item in KINDS[live.address.kind].fields().values() if item.secret_when}
    if not any(live.config.get(switch) and sent.get(switch) is False for switch in switches):
        return ()
    return (Effect("exposes", "", "its value was secret; everybody who may read it will see it in clear"),)


def _stops(live: ObservedResource) -> Effect:
    spec = KINDS[live.address.kind]
    if live.state in spec.up:
        names = sorted(live.services)
        listed = f"{len(names)} service{'' if len(names) == 1 else 's'} ({', '.join(names)})" if names else ""
        return Effect("stops", listed, f"it is {live.state}; {spec.stops}")
    if live.state in ("down", "not_deployed"):
        return Effect("keeps", "", "nothing of it runs")
    state = f"its state is {live.state}" if live.state else "its state is not known"
    return Effect("unknown", "", f"{state}: containers that still run are left behind, unmanaged")
