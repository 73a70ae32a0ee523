"""What a deploy brings to what runs, as far as that is known before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.model.execution import Brings
from komodo_sync.model.plan import Action, Step
from komodo_sync.planning.deploys.reasons import done_commit, rests, same_commit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.planning.deploys.choice import Choice
    from komodo_sync.planning.deploys.subject import Subject, World


def commit_of(subject: Subject, choice: Choice) -> str:
    """The commit that must have been deployed, where this plan knows it."""
    whole = choice.action is Action.DEPLOY and not choice.params
    known = bool(subject.lifecycle.latest_hash) and subject.live is not None and not subject.written
    return subject.running.latest_hash if whole and known else ""


def brings(subject: Subject, world: World) -> Brings:
    """What a deploy of `subject` brings, beside what is declared of it."""
    if subject.live is None:
        return Brings(open=True)
    spec, written, running = subject.spec, set(subject.written), subject.running
    bases = rests(subject)
    places = {*spec.sources, *subject.lifecycle.pulls_from, *subject.lifecycle.revision}
    chosen = places | {*(spec.folder.chosen_by if spec.folder else ())}
    other = not places.isdisjoint(written) or any(not places.isdisjoint(_sent(base, world)) for base in bases)
    commit = running.latest_hash if _follows_a_branch(subject) and not other else ""
    done = done_commit(running)
    return Brings(
        commit,
        bool(commit and done) and same_commit(commit, done),
        other or not chosen.isdisjoint(written) or any(world.fetches_anew(base) for base in bases),
        {file.path: file.contents for file in running.fetched or ()},
    )


def _sent(base: Address, world: World) -> Mapping[str, Any]:
    """What this plan changes of what it is made from."""
    update = world.payloads.get(Step(base, Action.UPDATE))
    return update.config if update else {}


def _follows_a_branch(subject: Subject) -> bool:
    """Whether it is made of the newest commit: not of what its config or its host holds, nor of a pinned commit."""
    spec, config, lifecycle = subject.spec, subject.config, subject.lifecycle
    if not lifecycle.latest_hash or config.get(lifecycle.pinned_by):
        return False
    source = next((name for name in spec.sources or lifecycle.pulls_from if config.get(name)), "")
    return source in lifecycle.pulls_from
