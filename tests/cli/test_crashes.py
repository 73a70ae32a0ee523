"""A crash between any two calls leaves a state from which the next apply converges."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from asking import Asker
from shell import Host, Shell, fresh_core, is_write, write
from worlds import FILES, mark, names, populate

from komodo_sync.client.transport import Transport
from komodo_sync.execution.process import Process

if TYPE_CHECKING:
    from pathlib import Path


class Killed(BaseException):
    """The process is no more: nothing catches it."""


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> Cut:
    found = Cut()
    call = Transport.call

    def counted(self: Transport, route: Any, operation: str, params: dict[str, Any], shape: Any = None) -> Any:
        found.begin(counts=is_write(operation))
        try:
            return call(self, route, operation, params, shape)
        finally:
            found.end()

    monkeypatch.setattr(Transport, "call", counted)
    return found


class Cut:
    """Ends the process before its write number `at` (from 0) and every further call; None: never. `seen`: writes. What
    merely reads is waited for too: its connection would be left open when the client is closed under it."""

    def __init__(self) -> None:
        self.at: int | None = None
        self.seen = 0
        self._running = 0
        self._ended = False
        self._calls = threading.Condition()

    def reset(self, at: int | None) -> None:
        """A new process."""
        self.at, self.seen, self._ended = at, 0, False

    def begin(self, *, counts: bool) -> None:
        with self._calls:
            if self._ended or (counts and self.at is not None and self.seen >= self.at):
                self._ended = True
                # what runs is answered, so that it is known what was done
                self._calls.wait_for(lambda: self._running == 0, 30)
                raise Killed
            self.seen += counts
            self._running += 1

    def end(self) -> None:
        with self._calls:
            self._running -= 1
            self._calls.notify_all()


@pytest.mark.parametrize("parallelism", ["1", "8"])
@pytest.mark.parametrize("owner", [True, False])
def test_a_crash_after_any_number_of_writes(
    shell: Shell, host: Host, work: Path, monkeypatch: pytest.MonkeyPatch, cut: Cut, parallelism: str, owner: bool
) -> None:
    files = dict(FILES)
    if not owner:
        files["komodo-sync.yaml"] = "prune: false\n"
    write(work, files)
    # with an owner the lock is taken first and given back last
    total = 12 if owner else 7
    for done in range(total):
        with fresh_core(host, monkeypatch) as core:
            ask = Asker(core)
            populate(ask)
            mark(ask, "Repo", "found", tags=["by-hand"], description="")
            cut.reset(done)
            with pytest.raises(Killed):
                shell("apply", "--yes", "--parallelism", parallelism)
            assert cut.seen == done
            cut.reset(None)
            # it was another process, which is no more
            monkeypatch.setattr(Process, "is_gone", lambda _: True)
            said = shell.good("apply", "--yes")
            held = owner and done > 0
            everything = owner and done == total - 1
            assert ("Nothing to do" if everything else "nothing is left to do") in said.out, done
            assert ("took over the lock of owner me: process " in said.err) == (held and not everything), done
            assert shell("plan", "--detailed-exitcode").code == 0
            assert names(ask, "Stacks") == (["theirs", "web"] if owner else ["gone", "theirs", "web"])
            assert names(ask, "Repos") == ["found", "same", "site"]
    with fresh_core(host, monkeypatch) as core:
        populate(Asker(core))
        mark(Asker(core), "Repo", "found", tags=["by-hand"], description="")
        cut.reset(None)
        shell.good("apply", "--yes")
        assert cut.seen == total
