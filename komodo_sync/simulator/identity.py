"""Ids and the clock of the embedded Core."""

from __future__ import annotations

import re
import secrets
import time
from itertools import count

_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}\Z")
_HEX = frozenset("0123456789abcdefABCDEF")
_PROCESS = secrets.token_hex(5)
_COUNTER = count(secrets.randbelow(0x800000))
_KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def new_id() -> str:
    """An ObjectId: 24 hexadecimal digits, from the time, this process and a counter."""
    return f"{int(time.time()):08x}{_PROCESS}{next(_COUNTER) & 0xFFFFFF:06x}"


def looks_like_id(text: str) -> bool:
    """Whether Core reads the text as an id and not as a name."""
    return _OBJECT_ID.match(text) is not None


def id_error(text: str) -> str:
    """Why a text is no id."""
    # it is looked at byte by byte
    letters = text.encode().decode("latin-1")
    wrong = next((index for index, letter in enumerate(letters) if letter not in _HEX), None)
    if len(letters) % 2 or wrong is None:
        found = f'"{text}", length {len(letters)}'
        return f"provided hex string representation must be exactly 12 bytes, instead got: {found}"
    return f"invalid character '{letters[wrong]}' was found at index {wrong} in the provided hex string: \"{text}\""


def now_ms() -> int:
    """Milliseconds since 1970, Core's unit of time."""
    return time.time_ns() // 1_000_000


def new_key(prefix: str) -> str:
    """A random credential in the form in which Core makes them, `K_..._K` or `S_..._S`."""
    return f"{prefix}_{''.join(secrets.choice(_KEY_LETTERS) for _ in range(40))}_{prefix}"
