"""Which id each resource has, growing as things are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.address import Address


class Identities:
    """Ids by address and addresses by id. May be used from several threads: each change is one assignment."""

    def __init__(self, ids: Mapping[Address, str]) -> None:
        self.by_address: dict[Address, str] = dict(ids)
        self.by_id: dict[str, Address] = {identity: address for address, identity in ids.items() if identity}

    def learn(self, address: Address, identity: str) -> None:
        """`address` is there now; kinds without ids have none to learn."""
        if identity:
            self.by_address[address] = identity
            self.by_id[identity] = address

    def forget(self, address: Address) -> None:
        """`address` is gone."""
        self.by_address.pop(address, None)
