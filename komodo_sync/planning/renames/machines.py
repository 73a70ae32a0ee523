"""One machine under two names: what is on it would be moved from the one to the other, and taken down for that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Action, Finding
from komodo_sync.model.sealed import Sealed
from komodo_sync.planning.deploys.subject import host_of, listing
from komodo_sync.planning.references import after_payload

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.subject import World

_FEW = 3


def same_machines(created: Iterable[Address], left: Iterable[ObservedResource], world: World) -> Iterator[Finding]:
    """A refusal for each of `created` that is found where one of `left` is, and gets what is on that."""
    there = {machine: item.address for item in left if (machine := _machine(item.address, item.config))}
    pairs = {
        (there[machine], address): KINDS[address.kind].machine
        for address in created
        if (machine := _machine(address, world.config_of(address))) in there
    }
    moved: dict[tuple[Address | None, Address | None], list[Address]] = {}
    for step, sent in world.payloads.items() if pairs else ():
        if step.action is Action.UPDATE and sent.seen is not None:
            spec, live = KINDS[step.address.kind], sent.seen
            way = (host_of(spec, live.config), host_of(spec, after_payload(live, sent)))
            moved.setdefault(way, []).append(step.address)
    for (old, new), field in sorted(pairs.items()):
        if going := sorted(moved.get((old, new), ())):
            yield _refusal(old, new, field, going, world)


def _machine(address: Address, config: Any) -> tuple[str, str | Sealed] | None:
    """The kind and where it is found; a secret one equals what it hides."""
    value = config.get(KINDS[address.kind].machine)
    return (address.kind, value) if value and isinstance(value, str | Sealed) else None


def _refusal(old: Address, new: Address, field: str, going: list[Address], world: World) -> Finding:
    fate = "is deleted" if world.writes(old, Action.DELETE) else "no manifest declares"
    down = [address for address in going if world.writes(address, Action.DESTROY)]
    many = len(down) > 1
    then = f": {_told(down)} {'are' if many else 'is'} taken down for that" if down else ""
    return Finding(
        "same-machine",
        "refusal",
        f"{new} would be created with the {field} of {old}, which {fate}, and {_told(going)} be moved from the one to "
        f"the other, as if these were two machines{then}",
        "",
        (new, old),
        f"`renamed_from: {old.name}` in the manifest of {new}, if it is the same {old.kind}; if it is another one, "
        f"give each a different {field}",
    )


def _told(addresses: list[Address]) -> str:
    return listing([str(each) for each in addresses]) if len(addresses) <= _FEW else f"{len(addresses)} resources"
