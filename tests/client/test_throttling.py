"""A proxy that limits requests is given the time that it asks for, and is asked again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fake_core import FakeCore, Several, page, refusal

from komodo_sync import errors
from komodo_sync.client.transport import PUT_OFF_FOR

if TYPE_CHECKING:
    from _pytest.logging import LogCaptureFixture

Fake = Callable[..., FakeCore]
NOW = "Wed, 21 Oct 2026 07:28:00 GMT"


def limited(after: str = "", status: int = 429) -> httpx.Response:
    """What a proxy answers that takes no more requests for now."""
    headers = {"date": NOW} | ({"retry-after": after} if after else {})
    return httpx.Response(status, headers=headers, text="Too Many Requests")


ASKED = {
    "7": 7.0,
    "Wed, 21 Oct 2026 07:28:09 GMT": 9.0,
    "Wed, 21 Oct 2026 07:28:02": 2.0,
    "Wed, 21 Oct 2026 07:00:00 GMT": 0.5,
} | dict.fromkeys(["0", "", "soon", "-3", "1e9"], 0.5)


@pytest.mark.parametrize(("after", "pause"), ASKED.items())
def test_a_request_that_a_proxy_puts_off_is_sent_again_after_the_time_that_it_asks_for(
    fake: Fake, after: str, pause: float
) -> None:
    core = fake(ListTags=Several(limited(after), []), CreateTag=Several(limited(after), {}))
    assert core.reader().read("ListTags", {}) == []
    assert core.writer().write("CreateTag", {"name": "x"}) == {}  # it never came to the Core
    assert core.asked == ["ListTags", "ListTags", "CreateTag", "CreateTag"]
    assert core.pauses == [pause, pause]


def test_a_core_that_is_away_and_says_for_how_long_is_read_again_and_written_to_once(fake: Fake) -> None:
    core = fake(ListTags=Several(limited("7", 503), []), CreateTag=limited("7", 503), DeployStack=limited("7", 503))
    assert core.reader().read("ListTags", {}) == []
    assert core.pauses == [7.0]
    for send in (core.writer().write, lambda operation, params: core.writer().execute(operation, params)):
        with pytest.raises(errors.AnswerLostError):
            send("CreateTag", {"name": "x"})
    assert core.pauses == [7.0]


@pytest.mark.parametrize("ask", [lambda core: core.reader().version(), lambda core: core.reader().user()])
def test_the_first_requests_too(fake: Fake, ask: Callable[[FakeCore], Any]) -> None:
    version = httpx.Response(200, text="2.3.2")
    core = fake(GET__version=Several(limited("3"), version), GET__user=Several(limited("3"), {"_id": "0a"}))
    assert ask(core)
    assert core.pauses == [3.0]


@pytest.mark.parametrize("operation", ["ListTags", "GET__version"])
def test_it_is_not_tried_for_ever(fake: Fake, operation: str) -> None:
    core = fake(**{operation: limited("7")})
    with pytest.raises(errors.ThrottledError) as caught:
        core.reader().version() if operation == "GET__version" else core.reader().read(operation, {})
    assert PUT_OFF_FOR - 64 <= sum(core.pauses) <= PUT_OFF_FOR
    assert len(core.asked) == len(core.pauses) + 1
    assert "core.example" in caught.value.summary
    assert "429" in caught.value.detail
    assert "7 seconds" in caught.value.hint


@pytest.mark.parametrize(("after", "told"), [("3600", "60 minutes"), ("Fri, 23 Oct 2026 07:28:00 GMT", "48 hours")])
def test_who_asks_for_more_time_than_we_have_is_not_waited_for(fake: Fake, after: str, told: str) -> None:
    core = fake(ListTags=limited(after), CreateTag=limited(after), ListStacks=limited(after, 503))
    for ask in (core.reader().read, core.writer().write):
        with pytest.raises(errors.ThrottledError) as caught:
            ask("ListTags", {})
        assert told in caught.value.hint
    with pytest.raises(errors.UnreachableError, match="503"):
        core.reader().read("ListStacks", {})
    assert (core.asked, core.pauses) == (["ListTags", "ListTags", "ListStacks"], [])


def test_a_core_that_locks_an_address_out_is_not_asked_again_whatever_a_proxy_adds(fake: Fake) -> None:
    refused = refusal(429, "Too many attempts | Try again in 12s")
    refused.headers["retry-after"] = "1"
    core = fake(ListTags=refused)
    with pytest.raises(errors.LockedOutError):
        core.reader().read("ListTags", {})
    assert core.asked == ["ListTags"]


def test_a_limit_that_is_told_as_json_is_no_wrong_key(fake: Fake) -> None:
    core = fake(ListTags=refusal(429, "rate limit exceeded"))
    with pytest.raises(errors.ThrottledError) as caught:
        core.reader().read("ListTags", {})
    assert "credentials" not in caught.value.summary


def test_other_answers_are_not_put_off(fake: Fake) -> None:
    core = fake(ListTags=Several(page(503), []))
    assert core.reader().read("ListTags", {}) == []
    assert core.pauses == [0.2]


def test_a_wait_that_lasts_is_told_once(fake: Fake, caplog: LogCaptureFixture) -> None:
    short = fake(ListTags=Several(limited("1"), []))
    short.reader().read("ListTags", {})
    assert not caplog.records
    core = fake(ListTags=Several(limited("20"), limited("20"), []))
    core.reader().read("ListTags", {})
    [record] = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage() == (
        "core.example:9120 takes no more requests for now (status 429): asking again in 20 seconds"
    )
