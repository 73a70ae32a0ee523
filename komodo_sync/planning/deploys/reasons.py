"""Every reason for a deploy. Nothing is a reason because it is not known. Each says what it is about, so that whoever
approved some of them is not taken to have approved others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import PairsShape
from komodo_sync.model.address import Address
from komodo_sync.model.approval import Topic
from komodo_sync.model.execution import Reason
from komodo_sync.model.plan import Action, Step
from komodo_sync.planning.deploys.images import recalled
from komodo_sync.planning.deploys.losses.checkouts import deployed_from
from komodo_sync.planning.deploys.subject import keeps_project, listing, same_pairs, when
from komodo_sync.planning.deploys.uses import variables_of
from komodo_sync.planning.references import referred

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from komodo_sync.model.running import Running
    from komodo_sync.planning.deploys.files import Differing
    from komodo_sync.planning.deploys.subject import Subject, World

FIELD, FILE = "config/", "file/"
"""How what a reason is about is named, where that is a field of its config or a file of its folder."""

CREATED, STATE, FAILED, NEVER, CHANGED, CALLED, COMMIT = (
    "created",
    "state",
    "failed",
    "never",
    "changed",
    "called",
    "commit",
)
"""What else a reason may be about."""


def because(text: str, *topics: str, own: bool = False, at: int = 0) -> Reason:
    """A reason. `at`: when what it is about came about, in milliseconds, where it may come about again."""
    return Reason(text, tuple(Topic(topic, at) for topic in topics), own)


def reasons(subject: Subject, world: World, files: Differing) -> list[Reason]:
    """Why what is live is to be deployed anew, the weightiest first; none where nothing says so."""
    found = [
        *moved(subject),
        *_fields(subject),
        *_failed(subject),
        *_never(subject),
        *_called(subject),
        *_changed_since(subject),
    ]
    if why := files.reason():
        found.append(because(why, *(f"{FILE}{path}" for path in files.paths)))
    found += [*_commit(subject), *_variables(subject, world), *_built_since(subject, world), *_rests_on(subject, world)]
    return found


def moved(subject: Subject) -> Iterator[Reason]:
    """That it leaves one host for another."""
    if subject.old_host is not None and subject.host is not None and subject.old_host != subject.host:
        yield because(f"moves from {subject.old_host} to {subject.host}", *_fields_of(subject.spec.hosts), own=True)


def _fields(subject: Subject) -> Iterator[Reason]:
    told = [name for name in subject.written if name not in subject.spec.hosts or subject.old_host is None]
    if told:
        verb = "changes" if len(told) == 1 else "change"
        yield because(f"{listing([_word(name) for name in told])} {verb}", *_fields_of(told), own=True)


def _fields_of(names: Iterable[str]) -> Iterator[str]:
    return (f"{FIELD}{name}" for name in names)


def _word(name: str) -> str:
    return name.removesuffix("_id")


def _failed(subject: Subject) -> Iterator[Reason]:
    history = subject.running.history
    if history is not None and history.failed is not None:
        event = history.failed
        at = f" at {event.stage}" if event.stage else ""
        restart = subject.lifecycle.restart
        noun = "restart" if restart and event.operation.startswith(restart) else subject.lifecycle.noun
        yield because(f"the last {noun} failed{at} ({when(event.at)})", FAILED)


def _never(subject: Subject) -> Iterator[Reason]:
    """For kinds that do not run: they are never done at all."""
    lifecycle, running = subject.lifecycle, subject.running
    if lifecycle.done_at and not running.done_at and not (running.history and running.history.failed):
        yield because(f"never {lifecycle.made} yet", NEVER)


def _called(subject: Subject) -> Iterator[Reason]:
    """That its images are called otherwise by its own name alone: fields are told as fields."""
    live, name = subject.live, subject.address.name
    found = recalled(live, subject.running, name, subject.config) if live else None
    if found and not found.fields:
        yield because(f"its images are called {found.new} from now on", CALLED)


def _changed_since(subject: Subject) -> Iterator[Reason]:
    history = subject.running.history
    if history is None or history.good is None:
        return
    last = f"the last {subject.lifecycle.noun} ({when(history.good.at)})"
    if history.changed is None:
        yield because(f"it was changed after {last}, and the Core does not tell in what", CHANGED)
        return
    table = subject.spec.fields()
    names = [
        name
        for name, (before, after) in history.changed.items()
        if name in table
        and not _keeps(subject, name)
        and table[name].deploys
        and not subject.spec.is_idle(name, subject.config)
        and name not in subject.written
        and not (isinstance(table[name].shape, PairsShape) and same_pairs(before or "", after or ""))
    ]
    if names:
        told = f"{listing([_word(name) for name in names])} {'was' if len(names) == 1 else 'were'}"
        yield because(f"{told} changed after {last}", *_fields_of(names))


def _keeps(subject: Subject, name: str) -> bool:
    spec, live = subject.spec, subject.live
    if live is None or name != spec.volumes_as:
        return False
    return keeps_project(spec, live, subject.address.name, subject.config)


def _commit(subject: Subject) -> Iterator[Reason]:
    """A new commit of what is built or checked out. Of a stack its files decide, unless it builds its images itself:
    most commits do not touch them."""
    running, lifecycle = subject.running, subject.lifecycle
    if _files_decide(subject) or not lifecycle.latest_hash or subject.written:
        return
    done = done_commit(running)
    if done and running.latest_hash and not same_commit(done, running.latest_hash):
        yield because(f"commit {running.latest_hash} is new ({done} is {lifecycle.holds})", COMMIT)


def done_commit(running: Running) -> str:
    """The commit that was deployed, built or pulled last; empty where that is not known."""
    good = running.history.good if running.history else None
    return (good.commit if good and good.commit else "") or running.deployed_hash


def _files_decide(subject: Subject) -> bool:
    """Whether the files that it tells are all that a commit can change of it."""
    return bool(subject.spec.compose) and not subject.config.get(subject.lifecycle.takes_all)


def same_commit(one: str, other: str) -> bool:
    """Whether two short hashes are of one commit: hosts shorten them differently."""
    length = min(len(one), len(other))
    return one[:length] == other[:length]


def _variables(subject: Subject, world: World) -> Iterator[Reason]:
    used = sorted(variables_of(subject))
    here = [name for name in used if _set_here(name, world)]
    if here:
        names = listing([f"variable/{name}" for name in here])
        verb = "changes" if len(here) == 1 else "change"
        yield because(f"{names}, which it uses, {verb}", *map(_variable, here), own=True)
    good = subject.running.history.good if subject.running.history else None
    later = [name for name in used if good and name not in here and world.live.variables.get(name, 0) > good.at]
    if later and good:
        names = listing([f"variable/{name}" for name in later])
        was = "was" if len(later) == 1 else "were"
        text = f"{names} {was} changed after the last {subject.lifecycle.noun} ({when(good.at)})"
        yield Reason(text, tuple(Topic(_variable(name), world.live.variables[name]) for name in later))


def _variable(name: str) -> str:
    return str(Address("variable", name))


def _set_here(name: str, world: World) -> bool:
    address = Address("variable", name)
    update = world.payloads.get(Step(address, Action.UPDATE))
    return world.writes(address, Action.CREATE) or (update is not None and "value" in update.config)


def _built_since(subject: Subject, world: World) -> Iterator[Reason]:
    good = subject.running.history.good if subject.running.history else None
    for build in rests(subject):
        facts = world.live.resources.get(world.old(build))
        # what has files is judged by them
        if good and facts and subject.spec.states and not subject.spec.compose and facts.done_at > good.at:
            version = world.config_of(build).get("version", "")
            text = f"{build} was built after the last deploy ({version}, {when(facts.done_at)})"
            yield because(text, str(build), at=facts.done_at)


def _rests_on(subject: Subject, world: World) -> Iterator[Reason]:
    for base in rests(subject):
        old = world.observed.resources.get(world.old(base)) if world.old(base) != base else None
        if old and subject.live and subject.live.address in deployed_from(old, base, world.observed):
            yield because(f"{base}, from whose folder it is deployed, is renamed by this plan", str(base), own=True)
        if base not in world.redone and world.fetches_anew(base):
            yield because(f"{base}, which its files are from, changes", str(base), own=True)
        lifecycle = KINDS[base.kind].lifecycle
        if base in world.redone and lifecycle is not None and not _seen_from(base, subject, world):
            yield because(f"{base} is {lifecycle.made} by this plan", str(base), own=True)


def _seen_from(base: Address, subject: Subject, world: World) -> bool:
    """Whether what `base` gets is known already, because these files were fetched anew: then they decide."""
    known, live = subject.running, subject.live
    if live is None or not _files_decide(subject) or world.fetches_anew(base):
        return False
    read = bool(known.fetched) and known.deployed is not None and not known.unreadable and not known.missing
    return read and live.address in world.live.refreshed


def rests(subject: Subject) -> list[Address]:
    """What it is made from, and follows: a pinned version follows nothing."""
    found: list[Address] = []
    for name in subject.spec.rests_on:
        value = subject.config.get(name)
        if isinstance(value, dict) and value.get("params", {}).get("version", "0.0.0") != "0.0.0":
            continue
        if value:
            found += sorted(referred(subject.spec, {name: value}))
    return found
