"""An embedded Core whose file is made by the first write and by nothing before it."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.embedded import EmbeddedCore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from types import TracebackType

_CHANGING = ("/write", "/execute")


class DeferredCore:
    """Answers as an empty Core in memory does until somebody writes, and from then on as the one in `path`. So what is
    refused before its first write leaves no file behind, and none has to be taken away again.

    A context manager that closes both. `app` raises StorageError when the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._empty = EmbeddedCore.open()
        self._kept: EmbeddedCore | None = None
        self._lock = Lock()
        self.key, self.secret = self._empty.key, self._empty.secret

    def app(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The WSGI application. Who has this object has the admin's key of either Core."""
        core = self._core(changing=environ["PATH_INFO"].startswith(_CHANGING))
        return core.app({**environ, "HTTP_X_API_KEY": core.key, "HTTP_X_API_SECRET": core.secret}, start_response)

    def __enter__(self) -> DeferredCore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._empty.close()
        if self._kept is not None:
            self._kept.close()

    def _core(self, *, changing: bool) -> EmbeddedCore:
        with self._lock:
            if changing and self._kept is None:
                self._kept = EmbeddedCore.open(self._path)
            return self._kept or self._empty
