"""For how long what is done to a resource is waited for: the most specific setting, else what its kind takes."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.lifecycle import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.model.address import Address


def timeout_of(address: Address, timeouts: Mapping[str, float]) -> float:
    """Seconds. `timeouts`: those of the settings, by kind or by pattern of addresses."""
    key = timeout_key(address, timeouts)
    if key:
        return timeouts[key]
    lifecycle = KINDS[address.kind].lifecycle
    return lifecycle.timeout if lifecycle else TIMEOUT


def timeout_key(address: Address, timeouts: Mapping[str, float]) -> str:
    """The key that says it, empty where none does. An address comes before patterns, and a pattern with more of the
    name in it before one with less; of two that are alike the last one counts."""
    fitting = [key for key in timeouts if _fits(key, address)]
    return max(reversed(fitting), key=lambda key: _closeness(key, address), default="")


def _fits(key: str, address: Address) -> bool:
    return key in (address.kind, str(address)) or ("/" in key and fnmatchcase(str(address), key))


def _closeness(key: str, address: Address) -> tuple[bool, int, bool]:
    kind, _, name = key.partition("/")
    return (key == str(address), sum(letter not in "*?[]" for letter in name), kind == address.kind)
