"""Requests that a proxy in front of the Core puts off: waited with, and sent again."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from komodo_sync.wire.put_off import duration, put_off

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

PUT_OFF_FOR = 120.0
"""Seconds for which a request is put off at most, all its pauses together."""
FIRST = 0.5
"""Seconds of the first pause where less is asked for; each further one is twice as long."""
TOLD_FROM = 2.0
"""Seconds of a pause that is worth a line."""

_LOG = logging.getLogger(__name__)


class Throttling:
    """How the requests to one `host` wait, for `longest` seconds each. May be used from several threads."""

    def __init__(self, host: str, longest: float, sleep: Callable[[float], None]) -> None:
        self._host = host
        self._longest = longest
        self._sleep = sleep
        self._told = False
        self._telling = threading.Lock()

    def answered(self, send: Callable[[], httpx.Response], again: Callable[[httpx.Response], bool]) -> httpx.Response:
        """The first answer that does not put off, or the last one where the time is over. `again`: whether after this
        answer it may be sent once more."""
        waited = 0.0
        for number in count():
            answer = send()
            if not again(answer):
                break
            pause = max(FIRST * 2**number, put_off(answer.headers, datetime.now(UTC)) or 0.0)
            if waited + pause > self._longest:
                break
            self._tell(answer.status_code, pause)
            self._sleep(pause)
            waited += pause
        return answer

    def _tell(self, status: int, pause: float) -> None:
        """Once: the others wait for the same reason."""
        with self._telling:
            tell, self._told = pause >= TOLD_FROM and not self._told, self._told or pause >= TOLD_FROM
        _LOG.log(
            logging.WARNING if tell else logging.DEBUG,
            "%s takes no more requests for now (status %s): asking again in %s",
            self._host,
            status,
            duration(pause),
        )
