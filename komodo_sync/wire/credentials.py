"""An API key as the headers that carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.errors import CredentialsError
from komodo_sync.model.sealed import reveal_sealed

if TYPE_CHECKING:
    from komodo_sync.model.sealed import Sealed


def fits_header(value: str) -> bool:
    """Whether a key or a secret can stand in a header."""
    return value.isascii() and value.isprintable() and value == value.strip()


def key_headers(key: Sealed, secret: Sealed) -> dict[str, str]:
    """The two headers in clear. Raises CredentialsError for what can stand in no header, and so is no key."""
    headers = {"X-Api-Key": reveal_sealed(key), "X-Api-Secret": reveal_sealed(secret)}
    for name, value in headers.items():
        if not value:
            raise CredentialsError(f"{name} is empty", hint="set KOMODO_CLI_KEY and KOMODO_CLI_SECRET")
        if not fits_header(value):
            raise CredentialsError(
                f"{name} has characters that no key has",
                hint="look for a line break, a space or an accent in the variable or the file that it comes from",
            )
    return headers
