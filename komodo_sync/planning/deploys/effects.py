"""What a deploy, a start, a stop does to what runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.plan import Action, Effect
from komodo_sync.planning.deploys.condition import THERE, Condition
from komodo_sync.planning.deploys.followers import followed, told, unasked
from komodo_sync.planning.deploys.stages import stage_effects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.planning.deploys.choice import Choice
    from komodo_sync.planning.deploys.subject import Subject, World


def effects_of(choice: Choice, subject: Subject, world: World, condition: Condition) -> tuple[Effect, ...]:
    """What the step does beyond what its name says."""
    return tuple(_effects(choice, subject, world, condition))


def _effects(choice: Choice, subject: Subject, world: World, condition: Condition) -> Iterator[Effect]:
    live, action = subject.live, choice.action
    services = services_of(live, choice.params.get("services"))
    if action is Action.STOP:
        yield Effect("stops", services, "its containers stay, and can be started again")
    elif action is Action.DESTROY:
        yield Effect("stops", services, subject.spec.stops)
    elif action is Action.START:
        kind = "restarts" if choice.operation == subject.lifecycle.restart else "starts"
        yield Effect(kind, services, "")
    elif action is Action.RUN:
        yield from stage_effects(subject.config)
    elif action is Action.DEPLOY and subject.lifecycle.redoes:
        there = condition in THERE and not subject.moves
        if there and subject.config.get("destroy_before_deploy"):
            yield Effect("stops", services, "compose down before each deploy (destroy_before_deploy)")
        kind = "restarts" if there else subject.lifecycle.verb
        yield Effect(kind, services if there else "", subject.lifecycle.redoes)
        yield from _project(subject)
        yield from told(followed(subject, world), subject)
        yield from unasked(subject, world)


def services_of(live: ObservedResource | None, only: list[str] | None = None) -> str:
    """`2 services (db, web)`; empty where none are known."""
    names = sorted(only or (live.services if live else ()))
    return f"{len(names)} service{'' if len(names) == 1 else 's'} ({', '.join(names)})" if names else ""


def _project(subject: Subject) -> Iterator[Effect]:
    """The deploy of a project that is called otherwise than the one that runs."""
    field, live = subject.spec.volumes_as, subject.live
    if not field or live is None or not live.project or field in subject.written:
        return
    name = subject.config.get(field) or subject.address.name
    if isinstance(name, str) and name != live.project:
        detail = f"project {live.project} is taken down and {name} started, with new and empty named volumes"
        yield Effect("renames", live.project, detail)
