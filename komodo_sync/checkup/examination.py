"""All checks in order: what one of them finds is what the next ones rest on."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from komodo_sync.checkup import access, contents, network
from komodo_sync.checkup.findings import StopError, failed_by, unknown
from komodo_sync.checkup.inputs import connection_in_use, settings_in_use
from komodo_sync.checkup.patience import in_time
from komodo_sync.errors import KomodoSyncError
from komodo_sync.kinds import KINDS
from komodo_sync.model.checkup import Check, Checkup
from komodo_sync.session import connect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from komodo_sync.checkup.inputs import Asked
    from komodo_sync.client.reader import Reader
    from komodo_sync.model.known import Known
    from komodo_sync.session import Session
    from komodo_sync.settings import Connection

TOPICS = (
    "settings", "host", "tls", "clock", "version", "credentials",
    "role", "kinds", "paging", "owners", "lock", "applied",
)  # fmt: skip
"""What is looked at, in this order."""

PATIENCE = 20.0
"""Seconds for one answer; who is slower than that does not answer."""


def examine(
    asked: Asked,
    *,
    environment: Mapping[str, str],
    folder: Path,
    owner: str | None = None,
    patience: float = PATIENCE,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    known: Known | None = None,
) -> Checkup:
    """Looks at everything, and raises nothing of our tree: what is wrong is a line with its cure. It reads alone, takes
    no lock, and tries a wrong key once, so that no Core locks this address out. Nothing makes it wait for ever.
    `known`: what is known to be secret, and is told in no line."""
    settings, told = settings_in_use(asked, folder)
    connection, refused = connection_in_use(asked, settings, environment, folder)
    whose = owner if owner is not None else settings.owner if settings else ""
    found = {told.topic: told}
    why = "no Core can be asked"
    if refused is not None:
        found[refused.topic] = refused
    if connection is not None:
        try:
            for check in _looks(connection, refused, whose, patience, now, known):
                found[check.topic] = check
        except StopError as stop:
            found.update({check.topic: check for check in stop.checks})
            why = stop.why
    return Checkup(tuple(found.get(topic) or unknown(topic, why) for topic in TOPICS))


def _looks(
    connection: Connection,
    refused: Check | None,
    owner: str,
    patience: float,
    now: Callable[[], datetime],
    known: Known | None,
) -> Iterator[Check]:
    """Each line as it is found. Raises StopError where the rest cannot be looked at."""
    try:
        with connect(connection, known=known) as opened:
            yield from _core(connection, refused, opened, owner, patience, now)
    except KomodoSyncError as error:
        # an embedded Core whose file is none
        raise StopError("the Core cannot be opened", failed_by("host", error)) from None


def _core(
    connection: Connection,
    refused: Check | None,
    opened: Session,
    owner: str,
    patience: float,
    now: Callable[[], datetime],
) -> Iterator[Check]:
    reader = opened.reader

    def soon(call: Callable[[], Any], what: str) -> Callable[[], Any]:
        return partial(in_time, call, patience, what)

    def ask(operation: str, params: dict[str, Any]) -> Any:
        return in_time(partial(reader.read, operation, params), patience, operation)

    greeting, check = network.greeted(connection, soon(reader.greeting, "GET /version"), new=bool(opened.new))
    yield check
    yield network.tls(connection, greeting.certificate, now())
    yield network.clock(connection, greeting, now())
    yield access.version(soon(reader.version, "GET /version"))
    if refused is not None:
        raise StopError("there is no key", refused)
    user, check = access.credentials(connection, soon(reader.user, "GET /user"))
    yield check
    info = _info(ask)
    yield access.role(user, info)
    yield from _contents(reader, ask, info, owner, patience)


def _info(ask: Callable[[str, dict[str, Any]], Any]) -> dict[str, Any]:
    """What the Core says of itself; nothing where it does not."""
    try:
        found = ask("GetCoreInfo", {})
    except KomodoSyncError:
        return {}
    return found if isinstance(found, dict) else {}


def _contents(
    reader: Reader, ask: Callable[[str, dict[str, Any]], Any], info: dict[str, Any], owner: str, patience: float
) -> Iterator[Check]:
    from komodo_sync.client.snapshot import observe

    every = partial(observe, reader, frozenset(KINDS), states=False, detailed=())
    try:
        observed = in_time(every, patience, "one of the lists")
    except KomodoSyncError as error:
        raise StopError("not every list could be read", failed_by("kinds", error)) from None
    yield contents.kinds(observed)
    yield contents.paging(observed, info, ask)
    yield contents.owners(observed, owner)
    yield from contents.lock_and_applied(owner, ask)
