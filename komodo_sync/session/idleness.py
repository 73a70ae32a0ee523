"""What somebody else is doing with what is to be decided is waited for: the plan is made of what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.planning.timeouts import timeout_of
from komodo_sync.session.observation import plan

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from komodo_sync.manifest import Loaded
    from komodo_sync.model.address import Address
    from komodo_sync.model.plan import Planned
    from komodo_sync.planning import Options
    from komodo_sync.session.connection import Session

FIRST_LOOK, SLOWER_BY, LAST_LOOK = 1.0, 1.5, 10.0
"""Seconds to the first look, how much longer each further pause is, and the longest one."""


def plan_once_idle(
    session: Session,
    loaded: Loaded,
    options: Options,
    *,
    note: Callable[[str], None],
    stopped: Callable[[], bool] = lambda: False,
    timeout: float = 0.0,
    besides: Collection[Address] = (),
    patient: bool = True,
) -> Planned:
    """The plan, made when nothing is being done any more with what it has to decide, or once each of these was waited
    for as long as its timeout says (`timeout`: for all of them). What is in passing without anybody's action, as a
    container that is restarted again and again, is not waited for, nor is what is named `besides`. Raises what `plan`
    does."""
    waited: dict[Address, float] = {}
    passed: set[Address] = set()
    while True:
        planned = plan(session, loaded, options, patient=patient and not waited and not passed)
        wanted = sorted(planned.plan.busy - set(besides))
        busy = [address for address in wanted if _acted_on(session, planned, address)]
        # what ended while the plan was made is looked at once more
        ended = set(wanted) - set(busy) - passed
        busy = [address for address in busy if waited.get(address, 0.0) < _patience(address, options, timeout)]
        if not (busy or ended) or stopped():
            return planned
        passed |= ended
        if not busy:
            continue
        note(_told(busy, max(_patience(address, options, timeout) - waited.get(address, 0.0) for address in busy)))
        pause = FIRST_LOOK
        while busy and not stopped():
            session.writer.sleep(pause)
            waited.update({address: waited.get(address, 0.0) + pause for address in busy})
            busy = [
                address
                for address in busy
                if waited[address] < _patience(address, options, timeout) and _acted_on(session, planned, address)
            ]
            pause = min(pause * SLOWER_BY, LAST_LOOK)


def _patience(address: Address, options: Options, timeout: float) -> float:
    return timeout or timeout_of(address, options.timeouts)


def _acted_on(session: Session, planned: Planned, address: Address) -> bool:
    from komodo_sync.execution.actions import actions_on

    return bool(actions_on(session.reader, KINDS[address.kind], planned.ids.get(address, "")))


def _told(busy: list[Address], patience: float) -> str:
    names = ", ".join(map(str, busy[:3])) + (f" and {len(busy) - 3} more" if len(busy) > 3 else "")
    return f"waiting: somebody else's action is running on {names} (for {patience:.0f} seconds at most)"
