"""One apply per owner: a variable in the Core that is made by whoever applies, and names the process.

Creating a variable is the one thing in Komodo's API that only one of several can do, so the lock is taken by creating
it and by nothing else. It stays behind when a process is killed: on the same host the next apply sees that the process
is gone and takes over; from elsewhere that cannot be known, and `komodo-sync unlock` breaks it.
"""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from komodo_sync.client.threads import side_by_side
from komodo_sync.errors import AnswerLostError, DeniedError, ExistsError, KomodoSyncError, LockError, RefusedError
from komodo_sync.execution.own_variables import OwnVariable, variable_name
from komodo_sync.execution.process import Process
from komodo_sync.kinds.flat import LOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.writer import Writer
    from komodo_sync.execution.stop import StopFlag

_DESCRIPTION = "Held by a running komodo-sync apply; komodo-sync unlock breaks it"
_TRIES = 3
_PATIENCE = 3.0
"""Seconds that giving it back may take once nobody wants to wait."""


class Lock:
    """The lock of one owner."""

    def __init__(self, owner: str, reader: Reader, writer: Writer) -> None:
        self.owner = owner
        self._variable = OwnVariable(variable_name(LOCK, owner), _DESCRIPTION, reader, writer)
        self._text = Process.this().text()

    def held(self) -> str | None:
        """What the lock says now; None where nobody holds it."""
        return self._variable.value()

    def take(self, note: Callable[[str], None]) -> None:
        """Takes it. `note` is told when it is taken over. Raises RefusedError when somebody else holds it, DeniedError
        when the key may not, LockError when it cannot be had; nothing was written then."""
        try:
            self._take(note)
        except (RefusedError, DeniedError):
            raise
        except KomodoSyncError as error:
            raise LockError(
                f"the lock of owner {self.owner} could not be taken, so nothing was written: {error.summary}",
                detail=error.detail,
                hint=error.hint,
            ) from None

    def _take(self, note: Callable[[str], None]) -> None:
        for _ in range(_TRIES):
            lost: KomodoSyncError
            try:
                self._variable.create(self._text)
            except (ExistsError, AnswerLostError) as error:
                lost = error
            else:
                return
            held = self.held()
            if held == self._text:
                return  # made, and only the answer was lost
            if held is not None:
                self._clear(held, note)
        raise lost

    def check(self) -> None:
        """For who may not take it. Raises RefusedError when somebody holds it."""
        held = self.held()
        if held is not None:
            holder = Process.parse(held)
            if holder is None or not holder.is_gone():
                raise self._refusal(held)

    def give_back(self) -> None:
        """Gives it back, if it is ours still. Raises errors of the tree."""
        self.break_if(self._text)

    def break_if(self, text: str) -> bool:
        """Takes the lock away if it says `text`; whether it did."""
        if self.held() != text:
            return False
        self._variable.delete()
        return True

    def _clear(self, held: str, note: Callable[[str], None]) -> None:
        """Makes room where the holder is gone. Raises RefusedError where it is not."""
        holder = Process.parse(held)
        if holder is None or not holder.is_gone():
            raise self._refusal(held)
        # two who saw the same dead holder: the second must not take away the lock of the first
        with _alone_on_this_host(self._variable.name):
            if self.break_if(held):
                note(f"took over the lock of owner {self.owner}: {holder}, is gone")

    def _refusal(self, held: str) -> RefusedError:
        return RefusedError(
            f"another apply holds the lock of owner {self.owner}",
            detail=described(held),
            hint="nothing was written; wait until that one has ended, then apply again. "
            "If it cannot end any more (a runner that is gone), break its lock: komodo-sync unlock",
        )


def described(held: str) -> str:
    """Who holds a lock, for people."""
    return str(Process.parse(held) or f"somebody unknown: the variable says {held[:100]!r}")


@contextmanager
def locked(lock: Lock, *, admin: bool, note: Callable[[str], None], stop: StopFlag) -> Iterator[bool]:
    """Holds `lock` while the block runs; whether it is held. A key that may make no variables (they are an admin's)
    goes on without, where nobody else holds it: it is told so. Raises RefusedError where somebody does."""
    if not (admin and _taken(lock, note)):
        lock.check()
        note(
            "warning: this key may not make variables, so this apply holds no lock: see that no other one runs for "
            f"owner {lock.owner}"
        )
        yield False
        return
    try:
        yield True
    finally:
        _give_back(lock, note, stop)


def _taken(lock: Lock, note: Callable[[str], None]) -> bool:
    try:
        lock.take(note)
    except DeniedError:
        return False
    return True


def _give_back(lock: Lock, note: Callable[[str], None], stop: StopFlag) -> None:
    began = time.monotonic()

    def given_up() -> bool:
        return stop.abandoned and time.monotonic() - began > _PATIENCE

    why = "the Core did not answer in time"
    for done in side_by_side([lock.give_back], 1, given_up=given_up):
        if done.error is None:
            return
        if not isinstance(done.error, KomodoSyncError):
            raise done.error
        why = done.error.summary
    note(
        f"warning: the lock of owner {lock.owner} could not be given back: {why}; the next apply on this host takes it "
        "over, elsewhere run komodo-sync unlock"
    )


@contextmanager
def _alone_on_this_host(name: str) -> Iterator[None]:
    """One process of this host at a time, where the system has such locks."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    path = Path(tempfile.gettempdir()) / f"{name}.{os.getuid()}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
