"""Cycle after cycle, never two at once, until somebody asks it to stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from komodo_sync.model.data import Data
from komodo_sync.watching.cycle import BAD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from komodo_sync.watching.cycle import Cycle

SLOWEST = 3600.0
"""Seconds between two cycles at most, however many failed, where the interval is no longer."""
BRIEFEST = 1.0
"""Seconds between two cycles at least, where a cycle took longer than the interval."""


class Turn(Data, frozen=True):
    """A cycle that is over. `number` counts from 1; `began` and `ended` are seconds since 1970, `seconds` how long it
    took; `failures`: how many in a row, this one included, failed; `next_in`: seconds until the next one."""

    number: int
    cycle: Cycle
    began: float
    ended: float
    seconds: float
    failures: int
    next_in: float


class Witness(Protocol):
    """Hears of every cycle."""

    def began(self, at: float) -> None:
        """One begins."""

    def ended(self, turn: Turn) -> None:
        """It is over."""


class Loop(Data):
    """`cycle` does one; `now` are seconds since 1970, `steady` seconds that only grow; `wait(seconds)` waits, and says
    whether to stop. `limit`: after so many cycles it ends by itself; 0: never."""

    cycle: Callable[[], Cycle]
    interval: float
    witnesses: Sequence[Witness]
    now: Callable[[], float]
    steady: Callable[[], float]
    wait: Callable[[float], bool]
    limit: int = 0

    def run(self) -> Turn | None:
        """Runs until it is to stop; the last cycle that was done. A cycle that is under way ends first."""
        failures = number = 0
        turn: Turn | None = None
        while not self.wait(0.0):
            number += 1
            began, start = self.now(), self.steady()
            for witness in self.witnesses:
                witness.began(began)
            cycle = self.cycle()
            took = self.steady() - start
            failures = failures + 1 if cycle.result in BAD else 0
            pause = 0.0 if number == self.limit else self._pause(took, failures)
            turn = Turn(number, cycle, began, self.now(), took, failures, pause)
            for witness in self.witnesses:
                witness.ended(turn)
            if number == self.limit or self.wait(pause):
                break
        return turn

    def _pause(self, took: float, failures: int) -> float:
        """From beginning to beginning one interval; after several failures in a row twice as long each time."""
        slower = self.interval * 2.0 ** min(max(failures - 1, 0), 16)
        return max(min(slower, max(self.interval, SLOWEST)) - took, min(self.interval, BRIEFEST))
