"""Which deploys may begin: so many at a time, server by server, and none once too many have failed."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from komodo_sync.model.plan import Payload

FAILURES = 3
"""Failed deploys after which no further one begins, when nothing else is said."""
_SLICE = 1.0
"""Seconds between two looks at whether a pause is to end early."""


class Pace(Data, frozen=True):
    """How deploys follow each other.

    failures  how many may fail before no further one begins
    batch     how many at the same time; 0: as many as other steps
    pause     seconds between the last on one server and the first on the next; 0: servers side by side
    timeout   seconds for which each is waited for; 0: as long as its kind says
    """

    failures: int = FAILURES
    batch: int = 0
    pause: float = 0.0
    timeout: float = 0.0


class Gate:
    """What every execution passes. Used from several threads."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._turns = threading.BoundedSemaphore(pace.batch) if pace.batch else None
        self._lock = threading.Lock()
        self._failed = 0
        self._host: str | None = None

    @property
    def closed(self) -> str:
        """Why no further execution begins; empty while one may."""
        if self._failed < self._pace.failures:
            return ""
        what = "deploy has" if self._failed == 1 else "deploys have"
        return f"not begun: {self._failed} {what} failed (limits.failures: {self._pace.failures})"

    def count_failure(self) -> None:
        """One more has failed."""
        with self._lock:
            self._failed += 1

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits until it may run beside the others, for as long as the block runs."""
        if self._turns is None:
            yield
            return
        with self._turns:
            yield

    def by_host(self, groups: Sequence[Sequence[Payload]]) -> list[list[int]]:
        """The numbers of groups of steps that may run side by side, one list after the other: with a pause, a server
        after the other; what executes nothing comes with the first."""
        if not self._pace.pause:
            return [list(range(len(groups)))]
        hosts: dict[str, list[int]] = {}
        idle = []
        for number, steps in enumerate(groups):
            found = _host_of(steps)
            if found is None:
                idle.append(number)
            else:
                hosts.setdefault(found, []).append(number)
        ordered = [hosts[host] for host in sorted(hosts, key=lambda host: (host != self._host, host))]
        return [[*idle, *ordered[0]], *ordered[1:]] if ordered else [idle]

    def arrive(self, steps: Sequence[Payload], sleep: Callable[[float], None], stopped: Callable[[], bool]) -> None:
        """Pauses where these steps, which begin now, execute something on another server than the ones before."""
        found = _host_of(steps)
        if found is None or not self._pace.pause:
            return
        left = self._pace.pause if self._host not in (None, found) and not self.closed else 0.0
        self._host = found
        while left > 0 and not stopped():
            sleep(min(left, _SLICE))
            left -= _SLICE


def _host_of(steps: Sequence[Payload]) -> str | None:
    """Where steps of one resource execute something; of what moves, where it goes to. None: nowhere."""
    return next((step.execution.host for step in reversed(steps) if step.execution is not None), None)
