"""Whether the job is alive and does its work, for who asks over HTTP."""

from __future__ import annotations

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from komodo_sync.errors import KomodoSyncError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from komodo_sync.watching.loop import Turn
    from komodo_sync.watching.metrics import Metrics

TOO_MANY = 3
"""So many failed cycles in a row are no health."""
STUCK_AFTER = 3600.0
"""A cycle that lasts longer than this many seconds, and than three intervals, is stuck."""


class Health:
    """What is known of the last cycle. `now` are seconds since 1970."""

    def __init__(self, interval: float, now: Callable[[], float]) -> None:
        self._patience = max(3 * interval, STUCK_AFTER)
        self._now = now
        self._lock = threading.Lock()
        self._running_since: float | None = None
        self._last: Turn | None = None

    def began(self, at: float) -> None:
        """A cycle begins."""
        with self._lock:
            self._running_since = at

    def ended(self, turn: Turn) -> None:
        """It is over."""
        with self._lock:
            self._running_since = None
            self._last = turn

    def answer(self) -> tuple[int, dict[str, Any]]:
        """200 or 503, and why."""
        with self._lock:
            since, last = self._running_since, self._last
        told: dict[str, Any] = {"status": "ok"}
        if last is not None:
            told |= {"cycle": last.number, "result": str(last.cycle.result), "failures": last.failures}
        if since is not None and self._now() - since > self._patience:
            return 503, {**told, "status": "stuck"}
        if last is not None and last.failures >= TOO_MANY:
            return 503, {**told, "status": "failing", "error": last.cycle.error}
        return 200, told


def parse_address(text: str) -> tuple[str, int]:
    """`HOST:PORT`, `[::1]:PORT` or `:PORT`. Raises UsageError."""
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"--listen {text} is no address", hint="write HOST:PORT, 127.0.0.1:9090 for example")
    return host.strip("[]") or "0.0.0.0", int(port)  # noqa: S104  `:PORT` asks for it


class Listener:
    """Answers /healthz and /metrics on `host` and `port` (0 takes any free one) until it is closed."""

    def __init__(self, host: str, port: int, health: Health, metrics: Metrics) -> None:
        try:
            self._server = _server(host, port, health, metrics)
        except OSError as error:
            raise KomodoSyncError(
                f"nobody can listen on {host}:{port}: {(error.strerror or 'it fails').lower()}",
                hint="give another address to --listen",
            ) from None
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="komodo-sync health", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answers nobody any more."""
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


def _server(host: str, port: int, health: Health, metrics: Metrics) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path == "/healthz":
                status, told = health.answer()
                self._answer(status, "application/json", (json.dumps(told) + "\n").encode())
            elif path == "/metrics":
                self._answer(200, *metrics.text())
            else:
                self._answer(404, "text/plain", b"/healthz and /metrics are here\n")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Who asks is of no interest."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        # addresses of the sixth version hold colons
        address_family = socket.AF_INET6 if ":" in host else ThreadingHTTPServer.address_family

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Somebody who goes while being answered is no concern of the job."""

    return Server((host, port), Handler)
