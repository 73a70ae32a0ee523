"""A container that is deployed beside its old self: both would have one port of the host, or one volume."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Action, Finding
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.renames.holdings import held_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.subject import World
    from komodo_sync.planning.renames.holdings import Held


def run_beside(created: Iterable[Address], left: Iterable[ObservedResource], world: World) -> Iterator[Finding]:
    """A refusal for each of `created` that is deployed where one of `left` runs, and has what that has."""
    new = [address for address in created if KINDS[address.kind].publishes and world.writes(address, Action.DEPLOY)]
    if not new:
        return
    there: dict[tuple[Address | None, bool, str], list[tuple[Address, Held]]] = {}
    for item in left:
        spec, lifecycle = KINDS[item.address.kind], KINDS[item.address.kind].lifecycle
        if spec.publishes and lifecycle and item.state in spec.up - lifecycle.stopped:
            for each in held_of(spec, item.config):
                place = (host_of(spec, item.config), each.volume, each.name)
                there.setdefault(place, []).append((item.address, each))
    for address in new if there else ():
        spec, config = KINDS[address.kind], world.config_of(address)
        host = host_of(spec, config)
        found: dict[Address, list[Held]] = {}
        for mine in held_of(spec, config) if host is not None else ():
            for old, theirs in there.get((host, mine.volume, mine.name), ()):
                if mine.clashes(theirs):
                    found.setdefault(old, []).append(mine)
        for old, both in sorted(found.items()):
            yield _refusal(address, old, str(host), both, world)


def _refusal(new: Address, old: Address, host: str, both: list[Held], world: World) -> Finding:
    ports = sorted({each.name for each in both if not each.volume})
    volumes = sorted({each.name for each in both if each.volume})
    why, other = [], []
    if ports:
        why.append(f"both publish {_named('port', ports)}, so that the new one cannot start")
        other.append("another port")
    if volumes:
        why.append(f"both would use the {_named('volume', volumes)} at once")
        other.append("another volume")
    fate = "is deleted afterwards" if world.writes(old, Action.DELETE) else "no manifest declares"
    return Finding(
        "runs-beside",
        "refusal",
        f"{new} would be deployed on {host} while {old} runs there, which {fate}: {'; '.join(why)}",
        "",
        (new, old),
        f"`renamed_from: {old.name}` in the manifest of {new}, if it is the same one; if both are meant, give one of "
        f"them {' and '.join(other)}; if {old} is to go, take it down in Komodo first",
    )


def _named(noun: str, names: list[str]) -> str:
    return f"{noun}{'s' if len(names) > 1 else ''} {', '.join(names)}"
