"""How a running apply is asked to stop."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class StopFlag:
    """Asked once, running calls finish and nothing new starts; abandoned, running calls are not waited for either.

    Safe to be set from a signal handler and from any thread.
    """

    def __init__(self) -> None:
        self._requested = threading.Event()
        self._abandoned = threading.Event()
        self._breaks_off = False

    @property
    def requested(self) -> bool:
        """Whether nothing new is to start."""
        return self._requested.is_set()

    @property
    def abandoned(self) -> bool:
        """Whether nothing is to be waited for."""
        return self._abandoned.is_set()

    @property
    def breaks_off(self) -> bool:
        """Whether what runs now is given up at once: it writes nothing."""
        return self._breaks_off

    @contextmanager
    def broken_off(self) -> Iterator[None]:
        """A block of the main thread that writes nothing: who is asked to stop in it raises KeyboardInterrupt."""
        self._breaks_off = True
        try:
            yield
        finally:
            self._breaks_off = False

    def wait(self, seconds: float) -> bool:
        """Waits until nothing new is to start, for at most so many seconds; whether it is so."""
        return self._requested.wait(seconds)

    def request(self) -> None:
        """Start nothing new."""
        self._requested.set()

    def abandon(self) -> None:
        """Wait for nothing. What was sent may still be done by the Core."""
        self._requested.set()
        self._abandoned.set()
