"""References that nothing satisfies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.address import Address

if TYPE_CHECKING:
    from komodo_sync.model.desired import Desired, Reference
    from komodo_sync.model.observed import Observed


def dangling(desired: Desired, observed: Observed) -> tuple[Reference, ...]:
    """The references of declared resources that neither the manifests nor the Core can satisfy, in order. A name that
    is given up by a rename satisfies nothing."""
    sources = {
        address: Address(address.kind, item.renamed_from)
        for address, item in desired.resources.items()
        if item.renamed_from
    }
    free = {address for address in sources if address not in observed.resources} | set(sources.values())
    leaving = {old for address, old in sources.items() if address in free}
    known = observed.kinds | {address.kind for address in observed.named}
    return tuple(
        reference
        for item in desired.resources.values()
        for reference in item.references
        if reference.target not in desired.resources
        and reference.target not in observed.named
        and reference.target.kind in known
        and (reference.target not in observed.resources or reference.target in leaving)
    )
