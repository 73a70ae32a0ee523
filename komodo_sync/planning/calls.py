"""What the names in a TypeScript say of texts beside them: `getSecret("a")` asks by a name, `setSecret("a")` gives one.
Data."""

from __future__ import annotations

import re

from komodo_sync.model.secrecy import looks_secret

_ASKS = frozenset((
    "import", "includes", "startsWith", "endsWith", "write", "execute", "execute_and_poll", "log", "info", "warn",
    "error", "debug", "Error",
))  # fmt: skip
_ASKING = re.compile(
    r"(?:get|has|read|load|fetch|find|list|need|require|prompt|delete|remove|rotate)(?![a-z])(?!\w*(?:From|With|Or)(?![a-z]))\w*"
)
_GIVES = frozenset((
    "set", "setValue", "add", "push", "unshift", "append", "put", "fill", "type", "write", "update", "concat",
    "of", "from", "fromString", "parse", "create", "decode",
))  # fmt: skip
"""As methods of what is secret: `token.set("a")`; others look into it: `token.startsWith("a")`."""
_SIGNS_IN = frozenset((
    "login", "logIn", "signin", "signIn", "authenticate", "sign", "verify", "createHmac", "createCipheriv",
    "createDecipheriv", "importKey", "pbkdf2", "pbkdf2Sync", "scrypt", "scryptSync", "bcrypt.hash", "bcrypt.hashSync",
    "bcrypt.compare", "bcrypt.compareSync", "argon2.hash", "jwt.decode", "Bot", "TelegramBot", "Telegraf",
))  # fmt: skip
_NAMES_NO_SECRET = frozenset(("keys",))
"""Methods of any object: `Object.keys`."""
_ENCODES = frozenset(("btoa", "from", "encode", "encodeBase64", "encodeBase64Url"))
_LOGIN = re.compile(r"[\w.@+-]{1,64}:[^\s/:][^\s:]*")
_COMPARES = re.compile(r"(?:equals?|compare|expect|assert|toBe|match)(?![a-z])", re.IGNORECASE)
_PASSES_ON = frozenset((
    "get", "trim", "trimStart", "trimEnd", "toString", "valueOf", "slice", "substring", "replace", "replaceAll", "at",
    "concat",
    "toLowerCase", "toUpperCase", "normalize",
))  # fmt: skip
_LEADS = re.compile(
    r"(?:(?<![\w.-])(?P<name>[A-Za-z_][\w.-]*)(?:=|:[ ]*)[\"']?|://[^\s/@:]*:|\b(?:Bearer|Basic|[Tt]oken)[ ])$"
)
_NAME = re.compile(r"[A-Za-z_][\w.-]*")


def promises(path: str) -> bool:
    """Whether a name of a TypeScript's is likely to be that of a secret; in a compose file `secrets` is a word."""
    return looks_secret(path) or path == "secrets" or path.endswith(".secrets")


def leads(text: str) -> bool:
    """Whether a secret follows a text: `"password="`, `"postgres://me:"`, `"Bearer "`."""
    found = _LEADS.search(text, max(0, len(text) - 200))
    return found is not None and (found["name"] is None or looks_secret(found["name"]))


def asks(callee: str) -> bool:
    """Whether the first text that this is called with says what is wanted."""
    return callee in _ASKS or _ASKING.fullmatch(callee) is not None


def gives(path: str) -> bool:
    """Whether what this is called with may be a secret, by its name or by that of what it is a method of."""
    of, _, method = path.rpartition(".")
    if method in _SIGNS_IN or f"{of.rpartition('.')[2]}.{method}" in _SIGNS_IN:
        return True
    by_name = promises(method) and method not in _NAMES_NO_SECRET and not asks(method)
    return by_name or (method in _GIVES and promises(of))


def answers_secret(path: str) -> bool:
    """Whether what it answers may be one: `getPassword()`, `password.trim()`."""
    of, _, method = path.rpartition(".")
    by_name = promises(method) and method not in _NAMES_NO_SECRET
    return by_name or (passes_on(method) and promises(of))


def passes_on(method: str) -> bool:
    """Whether a method answers what it is called on, more or less."""
    return method in _PASSES_ON


def names_secret(text: str) -> bool:
    """Whether a text is the name of a secret: of an environment variable, a header, a property."""
    text = text.rstrip(": ")
    return _NAME.fullmatch(text) is not None and promises(text)


def compares(callee: str) -> bool:
    """Whether it looks whether what it is called with is the same."""
    return _COMPARES.search(callee) is not None


def encodes_login(callee: str, text: str) -> bool:
    """Whether a login is written as it goes over the wire: `btoa("user:password")`."""
    return callee in _ENCODES and _LOGIN.fullmatch(text) is not None
