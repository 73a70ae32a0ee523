"""Calls side by side."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from komodo_sync.client.threads import side_by_side


def test_every_call_ends_once_with_its_value_or_its_error() -> None:
    def call(index: int) -> int:
        if index == 3:
            raise KeyError(index)
        return index * index

    found = {done.index: done for done in side_by_side([partial(call, index) for index in range(20)], 4)}
    assert {index: done.value for index, done in found.items() if index != 3} == {i: i * i for i in range(20) if i != 3}
    with pytest.raises(KeyError):
        found[3].result()


def test_never_more_than_so_many_at_once() -> None:
    lock, running, most = threading.Lock(), [0], [0]
    together = threading.Barrier(3)

    def call() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        together.wait(timeout=5)
        with lock:
            running[0] -= 1

    assert len(list(side_by_side([call] * 12, 3))) == 12
    assert most[0] == 3


def test_what_is_given_up_is_left_behind_and_the_rest_never_begins() -> None:
    entered, release, begun = threading.Event(), threading.Event(), []

    def call(index: int) -> None:
        begun.append(index)
        entered.set()
        release.wait(timeout=5)

    found = list(
        side_by_side([partial(call, index) for index in range(3)], 1, given_up=entered.is_set, look_every=0.01)
    )
    release.set()
    assert (found, begun) == ([], [0])


def test_nothing_to_do() -> None:
    assert list(side_by_side([], 8)) == []
