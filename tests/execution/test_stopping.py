"""Ctrl-C in the middle of an apply."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx
from bench import create, statuses, update

from komodo_sync.execution.stop import StopFlag
from komodo_sync.model.address import Address
from komodo_sync.model.outcome import Status

if TYPE_CHECKING:
    from bench import Bench


def test_what_runs_is_finished_and_nothing_new_begins(bench: Bench) -> None:
    def asked_to_stop(request: httpx.Request) -> httpx.Response:
        bench.stop.request()
        return bench.wire.pass_on(request)

    bench.wire.faults["CreateStack"] = [asked_to_stop]
    outcomes = bench.apply(
        [create("tag/t")],
        [create("stack/a", tags=("t",)), create("stack/b")],
        [create("stack/c")],
        parallelism=1,
    )
    assert statuses(outcomes) == {
        "tag/t create": Status.DONE,
        "stack/a create": Status.DONE,
        "stack/b create": Status.NOT_STARTED,
        "stack/c create": Status.NOT_STARTED,
    }
    # its second call belongs to what was running
    assert bench.observe().resources[Address("stack", "a")].tags == {"t"}
    assert outcomes["stack/c create"].hint


def test_a_wait_for_a_busy_resource_ends(bench: Bench) -> None:
    web = bench.make("stack", "web")
    busy = httpx.Response(500, json={"error": "Stack busy", "trace": []})
    bench.wire.faults["UpdateStack"] = [busy] * 100
    bench.on_pause = bench.stop.request
    outcomes = bench.apply([update("stack/web", web, branch="dev")])
    assert statuses(outcomes) == {"stack/web update": Status.NOT_STARTED}
    assert "stopped while it waited" in outcomes["stack/web update"].message
    assert len(bench.writes) == 2


def test_a_step_that_is_stopped_half_way_says_so(bench: Bench) -> None:
    web = bench.make("stack", "web")
    busy = httpx.Response(500, json={"error": "Stack busy", "trace": []})
    bench.wire.faults["UpdateResourceMeta"] = [busy] * 100
    bench.on_pause = bench.stop.request
    outcome = bench.apply([update("stack/web", web, branch="dev", description="d")])["stack/web update"]
    assert outcome.status is Status.FAILED
    assert "after UpdateStack" in outcome.message


def test_the_second_time_nothing_is_waited_for(bench: Bench) -> None:
    release = threading.Event()

    def hangs(request: httpx.Request) -> httpx.Response:
        bench.stop.abandon()
        release.wait(timeout=10)
        return bench.wire.pass_on(request)

    bench.wire.faults["CreateStack"] = [hangs]
    outcomes = bench.apply([create("stack/a"), create("stack/b")], [create("stack/c")], parallelism=1)
    release.set()
    assert statuses(outcomes) == {
        "stack/a create": Status.FAILED,
        "stack/b create": Status.NOT_STARTED,
        "stack/c create": Status.NOT_STARTED,
    }
    assert "may do it still" in outcomes["stack/a create"].message


def test_to_abandon_is_to_stop() -> None:
    stop = StopFlag()
    assert (stop.requested, stop.abandoned) == (False, False)
    stop.request()
    assert (stop.requested, stop.abandoned) == (True, False)
    stop.abandon()
    assert (stop.requested, stop.abandoned) == (True, True)
