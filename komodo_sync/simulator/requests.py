"""One request inside the embedded Core, and how its operations are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from komodo_sync.model.data import Data, Unshown, field

if TYPE_CHECKING:
    from komodo_sync.simulator.faults import Faults
    from komodo_sync.simulator.storage import Storage


class State(Data, frozen=True):
    """What every operation works on. `clock` gives milliseconds; an execution lasts `pace` of them, and a pull from git
    is kept for `pull_cache` of them."""

    storage: Storage
    faults: Faults
    clock: Callable[[], int]
    pace: int
    title: str = "Komodo"
    default_limit: int = 50
    pull_cache: int = 0


class User(Unshown, frozen=True):
    """Who asks."""

    id: str
    username: str
    admin: bool
    document: dict[str, Any] = field(default_factory=dict)


class Call(Data, frozen=True):
    """One request: the operation's group and name, its parameters (all of them, checked), and who asks."""

    state: State
    user: User
    group: str
    operation: str
    params: dict[str, Any]

    @property
    def storage(self) -> Storage:
        """The documents."""
        return self.state.storage

    def now(self) -> int:
        """Milliseconds since 1970."""
        return self.state.clock()

    def subjects(self) -> tuple[str, ...]:
        """Ids and names of resources that the parameters mention, by either, for faults."""
        found = [value for value in self.params.values() if isinstance(value, str)]
        target = self.params.get("target")
        if isinstance(target, dict):
            found.append(target.get("id", ""))
        with self.storage.lock:
            named = [self.storage.query("SELECT name FROM documents WHERE id=?", word) for word in found]
        return (*found, *(name for rows in named for (name,) in rows if name))


Handler = Callable[[Call], Any]
"""Answers a request: any JSON value, or JsonText that is written already. Raises RefusalError."""
