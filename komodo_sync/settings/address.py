"""Addresses of Cores: which ones can be used, and when two of them are the same host."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

SIMULATED = "sim:"
_PORTS = {"http": 80, "https": 443}


def is_simulated(url: str) -> bool:
    """Whether the address is that of the embedded Core: `sim:PATH`, or `sim:` for one that keeps nothing."""
    return url.startswith(SIMULATED)


def host_problem(url: str) -> str:
    """Why `url` cannot be a Core's address; empty when it can."""
    if is_simulated(url):
        return ""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "it is not a URL"
    if parts.scheme not in _PORTS:
        return "it does not begin with https:// or http://"
    if not parts.hostname or any(char.isspace() for char in url):
        return "it has no host"
    if parts.username is not None or parts.password is not None:
        return "it holds a user or a password"
    if parts.query or parts.fragment:
        return "it has a ? or # in it"
    return ""


def same_core(one: str, other: str) -> bool:
    """Whether two addresses speak of the same Core: scheme, host and port, and the path without its last slash; of two
    embedded ones whether they are kept in the same file, however it is named from here."""
    return _parts(one) == _parts(other)


def _parts(url: str) -> tuple[object, ...]:
    try:
        if is_simulated(url):
            path = url.removeprefix(SIMULATED)
            return (SIMULATED, os.path.realpath(path) if path else "")
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return (url,)  # no address at all, as in a plan file that somebody wrote
    scheme = parts.scheme.lower()
    return scheme, (parts.hostname or "").lower().rstrip("."), port or _PORTS.get(scheme), parts.path.rstrip("/")
