"""An open connection to a Core, real or embedded."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data, field
from komodo_sync.model.known import Known
from komodo_sync.model.sealed import Sealed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.refresher import Refresher
    from komodo_sync.client.transport import Transport
    from komodo_sync.client.writer import Writer
    from komodo_sync.settings import Connection

EMBEDDED = "sim:"


class Session(Data, frozen=True):
    """An open connection to a Core: what reads, what writes, and what refreshes caches. `new`: the file of an embedded
    Core that was not there before. `known`: what is known to be secret, which nothing that a Core says may show."""

    reader: Reader
    writer: Writer
    host: str
    new: str = ""
    refresher: Refresher | None = None
    known: Known = field(default_factory=Known)


@contextmanager
def connect(connection: Connection, *, patience: float | None = None, known: Known | None = None) -> Iterator[Session]:
    """Opens `connection` for as long as the block runs; `sim:PATH` opens the embedded Core that is kept in PATH. Where
    there is no such file, the first write makes it. `patience`: seconds for each answer, where they are to be few;
    `known`: what is known to be secret already."""
    from komodo_sync.client.transport import Transport

    if not connection.url.startswith(EMBEDDED):
        with Transport(connection.url, connection.key, connection.secret, patience=patience, known=known) as transport:
            yield _session(transport)
        return
    from komodo_sync.client.transport import in_process
    from komodo_sync.simulator import EmbeddedCore
    from komodo_sync.simulator.deferred import DeferredCore
    from komodo_sync.simulator.storage import is_new

    name = connection.url.removeprefix(EMBEDDED)
    path = Path(name) if name else None
    new = path is not None and is_new(path)
    with DeferredCore(path) if path is not None and new else EmbeddedCore.open(path) as core:
        key, secret = Sealed(core.key), Sealed(core.secret)
        through = in_process(core.app)
        with Transport("http://embedded", key, secret, through=through, host=connection.url, known=known) as transport:
            yield _session(transport, new=name if new else "")


def _session(transport: Transport, *, new: str = "") -> Session:
    from komodo_sync.client.reader import Reader
    from komodo_sync.client.refresher import Refresher
    from komodo_sync.client.writer import Writer

    return Session(Reader(transport), Writer(transport), transport.host, new, Refresher(transport), transport.known)
