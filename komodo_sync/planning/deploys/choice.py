"""What is to be done with one resource so that it runs, or does not run, as declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.model.data import Data, field
from komodo_sync.model.plan import Action
from komodo_sync.planning.deploys.condition import Condition
from komodo_sync.planning.deploys.files import differing_files
from komodo_sync.planning.deploys.left import taken_down_by_us
from komodo_sync.planning.deploys.losses.checkouts import is_there
from komodo_sync.planning.deploys.reasons import CREATED, NEVER, STATE, because, moved, reasons

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from komodo_sync.model.execution import Reason
    from komodo_sync.planning.deploys.files import Differing
    from komodo_sync.planning.deploys.subject import Subject, World

HELD = ("stopped", "down")
"""Declared states in which nothing is to run."""


class Choice(Data, frozen=True):
    """One step: `operation` with `params`, and why, in words; `reasons` of what brings something to what runs."""

    action: Action
    operation: str
    reason: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()


def choices(subject: Subject, world: World, condition: Condition) -> list[Choice]:
    """What is to be done, in order; none where it is as declared, or cannot be decided."""
    item, lifecycle = subject.item, subject.lifecycle
    if subject.live is None:
        return _created(subject, world)
    if condition in (Condition.BUSY, Condition.UNKNOWN):
        return []
    state = item.state
    if state == "down":
        there = condition is not Condition.DOWN and not subject.moves
        return [Choice(Action.DESTROY, lifecycle.destroy, _declared(subject))] if there else []
    if state == "stopped":
        up = condition in (Condition.RUNNING, Condition.AILING, Condition.PAUSED) and not subject.moves
        up = up and not subject.all_or_nothing
        return [Choice(Action.STOP, lifecycle.stop, _declared(subject))] if up else []
    files = differing_files(subject)
    found = reasons(subject, world, files) if item.deploy else []
    if condition is Condition.DOWN or (subject.moves and state == "running" and not found):
        why = _from_nothing(subject, world, found)
        return [_deploy(subject, world, why)] if why else []
    if state == "running" and condition is not Condition.RUNNING and not found and subject.all_or_nothing:
        return [_deploy(subject, world, [because(_declared(subject), STATE)])]
    if state == "running" and condition is not Condition.RUNNING and not found:
        operation = lifecycle.resume if condition is Condition.PAUSED else lifecycle.start
        return [Choice(Action.START, operation, _declared(subject))]
    if not found or _stays_stopped(subject, condition):
        return []
    return _anew(subject, world, found, files)


def left_undeployed(subject: Subject, world: World, condition: Condition) -> bool:
    """Whether there are reasons to deploy what nothing is to be done with: it does not run, and is left so."""
    still = condition in (Condition.STOPPED, Condition.PAUSED, Condition.DOWN)
    asked = subject.item.deploy and subject.item.state not in HELD
    return still and asked and bool(reasons(subject, world, differing_files(subject)))


def _created(subject: Subject, world: World) -> list[Choice]:
    item = subject.item
    if item.state in HELD or not (item.deploy or item.state == "running"):
        return []
    return [_deploy(subject, world, [because("created by this plan", CREATED, own=True)])]


def _declared(subject: Subject) -> str:
    state = subject.live.state if subject.live else ""
    return f"declared {subject.item.state}, and it is {state.replace('_', ' ')}"


def _from_nothing(subject: Subject, world: World, found: list[Reason]) -> list[Reason]:
    """Why what is down is deployed; nothing where somebody took it down."""
    item, history = subject.item, subject.running.history
    if item.state == "running":
        return [*moved(subject)] if subject.moves and not found else [because(_declared(subject), STATE), *found]
    if not item.deploy:
        return []
    if subject.old_host is None:
        never = history is None or history.good is None
        return [_NEVER] if never else found
    went = history is not None and any(name in (history.changed or {}) for name in subject.spec.hosts)
    if history is not None and history.stopped is not None:
        # what we take down before it moves is taken down, and nothing less
        return found if (subject.moves or went) and taken_down_by_us(subject, world) else []
    goes = (subject.moves or went) and history is not None and history.good is not None
    if goes or (history is not None and history.failed is not None):
        return found
    if subject.running.deployed is None and (history is None or history.good is None):
        return [_NEVER]
    return []


_NEVER = because("never deployed, and not running", NEVER)


def _stays_stopped(subject: Subject, condition: Condition) -> bool:
    """Whether somebody wants it not to run: stopped or paused, and no deploy failed since. What ended by itself is
    deployed as what runs is: a version that crashed is mended by the next one. But a pause is always somebody's."""
    if subject.item.state == "running" or condition not in (Condition.STOPPED, Condition.PAUSED):
        return False
    history = subject.running.history
    if history is None or history.stopped is not None:
        return True
    return condition is Condition.PAUSED and history.failed is None and not subject.moves


def _anew(subject: Subject, world: World, found: list[Reason], files: Differing) -> list[Choice]:
    """A deploy of the whole, or of the services that differing files ask for; then what is to be restarted."""
    lifecycle = subject.lifecycle
    alone = [reason.text for reason in found] == [files.reason()] and not files.whole
    services = sorted(files.services) if alone and not (files.restarts or files.everything) else []
    made = [_deploy(subject, world, found, services)]
    if (files.restarts or files.everything) and not subject.all_or_nothing:
        names = [] if files.everything else sorted(files.restarts)
        which = "everything" if files.everything else ", ".join(names)
        params = {"services": names} if names else {}
        reason = f"what reads a changed file is restarted: {which}"
        made.append(Choice(Action.START, lifecycle.restart, reason, params, tuple(found)))
    return made


def _deploy(subject: Subject, world: World, why: Sequence[Reason], services: list[str] | None = None) -> Choice:
    lifecycle = subject.lifecycle
    fresh = subject.live is None or not subject.running.done_at or _other_checkout(subject)
    # what is made anew is removed before, with what those keep in it that are deployed from there
    first = lifecycle.first and fresh and not is_there(subject, world)
    operation = lifecycle.first if first else lifecycle.deploy
    text = "; ".join(reason.text for reason in why)
    return Choice(Action.DEPLOY, operation, text, {"services": services} if services else {}, tuple(why))


def _other_checkout(subject: Subject) -> bool:
    """Whether a pull would not find what it needs: the checkout is on another host, or of another repository."""
    spec, checkout = subject.spec, subject.lifecycle.checkout
    return checkout is not None and not {*spec.hosts, *checkout.repository, checkout.path}.isdisjoint(subject.written)
