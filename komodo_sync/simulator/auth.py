"""Who asks: API keys, and the lock-out of an address after too many wrong ones."""

from __future__ import annotations

import hmac
import json
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.users import KEYS, as_user, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.simulator.requests import User
    from komodo_sync.simulator.storage import Storage

ATTEMPTS = 5
WINDOW_MS = 15_000
SKEW_MS = 300_000
"""How long after its end a key is still taken."""
T = TypeVar("T")


class Doorkeeper:
    """Knows credentials, and counts the failures of each address."""

    def __init__(self, storage: Storage, clock: Callable[[], int]) -> None:
        self._storage = storage
        self._clock = clock
        self._failures: dict[str, list[int]] = {}
        self._lock = Lock()

    def admit(self, headers: Mapping[str, str], address: str, *, disabled: bool = False) -> User:
        """The user of these headers (lower-case names), `disabled` ones too if that is said. 401, 429, or 500."""
        if "authorization" in headers:
            raise RefusalError("Invalid user credentials")
        if "x-api-key" not in headers:
            raise RefusalError("Invalid client credentials", status=401)
        if "x-api-secret" not in headers:
            raise RefusalError("Request headers have X-API-KEY but missing X-API-SECRET")
        key, secret = headers["x-api-key"].strip(), headers["x-api-secret"].strip()
        return self.guard(address, lambda: self._user(key, secret, disabled=disabled))

    def guard(self, address: str, check: Callable[[], T]) -> T:
        """What the check answers; one that fails counts against the address. 429 after too many."""
        self._check_rate(address)
        try:
            return check()
        except RefusalError as failure:
            text = f"{failure.error} | You have {self._count(address)} attempts remaining"
            raise RefusalError(text, status=failure.status) from None

    def _user(self, key: str, secret: str, *, disabled: bool) -> User:
        user = self._known(key, secret, disabled=disabled)
        if user is None:
            raise RefusalError("Invalid user credentials", status=401)
        return user

    def _known(self, key: str, secret: str, *, disabled: bool) -> User | None:
        # a connection that is closed by one thread while another reads takes the process along
        with self._storage.lock:
            return self._found(key, secret, disabled=disabled)

    def _found(self, key: str, secret: str, *, disabled: bool) -> User | None:
        document = self._storage.get(KEYS, key)
        if document is None or not hmac.compare_digest(document["secret"], digest(secret)):
            return None
        if document["expires"] and document["expires"] < self._clock() - SKEW_MS:
            return None
        text = self._storage.text("User", document["user_id"])
        user = json.loads(text) if text else None
        return as_user(user) if user and (user["enabled"] or disabled) else None

    def _check_rate(self, address: str) -> None:
        now = self._clock()
        with self._lock:
            recent = [when for when in self._failures.get(address, ()) if when > now - WINDOW_MS]
            self._failures[address] = recent
            if len(recent) >= ATTEMPTS:
                wait = max((recent[0] + WINDOW_MS - now + 999) // 1000, 1)
                raise RefusalError(f"Too many attempts | Try again in {wait}s", status=429)

    def _count(self, address: str) -> int:
        with self._lock:
            recent = self._failures.setdefault(address, [])
            recent.append(self._clock())
            return max(ATTEMPTS - len(recent), 0)
