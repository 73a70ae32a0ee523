"""Goes through what may have been renamed in Komodo or in a manifest, with no `renamed_from` that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import Action
from komodo_sync.planning.ownership import owners
from komodo_sync.planning.renames.containers import run_beside
from komodo_sync.planning.renames.likely import likely_renames
from komodo_sync.planning.renames.machines import same_machines
from komodo_sync.planning.renames.places import taken_over

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.plan import Finding
    from komodo_sync.planning.deploys.subject import World
    from komodo_sync.planning.match import Match


def unsaid_renames(matched: Match, world: World, told: Sequence[Finding]) -> Iterator[Finding]:
    """A refusal for each create that is sure to do harm beside what may be its old self, and warnings of what looks
    like one. `told`: the findings so far; what is refused already is not told twice."""
    created = sorted(step.address for step in world.payloads if step.action is Action.CREATE)
    created = [address for address in created if address in world.desired.resources]
    kinds = {address.kind for address in created}
    # a port that one kind of containers publishes is taken for every other
    if any(KINDS[kind].hosts for kind in kinds):
        kinds |= {kind for kind, spec in KINDS.items() if spec.hosts}
    left = sorted(_left(kinds, matched, world), key=lambda item: item.address)
    if not left:
        return
    refused = {frozenset(item.addresses) for item in told if item.severity == "refusal"}

    def is_new(*pair: Address) -> bool:
        return not any(places.issuperset(pair) for places in refused)

    for look in (taken_over, run_beside, same_machines):
        found = [each for each in look(created, left, world) if is_new(*each.addresses)]
        refused |= {frozenset(each.addresses) for each in found}
        yield from found
    yield from likely_renames(created, left, world, is_new)


def _left(kinds: Collection[str], matched: Match, world: World) -> Iterator[ObservedResource]:
    """What of these kinds is live, ours and declared nowhere, so that a manifest may say `renamed_from` of it."""
    kinds = {kind for kind in kinds if KINDS[kind].owned and KINDS[kind].rename}
    owner = world.options.owner
    spoken_for = matched.claimed | {mention.address for mention in world.desired.forget}
    for address, live in world.observed.resources.items() if kinds else ():
        if address.kind not in kinds or address in world.desired.resources or address in spoken_for or live.template:
            continue
        holders = owners(live.tags)
        if owner in holders if owner else not holders:
            yield live
