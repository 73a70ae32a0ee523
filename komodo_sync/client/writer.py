"""What changes the Core."""

from __future__ import annotations

import time
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from komodo_sync.errors import AnswerLostError, BusyError, ThrottledError, UnreachableError
from komodo_sync.model.outcome import Wait

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.client.transport import Transport

REFUSED_AFTER = (0.5, 1.5, 3.0)
"""Seconds before each further try when no connection came about."""
BUSY_AFTER = (0.5, 1.0, 2.0, 4.0)
"""Seconds before the first further tries when another action runs on the resource; then every five."""
BUSY_EVERY = 5.0
PATIENCE = 300.0
"""Seconds for which such a resource is waited for where nothing else is said."""


def _unheard(_wait: Wait) -> None:
    """Nobody wants to know why a write waits."""


class Writer:
    """Writes alone. A write is sent again only when it is certain that nothing happened: no connection came about, or
    the Core said that the resource is busy. When its answer is lost (AnswerLostError), the caller reads the truth.
    `now` are seconds that only grow, also while it sleeps."""

    def __init__(
        self,
        transport: Transport,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = transport
        self.sleep = sleep
        self.now = now

    def execute(self, operation: str, params: dict[str, Any]) -> Any:
        """Starts an execution, once; the Core's Update of it, which is still in progress (see `client.updates`)."""
        return self._transport.call("execute", operation, params)

    def manage(self, operation: str, params: dict[str, Any]) -> Any:
        """Makes or deletes a key of the calling user's, once."""
        return self._transport.call("auth/manage", operation, params)

    def write(
        self,
        operation: str,
        params: dict[str, Any],
        *,
        waiting: Callable[[Wait], None] = _unheard,
        patience: float = PATIENCE,
    ) -> Any:
        """The JSON that the Core answers. `waiting` is told why before each pause, and may raise to end it; `patience`:
        seconds for which a resource may be busy."""
        refused = iter(REFUSED_AFTER)
        busy = chain(BUSY_AFTER, repeat(BUSY_EVERY))
        waited = 0.0
        while True:
            try:
                return self._transport.call("write", operation, params)
            except (AnswerLostError, ThrottledError):
                raise  # what was put off has waited long enough
            except UnreachableError as error:
                pause = next(refused, None)
                if pause is None:
                    raise
                waiting(Wait(error.summary))
            except BusyError as error:
                if waited >= patience:
                    raise
                pause = next(busy)
                waiting(Wait(error.summary, waited, patience))
                waited += pause
            self.sleep(pause)
