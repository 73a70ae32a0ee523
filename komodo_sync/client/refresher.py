"""Has the Core look at git and at the hosts again, before it is asked what it knows of them."""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

from komodo_sync.client.threads import all_of
from komodo_sync.errors import CoreConnectionError, DeniedError, KomodoSyncError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.client.transport import Transport
    from komodo_sync.kinds.lifecycle import Lifecycle
    from komodo_sync.model.address import Address

AT_ONCE = 8
"""Caches that are refreshed at the same time: each has the Core run git."""
KEPT_FOR = 6.0
"""Seconds after which a refresh is surely a new look: within five the Core repeats what the last one found."""


class Refresher:
    """Refreshes caches alone: it changes nothing that is declared or that runs. `now` are seconds that only grow, also
    while it sleeps."""

    def __init__(
        self,
        transport: Transport,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = transport
        self._sleep = sleep
        self._now = now
        self._last: dict[str, float] = {}
        """When each cache was refreshed last by this one, by its id."""

    def refresh(self, wanted: Mapping[Address, tuple[Lifecycle, str]], *, patient: bool = True) -> dict[Address, str]:
        """Refreshes the cache of each, by its id; answers for each why that could not be done, empty where it was.

        What this one refreshed a moment ago would be repeated: `patient` waits until it is looked at anew, and else
        that look counts. What is gone meanwhile is left out. Raises errors of the tree where the Core cannot be spoken
        to.
        """
        began = self._now()
        left = {
            address: self._last[key] + KEPT_FOR - began for address, (_, key) in wanted.items() if key in self._last
        }
        recent = {address for address, seconds in left.items() if seconds > 0}
        if recent and patient:
            self._sleep(max(left[address] for address in recent))
            recent = set()
        due = {address: each for address, each in wanted.items() if address not in recent}
        calls: list[Callable[[], str | None]] = [
            partial(self._one, lifecycle, identity) for lifecycle, identity in due.values()
        ]
        found = dict.fromkeys(sorted(recent), "")
        refused = zip(due, all_of(calls, AT_ONCE), strict=True)
        return found | {address: why for address, why in refused if why is not None}

    def _one(self, lifecycle: Lifecycle, identity: str) -> str | None:
        began = self._now()
        try:
            self._transport.call("write", lifecycle.refresh, {lifecycle.subject: identity})
        except CoreConnectionError:
            raise
        except NotFoundError:
            return None
        except DeniedError:
            return "this key may not"
        except KomodoSyncError as error:
            return error.summary
        self._last[identity] = began
        return ""
