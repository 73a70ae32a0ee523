"""A call that is waited for so long and no longer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from komodo_sync.client.threads import side_by_side
from komodo_sync.errors import AnswerLostError

if TYPE_CHECKING:
    from collections.abc import Callable

Found = TypeVar("Found")


def in_time(call: Callable[[], Found], seconds: float, what: str) -> Found:
    """What `call` gives. Raises what it raises, and AnswerLostError when it has not ended in time: then it is left
    behind on its thread, however slowly names resolve or an answer drips."""
    ends = time.monotonic() + seconds
    for done in side_by_side([call], 1, given_up=lambda: time.monotonic() > ends, look_every=min(0.05, seconds)):
        return done.result()
    raise AnswerLostError(
        f"{what} was not answered in {seconds:g} seconds",
        hint="see that the Core, its database and any proxy before it answer at all; then run doctor again",
        timed_out=True,
    )
