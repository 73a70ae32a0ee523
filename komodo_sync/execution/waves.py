"""The steps of a plan in waves, each wave side by side. What fails takes along what needs it, and nothing else."""

from __future__ import annotations

from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from komodo_sync.client.threads import side_by_side
from komodo_sync.errors import AnswerLostError, CoreConnectionError, KomodoSyncError, StoppedError, StorageError
from komodo_sync.execution.identities import Identities
from komodo_sync.execution.steps import Hands
from komodo_sync.model.outcome import Status, StepOutcome
from komodo_sync.model.plan import Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.writer import Writer
    from komodo_sync.execution.events import Listener
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.model.plan import Planned


def apply(
    planned: Planned, writer: Writer, reader: Reader, *, parallelism: int, listener: Listener, stop: StopFlag
) -> tuple[StepOutcome, ...]:
    """Does every step of the plan, at most `parallelism` at once, and tells what became of each, in the plan's order.

    A step is skipped when one that it needs failed. Nothing new starts once `stop` is requested, or once the Core
    cannot be spoken to: what is left then is not started.
    """
    hands = Hands(writer, reader, Identities(planned.ids), stop)
    run = _Run(planned, hands, listener)
    for wave in planned.plan.waves:
        run.wave(wave, parallelism)
    return tuple(run.outcomes[step] for wave in planned.plan.waves for step in wave)


class _Run:
    """`outcomes` are those of finished steps; `causes` the failed step for which each skipped one was skipped."""

    def __init__(self, planned: Planned, hands: Hands, listener: Listener) -> None:
        self.outcomes: dict[Step, StepOutcome] = {}
        self._payloads = planned.payloads
        self._needs = _needs(planned)
        self._hands = hands
        self._listener = listener
        self._causes: dict[Step, Step] = {}
        self._started: set[Step] = set()
        self._lost: KomodoSyncError | None = None

    def wave(self, steps: Sequence[Step], parallelism: int) -> None:
        """Every step of one wave; those of one resource stay in their order."""
        ordered = sorted(range(len(steps)), key=lambda index: (steps[index].address, index))
        groups = [
            [steps[index] for index in indexes] for _, indexes in groupby(ordered, lambda index: steps[index].address)
        ]
        stop = self._hands.stop
        tasks = [partial(self._resource, group) for group in groups]
        for done in side_by_side(tasks, max(1, parallelism), given_up=lambda: stop.abandoned):
            done.result()
        for step in steps:
            if step not in self.outcomes:
                self._finish(self._abandoned(step))

    def _resource(self, steps: Sequence[Step]) -> None:
        for step in steps:
            outcome = self._unstarted(step) or self._blocked(step) or self._performed(step)
            if not self._hands.stop.abandoned:
                self._finish(outcome)

    def _finish(self, outcome: StepOutcome) -> None:
        self.outcomes[outcome.step] = outcome
        self._listener.finished(outcome)

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
            message = f"needs {cause.address}, whose {cause.action} failed"
            return StepOutcome(step, Status.SKIPPED, message, "mend what failed, then apply again")
        return None

    def _performed(self, step: Step) -> StepOutcome:
        self._started.add(step)
        self._listener.started(step)
        try:
            self._hands.perform(self._payloads[step], lambda wait: self._listener.waiting(step, wait))
        except StoppedError as error:
            return StepOutcome(step, Status.NOT_STARTED, error.summary, error.hint)
        except KomodoSyncError as error:
            # after these, every further call would fail alike, and a wrong key locks the address out
            if isinstance(error, CoreConnectionError | StorageError) and not isinstance(error, AnswerLostError):
                self._lost = self._lost or error
            return StepOutcome(step, Status.FAILED, _told(error), error.hint)
        return StepOutcome(step, Status.DONE)

    def _abandoned(self, step: Step) -> StepOutcome:
        if step in self._started:
            return StepOutcome(
                step, Status.FAILED, "not waited for: the Core may do it still", "plan again to see what was done"
            )
        return StepOutcome(step, Status.NOT_STARTED, "stopped before its turn", "apply again to finish")


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
