"""What a Core holds that nobody answers for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data
from komodo_sync.model.plan import FORMAT_VERSION

if TYPE_CHECKING:
    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import CoreFacts, Visibility


class UnownedResource(Data, frozen=True):
    """One live resource. `description` and `tags` as they may be shown; tags are sorted."""

    address: Address
    description: str = ""
    tags: tuple[str, ...] = ()
    template: bool = False


class Unowned(Data, frozen=True):
    """Live resources without an owner that no manifest declares, in the order in which kinds are created."""

    core: CoreFacts
    visibility: Visibility
    resources: tuple[UnownedResource, ...]
    format_version: int = FORMAT_VERSION
