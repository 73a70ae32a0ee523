"""The way to the Core: host, TLS, and whether both have the same time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from komodo_sync.checkup.findings import StopError, failed, failed_by, warning, well
from komodo_sync.errors import AnswerLostError, KomodoSyncError, UntrustedError
from komodo_sync.settings.address import is_simulated

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.client.greeting import Certificate, Greeting
    from komodo_sync.model.checkup import Check
    from komodo_sync.settings import Connection

SOON = timedelta(days=14)
"""A certificate that ends within this time is warned of."""

SKEW = timedelta(minutes=1)
"""By how much two clocks may differ."""

_UNTRUSTED = (
    ("expired", "renew the certificate of the Core, or of the proxy before it"),
    ("mismatch", "use the name that the certificate is for in the URL, or get one for this name"),
    ("not valid for", "use the name that the certificate is for in the URL, or get one for this name"),
    ("self-signed", "trust it with SSL_CERT_FILE=FILE (its PEM), or get a certificate of an authority"),
    ("local issuer", "trust its authority with SSL_CERT_FILE=FILE (its PEM); see that the chain is served whole"),
    ("wrong_version", "the port speaks plain http: write http://, or the port of the proxy that has the certificate"),
    ("timed out", "see that this port speaks https; where it is the Core's own, without a certificate, write http://"),
    ("record layer", "the port speaks plain http: write http://, or the port of the proxy that has the certificate"),
)
_LOOPBACK = ("localhost", "::1")


def greeted(connection: Connection, greet: Callable[[], Greeting], *, new: bool) -> tuple[Greeting, Check]:
    """The first answer, and the line about the host; `new`: there was none before. Raises StopError."""
    place = f"{connection.url}, from {connection.url_origin}"
    if is_simulated(connection.url):
        return greet(), well("host", f"{place}: an embedded Core in this process{', new and empty' if new else ''}")
    try:
        return greet(), well("host", place)
    except UntrustedError as error:
        raise StopError("there is no trusted connection", well("host", place), untrusted(error)) from None
    except AnswerLostError as error:
        raise StopError("the host does not answer", failed_by("host", error)) from None
    except KomodoSyncError as error:
        raise StopError("the host cannot be reached", failed_by("host", error)) from None


def untrusted(error: UntrustedError) -> Check:
    """The line about a TLS connection that did not come about."""
    text = error.detail.lower()
    cure = next((cure for mark, cure in _UNTRUSTED if mark in text), error.hint)
    return failed("tls", f"{error.summary}: {error.detail}", cure)


def tls(connection: Connection, certificate: Certificate | None, now: datetime) -> Check:
    """The line about how the connection is protected."""
    if is_simulated(connection.url):
        return well("tls", "none is needed in this process")
    parts = urlsplit(connection.url)
    if parts.scheme == "http":
        host = parts.hostname or ""
        if host in _LOOPBACK or host.startswith("127."):
            return well("tls", "plain http, on this machine alone")
        return warning(
            "tls",
            "plain http: the API key and every secret cross the network in clear",
            "put a proxy with a certificate before the Core and write https://, or go through a tunnel",
        )
    if certificate is None:
        return well("tls", "the certificate is trusted")
    told = f"the certificate is trusted until {certificate.until:%Y-%m-%d}, by {certificate.issuer}"
    left = certificate.until - now
    if left < SOON:
        return warning(
            "tls", f"{told}: that is in {max(left.days, 0)} days", "renew it; then nothing here has to change"
        )
    return well("tls", told)


def clock(connection: Connection, greeting: Greeting, now: datetime) -> Check:
    """The line about the clocks of this machine and of whoever answered."""
    if is_simulated(connection.url):
        return well("clock", "the same as this machine's")
    try:
        theirs = parsedate_to_datetime(greeting.date)
    except (ValueError, TypeError):
        return well("clock", "whoever answers does not tell the time")
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    skew = theirs - now
    if abs(skew) <= SKEW:
        return well("clock", "the Core and this machine have the same time")
    ahead = "ahead of" if skew > timedelta() else "behind"
    return warning(
        "clock",
        f"the Core's clock is {_duration(abs(skew))} {ahead} this machine's",
        "set the one that is wrong by NTP: times in plans, locks and certificates are compared",
    )


def _duration(time: timedelta) -> str:
    seconds = int(time.total_seconds())
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} seconds"
