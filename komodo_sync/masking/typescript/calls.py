"""What the names in a TypeScript say of texts beside them: `getSecret("a")` asks by a name, `setSecret("a")` gives one.
Data."""

from __future__ import annotations

import re
from functools import lru_cache

from komodo_sync.model.secrecy import looks_secret
from komodo_sync.model.words import secrets_among, words_of

_ASKS = frozenset((
    "import", "includes", "startsWith", "endsWith", "write", "execute", "execute_and_poll", "log", "info", "warn",
    "error", "debug", "Error",
))  # fmt: skip
_ASKING = re.compile(
    r"(?:get|has|read|load|fetch|find|list|need|require|prompt|delete|remove|rotate|refresh|sync|renew)(?![a-z])(?!\w*(?:From|With|Or)(?![a-z]))\w*"
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
_LOOKS_INTO = frozenset(("startsWith", "endsWith", "includes", "localeCompare", "equals", "indexOf"))
_PAIRS = frozenset(("push", "append", "unshift"))
_HOLDS = frozenset(("includes", "some", "indexOf", "find", "every", "has"))
_NAMES_NO_SECRET = frozenset(("keys",))
"""Methods of any object: `Object.keys`."""
_ENCODES = frozenset(("btoa", "from", "encode", "encodeBase64", "encodeBase64Url"))
_COMPARES = re.compile(r"(?:equals?|compare|expect|toBe|match)(?![a-z])", re.IGNORECASE)
_PASSES_ON = frozenset((
    "get", "trim", "trimStart", "trimEnd", "toString", "valueOf", "slice", "substring", "replace", "replaceAll", "at",
    "concat", "toLowerCase", "toUpperCase", "normalize",
))  # fmt: skip
_THINGS = re.compile(r"(?:stack|server|procedure|deployment|build|repo|var|variable)s?")
_QUALIFIES = frozenset((
    "account", "access", "admin", "aes", "api", "app", "application", "auth", "client", "deploy", "encrypt",
    "encryption", "gpg", "hmac", "jwt", "licence", "license", "master", "pass", "password", "pgp", "pre", "private",
    "psk", "root", "secret", "service", "session", "shared", "sign", "signing", "ssh", "storage", "token", "webhook",
    "wg", "wireguard",
))  # fmt: skip
"""With one of these words a `key` is one that opens something."""
_READS = frozenset((
    "$", "Command", "bash", "connect", "exec", "execFile", "execFileSync", "execSync", "execute", "fetch", "get",
    "import", "listen", "patch", "post", "put", "query", "readFile", "readTextFile", "request", "run", "sh", "spawn",
    "spawnSync", "sql",
))  # fmt: skip
"""They come by a secret in the way that they are told."""
_HANDS_ON = re.compile(
    r"(?:atob|btoa|decode\w*|decrypt\w*|encode\w*|from\w*|of|String|Number|parse|stringify|join|concat|resolve|freeze"
    r"|seal|assign|Map|Set|Array|Object|Uint8Array|TextEncoder|unescape|escape|trim\w*|repeat|pad\w*|split|replace\w*"
    r"|reverse|fill|push|hash\w*|digest|env|[gG]etEnv|raw|slice|substring|nullish|default\w*|fallback|or\w*)"
)
"""What they are given they answer, in another form."""
_SPAWNS = frozenset(("Command", "spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "run", "sh"))

_OF_KOMODO = re.compile(r"(?:ARGS\.)?WEBHOOK_(?:BODY|BRANCH)(?:\.|$)")
"""What Komodo hands to an action that a webhook runs."""
ABOUT = frozenset((
    "Accept", "Content-Type", "alg", "algorithm", "allow", "aud", "audience", "base", "baseURL", "baseUrl", "bypass",
    "clientId", "client_id", "container", "deployment", "description", "domain", "email", "encoding", "endpoint",
    "hash", "host", "hostname", "image", "iss", "issuer", "label", "method", "mode", "name", "path", "port",
    "procedure", "realm", "region", "registry", "role", "roles", "scope", "scopes", "server", "service", "stack",
    "sub", "title", "type", "url", "user", "username", "variable",
))  # fmt: skip
"""Properties that are no secret, also behind a name of one."""
NAMES = frozenset(("id", "name", "key", "variable"))
VALUES = frozenset(("value", "data", "default", "defaultValue", "fallback"))


@lru_cache(4096)
def promises(path: str) -> bool:
    """Whether a name of a TypeScript's is likely to be that of a secret; in a compose file `secrets` is a word."""
    words = words_of(path)
    if words and _THINGS.fullmatch(words[-1]):
        return False
    return looks_secret(path) or path == "secrets" or path.endswith(".secrets")


def is_komodos(path: str) -> bool:
    """Whether it is what Komodo hands to an action, of which nothing is a secret."""
    return _OF_KOMODO.match(path) is not None


def asks(callee: str) -> bool:
    """Whether the first text that this is called with says what is wanted."""
    return callee in _ASKS or _ASKING.fullmatch(callee) is not None


def gives(path: str) -> bool:
    """Whether what this is called with may be a secret, by its name or by that of what it is a method of."""
    of, _, method = path.rpartition(".")
    if method in _SIGNS_IN or f"{of.rpartition('.')[2]}.{method}" in _SIGNS_IN:
        return True
    if looks_into(path):
        return True
    by_name = promises(method) and method not in _NAMES_NO_SECRET and not asks(method)
    return by_name or (method in _GIVES and promises(of))


def answers_secret(path: str) -> bool:
    """Whether what it answers may be one: `getPassword()`, `password.trim()`."""
    of, _, method = path.rpartition(".")
    if looks_into(path):
        return True
    by_name = promises(method) and method not in _NAMES_NO_SECRET
    return by_name or (passes_on(method) and promises(of))


def passes_on(method: str) -> bool:
    """Whether a method answers what it is called on, more or less."""
    return method in _PASSES_ON


def compares(callee: str) -> bool:
    """Whether it looks whether what it is called with is the same."""
    return _COMPARES.search(callee) is not None


def looks_into(path: str) -> bool:
    """Whether it compares what it is called with to what it is a method of, and that is a secret."""
    of, _, method = path.rpartition(".")
    return method in _LOOKS_INTO and looks_secret(of) and not is_vague(of)


def pairs(callee: str) -> bool:
    """Whether a list that it is called with is a name and a value: `push(["a", "b"])`."""
    return callee in _PAIRS


def holds(callee: str) -> bool:
    """Whether it looks for what it is called with among texts: `["a"].includes(token)`."""
    return callee in _HOLDS


def encodes(callee: str) -> bool:
    """Whether it writes a text as it goes over the wire: `btoa("user:password")`."""
    return callee in _ENCODES


def reads(callee: str) -> bool:
    """Whether it is told how to come by what it answers: `sh("op read x")`, `fetch("https://x")`."""
    return callee in _READS


def hands_on(callee: str) -> bool:
    """Whether it answers what it is given: `atob("a")`."""
    return _HANDS_ON.fullmatch(callee) is not None


def spawns(callee: str) -> bool:
    """Whether the first text that it is called with is a command, and those that follow are what that takes."""
    return callee in _SPAWNS


@lru_cache(4096)
def is_vague(name: str) -> bool:
    """Whether a name is as often that of anything that is looked up as that of a secret: `key`, `cacheKey`."""
    words = words_of(name)
    return (
        secrets_among(words) <= {"key"}
        and "key" in {word.removesuffix("s") for word in words}
        and _QUALIFIES.isdisjoint(words)
    )
