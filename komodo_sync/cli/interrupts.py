"""Ctrl-C, SIGTERM and a terminal that is closed: the first lets running calls finish, the second gives up waiting for
them; what only reads is given up at once where it says so."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from komodo_sync.execution.stop import StopFlag

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@contextmanager
def stop_on_signals() -> Iterator[StopFlag]:
    """A flag that SIGINT, SIGTERM and SIGHUP set for as long as the block runs; with nohup the last stays ignored."""
    stop = StopFlag()

    def handle(_number: int, _frame: FrameType | None) -> None:
        if stop.breaks_off:
            stop.request()
            click.echo("stopping: nothing is written", err=True)
            raise KeyboardInterrupt
        if stop.requested:
            stop.abandon()
            return
        stop.request()
        click.echo("stopping: what runs is finished, nothing new is started (again: do not wait)", err=True)

    heeded = [signal.SIGINT, signal.SIGTERM]
    hangup = getattr(signal, "SIGHUP", None)  # Windows has none
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
        heeded.append(hangup)
    previous = {number: signal.signal(number, handle) for number in heeded}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
