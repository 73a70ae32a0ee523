"""What the words of a name say of its value: that it is a secret, or only about one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_WEAK = frozenset((
    "auth", "authorization", "cookie", "licence", "license", "session",
))  # fmt: skip
"""They promise a secret, but as often they are what a setting belongs to: `AUTH_DEFAULT_ACCESS`."""
_SECRET = _WEAK | frozenset((
    "apihash", "basicauth", "bearer", "cred", "credential", "dbroot", "digestauth", "dsn", "gslt", "haslo", "hmac",
    "hmacencoded", "jwt", "key",
    "masterauth", "mnemonic", "pass", "passphrase", "passwordsalt", "pat", "pepper", "pin", "psk", "pw", "pwd", "salt",
    "secret", "signature", "signing", "token", "totp", "webhook",
))  # fmt: skip
_SECRET_ENDS = (
    "password", "passcode", "pw", "passwd", "passwrd", "pswd", "passphrase", "pass", "secret", "token", "key",
    "credential", "contrasena", "kennwort", "motdepasse", "passwort", "wachtwoord",
)  # fmt: skip
_INNOCENT = frozenset((
    "bypass", "compass", "donkey", "hotkey", "monkey", "overpass", "sitekey", "surpass", "trespass", "turkey",
    "underpass", "valkey", "whiskey",
))  # fmt: skip
_TOGETHER = tuple(
    frozenset(pair.split())
    for pair in ("plex claim", "snmp community", "otp seed", "seed phrase", "recovery phrase", "recovery code",
                 "backup code", "access code", "owm appid", "openweathermap appid")
)  # fmt: skip
"""Words of which one alone promises nothing: other claims are what a login tells of its user."""
_LAST = frozenset((
    ("api", "hash"), ("arm", "code"), ("client", "private"), ("de", "passe"), ("disarm", "code"),
    ("invitation", "code"), ("invite", "code"),
))  # fmt: skip
"""The same of the last two words, one behind the other: an `API_COMMIT_HASH` is none."""
_ABOUT = frozenset((
    "addr", "address", "affinity", "age", "alg", "algo", "algorithm", "allowlist", "attempts", "attribute", "audience",
    "backend", "bits", "blacklist", "blocklist", "claim", "column", "complexity", "converter", "count", "days",
    "delay", "denylist", "description", "deserializer", "dir", "directory", "disable", "disabled", "domain", "driver",
    "duration", "enable", "enabled", "encoding", "events", "exp", "expiration", "expire", "expires", "expiry", "fd",
    "file", "filename", "filepath", "folder", "format", "generation", "handler", "hashing", "headers", "history",
    "host", "hostname", "hours", "in", "interval", "issuer", "iterations", "leeway", "length", "lifespan", "lifetime",
    "limit", "location", "mechanism", "method", "minutes", "mode", "name", "namespace", "path", "pattern", "period",
    "policy", "port", "prefix", "protection", "provider", "realm", "regex", "required", "requirement", "retries",
    "rotation", "rounds", "samesite", "schedule", "scheme", "scope", "seconds", "secure", "serializer", "size",
    "stdin", "store", "strategy", "strength", "threshold", "timeout", "ttl", "type", "unit", "validity", "version",
    "whitelist", "window",
))  # fmt: skip
"""As the last word of a name they say that the value is about the secret, not the secret: `DB_PASSWORD_FILE`."""
_ABOUT_WEAK = frozenset((
    "access", "admins", "allow", "anonymous", "authority", "base", "block", "ca", "callback", "cidr", "class", "cors",
    "database", "db", "debug", "deny", "dn", "email", "entrypoint", "field", "filter", "flow", "fqdn", "gid", "group",
    "httponly", "image", "ip", "lang", "language", "level", "locale", "log", "logout", "member", "middleware",
    "network", "org", "organization", "origin", "permission", "pgid", "property", "protocol", "proxy", "puid", "query",
    "redirect", "refresh", "region", "registration", "request", "role", "route", "rule", "schema", "search", "server",
    "service", "signup", "site", "source", "storage", "subnet", "tag", "target", "team", "template", "time", "uid",
    "upstream", "zone",
))  # fmt: skip
"""The same where no other word promises a secret: `DB_PASSWORD_SERVER` may be the password of the server."""
_OF_ABOUT = frozenset(("list", "ms", "sec", "secs", "time"))
"""They say no more than the word in front of them: `ALLOWED_HOST_LIST`, `SESSION_TIMEOUT_MS`."""
_BOTH = frozenset((
    ("admin", "users"), ("allowed", "users"), ("client", "id"), ("forward", "auth"), ("header", "field"),
    ("team", "ids"), ("trusted", "users"),
    ("basicauth", "username"), ("empty", "password"), ("expire", "session"), ("password", "encryption"),
    ("ca", "pin"), ("from", "env"), ("key", "alias"), ("key", "checking"), ("key", "field"), ("key", "id"),
    ("pass", "through"), ("rp", "id"), ("token", "id"),
))  # fmt: skip
"""Of these the last word alone would not say it."""
_AS_ENDS = tuple(word for word in _ABOUT | _ABOUT_WEAK if len(word) > 4)
"""Long enough to be known at the end of words that are written as one: `AUTH_TRUSTEDPROXIES`."""
_OF_DATA = frozenset(("foreign", "partition", "shard", "sort"))
"""In front of `key` they say that it finds data; a routing key is PagerDuty's secret."""
_ADDRESSES = frozenset(("url", "uri", "endpoint"))
_COUNTED = frozenset(("tokens", "keys", "sessions", "cookies", "credentials", "webhooks"))
_UNITS = frozenset(("page", "session", "user", "second", "minute", "hour", "day"))


