"""A Komodo Core 2.3.2 in this process."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from komodo_sync.simulator import git, registry, users
from komodo_sync.simulator.app import App
from komodo_sync.simulator.executions import settle
from komodo_sync.simulator.faults import Faults
from komodo_sync.simulator.identity import new_key, now_ms
from komodo_sync.simulator.requests import State
from komodo_sync.simulator.served import PERFORMERS
from komodo_sync.simulator.startup import end_leftovers
from komodo_sync.simulator.storage import Storage, storage_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

PACE_MS = 20
"""How long an execution lasts when nothing else is said."""
ADMIN = "admin"


class EmbeddedCore:
    """The state of a Core and the WSGI application that serves it; a context manager that closes it."""

    def __init__(self, state: State, key: str, secret: str) -> None:
        self.state = state
        self.app = App(state)
        self.key = key
        self.secret = secret

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        *,
        key: str | None = None,
        secret: str | None = None,
        faults: Sequence[str] = (),
        pace: int = PACE_MS,
        pull_cache: int = 0,
        clock: Callable[[], int] = now_ms,
    ) -> EmbeddedCore:
        """Opens the state in `path`, makes it when there is none, or keeps it in memory without a path.

        `key` and `secret` become the admin's, in the place of those that were given or made here before (keys made
        through the API stay); without them those are taken, or made once. `pace` is how many milliseconds an execution
        lasts, `pull_cache` for how many a pull from git is kept (5000 in a real Core). Raises StorageError, and
        UsageError for a fault that is not understood.
        """
        told = Faults.parse(faults)
        storage = Storage(path)
        try:
            found = _admin(storage, key, secret)
        except sqlite3.Error as error:
            storage.close()
            raise storage_error(path, error) from error
        return cls(State(storage, told, clock, pace, pull_cache=pull_cache), *found)

    @property
    def requests(self) -> list[str]:
        """The names of the operations that were asked for so far, in order."""
        return self.app.requests

    @property
    def faults(self) -> Faults:
        """What goes wrong; `add` and `clear` change it while it runs."""
        return self.state.faults

    def push(
        self,
        repo: str,
        files: Mapping[str, str | None],
        *,
        message: str = "a commit",
        branch: str = "main",
        provider: str = "github.com",
    ) -> str:
        """A commit in a git repository that stacks, builds and repos of this Core can name; answers its hash."""
        with self.state.storage.transaction():
            return git.push(self.state, provider, repo, branch, files, message)

    def release(self, image: str) -> None:
        """The registry has a newer image under this name than the one that was pulled before."""
        with self.state.storage.transaction():
            registry.release(self.state, image)

    def start(self) -> None:
        """Begins as a Core does that was down: what was under way is over, and no success. Not for one that merely
        opens the state that another process may be using. Raises StorageError."""
        try:
            end_leftovers(self.state, PERFORMERS)
        except sqlite3.Error as error:
            raise storage_error(self.state.storage.path, error) from error

    def settle(self) -> None:
        """Does what is due by now, as the next request would. Raises StorageError."""
        try:
            settle(self.state, PERFORMERS)
        except sqlite3.Error as error:
            raise storage_error(self.state.storage.path, error) from error

    def close(self) -> None:
        """Closes the state; what it holds stays in the file."""
        self.state.storage.close()

    def __enter__(self) -> EmbeddedCore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _admin(storage: Storage, key: str | None, secret: str | None) -> tuple[str, str]:
    """The admin's credentials; makes the admin, and credentials, where there are none."""
    with storage.transaction():
        document = users.find(storage, ADMIN)
        if document is None:
            document = users.new_user(ADMIN, {"type": "Local", "data": {"password": "#############"}}, admin=True)
            users.save(storage, document)
        known = (storage.fact("admin key"), storage.fact("admin secret"))
        wanted = (key or known[0] or new_key("K"), secret or known[1] or new_key("S"))
        if wanted != known:
            if known[0]:
                storage.remove(users.KEYS, known[0])
            users.add_key(storage, document["_id"]["$oid"], *wanted, ADMIN)
            storage.set_fact("admin key", wanted[0])
            storage.set_fact("admin secret", wanted[1])
        return wanted
