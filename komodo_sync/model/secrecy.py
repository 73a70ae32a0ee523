"""Which names promise a secret, and which values only name where one comes from."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SECRET_WORDS = frozenset((
    "pwd", "pw", "pass", "passphrase", "auth", "authorization", "basicauth", "bearer", "cookie", "credential",
    "cred", "dsn", "hmac", "jwt", "key", "licence", "license", "mnemonic", "pat", "pin", "salt", "secret", "session",
    "signature", "signing", "token", "totp", "webhook",
))  # fmt: skip
_SECRET_ENDS = ("password", "passwd", "passphrase", "pass", "secret", "token", "key", "credential")
_INNOCENT = frozenset(("bypass", "compass", "trespass", "hotkey", "monkey", "turkey"))
_HARMLESS = frozenset(
    ("is_secret", "skip_secret_interp", "webhook_enabled", "webhook_force_deploy", "auto_rotate_keys", "secrets")
)
_ABOUT = frozenset((
    "file", "files", "path", "dir", "directory", "folder", "enabled", "disabled", "enable", "disable", "required",
    "ttl", "expiry", "expires", "expiration", "lifetime", "seconds", "length", "algorithm", "type", "mode", "method",
    "timeout", "age", "policy", "requirements", "secure", "samesite", "headers", "protection", "driver", "handler",
    "store", "backend", "affinity", "domain", "name", "count", "limit",
))  # fmt: skip
"""As the last word of a name they say that the value is about the secret, not the secret: `DB_PASSWORD_FILE`."""

_ONE = r"(?:\[\[[^\[\]\s]+\]\]|\$?\$\{[A-Za-z_]\w*(?::?[?][^{}]*|:?-)?\}|\$?\$[A-Z_][A-Z0-9_]*)"
_REFERENCES = re.compile(rf"(?P<quote>[\"']?){_ONE}(?:[:/@.,;|_-]?{_ONE})*(?P=quote)")


@lru_cache(4096)
def looks_secret(name: str) -> bool:
    """Whether a field, variable or environment key of this name is likely to hold a secret."""
    if name in _HARMLESS:
        return False
    words = [word.lower() for word in _WORDS.findall(name)]
    if not words or words[-1] in _ABOUT or ({"public", "key"} <= set(words) and "private" not in words):
        return False
    return any(_is_secret(word) for word in words)


def is_reference(value: str) -> bool:
    """Whether `value` only says where the real one comes from: `[[NAME]]`, `${NAME}`, `$NAME`, several of them, in
    quotes or not. `${NAME:-default}` is none: the default may be a secret."""
    return _REFERENCES.fullmatch(value) is not None


def _is_secret(word: str) -> bool:
    for form in (word, word.removesuffix("s")):
        if form in _SECRET_WORDS or (form.endswith(_SECRET_ENDS) and form not in _INNOCENT):
            return True
    return False
