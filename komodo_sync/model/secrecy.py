"""Which names promise a secret."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SECRET_WORDS = frozenset(
    (
        *(
            "password",
            "passwd",
            "passphrase",
            "pass",
            "pwd",
            "pw",
            "secret",
            "secrets",
            "token",
            "tokens",
            "key",
            "keys",
        ),
        *("apikey", "passkey", "credential", "credentials", "creds", "auth", "jwt", "pat", "salt", "pin", "cookie"),
        *("signature", "dsn", "webhook", "hmac", "private"),
    )
)
_SECRET_ENDS = ("password", "passwd", "secret", "token", "apikey", "passkey")
_HARMLESS = frozenset(
    ("is_secret", "skip_secret_interp", "webhook_enabled", "webhook_force_deploy", "auto_rotate_keys", "secrets")
)


def looks_secret(name: str) -> bool:
    """Whether a field, variable or environment key of this name is likely to hold a secret."""
    if name in _HARMLESS:
        return False
    words = [word.lower() for word in _WORDS.findall(name)]
    return any(word in _SECRET_WORDS or word.endswith(_SECRET_ENDS) for word in words)
