"""What a deploy, a start, a stop does to what runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Action, Effect
from komodo_sync.planning.deploys.condition import THERE, Condition
from komodo_sync.planning.deploys.followers import followed, told, unasked
from komodo_sync.planning.deploys.losses.emptied import emptied
from komodo_sync.planning.deploys.losses.folders import left_in_folder
from komodo_sync.planning.deploys.losses.lost import lost_mounts
from komodo_sync.planning.deploys.losses.moved import moved_away
from komodo_sync.planning.deploys.losses.prunes import STOPPED
from komodo_sync.planning.deploys.losses.volumes import begun_anew, deployed, deployed_config, kept
from komodo_sync.planning.deploys.projects import other_project, replaced
from komodo_sync.planning.deploys.removals import removal
from komodo_sync.planning.deploys.stages import stage_effects
from komodo_sync.planning.deploys.texts.interpolated import interpolated
from komodo_sync.planning.deploys.texts.services import counted, gone_effects, runs_none, services_after, services_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.planning.deploys.choice import Choice
    from komodo_sync.planning.deploys.subject import Subject, World


def effects_of(choice: Choice, subject: Subject, world: World, condition: Condition) -> tuple[Effect, ...]:
    """What the step does beyond what its name says."""
    return tuple(_effects(choice, interpolated(subject, world), world, condition))


def _effects(choice: Choice, subject: Subject, world: World, condition: Condition) -> Iterator[Effect]:
    live, action = subject.live, choice.action
    services = services_of(live, choice.params.get("services"))
    if action is Action.STOP:
        yield Effect("stops", services, STOPPED)
    elif action is Action.DESTROY:
        assert live is not None
        yield removal(live, kept(subject.spec, deployed_config(subject)))
    elif action is Action.START:
        kind = "restarts" if choice.operation == subject.lifecycle.restart else "starts"
        yield Effect(kind, services, "")
    elif action is Action.RUN:
        yield from stage_effects(subject.address, world)
    elif action is Action.DEPLOY and subject.lifecycle.redoes:
        there = condition in THERE and not subject.moves
        if new := other_project(subject):
            yield from replaced(subject, new, condition)
            if there and live is not None:
                yield from begun_anew(subject.spec, deployed_config(subject), subject.config, live.services)
        yield from _lost(subject, world)
        yield from emptied(choice, subject, world)
        if runs_none(subject, subject.config):
            yield _none(subject, there=there)
        elif there and not new:
            yield from _anew(choice, subject, services, _goes(condition))
        else:
            first = choice.operation == subject.lifecycle.first
            yield Effect(
                subject.lifecycle.verb, "", subject.lifecycle.redoes_first if first else subject.lifecycle.redoes
            )
        yield from told(followed(subject, world), subject)
        yield from unasked(subject, world)


def _none(subject: Subject, *, there: bool) -> Effect:
    """The deploy of no copy at all."""
    said = f"{subject.spec.copies} is 0"
    if there and not runs_none(subject, deployed_config(subject)):
        return Effect("stops", "", f"{said}: what runs of it is removed{kept(subject.spec, subject.config)}")
    return Effect("idle", "", f"{said}: nothing of it runs")


def _lost(subject: Subject, world: World) -> Iterator[Effect]:
    """What the deploy loses, other than by another project."""
    live = subject.live
    if live is None or not deployed(live):
        return
    before, after = deployed_config(subject), subject.config
    yield from moved_away(live, subject.running.history, after, later=False)
    yield from lost_mounts(live, before, after, later=False)
    yield from left_in_folder(live, subject.running.history, subject.address.name, after, world, later=False)


def _goes(condition: Condition) -> str:
    """The kind of effect by which containers go that are there."""
    return "removes" if condition is Condition.STOPPED else "stops"


def _anew(choice: Choice, subject: Subject, services: str, goes: str) -> Iterator[Effect]:
    """The deploy of what is there."""
    taken_down = subject.lifecycle.takes_down(subject.config)
    if taken_down:
        yield Effect(goes, services, f"compose down before each deploy ({subject.lifecycle.taken_down_by})")
    found = None if choice.params.get("services") else services_after(subject)
    if found is None:
        yield Effect("restarts", services, subject.lifecycle.redoes)
        return
    if taken_down:
        yield from begun_anew(subject.spec, deployed_config(subject), subject.config, found.kept)
    if found.kept:
        yield Effect("restarts", counted(found.kept), subject.lifecycle.redoes)
    if found.none:
        stay, what = kept(subject.spec, subject.config, found.none), "runs" if goes == "stops" else "is there"
        detail = f"scaled to 0 in {subject.spec.compose}: what {what} of it is removed{stay}"
        yield Effect(goes, counted(found.none), detail)
    if found.asleep and not taken_down:
        they, them = ("it has", "it as it is") if len(found.asleep) == 1 else ("they have", "them as they are")
        yield Effect("leaves", counted(found.asleep), f"{they} no active profile: compose leaves {them}")
    for why in dict.fromkeys(found.new.values()):
        yield Effect("starts", counted(name for name, each in found.new.items() if each == why), why)
    yield from gone_effects(subject, found.gone, goes, taken_down=taken_down)
