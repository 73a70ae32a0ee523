"""The key with which digests of secret values and of whole plan files are made."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, final

from komodo_sync.model.sealed import HIDDEN, reveal_sealed

VARIABLE = "KOMODO_SYNC_PLAN_KEY"
SHORTEST = 16
"""Characters: a shorter key may be guessed by whoever has a plan file."""
KEYED = "hmac-sha256:"
_SALT = b"komodo-sync plan key, 1"


@final
class PlanKey:
    """Makes HMACs, and shows its key to nobody. The key is stretched first, so that guessing a short one is slow."""

    __slots__ = ("_key",)

    def __init__(self, text: str) -> None:
        self._key = hashlib.scrypt(text.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=32)

    def __repr__(self) -> str:
        return f"PlanKey{HIDDEN}"

    def digest(self, label: str, value: Any) -> str:
        """The HMAC of a JSON value with the secrets in it as they are; empty where a part of it is not known here.
        `label` says what it is of: the same value elsewhere has another digest."""
        try:
            text = json.dumps([label, reveal_sealed(value)], sort_keys=True, separators=(",", ":"))
        except TypeError:
            return ""
        return KEYED + hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()
