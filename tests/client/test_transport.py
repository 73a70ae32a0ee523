"""Requests as a Core takes them, and every way in which speaking to one fails."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fake_core import FakeCore, Several, page, refusal

from komodo_sync import errors
from komodo_sync.client.reader import Reader
from komodo_sync.client.threads import side_by_side
from komodo_sync.client.transport import TIMEOUT, Transport
from komodo_sync.client.writer import BUSY_AFTER, BUSY_EVERY, PATIENCE, REFUSED_AFTER
from komodo_sync.model.sealed import Sealed

if TYPE_CHECKING:
    from komodo_sync.model.outcome import Wait

Fake = Callable[..., FakeCore]
KEY = (Sealed("k"), Sealed("s"))


def test_a_request_carries_the_key_and_nothing_else_that_could_be_one(fake: Fake) -> None:
    core = fake()
    core.transport("https://somebody:pass@core.example:9120/").call("read", "ListTags", {"query": None})
    [request] = core.requests
    assert str(request.url) == "https://core.example:9120/read"
    assert json.loads(request.content) == {"type": "ListTags", "params": {"query": None}}
    assert (request.headers["x-api-key"], request.headers["x-api-secret"]) == ("the-key", "the-secret")
    assert request.headers["content-type"] == "application/json"
    assert "authorization" not in request.headers


def test_neither_transport_nor_key_shows_the_secret(fake: Fake) -> None:
    transport = fake().transport()
    assert "the-secret" not in repr(transport) + repr(vars(transport)) + repr(vars(vars(transport)["_http"])["_auth"])


def test_a_slow_write_is_waited_for_and_a_missing_host_is_not() -> None:
    assert (TIMEOUT.connect, TIMEOUT.read) == (5.0, 120.0)


def test_no_redirect_is_followed(fake: Fake) -> None:
    core = fake(ListTags=httpx.Response(307, headers={"location": "https://elsewhere.example/read"}))
    with pytest.raises(errors.NotKomodoError, match="redirects") as caught:
        core.reader().read("ListTags", {})
    assert core.asked == ["ListTags"]
    assert "elsewhere.example" in caught.value.detail


@pytest.mark.parametrize("url", ["", "core.example", "ftp://core.example", "http://", "http://[::1", "sim:x"])
def test_a_url_that_is_none(url: str) -> None:
    with pytest.raises(errors.UsageError) as caught:
        Transport(url, *KEY)
    assert "https://" in caught.value.hint


@pytest.mark.parametrize(
    ("key", "secret"), [("", "s"), ("k", ""), ("k\n", "s"), ("k", "s s\x00"), ("k", "ключ"), (" k", "s")]
)
def test_a_key_that_is_none_is_told_before_it_is_sent(key: str, secret: str) -> None:
    with pytest.raises(errors.CredentialsError) as caught:
        Transport("https://core.example", Sealed(key), Sealed(secret))
    assert caught.value.hint
    assert "ключ" not in str(caught.value)


def test_an_unreachable_host() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        # bound and not listening: the connection is refused
        with Transport(url, *KEY) as transport, pytest.raises(errors.UnreachableError) as caught:
            Reader(transport, sleep=pytest.fail).read("ListTags", {})
    assert type(caught.value) is errors.UnreachableError
    assert "127.0.0.1" in caught.value.summary
    assert caught.value.hint


def test_a_host_that_speaks_no_tls() -> None:
    error = httpx.ConnectError("[SSL: WRONG_VERSION_NUMBER] wrong version number")
    with pytest.raises(errors.UnreachableError, match="no trusted connection") as caught:
        FakeCore({"*": error}).transport().call("read", "ListTags", {})
    assert "https or http" in caught.value.hint


def test_wrong_key_is_asked_once(fake: Fake) -> None:
    core = fake(ListTags=refusal(401, "Invalid user credentials | You have 4 attempts remaining"))
    with pytest.raises(errors.CredentialsError) as caught:
        core.reader().read("ListTags", {})
    assert core.asked == ["ListTags"]
    assert "4 attempts remaining" in caught.value.detail


def test_locked_out_is_asked_once(fake: Fake) -> None:
    core = fake(ListTags=refusal(429, "Too many attempts | Try again in 12s"))
    with pytest.raises(errors.LockedOutError):
        core.reader().read("ListTags", {})
    assert (core.asked, core.pauses) == (["ListTags"], [])


def test_a_login_page_is_no_core(fake: Fake) -> None:
    core = fake(ListTags=page())
    with pytest.raises(errors.NotKomodoError, match="web page"):
        core.reader().read("ListTags", {})


def test_a_read_is_tried_again_when_the_connection_breaks(fake: Fake) -> None:
    core = fake(ListTags=Several(httpx.ReadError("reset"), page(502), []))
    assert core.reader().read("ListTags", {}) == []
    assert len(core.asked) == 3
    assert len(core.pauses) == 2


def test_a_read_is_not_tried_for_ever(fake: Fake) -> None:
    core = fake(ListTags=page(503))
    with pytest.raises(errors.UnreachableError, match="503"):
        core.reader().read("ListTags", {})
    assert len(core.asked) == 3


@pytest.mark.parametrize("answer", [refusal(500, "Did not find any Stack matching x"), httpx.ReadTimeout("late")])
def test_what_core_answers_and_a_timeout_are_final_for_a_read(fake: Fake, answer: Any) -> None:
    core = fake(GetStack=answer)
    with pytest.raises(errors.KomodoSyncError):
        core.reader().read("GetStack", {"stack": "x"})
    assert core.asked == ["GetStack"]


def test_the_version(fake: Fake) -> None:
    assert fake().reader().version() == "2.3.2"
    assert fake(GET__version=httpx.Response(200, text="2.4.0-dev-3\n")).reader().version() == "2.4.0-dev-3"


def test_a_core_before_2_says_its_version_elsewhere_and_is_too_old(fake: Fake) -> None:
    core = fake(GET__version=page(404), GetVersion={"version": "1.19.5"})
    with pytest.raises(errors.TooOldError, match="is Komodo 1") as caught:
        core.reader().version()
    assert "upgrade" in caught.value.hint
    assert core.asked == ["GET /version", "GetVersion"]


@pytest.mark.parametrize("answer", [page(), page(404), httpx.Response(200, text="nginx"), httpx.Response(200, json={})])
def test_what_says_no_version_is_no_core(fake: Fake, answer: httpx.Response) -> None:
    core = fake(GET__version=answer, GetVersion=page(405))
    with pytest.raises(errors.NotKomodoError):
        core.reader().version()


def test_a_write_is_sent_again_when_no_connection_came_about(fake: Fake) -> None:
    core = fake(CreateStack=Several(httpx.ConnectError("refused"), httpx.ConnectTimeout("slow"), {"name": "web"}))
    heard: list[str] = []
    assert core.writer().write("CreateStack", {"name": "web"}, waiting=heard.append) == {"name": "web"}
    assert len(core.asked) == 3
    assert len(heard) == 2


def test_a_write_that_never_connects_gives_up(fake: Fake) -> None:
    core = fake(CreateStack=httpx.ConnectError("refused"))
    with pytest.raises(errors.UnreachableError):
        core.writer().write("CreateStack", {"name": "web"})
    assert core.pauses == list(REFUSED_AFTER)


def test_a_write_waits_while_the_resource_is_busy(fake: Fake) -> None:
    core = fake(UpdateStack=Several(refusal(500, "Stack busy"), refusal(500, "Stack busy"), {}))
    heard: list[Wait] = []
    core.writer().write("UpdateStack", {}, waiting=heard.append)
    assert (len(core.asked), core.pauses) == (3, list(BUSY_AFTER[:2]))
    assert all("another action" in wait.why for wait in heard)
    assert [(wait.seconds, wait.limit) for wait in heard] == [(0.0, 300.0), (0.5, 300.0)]


def test_a_write_that_stays_busy_gives_up(fake: Fake) -> None:
    core = fake(UpdateStack=refusal(500, "Stack busy"))
    with pytest.raises(errors.BusyError):
        core.writer().write("UpdateStack", {})
    assert core.pauses[: len(BUSY_AFTER)] == list(BUSY_AFTER)
    assert PATIENCE <= sum(core.pauses) < PATIENCE + BUSY_EVERY
    core.pauses.clear()
    with pytest.raises(errors.BusyError):
        core.writer().write("UpdateStack", {}, patience=3600.0)
    assert 3600 <= sum(core.pauses) < 3600 + BUSY_EVERY


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ReadError("reset"),
        httpx.ReadTimeout("late"),
        httpx.RemoteProtocolError("gone"),
        httpx.DecodingError("it is no gzip"),
        page(502),
        page(504),
        page(),
        httpx.Response(200, content=b'{"na', headers={"content-type": "application/json"}),
    ],
)
def test_a_write_whose_answer_is_lost_is_not_sent_again(fake: Fake, answer: Any) -> None:
    core = fake(CreateStack=answer)
    with pytest.raises(errors.AnswerLostError) as caught:
        core.writer().write("CreateStack", {"name": "web"})
    assert (core.asked, core.pauses) == (["CreateStack"], [])
    assert caught.value.summary


def test_what_json_cannot_say_is_refused(fake: Fake) -> None:
    for value in ("\ud800", float("nan")):
        core = fake()
        with pytest.raises(errors.RejectedError, match="UpdateStack"):
            core.writer().write("UpdateStack", {"config": {"environment": value}})
        assert core.asked == []


def test_of_answers_that_come_side_by_side_one_alone_is_unfolded_at_a_time(fake: Fake) -> None:
    core = fake(ListTags=[{}, {}])
    reader = core.reader()
    here, most = 0, 0

    def shape(answer: Any) -> Any:
        nonlocal here, most
        here += 1
        most = max(most, here)
        threading.Event().wait(0.001)  # anybody else who could be here comes now
        here -= 1
        return len(answer)

    calls = [partial(reader.read, "ListTags", {}, shape) for _ in range(8)]
    assert [done.result() for done in side_by_side(calls, 8)] == [2] * 8
    assert most == 1
