"""What goes: each delete with what it stops, and what is taken down before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import Data, field
from komodo_sync.model.plan import Action, Change, Effect, Finding, Payload, Resource, Step
from komodo_sync.model.running import Live
from komodo_sync.planning.deploys.losses.emptied import deleted_files
from komodo_sync.planning.deploys.removals import detached, left_running, taken_down
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.traces import Trace, trace_of
from komodo_sync.planning.effects import delete_effects
from komodo_sync.planning.ownership import owner_tag
from komodo_sync.planning.timeouts import timeout_of
from komodo_sync.planning.variables import still_named, variable_users

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Mention
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.planning.deploys.subject import World


class Deletes(Data):
    """What was found."""

    resources: list[Resource] = field(default_factory=list)
    payloads: dict[Step, Payload] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def planned_deletes(
    wanted: Mapping[Address, Mention | None], world: World, staying: Mapping[Address, frozenset[Address]]
) -> Deletes:
    """The steps. `wanted`: what is to be deleted, with the mention that is why; `staying`: who still refers to each."""
    observed, options, payloads = world.observed, world.options, world.payloads
    namers = variable_users(wanted, observed, payloads)
    found = Deletes(findings=list(still_named(namers)))
    known = observed.live or Live()
    doubtful: list[ObservedResource] = []
    for address, mention in wanted.items():
        live = observed.resources[address]
        tag = owner_tag(options.owner)
        reason = f"listed under absent at {mention.span}" if mention else f"carries {tag} and is no longer declared"
        trace = trace_of(live, known)
        effects = delete_effects(live, trace, staying[address], namers.get(address, ()))
        kept = trace is not Trace.GONE and options.removal == "keep_running"
        if kept:
            effects = (
                detached(live, trace),
                *(effect for effect in effects if effect.kind not in ("stops", "removes", "unknown")),
            )
        elif trace is Trace.DOUBT and not options.abandon_old:
            doubtful.append(live)
        off = _switched_off(live, observed, payloads)
        if off:
            # Core refuses to delete what it is to remove there; taken off its host, nothing is to be removed
            stays = Effect("leaves", "", f"what is on {off} stays there: it is disabled")
            effects = (stays, *(effect for effect in effects if effect.kind != "removes"))
        elif not kept:
            effects = (*deleted_files(live, world), *effects)
        changes = [Change(Action.DELETE, reason, effects=effects)]
        patience = timeout_of(address, options.timeouts)
        sent = Payload(address, Action.DELETE, live.id, seen=live, detach=kept or off is not None, timeout=patience)
        found.payloads[Step(address, Action.DELETE)] = sent
        if trace is Trace.THERE and not kept:
            first, sent = taken_down(live, options.timeouts)
            changes.insert(0, first)
            found.payloads[Step(address, Action.DESTROY)] = sent
        found.resources.append(Resource(address, str(mention.span) if mention else "", tuple(changes)))
    found.findings += left_running(doubtful, known)
    return found


def _switched_off(live: ObservedResource, observed: Observed, payloads: Mapping[Step, Payload]) -> Address | None:
    """The host that is disabled when `live` is deleted, of what does not run there but is removed from it."""
    spec = KINDS[live.address.kind]
    host = host_of(spec, live.config)
    if not spec.stops or spec.states or host is None or host not in observed.resources:
        return None
    flag, update = KINDS[host.kind].reach, payloads.get(Step(host, Action.UPDATE))
    on = observed.resources[host].config.get(flag, False)
    return host if flag and not (update.config.get(flag, on) if update else on) else None
