"""What a Core holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.model.data import Data, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.running import Live


UNKNOWN_ID = "(unknown id "
"""With which the name of a resource begins whose id is not known."""


def is_unknown(name: str) -> bool:
    """Whether it stands for a resource that is gone, or that the key cannot see."""
    return name.startswith(UNKNOWN_ID)


class ObservedResource(Data, frozen=True):
    """One live resource.

    id       Core's id; empty for kinds that have none (variables)
    config   the fields that differ from their default, in normal form, references as names. A reference whose id is
             not known here reads `(unknown id ...)`. Tagged config: `{"type", "params"}`, every param.
    tags     names; a tag whose id is not known is left out
    state    running, down, ... from the List* item; empty when it was not asked for
    services names of the services that were deployed last
    project  what it is called where it was deployed last; empty: never
    masked   config fields whose value the key may not see
    """

    address: Address
    id: str
    config: Mapping[str, Any]
    description: str = ""
    tags: frozenset[str] = frozenset()
    template: bool = False
    state: str = ""
    services: tuple[str, ...] = ()
    project: str = ""
    masked: frozenset[str] = frozenset()


class Observed(Data, frozen=True):
    """One snapshot.

    kinds       the kinds that were listed: of every other kind nothing is known
    admin       whether the key sees everything; if not, `resources` is what it sees
    references  for each address, the addresses that refer to it (live)
    named       ids of what is referred to and is no resource (users), by address; empty where nobody needs them
    live        what is known of what runs; None where nobody asked
    """

    resources: Mapping[Address, ObservedResource]
    kinds: frozenset[str]
    version: str
    user: str
    admin: bool
    host: str = ""
    user_id: str = ""
    references: Mapping[Address, frozenset[Address]] = field(default_factory=dict)
    named: Mapping[Address, str] = field(default_factory=dict)
    live: Live | None = None
