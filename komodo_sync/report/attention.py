"""What a reader must see first: what stops, what is deployed and why, what cannot be undone.

Decided here, from a Plan, for every form that shows it. Changes that have the same action, reason and effects are one
Notice with several names: a hundred deploys for one reason are read at a glance, whatever the number of their services.
"""

from __future__ import annotations

from enum import StrEnum
from itertools import takewhile
from typing import TYPE_CHECKING, TypeAlias

from komodo_sync.model.data import Data, replace
from komodo_sync.model.plan import Action

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Change, Effect, Plan, Resource

    Choice: TypeAlias = Callable[[Resource, Change], tuple[Effect, ...] | None]

STOPPING = ("stops", "unknown")
"""Kinds of effects by which something stops to run, or may."""

LOSES = "loses"
"""The kind of effect by which data is out of reach: as its subject that of the resource itself; without one that of
others, as of what a run prunes."""

DATA = "data"
"""What is said to be lost where it is another thing for each, as its volumes."""

LASTING = (LOSES, "exposes", "irreversible")
"""Kinds of effects that no later apply takes back."""

CALM = ("keeps", "idle", "starts", "protects")
"""Kinds of effects that need no warning."""

LEFT = ("leaves",)
"""Kinds of effects by which something runs on that nobody manages any more."""

WIDE = ("syncs", "misses")
"""Kinds of effects that what runs has on other resources, or finds otherwise than it left it: told apart from why it is
deployed, which may be the same for many."""

DEPLOYING = (Action.DEPLOY, Action.START, Action.RUN)
"""Actions that make something run."""

REMOVED = "removes"
"""The kind of effect by which goes what does not run; of what is deleted it is told with the rest that is gone."""

FORMER = "renames"
"""The kind of effect whose subject is what was called otherwise."""

GRAVEST = (Action.DELETE, Action.DESTROY, Action.STOP, *DEPLOYING)
"""Actions in the order in which a reader must hear of them, before all others."""


class Concern(StrEnum):
    """A question of who reviews a plan, as the heading over its answer."""

    STOPS = "Stops"
    LASTING = "Irreversible"
    DEPLOYS = "Deployed, started or run"
    OTHER = "Also affected"


MAIN = (Concern.STOPS, Concern.LASTING, Concern.DEPLOYS)
"""The questions that are all answered where one of them has an answer: who asks what stops is told "nothing". Deploys
come last: theirs is the longest answer, and no other is to stand below the edge of a screen."""


class Named(Data, frozen=True):
    """A resource that a Notice is about. `subject`: what of it, where that differs from one to the other; `was NAME` of
    what had another name."""

    address: Address
    subject: str = ""


class Notice(Data, frozen=True):
    """One answer: `action` on the resources of `named`; `told` are the reason, and the effects that belong to the
    concern or say what stays, in the order in which they are to be said. `named` is in the order of the plan, and never
    empty."""

    action: Action
    told: tuple[str | Effect, ...]
    named: tuple[Named, ...]


class Attention(Data, frozen=True):
    """The answers to one concern, in the order of `place`; none: nothing."""

    concern: Concern
    notices: tuple[Notice, ...] = ()

    @property
    def resources(self) -> int:
        """How many resources are concerned."""
        return len({item.address for notice in self.notices for item in notice.named})

    @property
    def heading(self) -> str:
        """`Stops: 3 resources`."""
        number = self.resources
        return f"{self.concern}: " + (f"{number} resource{'' if number == 1 else 's'}" if number else "nothing")


def attentions(plan: Plan) -> tuple[Attention, ...]:
    """What every form says first, in the order of its weight. Empty where nothing stops, is deployed, is lost or else
    affected; MAIN are left out together, OTHER alone."""
    main = tuple(Attention(concern, _notices(plan.resources, concern)) for concern in MAIN)
    other = Attention(Concern.OTHER, _notices(plan.resources, Concern.OTHER))
    return (*(main if any(item.notices for item in main) else ()), *((other,) if other.notices else ()))


def overview(plan: Plan) -> list[tuple[Attention, str]]:
    """The same as numbers, for who sees no more of it: `Stops (3)`."""
    return [(item, f"{item.concern} ({item.resources})") for item in attentions(plan)]


def _notices(resources: Iterable[Resource], concern: Concern) -> tuple[Notice, ...]:
    groups: dict[tuple[Action, str, tuple[Effect, ...]], list[tuple[Address, tuple[Effect, ...]]]] = {}
    for resource, change in _changes(resources):
        effects = _CHOICES[concern](resource, change)
        if effects is not None:
            alike = tuple(replace(effect, subject="") for effect in effects)
            reason = _why(concern, change.action, change.reason) or ("" if effects else change.reason)
            groups.setdefault((change.action, reason, alike), []).append((resource.address, effects))
    found = [_notice(concern, action, reason, members) for (action, reason, _), members in groups.items()]
    return tuple(sorted(found, key=place))


def _why(concern: Concern, action: Action, reason: str) -> str:
    """The reason where it answers the question: why something is deleted stands once, beside what is lost by it; that
    something is renamed, or differs, explains no loss; what else is affected has its action told above."""
    elsewhere = action is Action.DELETE and concern is not Concern.LASTING
    if action not in GRAVEST or elsewhere or concern is Concern.OTHER:
        return ""
    return reason


