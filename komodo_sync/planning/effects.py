"""What a change does beyond itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Effect

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from komodo_sync.kinds.struct import Field
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
    lost = "its configuration, history and permissions in Komodo are gone" if spec.owned else "what it holds is gone"
    found.append(Effect("irreversible", "", lost))
    return tuple(found)


def rename_effects(live: ObservedResource, new_name: str) -> tuple[Effect, ...]:
    """What renaming `live` does to what runs."""
    spec = KINDS[live.address.kind]
    if not spec.renames_running or (spec.states and live.state not in spec.up):
        return ()
    detail = spec.renames_running.format(old=live.address.name, new=new_name)
    return (Effect("renames", live.address.name, detail),)


def update_effects(live: ObservedResource, sent: Mapping[str, Any]) -> tuple[Effect, ...]:
    """What sending `sent` to `live` does beyond the fields themselves."""
    table = KINDS[live.address.kind].fields()
    found = {
        consequence: None for name in sent if name in table for consequence in _consequences(table, name, live, sent)
    }
    switches = {item.secret_when for item in table.values() if item.secret_when}
    if any(live.config.get(switch) and sent.get(switch) is False for switch in switches):
        found[Effect("exposes", "", "its value was secret; everybody who may read it will see it in clear")] = None
    return tuple(found)


def _consequences(
    table: Mapping[str, Field], name: str, live: ObservedResource, sent: Mapping[str, Any]
) -> Iterator[Effect]:
    consequence = table[name].consequence
    if consequence is None:
        return
    before = live.config.get(name, table[name].default)
    if "{before}" in consequence.text and not before:
        return
    switch = consequence.when
    if switch and not sent.get(switch, live.config.get(switch, table[switch].default)):
        return
    yield Effect(consequence.kind, "", consequence.text.format(before=before, after=sent[name]))


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
