"""What a change does beyond itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.marks import PROTECTED
from komodo_sync.model.plan import Effect
from komodo_sync.model.running import Live
from komodo_sync.planning.changed import origin_of
from komodo_sync.planning.deploys.images import recalled
from komodo_sync.planning.deploys.losses.checkouts import deployed_from
from komodo_sync.planning.deploys.losses.folders import left_in_folder
from komodo_sync.planning.deploys.losses.lost import lost_mounts
from komodo_sync.planning.deploys.losses.moved import moved_away
from komodo_sync.planning.deploys.losses.volumes import deployed, kept
from komodo_sync.planning.deploys.projects import lost_later, place_of
from komodo_sync.planning.deploys.removals import removal
from komodo_sync.planning.deploys.subject import host_of, listing
from komodo_sync.planning.deploys.texts.services import services_of
from komodo_sync.planning.deploys.traces import Trace, trace_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import DesiredResource
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.model.running import Running


def delete_effects(
    live: ObservedResource, trace: Trace, referers: Collection[Address], namers: Collection[Address] = ()
) -> tuple[Effect, ...]:
    """What deleting `live` stops, removes or leaves without it. `trace`: what of it is where it runs; `referers`: who
    refers to it and stays; `namers`: who names it as `[[NAME]]` and stays."""
    spec = KINDS[live.address.kind]
    found: list[Effect] = []
    if spec.stops and spec.states:
        found.append(_stops(live, trace))
    elif spec.stops and (not spec.reach or any(KINDS[each.kind].hosts for each in referers)):
        # what hosts others takes something from them; anything else, as a checkout, can be had again from its source
        found.append(Effect("loses" if spec.reach else "removes", "", spec.stops))
    if referers:
        names = ", ".join(map(str, sorted(referers)))
        are = "it is" if len(referers) == 1 else "they are"
        found.append(Effect("detaches", names, f"{are} left without {live.address}"))
    if namers:
        names = ", ".join(map(str, sorted(namers)))
        found.append(Effect("detaches", names, f"[[{live.address.name}]] is deployed there as it is written"))
    lost = "its configuration, history and permissions in Komodo are gone" if spec.owned else "what it holds is gone"
    found.append(Effect("irreversible", "", lost))
    return tuple(found)


def forget_effects(live: ObservedResource, known: Live | None) -> tuple[Effect, ...]:
    """What of `live`, which nobody manages any more, stays where it runs."""
    match trace_of(live, known or Live()):
        case Trace.THERE:
            return (Effect("leaves", services_of(live), f"it is {live.state} and stays so, unmanaged"),)
        case Trace.DOUBT:
            doubt = f"its state is {live.state or 'not known'}: what may run of it runs on, unmanaged"
            return (Effect("leaves", "", doubt),)
        case Trace.GONE:
            return ()


def rename_effects(live: ObservedResource, item: DesiredResource, observed: Observed) -> tuple[Effect, ...]:
    """What renaming `live` to what `item` is called does to what runs, and to what the next deploy finds."""
    facts = observed.live.resources.get(live.address) if observed.live else None
    after = {**live.config, **item.config}
    history = facts.history if facts else None
    left = tuple(left_in_folder(live, history, item.address.name, after, later=True))
    if told := _images_later(live, item.address.name, after, facts):
        return (Effect("renames", live.address.name, told),)
    if names := deployed_from(live, item.address, observed):
        finds = f"what is deployed from there ({listing(list(map(str, names)))}) finds an empty one in its place"
        later = "once its containers start again, until it is deployed anew"
        moved = f"{KINDS[live.address.kind].renames_running}: {finds} {later}"
        return (Effect("renames", live.address.name, moved), *left)
    return (*_renamed(live, item, all_stays=not left), *left)


def _images_later(live: ObservedResource, name: str, after: Mapping[str, Any], facts: Running | None) -> str:
    """What the next build calls its images otherwise; empty: nothing."""
    found = recalled(live, facts, name, after)
    if not found:
        return ""
    return f"its images are called {found.new} from the next build on; those built before keep the name {found.old}"


def _renamed(live: ObservedResource, item: DesiredResource, *, all_stays: bool) -> tuple[Effect, ...]:
    spec = KINDS[live.address.kind]
    if spec.machine and any(config.get(spec.machine) for config in (live.config, {**live.config, **item.config})):
        return ()  # Core finds it itself, before or after
    checkout = spec.lifecycle.checkout if spec.lifecycle else None
    if checkout and (live.config.get(checkout.path) or host_of(spec, live.config) is None):
        return ()  # it is where its path says, or nowhere
    runs, old, field = not spec.states or live.state in spec.up, place_of(live), spec.volumes_as
    if not field or item.config.get(field) == old:
        told = _kept(live, old, "volumes" if all_stays else "named volumes") if field else spec.renames_running
        return (Effect("renames", live.address.name, told),) if told and runs else ()
    if item.config.get(field, "") != live.config.get(field, ""):
        return ()  # told of the update that changes it
    return tuple(lost_later(live, item.address.name, live.config, {**live.config, **item.config}))


def _kept(live: ObservedResource, name: str, volumes: str) -> str:
    """What becomes of what is called `name` where it runs, and keeps that."""
    spec = KINDS[live.address.kind]
    lasts = spec.lifecycle.stopped | spec.lifecycle.paused if spec.lifecycle else ()
    goes = f"stays {live.state}" if live.state in lasts else "runs on"
    told = spec.renames_kept.format(name=name, goes=goes, volumes=volumes)
    return told if live.config.get(spec.volumes_as) == name else f"{told}: {spec.volumes_as} is set to it"


def update_effects(
    live: ObservedResource, sent: Mapping[str, Any], new_name: str, known: Live | None = None
) -> tuple[Effect, ...]:
    """What sending `sent` to `live`, which is called `new_name` by then, does beyond the fields themselves. `known`:
    what is known of what runs."""
    spec = KINDS[live.address.kind]
    table = spec.fields()
    told = [name for name in sent if name in table]
    stays = host_of(spec, live.config) == host_of(spec, {**live.config, **sent})
    if spec.hosts and (stays or _left_already(live, known)):
        told = [name for name in told if name not in spec.hosts]
    found = {consequence: None for name in told for consequence in _consequences(table, name, live, sent)}
    found |= dict.fromkeys(_lost_later(live, sent, new_name, known))
    facts = known.resources.get(live.address) if known else None
    images = spec.images is not None and not sent.keys().isdisjoint(spec.images.fields)
    # a rename says so of all that changes with it
    if (
        images
        and live.address.name == new_name
        and (text := _images_later(live, new_name, {**live.config, **sent}, facts))
    ):
        found[Effect("renames", "", text)] = None
    switches = {item.secret_when for item in table.values() if item.secret_when}
    if any(live.config.get(switch) and sent.get(switch) is False for switch in switches):
        found[Effect("exposes", "", "its value was secret; everybody who may read it will see it in clear")] = None
    return tuple(found)


def _left_already(live: ObservedResource, known: Live | None) -> bool:
    """Whether it is of what may run on a host, and nothing of it does: a move of which half is done."""
    lifecycle = KINDS[live.address.kind].lifecycle
    runs = lifecycle is not None and bool(lifecycle.destroy)
    return runs and bool(live.state) and trace_of(live, known or Live()) is Trace.GONE


def _lost_later(live: ObservedResource, sent: Mapping[str, Any], new_name: str, known: Live | None) -> Iterator[Effect]:
    """What the next deploy loses by what is sent."""
    spec, after = KINDS[live.address.kind], {**live.config, **sent}
    if host_of(spec, live.config) != host_of(spec, after):
        facts = known.resources.get(live.address) if known else None
        yield from moved_away(live, facts.history if facts else None, after, later=True)
    if spec.volumes_as in sent and host_of(spec, live.config) == host_of(spec, after):
        yield from lost_later(live, new_name, live.config, after)
    if deployed(live):
        yield from lost_mounts(live, live.config, after, later=True)


def protection_effects(item: DesiredResource, before: Collection[str], after: Collection[str]) -> tuple[Effect, ...]:
    """What it means that the tag `protected` comes or goes."""
    if (PROTECTED in before) == (PROTECTED in after):
        return ()
    place = f" at {origin_of(item, 'protect')}" if origin_of(item, "protect") else ""
    if PROTECTED in after:
        detail = f"never deleted by us from now on, not even once no manifest declares it (protect: true{place})"
        return (Effect("protects", "", detail),)
    detail = f"it may be deleted once no manifest declares it (protect: false{place})"
    return (Effect("unprotects", "", detail),)


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
    if consequence.of and sent[name].get("type") != consequence.of:
        return
    yield Effect(consequence.kind, "", consequence.text.format(before=before, after=sent[name]))


def _stops(live: ObservedResource, trace: Trace) -> Effect:
    spec = KINDS[live.address.kind]
    if trace is Trace.THERE:
        return removal(live, kept(spec, live.config), lead=f"it is {live.state}; ")
    if trace is Trace.DOUBT:
        state = f"its state is {live.state or 'not known'}"
        if spec.lifecycle is not None and live.state in spec.lifecycle.down:
            state = f"{state}, as everything on a server is whose docker is down"
        return Effect("unknown", "", f"{state}: containers that still run are left behind, unmanaged")
    host = host_of(spec, live.config)
    down = spec.lifecycle is not None and live.state in spec.lifecycle.down
    why = "it is on no server" if host is None else "nothing of it runs" if down else "it was never deployed"
    return Effect("idle", "", f"{why}, so nothing stops")
