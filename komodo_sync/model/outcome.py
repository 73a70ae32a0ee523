"""What an apply did."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from komodo_sync.model.plan import Finding, Plan, Step


class Wait(Data, frozen=True):
    """Why a step pauses, for people and without a secret. `seconds`: for how long it has waited so far, of at most
    `limit`; both 0 where the pause is short. `update`: the id of the execution that is waited for, if it is one."""

    why: str
    seconds: float = 0.0
    limit: float = 0.0
    update: str = ""


class Status(StrEnum):
    """What became of one step.

    DONE; FAILED (Core said no, or the truth could not be read); SKIPPED (something that it needs failed);
    NOT_STARTED (the run was stopped before its turn).
    """

    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    NOT_STARTED = "not started"


class FailedStage(Data, frozen=True):
    """A stage of an execution that failed, as the Core calls it, and the last lines of what it said, without
    secrets."""

    name: str
    text: str


class StepOutcome(Data, frozen=True):
    """One step's fate. `message` and `hint` are for people and hold no secret; empty when it is done, or who did it.

    stages  of an execution, what failed of it
    update  the id under which the Core tells of an execution; also of one that it may be doing still
    unapproved   it is not in the plan that was approved, so that no apply of that does it
    """

    step: Step
    status: Status
    message: str = ""
    hint: str = ""
    stages: tuple[FailedStage, ...] = ()
    update: str = ""
    unapproved: bool = False

    @property
    def told(self) -> tuple[str, ...]:
        """The message, and below it what each failed stage said, line by line."""
        said = [line for stage in self.stages for line in (f"{stage.name}:", *stage.text.splitlines())]
        return (*self.message.strip().splitlines(), *said)


class Outcome(Data, frozen=True):
    """What became of a plan.

    results       in the order of the waves
    remaining     the verifying plan, None when it was not made (`--no-verify`, stopped, or it failed)
    verification  why the verifying plan could not be made, if it failed
    refused       why nothing was begun at all; empty where it was
    """

    plan: Plan
    results: tuple[StepOutcome, ...]
    remaining: Plan | None = None
    verification: str = ""
    stopped: bool = False
    refused: tuple[Finding, ...] = ()

    def of(self, status: Status) -> tuple[StepOutcome, ...]:
        """The steps with that fate."""
        return tuple(result for result in self.results if result.status is status)

    @property
    def complete(self) -> bool:
        """Whether every step is done and nothing is left, nor unknown of what is to run."""
        done = all(result.status is Status.DONE for result in self.results)
        rest = self.remaining
        left = rest is not None and (rest.has_changes or rest.summary.refused > 0 or bool(rest.unproven))
        return done and not left and not self.stopped and not self.verification and not self.refused
