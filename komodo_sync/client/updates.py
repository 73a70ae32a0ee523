"""Executions, waited for: only a complete Update says whether one succeeded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.client.reader import Reader

POLL_AFTER = 0.5
"""Seconds between two looks at an Update."""


def completed(reader: Reader, update: dict[str, Any], sleep: Callable[[float], None]) -> dict[str, Any]:
    """The Update once it is complete; its `success` means something only then."""
    while update["status"] != "Complete":
        update = reader.read("GetUpdate", {"id": update["_id"]["$oid"]})
        if update["status"] != "Complete":
            sleep(POLL_AFTER)
    return update
