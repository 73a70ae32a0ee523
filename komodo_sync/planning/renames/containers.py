"""What is deployed beside its old self: both would have one port of the host, one name or one volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Action, Finding
from komodo_sync.planning.deploys.subject import host_of, listing
from komodo_sync.planning.deploys.texts.interpolated import config_interpolated, live_interpolated
from komodo_sync.planning.renames.holdings import What, held_of, in_ranges

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.subject import World
    from komodo_sync.planning.renames.holdings import Held

    Place = tuple[Address | None, What, str]


def run_beside(created: Iterable[Address], left: Iterable[ObservedResource], world: World) -> Iterator[Finding]:
    """A refusal for each of `created` that is deployed where one of `left` runs, and has what that has."""
    new = [address for address in created if KINDS[address.kind].hosts and world.writes(address, Action.DEPLOY)]
    hosts = {host_of(KINDS[address.kind], world.config_of(address)) for address in new}
    there: dict[Place, list[tuple[ObservedResource, Held]]] = {}
    for item in left if new else ():
        spec, host = KINDS[item.address.kind], host_of(KINDS[item.address.kind], item.config)
        if host is None or host not in hosts or item.state not in spec.up:
            continue
        for each in held_of(spec, live_interpolated(item, world)):
            # what does not run has a name all the same
            if not _is_stopped(item) or each.what is What.CONTAINER:
                there.setdefault((host, each.what, each.name), []).append((item, each))
    for address in new if there else ():
        spec, config = KINDS[address.kind], config_interpolated(address, world)
        host = host_of(spec, config)
        found: dict[Address, list[Held]] = {}
        items: dict[Address, ObservedResource] = {}
        for mine in held_of(spec, config) if host is not None else ():
            for old, theirs in there.get((host, mine.what, mine.name), ()):
                if mine.clashes(theirs) and not (mine.what is What.VOLUME and _is_shared(mine, address, host, world)):
                    items[old.address] = old
                    found.setdefault(old.address, []).append(mine)
        for twin, both in sorted(found.items()):
            yield _refusal(address, items[twin], str(host), both, world)


def _is_shared(volume: Held, new: Address, host: Address | None, world: World) -> bool:
    """Whether another declared one has it too: several are meant to use it at once."""
    for address in world.desired.resources:
        spec = KINDS[address.kind]
        if address == new or not spec.mounts or host_of(spec, config := config_interpolated(address, world)) != host:
            continue
        if any(each.what is What.VOLUME and each.name == volume.name for each in held_of(spec, config)):
            return True
    return False


def _is_stopped(item: ObservedResource) -> bool:
    lifecycle = KINDS[item.address.kind].lifecycle
    return lifecycle is not None and item.state in lifecycle.stopped


def _refusal(new: Address, item: ObservedResource, host: str, both: list[Held], world: World) -> Finding:
    ports, volumes, names = (in_ranges(each.name for each in both if each.what is what) for what in What)
    old, shared, why = item.address, [], []
    if ports:
        shared.append(f"publish {_named('port', ports)}")
    if names:
        shared.append(f"have {'containers' if len(names) > 1 else 'a container'} called {listing(names)}")
    if shared:
        why.append(f"both {' and '.join(shared)}, so that the new one cannot start")
    if volumes:
        why.append(f"both would use the {_named('volume', volumes)} at once")
    other = [f"another {what.value}" for what in What if any(each.what is what for each in both)]
    fate = "is deleted afterwards" if world.writes(old, Action.DELETE) else "no manifest declares"
    is_there = "is stopped" if _is_stopped(item) else "runs"
    one = f"`renamed_from: {old.name}` in the manifest of {new}, if it is the same one; if both are meant, "
    if old.kind != new.kind:
        one = "if both are meant, "
    return Finding(
        "runs-beside",
        "refusal",
        f"{new} would be deployed on {host} while {old} {is_there} there, which {fate}: {'; '.join(why)}",
        "",
        (new, old),
        f"{one}give one of them {listing(other)}; if {old} is to go, take it down first: in Komodo, "
        f"or declared with `state: down` and named in `after` of {new}",
    )


def _named(noun: str, names: list[str]) -> str:
    several = len(names) > 1 or (noun == "port" and "-" in names[0])
    return f"{noun}{'s' if several else ''} {', '.join(names)}"
