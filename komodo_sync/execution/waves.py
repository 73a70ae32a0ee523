"""The steps of a plan in waves, each wave side by side. What fails takes along what needs it, and nothing else."""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from komodo_sync.client.threads import side_by_side
from komodo_sync.client.updates import Executor
from komodo_sync.errors import (
    AnswerLostError,
    CoreConnectionError,
    ExecutionError,
    KomodoSyncError,
    StoppedError,
    StorageError,
    UnfinishedError,
)
from komodo_sync.execution.executions import Executions
from komodo_sync.execution.gate import Gate, Pace
from komodo_sync.execution.identities import Identities
from komodo_sync.execution.steps import Hands
from komodo_sync.model.data import replace
from komodo_sync.model.known import Known
from komodo_sync.model.outcome import Status, StepOutcome, Wait
from komodo_sync.model.plan import Action, Payload, Step
from komodo_sync.wire.declared_secrets import Texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.writer import Writer
    from komodo_sync.execution.events import Listener
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.model.plan import Planned


def apply(
    planned: Planned,
    writer: Writer,
    reader: Reader,
    *,
    parallelism: int,
    listener: Listener,
    stop: StopFlag,
    pace: Pace | None = None,
    texts: Callable[[], Texts] = Texts,
    needed: Callable[[Step], bool] = lambda _: True,
    known: Known | None = None,
) -> tuple[StepOutcome, ...]:
    """Does every step of the plan, at most `parallelism` at once, and tells what became of each, in the plan's order.

    A step is skipped when one that it needs failed. Nothing new starts once `stop` is requested, or once the Core
    cannot be spoken to: what is left then is not started. `texts`: which texts no
    failure may tell, asked for when there is one; `known`: what is known to be secret beside them. `needed`: whether a
    step is to be done still, asked where somebody else was at its resource before it began.
    """
    identities = Identities(planned.ids)
    hands = Hands(writer, reader, identities, stop)
    executor = Executor(reader, writer, stopped=lambda: stop.requested)
    pace = pace or Pace()
    executions = Executions(
        writer,
        reader,
        identities,
        stop,
        executor,
        texts,
        pace.timeout,
        needed,
        known=Known() if known is None else known,
    )
    run = _Run(planned, hands, executions, listener, Gate(pace))
    for wave in planned.plan.waves:
        run.wave(wave, parallelism)
    return tuple(run.outcomes[step] for wave in planned.plan.waves for step in wave)


