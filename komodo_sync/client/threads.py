"""Calls side by side, on threads that never keep the process from ending."""

from __future__ import annotations

import queue
import threading
from functools import partial
from typing import TYPE_CHECKING, Generic, TypeVar

from komodo_sync.errors import CoreConnectionError, CredentialsError, LockedOutError, TooOldError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Result = TypeVar("Result")


class Finished(Generic[Result]):
    """A call that came to its end: `index` of the call; `value`, or the exception that it raised."""

    __slots__ = ("error", "index", "value")

    def __init__(self, index: int, value: Result | None, error: BaseException | None) -> None:
        self.index = index
        self.value = value
        self.error = error

    def result(self) -> Result:
        """The value. Raises what the call raised."""
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # a call without error has a value


def side_by_side(
    calls: Sequence[Callable[[], Result]],
    workers: int,
    *,
    given_up: Callable[[], bool] = lambda: False,
    look_every: float = 0.05,
) -> Iterator[Finished[Result]]:
    """Runs `calls` on at most `workers` threads and yields each as it finishes, in the caller's thread.

    The threads are daemons: when the caller leaves (Ctrl-C, or `given_up`, looked at every `look_every` seconds),
    what still runs is left behind, and what has not begun never does.
    """
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    finished: queue.SimpleQueue[Finished[Result]] = queue.SimpleQueue()
    left = threading.Event()
    for index in range(len(calls)):
        waiting.put(index)

    def work() -> None:
        while not left.is_set():
            try:
                index = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                finished.put(Finished(index, calls[index](), None))
            except BaseException as error:  # handed to the caller, who raises it
                finished.put(Finished(index, None, error))

    for _ in range(min(workers, len(calls))):
        threading.Thread(target=work, name="komodo-sync call", daemon=True).start()
    try:
        for _ in calls:
            while True:
                try:
                    done = finished.get(timeout=look_every)
                    break
                except queue.Empty:
                    if given_up():
                        return
            yield done
    finally:
        left.set()


def all_of(calls: Sequence[Callable[[], Result]], workers: int) -> list[Result]:
    """The result of every call, in the order of the calls, on at most `workers` threads.

    When one fails no further one begins, and what runs is waited for, so that nothing is left behind. Then the error
    that says best what is wrong is raised: a wrong key is refused by some and locked out by the rest.
    """
    results: dict[int, Result] = {}
    errors: dict[int, BaseException] = {}
    failed = threading.Event()

    def unless_failed(index: int) -> Result | None:
        # those that begin at first all do: which of them fails first is chance, and says too little
        if index >= workers and failed.is_set():
            return None
        try:
            return calls[index]()
        except BaseException:
            failed.set()
            raise

    for done in side_by_side([partial(unless_failed, index) for index in range(len(calls))], workers):
        if done.error is not None:
            errors[done.index] = done.error
        else:
            results[done.index] = done.value  # type: ignore[assignment]  # None alone where an error is raised
    if errors:
        raise _telling(errors[index] for index in sorted(errors))
    return [results[index] for index in range(len(calls))]


def _telling(errors: Iterable[BaseException]) -> BaseException:
    def rank(error: BaseException) -> int:
        if isinstance(error, LockedOutError):
            return 2
        order = (TooOldError, CredentialsError, LockedOutError, CoreConnectionError)
        return next((place for place, kind in enumerate(order) if isinstance(error, kind)), len(order))

    found = list(errors)
    defects = [error for error in found if not isinstance(error, Exception)]
    return min(defects or found, key=rank)
