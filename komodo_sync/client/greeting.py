"""What the first answer of a host tells beside what it says: the time there, and its certificate."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    import httpx


class Certificate(Data, frozen=True):
    """A certificate that was accepted: who signed it, and until when it holds."""

    issuer: str
    until: datetime


class Greeting(Data, frozen=True):
    """`date` is the header of that name, empty where there is none; `certificate` None where nothing is encrypted."""

    date: str = ""
    certificate: Certificate | None = None


def read_greeting(answer: httpx.Response) -> Greeting:
    """Of an answer whose connection is still open."""
    stream = answer.extensions.get("network_stream")
    secured = stream.get_extra_info("ssl_object") if stream is not None else None
    found = secured.getpeercert() if secured is not None else None
    return Greeting(answer.headers.get("date", ""), _certificate(found) if found else None)


def _certificate(found: dict[str, object]) -> Certificate | None:
    issuer = {name: value for part in found.get("issuer", ()) for name, value in part}  # type: ignore[attr-defined]
    try:
        until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)
    except (KeyError, ValueError, OverflowError):
        return None
    return Certificate(str(issuer.get("organizationName") or issuer.get("commonName") or "an unnamed issuer"), until)
