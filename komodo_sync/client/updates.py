"""Executions: sent once, then waited for. Only a complete Update says whether one succeeded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.errors import (
    AnswerLostError,
    BusyError,
    CoreConnectionError,
    CredentialsError,
    KomodoSyncError,
    StoppedError,
    ThrottledError,
    UnfinishedError,
    UnreachableError,
)
from komodo_sync.model.data import Data
from komodo_sync.model.outcome import Wait

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from komodo_sync.client.reader import Reader
    from komodo_sync.client.writer import Writer

    Update = dict[str, Any]

TIMEOUT = 1800.0
"""Seconds for which an execution is waited for when nothing else is said."""
FIRST_POLL, SLOWER_BY, LAST_POLL = 0.1, 1.6, 3.0
"""Seconds to the first look at an Update, how much longer each further pause is, and the longest one."""
GONE_FOR = 180.0
"""Seconds for which a Core may be away (a restart) while an execution is waited for."""
LOOK_AFTER = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each look for the Update of an execution whose answer was lost."""
SEND_AGAIN_AFTER = (0.5, 1.5, 3.0)
"""Seconds before each further try when no connection came about."""


class Target(Data, frozen=True):
    """What an execution is about, as Updates name it: Core's word for the kind, and the id."""

    core: str
    id: str


class Clock(Data, frozen=True):
    """`now` are seconds that only grow."""

    now: Callable[[], float]
    sleep: Callable[[float], None]


def update_id(update: Update) -> str:
    """The id of an Update; empty for one that Core gives none (DeployStackIfChanged): it cannot be asked for."""
    found = update.get("_id")
    return str(found["$oid"]) if isinstance(found, dict) and "$oid" in found else str(found or "")


def is_complete(update: Update) -> bool:
    """Whether its `success` means something: it is true from the beginning."""
    return bool(update.get("status") == "Complete")


def was_busy(update: Update) -> bool:
    """Whether it is complete because another action ran on the resource, so that nothing happened."""
    return is_complete(update) and any(
        not log.get("success", True)
        and log.get("stage") == "Task Error"
        and "resource is busy" in str(log.get("stderr", "")).lower()
        for log in update.get("logs") or ()
    )


def _unheard(_wait: Wait) -> None:
    """Nobody wants to know."""


