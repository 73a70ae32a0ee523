"""Before something is taken down where it runs: whether the Core reaches the server to which it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.client.snapshot import list_params
from komodo_sync.errors import ExecutionError, StoppedError
from komodo_sync.kinds import KINDS
from komodo_sync.model.outcome import Wait
from komodo_sync.planning.deploys.hurdles import GOOD
from komodo_sync.wire.live import read_listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.updates import Clock
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.model.address import Address

REACHED_AFTER = 30.0
"""Seconds for which it need not be reached: an agent may be about to connect, the Core looks every 15."""
LOOK_EVERY = 2.0


def reached(
    host: Address, identity: str, reader: Reader, clock: Clock, stop: StopFlag, heard: Callable[[Wait], None]
) -> None:
    """Waits until the Core reaches `host`, which may have been written a moment ago. Raises ExecutionError where it
    does not, StoppedError when the wait was stopped."""
    began, operation = clock.now(), KINDS[host.kind].reached
    while True:
        listed = read_listed(reader.read(operation, list_params(operation, names=[identity])), operation)
        state = next((each.state for each in listed if each.id == identity), "not there")
        if state == GOOD:
            return
        so_far, why = clock.now() - began, f"the Core does not reach {host}, to which it moves ({state})"
        if so_far >= REACHED_AFTER:
            raise ExecutionError(
                f"it was not taken down: {why} after {so_far:.0f} seconds",
                hint=f"see that {host} is enabled, that its address and keys are right and its agent runs, then apply "
                "again; or leave it where it is",
            )
        if stop.requested:
            raise StoppedError(f"stopped while it waited: {why}", hint="apply again to finish")
        heard(Wait(why, so_far, REACHED_AFTER))
        clock.sleep(LOOK_EVERY)
