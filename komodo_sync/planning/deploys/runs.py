"""Goes through everything that is declared to be deployed, kept in a state or run, and adds the steps for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data, field, replace
from komodo_sync.model.plan import Action, Change, Execution, Finding, Payload, Step
from komodo_sync.model.running import Live
from komodo_sync.planning.deploys.brings import brings, commit_of
from komodo_sync.planning.deploys.choice import HELD, Choice, choices, left_undeployed
from komodo_sync.planning.deploys.condition import THERE, Condition, condition_of
from komodo_sync.planning.deploys.effects import effects_of
from komodo_sync.planning.deploys.followers import followed
from komodo_sync.planning.deploys.freshness import freshness, unseen_variables
from komodo_sync.planning.deploys.hurdles import (
    empty_variables,
    hurdle,
    lacking,
    told_reach,
    unbuilt,
    undecided,
    was_deployed,
    withheld,
    without_source,
)
from komodo_sync.planning.deploys.left import as_left, left_alone
from komodo_sync.planning.deploys.losses.folders import missing_files
from komodo_sync.planning.deploys.moves import (
    cannot_leave,
    is_not_connected,
    leaving,
    not_connected,
    not_started,
    nowhere_to_go,
)
from komodo_sync.planning.deploys.places import taken_places
from komodo_sync.planning.deploys.reasons import rests
from komodo_sync.planning.deploys.running import run_after_change
from komodo_sync.planning.deploys.subject import World
from komodo_sync.planning.deploys.texts.malformed import malformed
from komodo_sync.planning.deploys.traces import Trace, trace_of
from komodo_sync.planning.deploys.uses import variables_of
from komodo_sync.planning.timeouts import timeout_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from komodo_sync.model.desired import Desired
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.model.plan import Resource
    from komodo_sync.planning.deploys.subject import Subject
    from komodo_sync.planning.options import Options


_BY_DEPLOY = frozenset(("loses", "misses", "needs", "keeps", "moves"))
"""Effects that a change of the config has by the deploy that follows it."""


class Runs(Data):
    """What was found: `before` and `after` are the steps around what is written of each resource; `left` is what leaves
    nothing behind where it was; `moved` what is deployed on another host, by a step that tells all that it loses;
    `stopped` what there are reasons to deploy, and that is left as it is instead, with how it is; `uses` the variables
    of what is deployed, `origins` also what it is made from; `held` what a flag would deploy too."""

    before: dict[Address, list[Change]] = field(default_factory=dict)
    after: dict[Address, list[Change]] = field(default_factory=dict)
    left: set[Address] = field(default_factory=set)
    moved: set[Address] = field(default_factory=set)
    held: set[Address] = field(default_factory=set)
    stopped: dict[Address, str] = field(default_factory=dict)
    payloads: dict[Step, Payload] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    uses: dict[Address, frozenset[Address]] = field(default_factory=dict)
    origins: dict[Address, frozenset[Address]] = field(default_factory=dict)

    def around(self, resource: Resource) -> Resource:
        """The resource with its steps."""
        before, after = self.before.get(resource.address, []), self.after.get(resource.address, [])
        if not before and not after and resource.address not in self.left:
            return resource
        changes = list(resource.changes)
        # what the next deploy loses is told of that deploy
        deploys = [change for change in after if change.action is Action.DEPLOY]
        told = _BY_DEPLOY.intersection(effect.kind for change in deploys for effect in change.effects)
        told |= {"replaces"} if deploys else set()
        told = _BY_DEPLOY if resource.address in self.moved else told
        changes = [_without(change, *told) for change in changes] if told else changes
        first = [change for change in changes if change.action in (Action.RENAME, Action.ADOPT)]
        rest = [change for change in changes if change not in first]
        if resource.address in self.left:
            rest = [_without(item, "leaves") for item in rest]
        return replace(resource, changes=(*first, *before, *rest, *after))


def _without(change: Change, *kinds: str) -> Change:
    return replace(change, effects=tuple(effect for effect in change.effects if effect.kind not in kinds))


def planned_runs(
    resources: Sequence[Resource],
    matched: Mapping[Address, ObservedResource],
    desired: Desired,
    observed: Observed,
    options: Options,
    payloads: Mapping[Step, Payload],
) -> Runs:
    """The steps, beside what is written. `matched`: the live resource of each declared one."""
    runs = Runs()
    if not options.deploy:
        return runs
    world = World(desired, observed, options, payloads, observed.live or Live())
    refused = {resource.address for resource in resources if resource.refused}
    asked = (
        item
        for address, item in desired.resources.items()
        if not item.template
        if (observed.live and (item.deploy or item.state or item.run_on_change)) or _changes_host(address, payloads)
        if options.selects(address) and address not in refused
    )
    subjects = (
        subject
        for item in sorted(asked, key=lambda item: (KINDS[item.address.kind].order, item.address))
        if (subject := world.subject(item, matched.get(item.address))) is not None
    )
    _Pass(world, runs).over(_in_order(subjects))
    return runs


def _changes_host(address: Address, payloads: Mapping[Step, Payload]) -> bool:
    update = payloads.get(Step(address, Action.UPDATE)) if payloads else None
    return update is not None and not update.config.keys().isdisjoint(KINDS[address.kind].hosts)


def _in_order(subjects: Iterable[Subject]) -> Iterator[Subject]:
    """What others come after, or are made from, before them; else as they are given."""
    waiting = {subject.address: subject for subject in subjects}

    def first(subject: Subject) -> Iterator[Subject]:
        for address in (*rests(subject), *sorted(subject.item.after)):
            if found := waiting.pop(address, None):
                yield from first(found)
        yield subject

    while waiting:
        yield from first(waiting.pop(next(iter(waiting))))


class _Pass:
    def __init__(self, world: World, runs: Runs) -> None:
        self._world = world
        self._runs = runs
        self._withheld: dict[str, list[Address]] = {}
        self._undecided: dict[str, list[Address]] = {}
        self._busy: dict[str, list[Address]] = {}
        self._unconnected: dict[str, list[Address]] = {}
        self._lacking: set[Address] = set()
        """What is to be deployed, is not, and will not be."""

    def over(self, subjects: Iterable[Subject]) -> None:
        """Decides about each, in the order in which what others rest on comes first."""
        deployed: list[Subject] = []
        every: list[Subject] = []
        for subject in subjects:
            every.append(subject)
            if subject.item.run_on_change:
                self._run(subject)
            elif self._decide(subject):
                deployed.append(subject)
        findings = self._runs.findings
        findings += withheld(self._withheld)
        findings += undecided(self._undecided)
        findings += undecided(self._busy, busy=True)
        findings += not_connected(self._unconnected)
        findings += empty_variables(deployed, self._world)
        findings += (*without_source(deployed), *missing_files(deployed), *malformed(deployed, self._world))
        findings += taken_places(deployed, self._world)
        findings += unseen_variables(every, self._world)
        findings += unbuilt(deployed, self._world)
        findings += freshness(every, self._world)

    def _run(self, subject: Subject) -> None:
        why = run_after_change(subject, self._world)
        if why:
            self._add(subject, Choice(Action.RUN, subject.lifecycle.deploy, why), Condition.STATELESS)

    def _decide(self, subject: Subject) -> bool:
        """Whether it is deployed."""
        world, address = self._world, subject.address
        condition = condition_of(subject)
        trace = trace_of(subject.live, world.live) if subject.live and subject.moves else None
        if trace is Trace.DOUBT and not world.options.abandon_old:
            self._runs.findings.append(cannot_leave(subject, world.live))
            if any(choice.action is Action.DEPLOY for choice in choices(subject, world, Condition.RUNNING)):
                self._runs.held.add(address)
            return False
        if trace is Trace.DOUBT or (trace and condition is Condition.BUSY):
            # it may run there, or will soon, and is deployed as if it did
            condition = Condition.RUNNING
        elif trace is Trace.GONE:
            condition = Condition.DOWN
        if condition in (Condition.UNKNOWN, Condition.BUSY):
            found = self._busy if condition is Condition.BUSY else self._undecided
            found.setdefault(self._why(subject, condition), []).append(address)
            if subject.item.deploy and not was_deployed(subject):
                self._lacking.add(address)
        made = choices(subject, world, condition)
        if subject.item.state == "stopped" and not subject.moves and subject.all_or_nothing and condition in THERE:
            why = f"on {subject.old_host} everything runs or is taken down: `state: stopped` cannot be kept there"
            self._withheld.setdefault(why, []).append(address)
        left = leaving(subject, world) if trace is Trace.THERE else None
        if left is not None and not made and world.options.abandon_old and subject.item.state not in HELD:
            trace, left = Trace.DOUBT, None
        deploys = any(choice.action is Action.DEPLOY for choice in made)
        why = (hurdle(subject, world) or lacking(subject, self._lacking)) if deploys else ""
        if why and left is not None:
            self._runs.findings.append(nowhere_to_go(subject, why))
            return False
        if why:
            self._withheld.setdefault(why, []).append(address)
            self._lacking.add(address)
            return False
        if not made and left_undeployed(subject, world, condition):
            self._runs.stopped[address] = as_left(subject)
        if not made and left is None:
            self._runs.findings += left_alone(subject, condition, world)
        if trace in (Trace.THERE, Trace.GONE):
            self._runs.left.add(address)
        if left is not None and not made:
            self._runs.findings += not_started(subject)
        if left is not None:
            self._runs.before[address] = [left]
            self._note(subject, Choice(Action.DESTROY, subject.lifecycle.destroy), then=deploys)
            if deploys and is_not_connected(subject.host, world):
                self._unconnected.setdefault(str(subject.host), []).append(address)
        for choice in made:
            self._add(subject, choice, condition)
        if deploys:
            world.redone[address] = made[0].operation
        if deploys and subject.moves:
            self._runs.moved.add(address)
        return deploys

    def _why(self, subject: Subject, condition: Condition) -> str:
        state = subject.live.state.lower() if subject.live else ""
        if condition is Condition.BUSY:
            return f"it is {state} at the moment"
        host = subject.old_host
        live = self._world.live
        known = live.servers.get(host.name, "") if host and KINDS[host.kind].reached else ""
        if host and known and known != "Ok":
            return f"{host} is {'disabled' if known == 'Disabled' else f'not reached ({told_reach(host.name, live)})'}"
        return f"its state is {state}" if state else "its state is not known"

    def _add(self, subject: Subject, choice: Choice, condition: Condition) -> None:
        effects = effects_of(choice, subject, self._world, condition)
        change = Change(choice.action, choice.reason, effects=effects)
        self._runs.after.setdefault(subject.address, []).append(change)
        self._note(subject, choice)

    def _note(self, subject: Subject, choice: Choice, *, then: bool = False) -> None:
        """`then`: it is deployed where it moves to."""
        address, lifecycle = subject.address, subject.lifecycle
        starts = choice.action in (Action.DEPLOY, Action.START)
        wait = subject.item.wait if starts and subject.item.wait in ("running", "healthy") else ""
        leaves = choice.action is Action.DESTROY and subject.moves
        host = subject.old_host if leaves else subject.host
        execution = Execution(
            choice.operation,
            lifecycle.subject,
            choice.params,
            timeout_of(address, self._world.options.timeouts),
            commit_of(subject, choice),
            wait,  # type: ignore[arg-type]  # of two words, which were just looked at
            host.name if host else "",
            self._awaits(subject) if starts or then else (),
            followed(subject, self._world) if choice.action is Action.DEPLOY else (),
            subject.host if then and subject.host and KINDS[subject.host.kind].reached else None,
            choice.reasons,
            brings(subject, self._world) if choice.reasons else None,
        )
        identity = subject.live.id if subject.live else ""
        self._runs.payloads[Step(address, choice.action)] = Payload(
            address, choice.action, identity, execution=execution
        )
        if choice.action in (Action.DEPLOY, Action.RUN):
            self._runs.uses[address] = frozenset(Address("variable", name) for name in variables_of(subject))
            self._runs.origins[address] = self._runs.uses[address] | frozenset(rests(subject))

    def _awaits(self, subject: Subject) -> tuple[tuple[Address, str], ...]:
        """What it comes after and is waited for, deployed by this plan or not."""
        resources = self._world.desired.resources
        items = [resources[address] for address in subject.item.after if address in resources]
        return tuple((item.address, item.wait) for item in items if item.wait and item.state not in HELD)
