"""One cycle: pull, plan, apply as allowed; and what became of it, as a value."""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, Protocol

from komodo_sync.errors import InputError, KomodoSyncError, RefusedError, StoppedError
from komodo_sync.model.data import Data, field, replace
from komodo_sync.model.finding import UNPROVEN
from komodo_sync.model.outcome import Status
from komodo_sync.planning.safe import safe_part
from komodo_sync.watching.notes import Notes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from komodo_sync.execution.events import Listener
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.model.outcome import Outcome, StepOutcome
    from komodo_sync.model.plan import Plan, Planned
    from komodo_sync.planning.safe import Held
    from komodo_sync.watching.pull import Pulled

Applies = Literal["never", "safe", "always"]


class Result(StrEnum):
    """How a cycle ended.

    IN_SYNC (nothing to do, as far as is seen); APPLIED (all was done, and nothing is left); HELD (what was safe is
    done, the rest is left for people); DRIFT (there are changes, and nothing may be applied); UNPROVEN (nothing is left
    to do, and something does not run as declared, or may not); PARTLY (a part of it failed or is left); REFUSED
    (unsafe, or another apply holds the lock; nothing was written); FAILED (no plan came about); STOPPED.
    """

    IN_SYNC = "in sync"
    APPLIED = "applied"
    HELD = "held"
    DRIFT = "drift"
    UNPROVEN = "unproven"
    PARTLY = "partly"
    REFUSED = "refused"
    FAILED = "failed"
    STOPPED = "stopped"


BAD = frozenset((Result.FAILED, Result.PARTLY))
"""Ends after which the next cycle waits longer."""


class Cycle(Data, frozen=True):
    """What became of one cycle; nothing of it holds a secret. `changes`: what the plan found, by action, before
    anything was done. `pulled`: None where nothing is pulled."""

    result: Result
    core: str = ""
    pulled: Pulled | None = None
    changes: Mapping[str, int] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    skipped: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    held: tuple[Held, ...] = ()
    unproven: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    error: str = ""
    detail: str = ""
    hint: str = ""
    notes: tuple[str, ...] = ()


class World(Protocol):
    """What is declared and what lives, read anew for each cycle."""

    def plan(self) -> Planned:
        """What would change."""

    def apply(
        self, planned: Planned, *, parallelism: int, verify: bool, listener: Listener, stop: StopFlag, whole: bool
    ) -> Outcome:
        """Does it. `whole`: the plan is all that there is to do."""


class Job(Data, frozen=True):
    """What every cycle does. `pull`: brings the manifests up to date, or None; `open_world` reads them and connects."""

    open_world: Callable[[], AbstractContextManager[World]]
    applies: Applies
    parallelism: int
    stop: StopFlag
    pull: Callable[[], Pulled] | None = None

    def cycle(self) -> Cycle:
        """One cycle, whatever comes. Raises nothing of the tree."""
        notes = Notes()
        pulled: Pulled | None = None
        plan: Plan | None = None
        try:
            pulled = self._pulled(notes)
            with ExitStack() as stack:
                with self.stop.broken_off():
                    world = stack.enter_context(self.open_world())
                    planned = world.plan()
                plan = planned.plan
                done = self._applied(world, planned, notes)
        except KeyboardInterrupt:
            done = Cycle(Result.STOPPED, error="stopped before there was a plan")
        except StoppedError as error:
            done = Cycle(Result.STOPPED, error=error.summary)
        except RefusedError as error:
            done = _error(Result.REFUSED, error)
        except KomodoSyncError as error:
            done = _error(Result.FAILED, error)
        if plan is not None:
            unseen = tuple(item.message for item in plan.unseen)
            done = replace(done, core=plan.core.host, changes=dict(plan.summary.actions), unseen=unseen)
        return replace(done, pulled=pulled, notes=tuple(notes.told))

    def _pulled(self, notes: Notes) -> Pulled | None:
        """Pulls, where that is asked for. Raises StoppedError when somebody wants to stop by then."""
        pulled = self.pull() if self.pull is not None else None
        for told in pulled.own if pulled else ():
            notes.note(told)
        if self.stop.requested:
            raise StoppedError("stopped before there was a plan")
        return pulled

    def _applied(self, world: World, planned: Planned, notes: Notes) -> Cycle:
        plan = planned.plan
        if not plan.has_changes:
            if plan.refusals:
                return Cycle(Result.REFUSED, error=plan.refusals[0].message, hint=plan.refusals[0].hint)
            return Cycle(Result.UNPROVEN if plan.unproven else Result.IN_SYNC, unproven=_unproven(plan))
        if self.applies == "never":
            return Cycle(Result.DRIFT, left=_steps(plan), unproven=_unproven(plan))
        if self.stop.requested:
            return Cycle(Result.STOPPED, left=_steps(plan))
        held: tuple[Held, ...] = ()
        if self.applies == "safe":
            part = safe_part(planned)
            planned, held = part.planned, part.held
            if not planned.payloads:
                return Cycle(Result.HELD, held=held)
        outcome = world.apply(
            planned, parallelism=self.parallelism, verify=not held, listener=notes, stop=self.stop, whole=not held
        )
        return _outcome(outcome, held)


def _outcome(outcome: Outcome, held: tuple[Held, ...]) -> Cycle:
    failed = tuple((str(each.step), _why(each)) for each in outcome.of(Status.FAILED))
    left = _steps(outcome.remaining) if outcome.remaining is not None else ()
    if outcome.stopped:
        result = Result.STOPPED
    elif not outcome.complete:
        result = Result.UNPROVEN if _is_unproven_alone(outcome) else Result.PARTLY
    else:
        result = Result.HELD if held else Result.APPLIED
    return Cycle(
        result,
        done=tuple(str(each.step) for each in outcome.of(Status.DONE)),
        failed=failed,
        skipped=tuple(str(each.step) for each in (*outcome.of(Status.SKIPPED), *outcome.of(Status.NOT_STARTED))),
        left=left,
        held=held,
        unproven=_unproven(outcome.remaining) if outcome.remaining is not None else (),
        error=outcome.verification,
    )


def _why(failed: StepOutcome) -> str:
    """In one line: why, what the failed stages said, and which Update tells more."""
    said = (f"{stage.name}: {' | '.join(filter(str.strip, stage.text.splitlines()))}" for stage in failed.stages)
    update = f"update {failed.update}" if failed.update else ""
    return "; ".join(filter(None, (failed.message, *said, update)))


def _is_unproven_alone(outcome: Outcome) -> bool:
    """Whether all was done, and only what nobody can tell, or mend, keeps it from being complete."""
    rest = outcome.remaining
    if rest is None or outcome.verification or rest.has_changes or rest.summary.refused:
        return False
    return bool(rest.unproven) and all(result.status is Status.DONE for result in outcome.results)


def _unproven(plan: Plan) -> tuple[str, ...]:
    return tuple(item.message for item in plan.findings if item.code in UNPROVEN)


def _steps(plan: Plan) -> tuple[str, ...]:
    return tuple(f"{item.address} {change.action}" for item in plan.resources for change in item.changes)


def _error(result: Result, error: KomodoSyncError) -> Cycle:
    detail = error.detail
    if isinstance(error, InputError):
        detail = "\n".join(f"{item.span}: {item.message}" for item in error.diagnostics if item.severity == "error")
    return Cycle(result, error=error.summary, detail=detail, hint=error.hint)
