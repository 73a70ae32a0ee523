"""Addresses that are secret for what stands behind their host, or for a login in front of it: the host is told, so that
one server can be told from another."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from komodo_sync.model.sealed import HIDDEN, Sealed
from komodo_sync.model.secrecy import KNOWN, REFERENCE, is_reference
from komodo_sync.model.words import is_address, words_of

_SCHEME = r"(?:https?|wss?)://"
_HOST = rf"(?:(?:[A-Za-z0-9._-]|{REFERENCE})++|\[[0-9A-Fa-f:.]+\])(?::(?:\d{{1,5}}|{REFERENCE}))?"
_ADDRESS = re.compile(rf"(?P<scheme>{_SCHEME})(?:(?P<login>[^\s/?#]*)@)?(?P<host>{_HOST})(?P<sign>[/?#]|$)")
OPENING = re.compile(rf"{_SCHEME}(?:{re.escape(HIDDEN)}@)?{_HOST}[/?#]$")
"""What is told of an address, up to what is hidden behind it."""
_RUNS = re.compile(r"[A-Za-z0-9]+")
_TURNS = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_NUMBERED = re.compile(r"[A-Za-z]\d+")
"""An account by its number, as `o4505218217705472.ingest.sentry.io` has one."""
_NAMES = frozenset(("dsn", "webhook", "webhooks"))
_NONE = frozenset(("auth", "key", "password", "secret", "token"))
"""As the last word of a name they say that it is another secret: `WEBHOOK_SECRET`."""
_LONGEST = 24
"""So many letters and digits in a row are no word."""
_MIXED = 16
"""Nor are so many of both."""
_TURNED, _MOST_TURNS = 12, 3
"""Nor so many in which they take turns so often."""

Span = tuple[int, int]


def secret_spans(value: str) -> list[Span] | None:
    """Where in a secret value stands what is not told because of an address that it is: its login, and all behind its
    host; nothing where it is a host alone, or names what is put in there. None where it is no such address, or its host
    looks like a secret itself: then none of it is told."""
    if is_reference(value):
        return []
    found = _ADDRESS.match(value)
    if found is None or _is_made_up(found["host"]):
        return None
    login, rest = found["login"], value[found.end() :]
    if "@" in rest:
        # of a password with a slash in it nobody knows where it ends
        return None
    spans = [found.span("login")] if login and not is_reference(login) else []
    return [*spans, (found.end(), len(value))] if rest and not is_reference(rest) else spans


def told_address(value: str) -> str:
    """What is told of a secret value: all of it but its secret where it is an address, else nothing."""
    spans = secret_spans(value)
    if spans is None:
        return HIDDEN
    told, at = "", 0
    for start, end in spans:
        told, at = f"{told}{value[at:start]}{HIDDEN}", end
    return told + value[at:]


def holds_nothing(value: Any) -> bool:
    """Whether a value, also a Sealed one that is told, is an address in which nothing is secret."""
    told = value.told if isinstance(value, Sealed) else told_address(value) if isinstance(value, str) else None
    return told is not None and HIDDEN not in told


def opening(value: str) -> str:
    """How an address without a login begins, up to what is secret in it; empty where it is none, or goes on as a host
    may."""
    found = _ADDRESS.match(value)
    plain = found is not None and found["login"] is None and found["sign"] and not _is_made_up(found["host"])
    return found[0] if found and plain else ""


def tells_host(told: object) -> bool:
    """Whether it is what is told of an address, with something hidden in it."""
    return isinstance(told, str) and told.endswith(HIDDEN) and OPENING.fullmatch(told.removesuffix(HIDDEN)) is not None


@lru_cache(4096)
def names_address(name: str) -> bool:
    """Whether a name that promises a secret says that it is an address: `SLACK_WEBHOOK`, `SENTRY_DSN`, `TOKEN_URL`."""
    words = words_of(name)
    return is_address(words) or not (_NAMES.isdisjoint(words) or words[-1] in _NONE)


def _is_made_up(host: str) -> bool:
    """Whether a host looks like nothing that anybody would call a server: a token is a part of it."""
    return KNOWN.search(host) is not None or any(_is_token(label) for label in host.split("."))


def _is_token(label: str) -> bool:
    if _NUMBERED.fullmatch(label):
        return False
    runs = [(len(run), len(_TURNS.findall(run))) for run in _RUNS.findall(label)]
    if sum(length for length, turns in runs if turns) >= _MIXED:
        return True
    return any(length >= _LONGEST or (length >= _TURNED and turns >= _MOST_TURNS) for length, turns in runs)