class _Run:
    """`outcomes` are those of finished steps; `causes` the failed step for which each skipped one was skipped."""

    def __init__(self, planned: Planned, hands: Hands, executions: Executions, listener: Listener, gate: Gate) -> None:
        self.outcomes: dict[Step, StepOutcome] = {}
        self._payloads = planned.payloads
        self._needs = _needs(planned)
        self._hands = hands
        self._executions = executions
        self._listener = listener
        self._gate = gate
        self._causes: dict[Step, Step] = {}
        self._started: set[Step] = set()
        self._updates: dict[Step, str] = {}
        self._lost: KomodoSyncError | None = None

    def wave(self, steps: Sequence[Step], parallelism: int) -> None:
        """Every step of one wave; those of one resource stay in their order."""
        ordered = sorted(range(len(steps)), key=lambda index: (steps[index].address, index))
        groups = [
            [steps[index] for index in indexes] for _, indexes in groupby(ordered, lambda index: steps[index].address)
        ]
        stop = self._hands.stop
        payloads = [[self._payloads[step] for step in group] for group in groups]
        for numbers in self._gate.by_host(payloads):
            for number in numbers:
                self._gate.arrive(payloads[number], self._hands.writer.sleep, lambda: stop.requested)
            tasks = [partial(self._resource, groups[number]) for number in numbers]
            for done in side_by_side(tasks, max(1, parallelism), given_up=lambda: stop.abandoned):
                done.result()
        for step in steps:
            if step not in self.outcomes:
                self._finish(self._abandoned(step))

    def _resource(self, steps: Sequence[Step]) -> None:
        """In one turn: what moves is not down while others have theirs."""
        executes = any(self._payloads[step].execution is not None for step in steps)
        with self._gate.turn() if executes else nullcontext():
            for step in steps:
                self._take(step)

    def _take(self, step: Step) -> None:
        outcome = self._unstarted(step) or self._blocked(step) or self._withheld(step) or self._performed(step)
        if not self._hands.stop.abandoned:
            self._finish(outcome)

    def _finish(self, outcome: StepOutcome) -> None:
        outcome = self._with_what_is_down(outcome)
        self.outcomes[outcome.step] = outcome
        self._listener.finished(outcome)

    def _with_what_is_down(self, outcome: StepOutcome) -> StepOutcome:
        """Of what was to be started again where it moves, and was not, that it is down."""
        step = outcome.step
        if step.action is not Action.DEPLOY or outcome.status is Status.DONE or outcome.update:
            return outcome
        host, before = (
            self._executions.taken_down.get(step.address),
            self.outcomes.get(Step(step.address, Action.DESTROY)),
        )
        where = f" on {host}" if host else ""
        if host is None:
            unended = before is not None and before.status is Status.FAILED and before.update and not before.stages
            said = "it may be down: the Core was taking it down" if unended else ""
        elif outcome.status is Status.FAILED:
            said = f"this apply took down what ran{where} before"
        else:
            said = f"it is down since this apply took it down{where}"
        return replace(outcome, message=f"{outcome.message}; {said}") if said else outcome

    def _unstarted(self, step: Step) -> StepOutcome | None:
        if self._lost is not None:
            return StepOutcome(step, Status.NOT_STARTED, self._lost.summary, self._lost.hint)
        if self._hands.stop.requested:
            return StepOutcome(step, Status.NOT_STARTED, "stopped before its turn", "apply again to finish")
        return None

    def _blocked(self, step: Step) -> StepOutcome | None:
        for need in self._needs.get(step, ()):
            outcome = self.outcomes.get(need)
            if outcome is None or outcome.status is Status.DONE:
                continue
            cause = self._causes.setdefault(step, self._causes.get(need, need))
            begun = self.outcomes[cause].status is not Status.NOT_STARTED
            message = f"needs {cause.address}, whose {cause.action} {'failed' if begun else 'was not begun'}"
            return StepOutcome(step, Status.SKIPPED, message, "mend what failed, then apply again")
        return None

    def _withheld(self, step: Step) -> StepOutcome | None:
        # what this run took down is started again, however many have failed: to leave it down would be the greater harm
        again = step.action is Action.DEPLOY and step.address in self._executions.taken_down
        if self._payloads[step].execution is None or not self._gate.closed or again:
            return None
        return StepOutcome(step, Status.NOT_STARTED, self._gate.closed, "mend what failed, then apply again")

    def _performed(self, step: Step) -> StepOutcome:
        payload = self._payloads[step]
        self._started.add(step)
        self._listener.started(step)
        try:
            by = self._perform(payload, partial(self._waiting, step))
        except StoppedError as error:
            return StepOutcome(step, Status.NOT_STARTED, error.summary, error.hint)
        except KomodoSyncError as error:
            # after these, every further call would fail alike, and a wrong key locks the address out
            if isinstance(error, CoreConnectionError | StorageError) and not isinstance(error, AnswerLostError):
                self._lost = self._lost or error
            if payload.execution is not None:
                self._gate.count_failure()
            return self._failed(step, error)
        return StepOutcome(step, Status.DONE, by, update=self._updates.get(step, ""))

    def _perform(self, payload: Payload, heard: Callable[[Wait], None]) -> str:
        """Does it; who did, where that was not us."""
        if payload.execution is not None:
            return self._executions.perform(payload, heard).by
        if payload.action is Action.RENAME:
            # Core does not look itself, and a deploy that is under way would lose what it has deployed
            self._executions.await_idle(payload, heard)
        self._hands.perform(payload, heard)
        return ""

    def _waiting(self, step: Step, wait: Wait) -> None:
        if wait.update:
            self._updates[step] = wait.update
        self._listener.waiting(step, wait)

    def _failed(self, step: Step, error: KomodoSyncError) -> StepOutcome:
        update = error.update if isinstance(error, ExecutionError | UnfinishedError) else self._updates.get(step, "")
        stages = error.stages if isinstance(error, ExecutionError) else ()
        return StepOutcome(step, Status.FAILED, _told(error), error.hint, stages, update)

    def _abandoned(self, step: Step) -> StepOutcome:
        if step not in self._started:
            return StepOutcome(step, Status.NOT_STARTED, "stopped before its turn", "apply again to finish")
        update = self._updates.get(step, "")
        what = "it runs still in the Core" if update else "the Core may do it still"
        return StepOutcome(
            step, Status.FAILED, f"not waited for: {what}", "plan again to see what was done", update=update
        )


def _needs(planned: Planned) -> Mapping[Step, tuple[Step, ...]]:
    """What each step needs: what its change says, and the earlier steps of its own resource."""
    found: dict[Step, list[Step]] = {}
    earlier: dict[object, list[Step]] = {}
    for wave in planned.plan.waves:
        for step in wave:
            before = earlier.setdefault(step.address, [])
            found[step] = list(before)
            before.append(step)
    for resource in planned.plan.resources:
        for change in resource.changes:
            found.setdefault(Step(resource.address, change.action), []).extend(change.needs)
    return {step: tuple(dict.fromkeys(needs)) for step, needs in found.items()}


def _told(error: KomodoSyncError) -> str:
    detail = "; ".join(line for line in error.detail.splitlines() if line)
    return f"{error.summary}: {detail}" if detail else error.summary
