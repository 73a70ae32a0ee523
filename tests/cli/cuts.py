"""A process that ends between two calls."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from shell import is_write

from komodo_sync.client.transport import Transport


class Killed(BaseException):
    """The process is no more: nothing catches it."""


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Cut:
    """What ends the process."""
    found = Cut()
    call = Transport.call

    def counted(self: Transport, route: Any, operation: str, params: dict[str, Any], shape: Any = None) -> Any:
        found.begin(counts=is_write(operation))
        try:
            return call(self, route, operation, params, shape)
        finally:
            found.end()

    monkeypatch.setattr(Transport, "call", counted)
    return found


class Cut:
    """Ends the process before its write number `at` (from 0) and every further call; None: never. `seen`: writes. What
    merely reads is waited for too: its connection would be left open when the client is closed under it."""

    def __init__(self) -> None:
        self.at: int | None = None
        self.seen = 0
        self._running = 0
        self._ended = False
        self._calls = threading.Condition()

    def reset(self, at: int | None) -> None:
        """A new process."""
        self.at, self.seen, self._ended = at, 0, False

    def begin(self, *, counts: bool) -> None:
        with self._calls:
            if self._ended or (counts and self.at is not None and self.seen >= self.at):
                self._ended = True
                # what runs is answered, so that it is known what was done
                self._calls.wait_for(lambda: self._running == 0, 30)
                raise Killed
            self.seen += counts
            self._running += 1

    def end(self) -> None:
        with self._calls:
            self._running -= 1
            self._calls.notify_all()
