"""Desired x Observed -> Plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.masking.lines import forget_lines
from komodo_sync.masking.redaction import known_of
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data, field, replace
from komodo_sync.model.hiding import knowing
from komodo_sync.model.marks import PROTECTED
from komodo_sync.model.plan import Action, Change, Finding, Payload, Planned, Resource, Step
from komodo_sync.planning.assembly import assembled
from komodo_sync.planning.compare import Comparison, compare, created, is_unfinished, tags_change
from komodo_sync.planning.deletes import planned_deletes
from komodo_sync.planning.deploys import planned_runs
from komodo_sync.planning.deploys.losses.later import with_left_files
from komodo_sync.planning.deploys.pins import pinned
from komodo_sync.planning.deploys.places import taken_along
from komodo_sync.planning.deploys.subject import World
from komodo_sync.planning.effects import forget_effects, protection_effects, rename_effects, update_effects
from komodo_sync.planning.guard import adopted_and_changed, findings, foreign
from komodo_sync.planning.match import Match, match
from komodo_sync.planning.ownership import owner_tag, owners, wanted_tags
from komodo_sync.planning.permissions import expanded
from komodo_sync.planning.reach import cut_off, sought_elsewhere, switched_off, with_disconnected
from komodo_sync.planning.references import after_renames
from komodo_sync.planning.referers import staying_referers
from komodo_sync.planning.renames import unsaid_renames
from komodo_sync.planning.rings import late_fields, late_reason, ring_fields, without, written_late
from komodo_sync.planning.schedules import with_schedules
from komodo_sync.planning.syncs import rival_syncs
from komodo_sync.planning.timeouts import timeout_of
from komodo_sync.planning.unseen import given_the_benefit, newer_core, unseen_values, without_unseen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from komodo_sync.model.desired import Desired, DesiredResource, Mention
    from komodo_sync.model.known import Known
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.planning.options import Options


def make_plan(desired: Desired, observed: Observed, options: Options) -> Planned:
    """The plan that makes `observed` equal to `desired`. Pure; expects references to be satisfied (`dangling`)."""
    try:
        seen, left_out = without_unseen(desired, observed)
        observed = given_the_benefit(observed, seen)
        known = known_of(seen, observed, options.secrets)
        with knowing(known.telling_places):
            return _Planner(seen, observed, options, known, findings=left_out).plan()
    finally:
        forget_lines()


class _Planner(Data):
    desired: Desired
    observed: Observed
    options: Options
    known: Known
    resources: list[Resource] = field(default_factory=list)
    payloads: dict[Step, Payload] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    tag_users: dict[Address, list[Address]] = field(default_factory=dict)
    wanted_tags: dict[Address, frozenset[str]] = field(default_factory=dict)
    late: dict[Address, frozenset[str]] = field(default_factory=dict)
    foreign: dict[tuple[str, ...], list[Address]] = field(default_factory=dict)

    def plan(self) -> Planned:
        """Goes through everything once: declared resources, tags that they need, what goes."""
        as_written = self.desired
        matched = match(self.desired, self.observed, self.options)
        self.findings += matched.findings
        self.resources += [Resource(address, str(span), refused=True) for address, span in matched.refused.items()]
        if matched.renames:
            self.observed = after_renames(self.observed, matched.renames)
            matched.live = {address: self.observed.resources[item.address] for address, item in matched.live.items()}
        self._expand(matched)
        todo = [address for address in self.desired.resources if self.options.selects(address)]
        todo = [address for address in todo if address not in matched.refused]
        self.late = late_fields({each: self.desired.resources[each] for each in todo if each not in matched.live})
        for address in todo:
            self._declared(self.desired.resources[address], matched)
        self._forgotten(matched.forgets)
        around = World(self.desired, self.observed, self.options, self.payloads)
        self.resources = with_schedules(self.resources, around, matched.deletes)
        runs = planned_runs(self.resources, matched.live, self.desired, self.observed, self.options, self.payloads)
        self.payloads |= runs.payloads
        self.resources = with_left_files([runs.around(resource) for resource in self.resources], around)
        self.findings += runs.findings
        off = switched_off(self.payloads) | sought_elsewhere(self.payloads)
        held = staying_referers(off, matched, self.desired, self.observed, self.payloads, self.wanted_tags)
        staying = {address: held.pop(address) for address in matched.deletes}
        self.resources = [
            with_disconnected(each, held[each.address], self.observed, self.payloads) if each.address in held else each
            for each in self.resources
        ]
        deletes = planned_deletes(matched.deletes, around, staying)
        self.resources += deletes.resources
        self.payloads |= deletes.payloads
        self.findings += deletes.findings
        self.findings += taken_along(self.payloads, self.observed)
        self.findings += unsaid_renames(matched, around, self.findings)
        self.findings += cut_off(matched.deletes, self.observed, self.payloads)
        self._needed_tags()
        self.findings += foreign(self.foreign, self.options.owner)
        self.findings += findings(self.resources, self.desired, self.observed, self.options, staying, runs.held)
        self.findings += (*newer_core(self.observed), *unseen_values(self.desired, self.observed, self.options))
        self.findings += rival_syncs(self.desired, self.observed, self.options, self.payloads, self.wanted_tags, around)
        plan = assembled(
            self.resources,
            self.findings,
            around,
            self.tag_users,
            matched.renames,
            as_written,
            runs.uses,
            self.known,
        )
        leaving = set(matched.renames.values())
        ids = {address: item.id for address, item in self.observed.resources.items() if address not in leaving}
        ids |= {new: self.observed.resources[old].id for new, old in matched.renames.items()}
        ids |= self.observed.named
        return Planned(plan, self.payloads, ids, self.known, runs.stopped, runs.origins)

    def _expand(self, matched: Match) -> None:
        """Patterns of names become names: those that will be there once all this is done."""

        def there() -> set[Address]:
            old = {address: new for new, address in matched.renames.items()}
            live = {old.get(address, address) for address in self.observed.resources} - matched.deletes.keys()
            return live | {address for address in self.desired.resources if self.options.selects(address)}

        self.desired, found = expanded(self.desired, there)
        self.findings += found

    def _declared(self, item: DesiredResource, matched: Match) -> None:
        live = matched.live.get(item.address)
        if live is None:
            self._create(item)
            return
        old = matched.renames.get(item.address)
        item = pinned(item, live, renamed=old is not None)
        changes: list[Change] = []
        if old is not None:
            effects = rename_effects(live, item, self.observed)
            reason = "renamed in the manifest (renamed_from)"
            changes.append(self._step(Change(Action.RENAME, reason, old.name, effects=effects), item.address, live))
        refused = self._refused_owner(item, live)
        if not refused:
            changes += self._adopt_and_update(item, live)
        self.resources.append(Resource(item.address, str(item.span), tuple(changes), refused))

    def _create(self, item: DesiredResource) -> None:
        tags, spec, late = self._tags(item, frozenset()), KINDS[item.address.kind], self.late.get(item.address)
        comparison = created(spec, without(item, late) if late else item, tags)
        reason = "declared, and not in the Core" if self.observed.admin else "declared, and not seen in the Core"
        effects = protection_effects(item, (), tags)
        change = Change(Action.CREATE, reason, fields=tuple(comparison.fields), effects=effects)
        steps = [self._step(change, item.address, None, comparison)]
        if late:
            rest = written_late(item, late)
            change = Change(Action.UPDATE, late_reason(item, late), fields=tuple(rest.fields))
            steps.append(self._step(change, item.address, None, rest))
        self.resources.append(Resource(item.address, str(item.span), tuple(steps)))

    def _adopt_and_update(self, item: DesiredResource, live: ObservedResource) -> list[Change]:
        spec, owner = KINDS[item.address.kind], self.options.owner
        comparison = compare(spec, item, live, self._tags(item, live.tags), self.options.omitted_fields)
        if not owner or not spec.owned or owner in owners(live.tags):
            return [self._update(item, live, comparison, "differs from the manifest")] if comparison.differs else []
        if is_unfinished(spec, item, live) or self._lacks_a_ring(item, live):
            return [self._update(item, live, comparison, _UNFINISHED)]
        return self._adopt(item, live)

    def _lacks_a_ring(self, item: DesiredResource, live: ObservedResource) -> bool:
        """Whether `live` is a create that was cut off before what goes round in a circle was written."""
        late = ring_fields(item.address, self.desired) - live.config.keys()
        return bool(late) and is_unfinished(KINDS[item.address.kind], without(item, late), live)

    def _adopt(self, item: DesiredResource, live: ObservedResource) -> list[Change]:
        owner, giver = self.options.owner, item.adopt_from or ""
        taken = (live.tags - ({owner_tag(giver)} if giver else set())) | {owner_tag(owner)}
        if item.protect:
            taken |= {PROTECTED}
        spec, ours = KINDS[item.address.kind], replace(live, tags=taken)
        comparison = compare(spec, item, ours, self._tags(item, taken), self.options.omitted_fields)
        given = giver if giver in owners(live.tags) else ""
        reason = (
            f"taken over from owner {given}" if given else f"live without an owner; gets the tag {owner_tag(owner)}"
        )
        adopted = self._retagged(Action.ADOPT, reason, live, taken, item.address)
        changes = [replace(adopted, effects=protection_effects(item, live.tags, taken))]
        if comparison.differs:
            changes.append(self._update(item, ours, comparison, "differs from the manifest"))
            if not self.options.adopt_changes:
                self.findings.append(adopted_and_changed(item.address))
        return changes

    def _retagged(
        self, action: Action, reason: str, live: ObservedResource, tags: frozenset[str], address: Address
    ) -> Change:
        """Ownership begins or ends: nothing but the tags is written."""
        written = tuple(sorted(tags))
        self.payloads[Step(address, action)] = Payload(address, action, live.id, tags=written, seen=live)
        self._use_tags(address, tags)
        return Change(action, reason, fields=(tags_change(live.tags, tags),))

    def _update(self, item: DesiredResource, live: ObservedResource, comparison: Comparison, reason: str) -> Change:
        return self._step(
            Change(
                Action.UPDATE,
                reason,
                fields=tuple(comparison.fields),
                effects=(
                    *update_effects(live, comparison.config, item.address.name, self.observed.live),
                    *protection_effects(item, live.tags, live.tags if comparison.tags is None else comparison.tags),
                ),
            ),
            item.address,
            live,
            comparison,
        )

    def _refused_owner(self, item: DesiredResource, live: ObservedResource) -> bool:
        """Whether the live resource is somebody else's, and the manifest does not say that it moves."""
        owner, holders = self.options.owner, owners(live.tags)
        if not owner or not KINDS[item.address.kind].owned or owner in holders or not holders:
            return False
        if holders == (item.adopt_from,):
            return False
        self.foreign.setdefault(holders, []).append(item.address)
        return True

    def _forgotten(self, forgets: dict[Address, Mention]) -> None:
        for address, mention in forgets.items():
            live = self.observed.resources[address]
            reason = f"listed under forget at {mention.span}: our tag is taken off, and nothing else is done"
            left = live.tags - {owner_tag(self.options.owner)}
            change = self._retagged(Action.FORGET, reason, live, left, address)
            change = replace(change, effects=forget_effects(live, self.observed.live))
            self.resources.append(Resource(address, str(mention.span), (change,)))

    def _needed_tags(self) -> None:
        """A create for every tag that is used and not there yet: Core would make it in passing, and lose it in silence
        where two requests do so at once. A declared one is created too where the run is narrowed to its users."""
        planned = {item.address for item in self.resources}
        for address, users in sorted(self.tag_users.items()):
            if address in self.observed.resources or address in planned:
                continue
            more = f" and {len(set(users)) - 1} more" if len(set(users)) > 1 else ""
            declared = self.desired.resources.get(address)
            comparison = created(KINDS[address.kind], declared, frozenset()) if declared else Comparison()
            change = Change(Action.CREATE, f"used by {min(users)}{more}", fields=tuple(comparison.fields))
            source = str(declared.span) if declared else ""
            self.resources.append(Resource(address, source, (self._step(change, address, None, comparison),)))

    def _tags(self, item: DesiredResource, live: frozenset[str]) -> frozenset[str]:
        """All the tags that `item` shall have. Where somebody else manages its tags, ours are kept all the same."""
        spec = KINDS[item.address.kind]
        if "tags" not in spec.meta:
            return frozenset()
        listed = None if "tags" in item.ignore else item.tags
        tags = wanted_tags(listed, live, owner=self.options.owner, owned=spec.owned, protect=item.protect)
        self.wanted_tags[item.address] = tags
        return tags

    def _use_tags(self, address: Address, tags: Iterable[str]) -> None:
        for tag in tags:
            self.tag_users.setdefault(Address("tag", tag), []).append(address)

    def _step(
        self, change: Change, address: Address, live: ObservedResource | None, comparison: Comparison | None = None
    ) -> Change:
        """Notes what the step of `change` writes."""
        sent = comparison or Comparison()
        self.payloads[Step(address, change.action)] = Payload(
            address=address,
            action=change.action,
            id=live.id if live else "",
            previous=change.previous,
            config=sent.config,
            description=sent.description,
            tags=sent.tags,
            template=sent.template,
            seen=live,
            timeout=timeout_of(address, self.options.timeouts),
        )
        self._use_tags(address, sent.tags or ())
        return change


_UNFINISHED = "has no owner, tags or description yet, as a create that was cut off; this finishes it"
