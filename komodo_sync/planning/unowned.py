"""Live resources that nobody owns and no manifest declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.masking.mask import shown_text
from komodo_sync.model.address import Address
from komodo_sync.model.marks import PROTECTED
from komodo_sync.model.plan import CoreFacts, Visibility
from komodo_sync.model.unowned import Unowned, UnownedResource
from komodo_sync.planning.ownership import owner_tag, owners

if TYPE_CHECKING:
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.planning.options import Options


def unowned(desired: Desired, observed: Observed, options: Options) -> Unowned:
    """The list. `observed` must be of all kinds. Kinds that carry no owner are in it where no manifest declares them;
    a tag is not, where something that is declared or owned carries it, or where it marks ownership itself."""
    known = set(desired.resources) | {mention.address for mention in desired.absent}
    known |= {Address(kind, item.renamed_from) for (kind, _), item in desired.resources.items() if item.renamed_from}
    held = observed.resources
    answered = {address for address, live in held.items() if address in known or owners(live.tags)}
    carried = {tag for address in answered for tag in held[address].tags if address in held}
    carried |= {tag for item in desired.resources.values() for tag in item.tags or ()}
    carried |= {tag for live in held.values() for tag in live.tags if tag == PROTECTED or owners(frozenset({tag}))}
    carried |= {PROTECTED, owner_tag(options.owner)}
    answered |= {Address("tag", tag) for tag in carried}
    left = sorted(held.keys() - answered - known, key=lambda address: (KINDS[address.kind].order, address))
    return Unowned(
        CoreFacts(options.host or observed.host, observed.version),
        Visibility(observed.user, observed.admin, tuple(sorted(observed.kinds))),
        tuple(_told(held[address]) for address in left),
    )


def _told(live: ObservedResource) -> UnownedResource:
    return UnownedResource(live.address, shown_text(live.description), tuple(sorted(live.tags)), live.template)
