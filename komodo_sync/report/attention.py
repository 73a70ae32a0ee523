"""What a reader must see first: what stops, what is deployed and why, what cannot be undone.

Drawn from a Plan once, for every form that shows it. Changes that have the same action, reason and effects are one
Notice with several addresses: a hundred deploys for one reason are read at a glance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from komodo_sync.model.plan import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Change, Effect, Plan, Resource

    Choice = Callable[[Resource, Change], tuple[Effect, ...] | None]

STOPPING = ("stops", "unknown")
"""Kinds of effects by which something stops to run, or may."""

LASTING = ("loses", "exposes", "irreversible")
"""Kinds of effects that no later apply takes back."""

CALM = ("keeps", "idle", "starts", "protects")
"""Kinds of effects that need no warning."""

DEPLOYING = (Action.DEPLOY, Action.START, Action.RUN)
"""Actions that make something run."""

GRAVEST = (Action.DELETE, Action.DESTROY, Action.STOP, *DEPLOYING)
"""Actions in the order in which a reader must hear of them, before all others."""


class Concern(StrEnum):
    """A question of who reviews a plan, as the heading over its answer."""

    STOPS = "Stops"
    DEPLOYS = "Deployed, started or run"
    LASTING = "Irreversible"
    OTHER = "Also affected"


@dataclass(frozen=True, slots=True)
class Notice:
    """One answer: `action` on `addresses`, for `reason`; `effects` are those that belong to the concern, and what
    stays. Never empty of addresses, which are in the order of the plan."""

    action: Action
    reason: str
    effects: tuple[Effect, ...]
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class Attention:
    """The answers to one concern, the gravest actions first."""

    concern: Concern
    notices: tuple[Notice, ...]

    @property
    def resources(self) -> int:
        """How many resources are concerned."""
        return len({address for notice in self.notices for address in notice.addresses})


def attentions(plan: Plan) -> tuple[Attention, ...]:
    """The concerns in the order of their weight; those with nothing to say are left out."""
    found = [
        Attention(Concern.STOPS, _notices(plan.resources, _stopping)),
        Attention(Concern.DEPLOYS, _notices(plan.resources, _deploying)),
        Attention(Concern.LASTING, _notices(plan.resources, _lasting)),
        Attention(Concern.OTHER, _notices(plan.resources, _others)),
    ]
    return tuple(item for item in found if item.notices)


def _notices(resources: Iterable[Resource], chosen: Choice) -> tuple[Notice, ...]:
    groups: dict[tuple[Action, str, tuple[Effect, ...]], dict[Address, None]] = {}
    for resource, change in _changes(resources):
        effects = chosen(resource, change)
        if effects is not None:
            groups.setdefault((change.action, change.reason, effects), {})[resource.address] = None
    ordered = sorted(
        groups.items(), key=lambda item: GRAVEST.index(item[0][0]) if item[0][0] in GRAVEST else len(GRAVEST)
    )
    return tuple(Notice(*key, tuple(addresses)) for key, addresses in ordered)


def _changes(resources: Iterable[Resource]) -> Iterator[tuple[Resource, Change]]:
    return ((resource, change) for resource in resources for change in resource.changes)


def own(address: Address, effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """The effects, without the subject where it is the resource itself: then those of many resources are equal."""
    return tuple(replace(item, subject="") if item.subject == str(address) else item for item in effects)


def _stopping(resource: Resource, change: Change) -> tuple[Effect, ...] | None:
    stops = [item for item in change.effects if item.kind in STOPPING]
    told = stops or (change.action is Action.DESTROY and not _deletes(resource)) or change.action is Action.STOP
    if not told:
        return None
    return own(resource.address, (*stops, *(item for item in change.effects if item.kind == "keeps")))


def _deletes(resource: Resource) -> bool:
    """Whether it is deleted; then what it is taken down for, and what stops with it, is told of the delete."""
    return any(change.action is Action.DELETE for change in resource.changes)


def _deploying(resource: Resource, change: Change) -> tuple[Effect, ...] | None:
    if change.action in DEPLOYING:
        return own(resource.address, (item for item in change.effects if item.kind not in CALM))
    return own(resource.address, (item for item in change.effects if item.kind == "deploys")) or None


def _lasting(resource: Resource, change: Change) -> tuple[Effect, ...] | None:
    lasting = own(resource.address, (item for item in change.effects if item.kind in LASTING))
    return lasting if lasting or change.action is Action.DELETE else None


def _others(resource: Resource, change: Change) -> tuple[Effect, ...] | None:
    known = (*STOPPING, *LASTING, *CALM, "deploys")
    if change.action in DEPLOYING:
        return None
    return own(resource.address, (item for item in change.effects if item.kind not in known)) or None
