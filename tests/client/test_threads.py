"""Calls side by side."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from komodo_sync.client.threads import all_of, side_by_side
from komodo_sync.errors import CredentialsError, LockedOutError


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


def test_all_results_come_in_the_order_of_the_calls() -> None:
    later = threading.Event()

    def first() -> str:
        later.wait(timeout=5)
        return "first"

    def second() -> str:
        later.set()
        return "second"

    assert all_of([first, second, lambda: "third"], 2) == ["first", "second", "third"]
    assert all_of([], 0) == []


def test_after_a_failure_nothing_begins_and_what_runs_is_waited_for() -> None:
    failed, ended = threading.Event(), []

    def fails() -> None:
        failed.set()
        raise KeyError("x")

    def runs() -> None:
        failed.wait(timeout=5)
        ended.append("runs")

    with pytest.raises(KeyError):
        all_of([fails, runs, lambda: ended.append("begun")], 1)
    assert ended == []
    with pytest.raises(KeyError):
        all_of([fails, runs], 2)
    assert ended == ["runs"]


def test_of_several_errors_the_one_that_tells_most_is_raised() -> None:
    def raising(error: Exception) -> None:
        raise error

    errors = [LockedOutError("locked"), CredentialsError("wrong key"), KeyError("x")]
    with pytest.raises(CredentialsError):
        all_of([partial(raising, error) for error in errors], 3)