def _notice(
    concern: Concern, action: Action, reason: str, members: Sequence[tuple[Address, tuple[Effect, ...]]]
) -> Notice:
    """Subjects that are the same for all stay with the effects, others go to the names, and former names always. That
    of data which is lost is then told as that."""
    each = list(zip(*(effects for _, effects in members), strict=True))
    same = [len({effect.subject for effect in told}) == 1 and told[0].kind != FORMER for told in each]
    effects = [
        item[0] if alike else replace(item[0], subject=DATA if item[0].kind == LOSES else "")
        for item, alike in zip(each, same, strict=True)
    ]
    named = tuple(
        Named(address, "; ".join(_subject(effect) for effect, alike in zip(own, same, strict=True) if not alike))
        for address, own in members
    )
    why = [reason] if reason else []
    told = [item.detail if action is Action.RENAME and item.kind == FORMER else item for item in effects]
    return Notice(action, tuple([*why, *told] if concern is Concern.DEPLOYS else [*told, *why]), named)


def _subject(effect: Effect) -> str:
    return f"was {effect.subject}" if effect.kind == FORMER and effect.subject else effect.subject


def weight(action: Action) -> int:
    """Its place in GRAVEST; all others come after."""
    return GRAVEST.index(action) if action in GRAVEST else len(GRAVEST)


def place(notice: Notice) -> tuple[int, int, int]:
    """Where it stands among the answers to one question: first what loses data of its own, then what goes for good or
    is done to others, then all else, as what a schedule will do; in each the gravest actions first, and of one action
    what concerns most. Why something is deployed is in the order of the actions alone: what is lost by it is told
    above."""
    effects = tuple(takewhile(lambda item: not isinstance(item, str), notice.told))
    return (_gravity(notice, effects), weight(notice.action), -len(notice.named))


def _gravity(notice: Notice, effects: Iterable[str | Effect]) -> int:
    kinds = {(item.kind, bool(item.subject)) for item in effects if not isinstance(item, str)}
    if not kinds and notice.action in DEPLOYING:
        return 2
    if (LOSES, True) in kinds:
        return 0
    gone = notice.action in (Action.DELETE, Action.DESTROY, Action.RUN)
    return 1 if gone or any(kind in LASTING and kind != LOSES for kind, _ in kinds) else 2


def _changes(resources: Iterable[Resource]) -> Iterator[tuple[Resource, Change]]:
    return ((resource, change) for resource in resources for change in resource.changes)


def own(address: Address, effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """The effects, without the subject where it is the resource itself: then those of many resources are equal."""
    return tuple(replace(item, subject="") if item.subject == str(address) else item for item in effects)


def _stopping(resource: Resource, change: Change) -> tuple[Effect, ...] | None:
    stops = [item for item in change.effects if item.kind in STOPPING]
    runs = all(item.kind != REMOVED for item in change.effects)
    destroys = change.action is Action.DESTROY and runs and not _deletes(resource)
    if not stops and not destroys and change.action is not Action.STOP:
        return None
    return own(resource.address, (*stops, *(item for item in change.effects if item.kind == "keeps")))


def _deletes(resource: Resource) -> bool:
    """Whether it is deleted; then what it is taken down for, and what stops with it, is told of the delete."""
    return any(change.action is Action.DELETE for change in resource.changes)


def _deploying(resource: Resource, change: Change) -> tuple[Effect, ...] | None:
    if change.action in DEPLOYING:
        # what a deploy starts beside what runs is named; that it starts all of it goes without saying
        named = change.action is Action.DEPLOY
        told = (item for item in change.effects if item.kind not in CALM or (named and item.subject))
        return own(resource.address, (item for item in told if item.kind not in (*LEFT, *WIDE)))
    return own(resource.address, (item for item in change.effects if item.kind == "deploys")) or None


def _lasting(resource: Resource, change: Change) -> tuple[Effect, ...] | None:
    """Of what is deleted also what of it runs on, or is removed: the question is what becomes of it. Data that is lost
    comes first."""
    deleted = change.action is Action.DELETE
    left = [item for item in change.effects if deleted and item.kind in (*LEFT, REMOVED)]
    found = (*left, *(item for item in change.effects if item.kind in LASTING))
    lasting = own(resource.address, sorted(found, key=lambda item: item.kind != LOSES))
    return lasting if lasting or deleted else None


def _others(resource: Resource, change: Change) -> tuple[Effect, ...] | None:
    known = (*STOPPING, *LASTING, *CALM, "deploys", *((*LEFT, REMOVED) if change.action is Action.DELETE else ()))
    if change.action in DEPLOYING:
        return own(resource.address, (item for item in change.effects if item.kind in (*LEFT, *WIDE))) or None
    return own(resource.address, (item for item in change.effects if item.kind not in known)) or None


_CHOICES: dict[Concern, Choice] = {
    Concern.STOPS: _stopping,
    Concern.DEPLOYS: _deploying,
    Concern.LASTING: _lasting,
    Concern.OTHER: _others,
}
