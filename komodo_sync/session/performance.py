"""A plan is done, under the lock of its owner, and proved by a second plan; one of nothing proves itself."""

from __future__ import annotations

from functools import cache, partial
from threading import Lock
from typing import TYPE_CHECKING

from komodo_sync.errors import KomodoSyncError
from komodo_sync.model.outcome import Outcome, Status, StepOutcome
from komodo_sync.model.plan import Action
from komodo_sync.session.idleness import plan_once_idle
from komodo_sync.session.keeping import keep, keep_proved
from komodo_sync.session.observation import plan
from komodo_sync.session.refusals import check_refusals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from komodo_sync.execution import Pace
    from komodo_sync.execution.events import Listener
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.manifest import Loaded
    from komodo_sync.model.plan import Plan, Planned, Step
    from komodo_sync.planning import Options
    from komodo_sync.session.connection import Session

SETTLING = frozenset({Action.DEPLOY, Action.START, Action.STOP, Action.DESTROY})
"""What a plan may want only because a state has not settled yet: the Core looks at its servers every 15 seconds."""
SETTLED_AFTER = (2.0, 4.0, 8.0, 16.0, 15.0, 15.0)
"""Seconds before each further look at whether what is left has settled: a minute in all."""


def apply(
    session: Session,
    planned: Planned,
    loaded: Loaded,
    options: Options,
    *,
    parallelism: int,
    verify: bool,
    listener: Listener,
    stop: StopFlag,
    root: Path | None = None,
    pace: Pace | None = None,
    skipped: Sequence[StepOutcome] = (),
) -> Outcome:
    """Does what was planned, then plans again; meanwhile it holds the owner's lock. Raises RefusedError before the
    first write if the plan may not be applied, or another apply holds the lock; what fails later is told by the
    Outcome. `root`: the folder whose commit is kept as the last applied one, once it is proved that all of it is as
    declared (else that a part of it was applied); where nothing was to do, only if that is news.
    `pace`: how deploys follow each other; `skipped`: steps that are left out, and why."""
    check_refusals(planned.plan, approved=options.visibility is not None)
    made = partial(_applied, session, planned, loaded, options, parallelism, verify, listener, stop, pace, skipped)
    if not options.owner:
        return made()
    if not planned.payloads:
        outcome = made()
        if root and outcome.complete and not options.narrowed and options.deploy:
            keep_proved(session, planned.plan, loaded, options.owner, listener, stop, root)
        return outcome
    from komodo_sync.execution.lock import Lock, locked

    lock = Lock(options.owner, session.reader, session.writer)
    # an approved plan tells whose view it was, not whose key this is
    admin = planned.plan.visibility.admin or options.visibility is not None
    with locked(lock, admin=admin, note=listener.note, stop=stop) as held:
        outcome = made()
        if held and root:
            keep(session, outcome, loaded, options, listener, stop, root)
        return outcome


def _applied(
    session: Session,
    planned: Planned,
    loaded: Loaded,
    options: Options,
    parallelism: int,
    verify: bool,
    listener: Listener,
    stop: StopFlag,
    pace: Pace | None,
    skipped: Sequence[StepOutcome],
) -> Outcome:
    from komodo_sync.execution import Pace
    from komodo_sync.execution import apply as execute
    from komodo_sync.wire.declared_secrets import declared_texts

    results = execute(
        planned,
        session.writer,
        session.reader,
        parallelism=parallelism,
        listener=listener,
        stop=stop,
        pace=pace or Pace(options.limits.failures),
        texts=cache(partial(declared_texts, loaded.desired)),
        needed=_Needed(session, loaded, options),
        known=planned.known,
    )
    results += tuple(skipped)
    if not verify or stop.requested:
        return Outcome(planned.plan, results, stopped=stop.requested)
    if not results and not planned.plan.has_changes:
        return Outcome(planned.plan, results, planned.plan)
    listener.note("verifying: planning again")
    try:
        remaining = _settled(session, loaded, options, results, listener, stop, pace.timeout if pace else 0.0)
    except KomodoSyncError as error:
        return Outcome(planned.plan, results, verification=error.summary)
    return Outcome(planned.plan, results, remaining, stopped=stop.requested)


def _settled(
    session: Session,
    loaded: Loaded,
    options: Options,
    results: Iterable[StepOutcome],
    listener: Listener,
    stop: StopFlag,
    timeout: float,
) -> Plan:
    """The verifying plan, made once nobody else is at what it is about, and again for as long as what it wants may be a
    state that has not settled yet."""
    failed = {result.step.address for result in results if result.status is not Status.DONE}
    begun = {result.step.address for result in results if result.step.action in SETTLING} - failed
    waiting = partial(
        plan_once_idle,
        note=listener.note,
        stopped=lambda: stop.requested,
        timeout=timeout,
        besides=failed,
        patient=False,
    )
    remaining = waiting(session, loaded, options).plan
    for number, pause in enumerate(SETTLED_AFTER):
        wanted = [
            resource.address
            for resource in remaining.resources
            if resource.address not in failed and any(change.action in SETTLING for change in resource.changes)
        ]
        wanted += sorted(begun & remaining.unproven - set(wanted))
        if not wanted or stop.requested:
            break
        if not number:
            names = ", ".join(map(str, wanted[:3])) + (f" and {len(wanted) - 3} more" if len(wanted) > 3 else "")
            listener.note(f"verifying: {names} not as declared yet, looking again for up to a minute")
        session.writer.sleep(pause)
        remaining = plan(session, loaded, options, patient=False).plan
    return remaining


class _Needed:
    """Whether a step is to be done still, after somebody else was at its resource: what they did may be all of it."""

    def __init__(self, session: Session, loaded: Loaded, options: Options) -> None:
        self._made = partial(plan, session, loaded, options, patient=False)
        self._alone = Lock()

    def __call__(self, step: Step) -> bool:
        with self._alone:
            found = self._made().plan
        # what nobody can tell is tried
        return step.address in found.unproven or any(
            change.action is step.action
            for resource in found.resources
            if resource.address == step.address
            for change in resource.changes
        )


def exit_code(outcome: Outcome) -> int:
    """0 all done and nothing left, 130 stopped, 3 in part."""
    if outcome.stopped:
        return 130
    if outcome.complete:
        return 0
    unproven = outcome.remaining is not None and outcome.remaining.unproven
    return 3 if outcome.results or unproven else 1
