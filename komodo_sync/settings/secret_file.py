"""The file that a `_FILE` variable names: a file, a mounted secret, a pipe (`<(pass show komodo)`)."""

from __future__ import annotations

import stat
from pathlib import Path

LONGEST = 64 * 1024
"""Bytes. A key is shorter, and a device never ends."""

_PIPED: dict[tuple[int, int], str] = {}
"""What came through a pipe, by which one: it comes once, and is asked for more often."""


def read_secret(file: str) -> str:
    """Its text, without the white space around it. Raises ValueError with why it cannot be read, in words."""
    try:
        told = Path(file).stat()
        place, piped = (told.st_dev, told.st_ino), stat.S_ISFIFO(told.st_mode)
        if piped and place in _PIPED:
            return _PIPED[place]
        with Path(file).open("rb") as stream:
            read = stream.read(LONGEST + 1)
    except (OSError, ValueError) as cause:
        raise ValueError((getattr(cause, "strerror", None) or "it fails").lower()) from None
    if len(read) > LONGEST:
        raise ValueError(f"it has more than {LONGEST} bytes, as no key has")
    try:
        text = read.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ValueError("it is not a text") from None
    if piped:
        _PIPED[place] = text
    return text
