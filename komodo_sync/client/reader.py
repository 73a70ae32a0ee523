"""What asks the Core and never changes it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from komodo_sync.errors import AnswerLostError

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.client.greeting import Greeting
    from komodo_sync.client.transport import Route, Transport

RETRY_AFTER = (0.2, 0.6)
"""Seconds before the second and the third try of a read."""

Answer = TypeVar("Answer")


class Reader:
    """Reads alone: it has no verb that writes.

    A read is tried again when the connection broke or a gateway said 502, 503 or 504; never after an answer of the
    Core itself (a wrong key, repeated, locks the address out), nor after a timeout or a refused connection.
    """

    def __init__(self, transport: Transport, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._transport = transport
        self._sleep = sleep

    @property
    def host(self) -> str:
        """What the Core is called in messages and plans."""
        return self._transport.host

    def greeting(self) -> Greeting:
        """What the host tells beside what it says: the time there, and its certificate."""
        return self._transport.greeting()

    def read(self, operation: str, params: dict[str, Any], shape: Callable[[Any], Any] | None = None) -> Any:
        """The JSON of a read operation, or what `shape` makes of it at once: a long list is large, what is needed of it
        is not. Raises errors of the tree, and what `shape` raises."""
        return self._patiently(lambda: self._transport.call("read", operation, params, shape))

    def account(self, operation: str) -> Any:
        """What the Core answers below /auth: GetLoginOptions, GetUserId."""
        route: Route = "auth/login" if operation == "GetLoginOptions" else "auth/manage"
        return self._patiently(lambda: self._transport.call(route, operation, {}))

    def version(self) -> str:
        """As `2.3.2`. Raises TooOldError before 2.0."""
        return self._patiently(self._transport.version)

    def user(self) -> dict[str, Any]:
        """The user whose key this is, as the Core answers it: `_id`, `username`, `admin`, ..."""
        return self._patiently(self._transport.user)

    def _patiently(self, ask: Callable[[], Answer]) -> Answer:
        for pause in RETRY_AFTER:
            try:
                return ask()
            except AnswerLostError as error:
                if error.timed_out:
                    raise
            self._sleep(pause)
        return ask()
