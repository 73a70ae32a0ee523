"""Calls side by side, on threads that never keep the process from ending."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
