"""The embedded Core on a port of this machine, served by waitress."""

from __future__ import annotations

import logging
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.channel import ClientDisconnected
from waitress.server import BaseWSGIServer, create_server

from komodo_sync.errors import StorageError
from komodo_sync.simulator.app import MAX_BODY
from komodo_sync.simulator.failures import DroppedError

if TYPE_CHECKING:
    from collections.abc import Callable

THREADS = 8


class Listener:
    """Serves a WSGI application until `stop`. Raises StorageError when the address cannot be had."""

    def __init__(self, app: Callable[..., Any], host: str, port: int) -> None:
        # more threads than requests at once only make it say so; nobody needs to know
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._sockets: dict[int, Any] = {}
        try:
            listening = socket.create_server((host, port), family=_family(host))
        except OSError as error:
            raise StorageError(
                f"cannot listen on {host}:{port}",
                detail=error.strerror or str(error),
                hint="name another port with --port; 0 takes any that is free",
            ) from error
        server = create_server(
            self._end_dropped,
            map=self._sockets,
            sockets=[listening],
            threads=THREADS,
            ident=None,
            max_request_body_size=8 * MAX_BODY,
        )
        assert isinstance(server, BaseWSGIServer)
        self._server = server
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{listening.getsockname()[1]}"
        self._app = app
        self._stopping = False

    def serve(self) -> None:
        """Answers requests until it is told to stop, then those that are under way."""
        while not self._stopping:
            wasyncore.loop(timeout=0.1, map=self._sockets, count=1)
        self._server.task_dispatcher.shutdown(timeout=2)
        wasyncore.close_all(self._sockets, ignore_all=True)

    def stop(self) -> None:
        """Ends `serve` soon; may be called from a signal handler or another thread."""
        self._stopping = True
        # it may have ended between the two
        with suppress(OSError):
            self._server.pull_trigger()

    def _end_dropped(self, environ: Any, start_response: Any) -> Any:
        try:
            return self._app(environ, start_response)
        except DroppedError as dropped:
            # waitress closes the connection then, and says nothing
            raise ClientDisconnected from dropped


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