def words_of(name: str) -> list[str]:
    """The words of a name, in small letters."""
    return [word.lower() for word in _WORDS.findall(name)]


def promise(words: Sequence[str]) -> bool:
    """Whether a name of these words promises a secret."""
    if not words or _is_open_key(words):
        return False
    if any((words[-2:-1] or [""])[0] == before and last in _forms(words[-1]) for before, last in _LAST):
        return True
    forms = {form for word in words for form in _forms(word)}
    together = [pair for pair in _TOGETHER if pair <= forms]
    if any(form in pair for pair in together for form in _forms(words[-1])):
        return True
    secret = secrets_among(words)
    return bool(secret or together) and not _are_about(words, secret)


def _is_open_key(words: Sequence[str]) -> bool:
    """Whether a key is for everybody to see: `PUBLIC_KEY`, Stripe's `PUBLISHABLE_KEY`, a captcha's `SITE_KEY`,
    or by which data is found: `PARTITION_KEY`."""
    if "key" not in words or "private" in words:
        return False
    if words[-1] == "key" and words[-2:-1] and words[-2] in _OF_DATA:
        return secrets_among(words) == {"key"}
    return "public" in words or (not {"publishable", "site"}.isdisjoint(words) and secrets_among(words) == {"key"})


def secrets_among(words: Iterable[str]) -> set[str]:
    """Those words that promise a secret, as one of them."""
    return {found for word in words if (found := _secret(word))}


def is_weak(words: Iterable[str]) -> bool:
    """Whether no word promises more than that a login is near."""
    return secrets_among(words) <= _WEAK


def is_address(words: Sequence[str]) -> bool:
    """Whether the value is an address, by its last word."""
    return bool(words) and not _ADDRESSES.isdisjoint(_forms(words[-1]))


def tells_about(words: Sequence[str]) -> bool:
    """Whether a key of these words is a setting behind any name."""
    last = set(_forms(words[-1])) if words else set()
    return not last.isdisjoint(_ABOUT | _ADDRESSES)


def _are_about(words: Sequence[str], secret: set[str]) -> bool:
    """Whether the last words of a name that looks secret say that the value is about the secret."""
    *_, before, last = ["", *words]
    forms = set(_forms(last))
    if last == "header":  # which one it is; behind `auth` it may be the header itself
        return before in ("jwt", "key", "token")
    listed = last in _OF_ABOUT and not _ABOUT.isdisjoint(_forms(before))
    if (before, last) == ("key", "id") and "aws" in words:  # it is half of the login, and looked for as such
        return False
    if (before, last) == ("token", "id") and "root" in words:  # a vault calls the token itself so
        return False
    if forms & _ABOUT or listed or (before, last) in _BOTH:
        return True
    if forms & _ADDRESSES:  # of a webhook it is the secret itself
        return "auth" in secret and secret <= {"auth", "token", "jwt"}
    if secret <= _WEAK and (forms & _ABOUT_WEAK or any(each.endswith(_AS_ENDS) for each in forms)):
        return True
    return (before == "per" and last in _UNITS) or (before in ("max", "min") and last in _COUNTED)


def _secret(word: str) -> str:
    return next(
        (
            form
            for form in (word, word.removesuffix("s"))
            if form in _SECRET or (form.endswith(_SECRET_ENDS) and form not in _INNOCENT)
        ),
        "",
    )


def _forms(word: str) -> tuple[str, ...]:
    """A word as it stands, and those of which it may be the plural."""
    if not word.endswith("s"):
        return (word,)
    return (word, word[:-1], f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("es"))
