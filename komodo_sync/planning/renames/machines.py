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
    """A refusal for each of `created` that may be the machine of one of `left`, and gets what is on that: it is found
    at the same place, or of neither the Core is told where it is, because its agent connects by itself."""
    new = {address: _machine(address, world.config_of(address)) for address in created if KINDS[address.kind].machine}
    old = {item.address: _machine(item.address, item.config) for item in left if KINDS[item.address.kind].machine}
    moved: dict[tuple[Address, Address], list[Address]] = {}
    for step, sent in world.payloads.items() if new and old else ():
        if step.action is Action.UPDATE and sent.seen is not None:
            spec, live = KINDS[step.address.kind], sent.seen
            before, after = host_of(spec, live.config), host_of(spec, after_payload(live, sent))
            if before is not None and after is not None:
                moved.setdefault((before, after), []).append(step.address)
    for (before, after), going in sorted(moved.items()):
        place = old.get(before)
        if place is not None and place == new.get(after):
            yield _refusal(before, after, sorted(going), world, nowhere=not place[1])


def _machine(address: Address, config: Any) -> tuple[str, str | Sealed] | None:
    """The kind and where it is found, empty where nobody says; a secret one equals what it hides. None: not known."""
    value = config.get(KINDS[address.kind].machine, "")
    value = value.rstrip("/").lower() if isinstance(value, str) else value
    return (address.kind, value) if isinstance(value, str | Sealed) else None


def _refusal(old: Address, new: Address, going: list[Address], world: World, *, nowhere: bool) -> Finding:
    field = KINDS[new.kind].machine
    fate = "is deleted" if world.writes(old, Action.DELETE) else "no manifest declares"
    down = [address for address in going if world.writes(address, Action.DESTROY)]
    many = len(down) > 1
    then = f": {_told(down)} {'are' if many else 'is'} taken down for that" if down else ""
    how = f"with no {field}, like {old}" if nowhere else f"with the {field} of {old}"
    other = f"give each a different {field}"
    if nowhere:
        other = f"give it its {field}, or declare both first, and move in a second apply once its agent has connected"
    return Finding(
        "same-machine",
        "refusal",
        f"{new} would be created {how}, which {fate}, and {_told(going)} be moved from the one to "
        f"the other, as if these were two machines{then}",
        "",
        (new, old),
        f"`renamed_from: {old.name}` in the manifest of {new}, if it is the same {old.kind}; if it is another one, "
        f"{other}",
    )


def _told(addresses: list[Address]) -> str:
    return listing([str(each) for each in addresses]) if len(addresses) <= _FEW else f"{len(addresses)} resources"
