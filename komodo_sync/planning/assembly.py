"""A Plan out of what was planned for each resource: in order, counted, with what it rests on."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from komodo_sync.masking.redaction import redacted
from komodo_sync.model.plan import Action, CoreFacts, Plan, Summary, Visibility
from komodo_sync.planning.approval import of_secrets, with_approvals
from komodo_sync.planning.deploys.losses.pruned import with_lost
from komodo_sync.planning.deploys.losses.prunes import before, prunes
from komodo_sync.planning.keepers import kept_by_others
from komodo_sync.planning.order import by_reader, ordered
from komodo_sync.planning.orphans import beside_orphans
from komodo_sync.planning.room import without_room

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Desired
    from komodo_sync.model.known import Known
    from komodo_sync.model.plan import Finding, Resource
    from komodo_sync.planning.deploys.subject import World

_SEVERITY = {"refusal": 0, "warning": 1, "note": 2}


def assembled(
    found: Iterable[Resource],
    findings: Iterable[Finding],
    world: World,
    tag_users: Mapping[Address, Iterable[Address]],
    renames: Mapping[Address, Address],
    as_written: Desired,
    uses: Mapping[Address, frozenset[Address]],
    known: Known,
) -> Plan:
    """The plan. `tag_users`: who will carry each tag; `renames`: new address -> old address; `as_written`: what is
    declared, before patterns in it became names; `uses`: the variables that what is deployed takes; `known`: what it
    shows nowhere."""
    desired, observed, options, payloads = world.desired, world.observed, world.options, world.payloads
    given = sorted(found, key=by_reader)
    pruned = prunes(given, world)
    first = before(given, pruned, world) if pruned else {}
    resources, steps = ordered(given, desired, observed, tag_users, renames, uses, first)
    resources = tuple(with_lost(resources, steps, pruned, world)) if pruned else resources
    told = redacted(resources, desired, observed, known)
    resources = with_approvals(told, resources, payloads, as_written, options.plan_key, known)
    actions = Counter(str(change.action) for item in resources for change in item.changes)
    changed = sum(1 for item in resources if item.changes)
    refused = sum(1 for item in resources if item.refused)
    accepted = of_secrets(resources, keyed=options.plan_key is not None) if options.saved else []
    stuck = [*without_room(resources, world), *beside_orphans(resources, world)]
    stuck += kept_by_others(resources, world, [*findings, *stuck])
    said = tuple(
        sorted([*findings, *accepted, *stuck], key=lambda item: (_SEVERITY[item.severity], item.code, item.addresses))
    )
    return Plan(
        core=CoreFacts(options.host or observed.host, observed.version),
        scope=options.scope,
        visibility=Visibility(
            observed.user,
            observed.admin,
            tuple(sorted(observed.kinds)),
            len(observed.live.refreshed) if observed.live else 0,
        ),
        resources=resources,
        waves=steps,
        findings=said,
        summary=Summary(
            actions={str(action): actions[action] for action in Action if actions[action]},
            changed=changed,
            unchanged=len(resources) - changed - refused,
            findings=dict(sorted(Counter(item.severity for item in said).items())),
            refused=refused,
        ),
    )
