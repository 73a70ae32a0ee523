"""Who still refers to what is deleted or switched off, once everything else is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.plan import Action, Step
from komodo_sync.planning.accounts import account_users
from komodo_sync.planning.references import after_payload, referred

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import Observed
    from komodo_sync.model.plan import Payload
    from komodo_sync.planning.match import Match


def staying_referers(
    off: Collection[Address],
    matched: Match,
    desired: Desired,
    observed: Observed,
    payloads: Mapping[Step, Payload],
    wanted_tags: Mapping[Address, frozenset[str]],
) -> dict[Address, frozenset[Address]]:
    """For each address that is deleted, or switched `off`, who refers to it and stays, anybody's: declared with that
    reference, or live and not changed away from it. `observed` is as it reads after the renames. A tag's referers are
    who carries it, an account's who uses it."""
    found: dict[Address, set[Address]] = {address: set() for address in (*matched.deletes, *off)}
    if not found:
        return {}
    for referer, item in desired.resources.items():
        for reference in item.references:
            if reference.target in found:
                found[reference.target].add(referer)
    for target, referers in found.items():
        for referer in observed.references.get(target, frozenset()):
            live = matched.live.get(referer) or observed.resources.get(referer)
            left = after_payload(live, payloads.get(Step(referer, Action.UPDATE))) if live else {}
            if live is None or target in referred(KINDS[referer.kind], left):
                referers.add(referer)
    carried = {address: item.tags for address, item in observed.resources.items()}
    for referer, tags in {**carried, **wanted_tags}.items():
        for tag in tags:
            if (address := Address("tag", tag)) in found:
                found[address].add(referer)
    for address, users in account_users(matched.deletes, observed, payloads).items():
        found[address] |= users
    return {address: frozenset(referers - matched.deletes.keys()) for address, referers in found.items()}
