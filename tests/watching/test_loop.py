"""Cycles in time, with a clock that the test holds; health and metrics of them."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from komodo_sync.errors import CredentialsError, KomodoSyncError, RefusedError, UsageError
from komodo_sync.execution.stop import StopFlag
from komodo_sync.watching.cycle import Cycle, Job, Result
from komodo_sync.watching.health import STUCK_AFTER, Health, Listener, parse_address
from komodo_sync.watching.lines import Lines
from komodo_sync.watching.loop import Loop, Turn
from komodo_sync.watching.metrics import Metrics

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Time:
    """A clock; a cycle takes what it says, and waiting takes no time of anybody."""

    now: float = 1_800_000_000.0
    waited: list[float] = field(default_factory=list)
    stop_after: int = 99

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> bool:
        if not seconds:
            return len(self.waited) >= self.stop_after
        self.waited.append(seconds)
        self.now += seconds
        return len(self.waited) >= self.stop_after


def loop(time: Time, results: list[Result], *witnesses: Any, interval: float = 300.0, takes: float = 10.0) -> Loop:
    ends = iter(results)
    time.stop_after = len(results)

    def cycle() -> Cycle:
        time.now += takes
        return Cycle(next(ends))

    return Loop(cycle, interval, witnesses, time, time, time.wait)


def test_from_beginning_to_beginning_it_is_one_interval() -> None:
    time = Time()
    last = loop(time, [Result.IN_SYNC] * 3).run()
    assert time.waited == [290.0] * 3
    assert last is not None
    assert (last.number, last.failures) == (3, 0)


def test_failures_make_it_slower_and_a_good_cycle_ends_that() -> None:
    time = Time()
    bad = Result.FAILED
    loop(time, [bad, bad, bad, Result.APPLIED, bad], takes=0.0).run()
    assert time.waited == [300.0, 600.0, 1200.0, 300.0, 300.0]
    time = Time()
    loop(time, [bad] * 40, takes=0.0).run()
    assert max(time.waited) == 3600.0
    time = Time()
    loop(time, [bad] * 4, interval=7200.0, takes=0.0).run()
    assert time.waited == [7200.0] * 4


def test_a_cycle_that_takes_longer_than_the_interval_is_followed_after_a_breath() -> None:
    time = Time()
    loop(time, [Result.IN_SYNC] * 2, interval=5.0, takes=60.0).run()
    assert time.waited == [1.0, 1.0]


def test_stopped_before_it_begins_it_does_nothing() -> None:
    time = Time(stop_after=0)
    assert Loop(lambda: pytest.fail("a cycle"), 1.0, (), time, time, time.wait).run() is None


def test_one_line_of_json_a_cycle_says_no_more_than_there_is() -> None:
    time, out = Time(), io.StringIO()
    loop(time, [Result.IN_SYNC, Result.FAILED], Lines(out)).run()
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first == {"at": "2027-01-15T08:00:00Z", "cycle": 1, "result": "in sync", "seconds": 10.0}
    assert (second["result"], second["failures"], second["next_in"]) == ("failed", 1, 290.0)


def test_a_reader_that_has_gone_is_no_reason_to_stop() -> None:
    time, out = Time(), io.StringIO()
    out.close()
    assert loop(time, [Result.IN_SYNC] * 2, Lines(out)).run() is not None


def turn(result: Result, **more: Any) -> Turn:
    given = {"number": 1, "began": 0.0, "ended": 20.0, "seconds": 20.0, "failures": 0, "next_in": 1.0}
    return Turn(**(given | {"cycle": Cycle(result, **more.pop("cycle", {}))} | more))


def test_health() -> None:
    time = Time()
    health = Health(300.0, time)
    assert health.answer() == (200, {"status": "ok"})
    health.began(time.now)
    assert health.answer()[0] == 200
    time.now += STUCK_AFTER + 1
    assert health.answer() == (503, {"status": "stuck"})
    health.ended(turn(Result.APPLIED, number=4))
    assert health.answer() == (200, {"status": "ok", "cycle": 4, "result": "applied", "failures": 0})
    health.ended(turn(Result.FAILED, failures=2))
    assert health.answer()[0] == 200
    health.ended(turn(Result.FAILED, failures=3, cycle={"error": "no such host"}))
    assert health.answer()[0] == 503
    assert health.answer()[1]["error"] == "no such host"
    health.ended(turn(Result.REFUSED))
    assert health.answer()[0] == 200, "that is for people, not for a restart"


def test_metrics() -> None:
    metrics = Metrics()
    metrics.began(1_800_000_000.0)
    metrics.ended(
        turn(
            Result.PARTLY, failures=1, cycle={"changes": {"create": 2}, "done": ("a create",), "failed": (("b", "no"),)}
        )
    )
    kind, body = metrics.text()
    text = body.decode()
    assert kind.startswith("text/plain")
    for line in (
        'komodo_sync_cycles_total{result="partly"} 1.0',
        'komodo_sync_cycles_total{result="in sync"} 0.0',
        "komodo_sync_cycle_seconds_count 1.0",
        'komodo_sync_steps_total{status="done"} 1.0',
        'komodo_sync_steps_total{status="failed"} 1.0',
        'komodo_sync_changes{action="create"} 2.0',
        "komodo_sync_consecutive_failures 1.0",
        "komodo_sync_last_cycle_timestamp_seconds 1.8e+09",
        "komodo_sync_last_success_timestamp_seconds 0.0",
    ):
        assert line in text.splitlines(), line
    metrics.ended(turn(Result.IN_SYNC))
    assert "komodo_sync_last_success_timestamp_seconds 20.0" in metrics.text()[1].decode()


@pytest.mark.parametrize(
    ("text", "address"),
    [("127.0.0.1:9090", ("127.0.0.1", 9090)), (":0", ("0.0.0.0", 0)), ("[::1]:80", ("::1", 80))],
)
def test_addresses(text: str, address: tuple[str, int]) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize("text", ["9090", "host", "host:", "host:99999", "host:x"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageError):
        parse_address(text)


@pytest.mark.parametrize(
    ("error", "result"),
    [
        (KomodoSyncError("no", detail="why", hint="next"), Result.FAILED),
        (CredentialsError("no"), Result.FAILED),
        (RefusedError("another apply holds the lock"), Result.REFUSED),
    ],
)
def test_what_goes_wrong_is_told_by_the_cycle(error: KomodoSyncError, result: Result) -> None:
    @contextmanager
    def open_world() -> Iterator[Any]:
        raise error
        yield

    cycle = Job(open_world, "always", 8, StopFlag()).cycle()
    assert (cycle.result, cycle.error, cycle.detail, cycle.hint) == (result, error.summary, error.detail, error.hint)

    def pull() -> Any:
        raise error

    assert Job(open_world, "always", 8, StopFlag(), pull).cycle().result is result


def test_who_asks_over_http_is_answered() -> None:
    time = Time()
    health = Health(300.0, time)
    listener = Listener("127.0.0.1", 0, health, Metrics())

    def get(path: str) -> tuple[int, str, str]:
        try:
            with urllib.request.urlopen(f"{listener.url}{path}", timeout=30) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers["Content-Type"], error.read().decode()

    try:
        assert get("/healthz?x=1") == (200, "application/json", '{"status": "ok"}\n')
        health.ended(turn(Result.FAILED, failures=3, cycle={"error": "no"}))
        assert get("/healthz")[0] == 503
        asked = urllib.request.Request(f"{listener.url}/metrics", method="HEAD")
        with urllib.request.urlopen(asked, timeout=30) as answer:
            assert (answer.status, answer.read()) == (200, b"")
        assert get("/metrics")[1].startswith("text/plain")
        assert get("/")[0] == 404
        taken = listener.url.removeprefix("http://127.0.0.1:")
        with pytest.raises(KomodoSyncError, match="nobody can listen"):
            Listener("127.0.0.1", int(taken), health, Metrics())
    finally:
        listener.close()