class Executor:
    """Has the Core do something, and waits until it has.

    `now` are seconds that only grow; the writer's own, if not given. `stopped`: whether nothing new is to be sent; what
    runs is waited for all the same. May be used from several threads.
    """

    def __init__(
        self,
        reader: Reader,
        writer: Writer,
        *,
        now: Callable[[], float] | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self._reader = reader
        self._writer = writer
        self.clock = Clock(now or writer.now, writer.sleep)
        self._stopped = stopped

    def run(
        self,
        operation: str,
        params: dict[str, Any],
        *,
        target: Target | None = None,
        timeout: float = TIMEOUT,
        heard: Callable[[Wait], None] = _unheard,
    ) -> Any:
        """The complete Update of an execution; for a batch what `completed` makes of each item, in its order.

        One that found the resource busy did nothing, so it is sent again, for `timeout` seconds at most. One without an
        id is answered as it is, in progress. With `target`, a lost answer is looked for among the target's Updates
        before anything is sent again;
        without it, AnswerLostError is raised.

        `heard` is told of every pause, with the Update's id once there is one; it may raise to end the waiting.
        Raises UnfinishedError when the Core does it still after `timeout` seconds, or cannot be asked any more;
        StoppedError when it was stopped before anything happened; errors of the tree when it could not begin.
        """
        pauses = _growing()
        waited = 0.0
        while True:
            update = self.start(operation, params, target=target, timeout=timeout, heard=heard)
            if isinstance(update, list):
                return [self._item(item, timeout, heard) for item in update]
            update = self.completed(update, timeout=timeout, heard=heard)
            if not was_busy(update) or waited >= timeout:
                return update
            pause = next(pauses)
            self._pause(pause, Wait(f"{operation}: another action is running on it", waited, timeout), heard)
            waited += pause

    def start(
        self,
        operation: str,
        params: dict[str, Any],
        *,
        target: Target | None = None,
        timeout: float = TIMEOUT,
        heard: Callable[[Wait], None] = _unheard,
    ) -> Any:
        """What the Core answers to an execution at once: an Update in progress, or a list of them. See `run`."""
        self._check_stopped(operation)
        before = self._ids(operation, params, target, "") if target else frozenset()
        refused = iter(SEND_AGAIN_AFTER)
        busy = _growing()
        waited = 0.0
        lost_before = False
        while True:
            try:
                return self._writer.execute(operation, params)
            except AnswerLostError as lost:
                found = self._begun(operation, params, target, before, lost, heard)
                if found is not None:
                    return found
                if lost_before:
                    raise
                lost_before = True
            except ThrottledError:
                raise  # it has waited long enough
            except UnreachableError as error:
                pause = next(refused, None)
                if pause is None:
                    raise
                self._pause(pause, Wait(error.summary), heard)
            except BusyError as error:
                if waited >= timeout:
                    raise
                pause = next(busy)
                self._pause(pause, Wait(error.summary, waited, timeout), heard)
                waited += pause

    def completed(
        self, update: Update, *, timeout: float = TIMEOUT, heard: Callable[[Wait], None] = _unheard
    ) -> Update:
        """The Update once it is complete, however long ago it began; one without an id as it is. Raises
        UnfinishedError."""
        identity, operation = update_id(update), str(update.get("operation", ""))
        if not identity:
            return update
        began = self.clock.now()
        away_since: float | None = None
        pauses = _growing()
        while not is_complete(update):
            so_far = self.clock.now() - began
            if so_far >= timeout:
                raise UnfinishedError(
                    f"{operation} is still running after {so_far:.0f} seconds",
                    hint="the Core goes on with it: see how its update ends, then do it again; --timeout waits longer",
                    update=identity,
                )
            heard(Wait(f"{operation} is running", so_far, timeout, identity))
            self._writer.sleep(min(next(pauses), max(timeout - so_far, FIRST_POLL)))
            try:
                update, away_since = self._reader.read("GetUpdate", {"id": identity}), None
            except CredentialsError as error:
                raise _unknown(operation, identity, error) from None
            except CoreConnectionError as error:
                # a Core that restarts ends the execution, and says so once it is back
                away_since = self.clock.now() if away_since is None else away_since
                if self.clock.now() - away_since >= GONE_FOR:
                    raise _unknown(operation, identity, error) from None
            except KomodoSyncError as error:
                raise _unknown(operation, identity, error) from None
        return update

    def _item(self, item: Any, timeout: float, heard: Callable[[Wait], None]) -> Any:
        """An item of a batch: `{status: Ok, data: Update}` with its Update complete, or what failed as it is."""
        if not isinstance(item, dict) or item.get("status") != "Ok" or not isinstance(item.get("data"), dict):
            return item
        return {**item, "data": self.completed(item["data"], timeout=timeout, heard=heard)}

    def _begun(
        self,
        operation: str,
        params: dict[str, Any],
        target: Target | None,
        before: frozenset[str],
        lost: AnswerLostError,
        heard: Callable[[Wait], None],
    ) -> Update | None:
        """The Update of an execution whose answer was lost; None when nothing began. Raises `lost` when it cannot be
        told."""
        if target is None:
            raise lost
        heard(Wait(f"{lost.summary}; looking whether it began"))
        try:
            operator = update_id(self._reader.user())
            for pause in LOOK_AFTER:
                self._writer.sleep(pause)
                new = self._ids(operation, params, target, operator) - before
                if new:
                    # ids grow with time: the first one that is new is ours
                    found: Update = self._reader.read("GetUpdate", {"id": min(new)})
                    return found
        except KomodoSyncError:
            raise lost from None
        return None

    def _ids(self, operation: str, params: dict[str, Any], target: Target | None, operator: str) -> frozenset[str]:
        """The newest Updates of this operation on the target, by that operator where one is named."""
        if target is None:
            return frozenset()
        names = [operation, f"{operation}Service"] if params.get("services") else [operation]
        query: dict[str, Any] = {"target.type": target.core, "target.id": target.id, "operation": {"$in": names}}
        if operator:
            query["operator"] = operator
        answer = self._reader.read("ListUpdates", {"query": query, "page": 0})
        return frozenset(str(item["id"]) for item in answer["updates"])

    def _pause(self, seconds: float, wait: Wait, heard: Callable[[Wait], None]) -> None:
        self._check_stopped(wait.why)
        heard(wait)
        self._writer.sleep(seconds)
        self._check_stopped(wait.why)

    def _check_stopped(self, why: str) -> None:
        if self._stopped():
            raise StoppedError(f"stopped before it began: {why}", hint="do it again to finish")


def _growing() -> Iterator[float]:
    pause = FIRST_POLL
    while True:
        yield pause
        pause = min(pause * SLOWER_BY, LAST_POLL)


def _unknown(operation: str, identity: str, error: KomodoSyncError) -> UnfinishedError:
    return UnfinishedError(
        f"how {operation} ended is not known: {error.summary}",
        detail=error.detail,
        hint="the Core may do it still: see its update, then plan again",
        update=identity,
    )
