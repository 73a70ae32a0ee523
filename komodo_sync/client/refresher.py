"""Has the Core look at git and at the hosts again, before it is asked what it knows of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from komodo_sync.client.threads import side_by_side
from komodo_sync.errors import CoreConnectionError, DeniedError, KomodoSyncError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.client.transport import Transport
    from komodo_sync.kinds.lifecycle import Lifecycle
    from komodo_sync.model.address import Address

AT_ONCE = 8
"""Caches that are refreshed at the same time: each has the Core run git."""


class Refresher:
    """Refreshes caches alone: it changes nothing that is declared or that runs."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def refresh(self, wanted: Mapping[Address, tuple[Lifecycle, str]]) -> dict[Address, str]:
        """Refreshes the cache of each, by its id; answers for each why that could not be done, empty where it was.

        What is gone meanwhile is left out. Raises errors of the tree where the Core cannot be spoken to.
        """
        calls: list[Callable[[], str | None]] = [
            partial(self._one, lifecycle, identity) for lifecycle, identity in wanted.values()
        ]
        found: dict[Address, str] = {}
        addresses = list(wanted)
        for done in side_by_side(calls, AT_ONCE):
            why = done.result()
            if why is not None:
                found[addresses[done.index]] = why
        return found

    def _one(self, lifecycle: Lifecycle, identity: str) -> str | None:
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
        return ""
