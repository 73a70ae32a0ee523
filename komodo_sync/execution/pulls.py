"""Whether an execution that pulls from git got the commit that it should have.

A host, and the Core itself, pull a checkout at most once in five seconds: within them everybody gets what the last pull
got, even of another branch, and is told that it succeeded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.client.snapshot import list_params
from komodo_sync.errors import StoppedError
from komodo_sync.model.data import Data
from komodo_sync.model.outcome import Wait
from komodo_sync.wire.truth import identity_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.writer import Writer
    from komodo_sync.execution.stop import StopFlag
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.plan import Execution

CACHED_FOR = 6.0
"""Seconds after which a pull is surely a new one."""


class Pulls(Data, frozen=True):
    """Looks at the commits of one resource around one execution of it."""

    spec: KindSpec
    identity: str
    execution: Execution
    reader: Reader
    writer: Writer
    stop: StopFlag

    def wanted(self, live: Mapping[str, Any], *, created: bool, heard: Callable[[Wait], None]) -> str:
        """The commit that is to be deployed; empty where there is none, or any will do. Where the plan could not know
        it, because the source is new, the Core says it now. `created`: in this run, so that nothing is cached."""
        lifecycle = self.spec.lifecycle
        # what is done to single services tells no commit
        if lifecycle is None or not lifecycle.done_hash or self.execution.params.get("services"):
            return ""
        if self.execution.commit:
            return self.execution.commit
        config = live.get("config") or {}
        if config.get("files_on_host") or not any(config.get(name) for name in lifecycle.pulls_from):
            return ""
        if self.execution.operation not in lifecycle.deploys:
            return ""
        if not created:
            self._outwait(heard)
        if not created or lifecycle.lags:
            self._refresh()
        return self._hash(lifecycle.latest_hash)

    def is_there(self, wanted: str, heard: Callable[[Wait], None]) -> bool:
        """Whether the commit was deployed, or a newer one that came meanwhile. False after as long as it takes for the
        next pull to be a new one."""
        lifecycle = self.spec.lifecycle
        if not wanted or lifecycle is None:
            return True
        found = self._hash(lifecycle.hash_after)
        if _same(found, wanted):
            return True
        self._outwait(heard)
        self._refresh()
        return _same(found, self._hash(lifecycle.latest_hash))

    def _outwait(self, heard: Callable[[Wait], None]) -> None:
        if self.stop.requested:
            raise StoppedError("stopped before its pull would have been a new one", hint="apply again to finish")
        heard(Wait("for the next pull to be a new one", 0.0, CACHED_FOR))
        self.writer.sleep(CACHED_FOR)

    def _refresh(self) -> None:
        assert self.spec.lifecycle is not None
        self.writer.write(self.spec.lifecycle.refresh, {self.spec.lifecycle.subject: self.identity})

    def _hash(self, name: str) -> str:
        for raw in self.reader.read(self.spec.lists, list_params(self.spec.lists, names=[self.identity])):
            if identity_of(raw) == self.identity:
                return str((raw.get("info") or {}).get(name) or "")
        return ""


def _same(left: str, right: str) -> bool:
    """Whether two hashes, which may be of different lengths, are of one commit."""
    return bool(left and right) and (left.startswith(right) or right.startswith(left))
