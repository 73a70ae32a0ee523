"""Recorded failures become typed errors, and no error repeats what was sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from komodo_sync import errors
from komodo_sync.wire.core_text import OMITTED, Sent, beside_names
from komodo_sync.wire.failures import failure, read_json

JSON = "application/json"
HEADERS = {"content-type": JSON}
SERDE = "Failed to deserialize the JSON body into the target type: "

RECORDED = {
    "no credentials": errors.CredentialsError,
    "unknown key": errors.CredentialsError,
    "key without secret": errors.CredentialsError,
    "an Authorization header beats the api key": errors.CredentialsError,
    "a hidden stack": errors.DeniedError,
    "no write permission": errors.DeniedError,
    "may not create servers": errors.DeniedError,
    "may not create variables": errors.DeniedError,
    "a taken name that it cannot see": errors.ExistsError,
    "a name that is taken": errors.ExistsError,
    "a name that is taken after normalising": errors.ExistsError,
    "rename to a taken name": errors.ExistsError,
    "same name again": errors.ExistsError,
    "not found": errors.NotFoundError,
    "delete again": errors.NotFoundError,
    "by unknown tag": errors.NotFoundError,
    "an unknown server": errors.NotFoundError,
    "an unknown update": errors.NotFoundError,
    "empty reference": errors.NotFoundError,
    "bad build args": errors.RejectedError,
    "bad ports": errors.RejectedError,
    "a bool of the wrong type": errors.RejectedError,
    "an empty name": errors.RejectedError,
    "bad name": errors.RejectedError,
    "delete with a disabled server": errors.RejectedError,
    "missing parameter": errors.RejectedError,
}


def told(status: int, error: str, *trace: str, operation: str = "UpdateStack", sent: Sent | None = None) -> Any:
    body = json.dumps({"error": error, "trace": list(trace)}).encode()
    return failure(status, HEADERS, body, operation=operation, host="core", sent=sent)


def test_every_recorded_failure_has_its_type(steps: list[dict[str, Any]]) -> None:
    seen = set()
    for step in steps:
        if step["status"] == 200 or not isinstance(step["answer"], dict):
            continue
        body = json.dumps(step["answer"]).replace("@starts:", "").encode()
        if not isinstance(step["answer"]["error"], str):
            continue
        found = failure(step["status"], HEADERS, body, operation=step["type"] or "x", host="core")
        assert found.summary
        assert found.hint
        expected = RECORDED.get(step["name"])
        if expected:
            seen.add(step["name"])
            assert type(found) is expected, f"{step['cassette']}: {step['name']} is {found!r}"
    # the trace of a duplicate is not recorded where the error itself is left open
    assert seen >= RECORDED.keys()


@pytest.mark.parametrize("text", ["Stack busy", "Build busy", "Resource is busy"])
def test_busy(text: str) -> None:
    assert type(told(500, text)) is errors.BusyError
    assert type(told(500, "Failed to update", text)) is errors.BusyError


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Did not find any Stack matching busy", errors.NotFoundError),
        ("Did not find any Stack matching is busy", errors.NotFoundError),
        ("Did not find any Stack matching a already exists", errors.NotFoundError),
        ("Did not find any Stack matching admin only", errors.NotFoundError),
        ("Resource with name 'busy' already exists", errors.ExistsError),
        ("Resource with name 'did not find any' already exists", errors.ExistsError),
        ("Resource with name 'only admins' already exists", errors.ExistsError),
    ],
)
def test_a_name_never_decides_the_type(text: str, kind: type[Exception]) -> None:
    assert type(told(500, text)) is kind


def test_the_reason_is_told_with_the_name_that_is_missing() -> None:
    found = told(500, "Cannot attach Stack to this Server", "Did not find any Server matching nope")
    assert found.detail == "Cannot attach Stack to this Server\nDid not find any Server matching nope"
    assert found.status == 500


@pytest.mark.parametrize(
    ("error", "trace"),
    [
        ("Invalid environment", ["line 3 missing assignment character ('=' or ':') in 'hunter2'"]),
        ("Invalid environment", ["hunter2"]),
        ("hunter2", []),
        ("Failed to write hunter2 to the database", ["mongodb://user:hunter2@db:27017"]),
        (
            SERDE + 'params.config: invalid type: string "hunter2", expected a boolean at line 1 column 80',
            [],
        ),
        (
            SERDE + "unknown variant `hunter2`, expected one of `no`, `always`",
            [],
        ),
        (
            SERDE + 'config.x: invalid value: string "a, expected hunter2", expected a version',
            [],
        ),
        (SERDE + "hunter2", []),
        (SERDE + "unknown variant `a, expected hunter2`", []),
        ("Failed to parse the request body as JSON: hunter2", []),
        ("Invalid hunter2 with more", []),
    ],
)
@pytest.mark.parametrize("status", [400, 422, 500])
def test_what_was_sent_is_never_repeated(error: str, trace: list[str], status: int) -> None:
    found = told(status, error, *trace)
    text = " ".join([found.summary, found.detail, found.hint, str(found), repr(found)])
    assert "hunter2" not in text
    assert found.detail


def test_what_is_known_to_hold_no_value_is_told() -> None:
    found = told(500, "Invalid environment", "line 3 missing assignment character ('=' or ':')")
    assert found.detail == "Invalid environment\nline 3 missing assignment character ('=' or ':')"
    typed = told(
        422,
        SERDE + 'params.config: invalid type: string "x", expected a boolean at line 1 column 80',
    )
    assert typed.detail == "the Core cannot read the request at params.config: invalid type, expected a boolean"
    double = told(422, SERDE + "duplicate field `server_id`")
    assert double.detail == "the Core cannot read the request: duplicate field server_id"
    assert OMITTED in told(500, "Stack is odd").detail


def test_locked_out_says_for_how_long_and_not_to_try_again() -> None:
    found = told(429, "Too many attempts | Try again in 12s")
    assert type(found) is errors.LockedOutError
    assert isinstance(found, errors.CredentialsError)
    assert "12 seconds" in found.summary
    assert "wait 12 seconds" in found.hint


def test_too_large_whoever_says_so() -> None:
    for content_type, body in (
        (JSON, b'{"error":"Failed to buffer the request body","trace":[]}'),
        ("text/html", b"<html>"),
    ):
        found = failure(413, {"content-type": content_type}, body, operation="CreateStack", host="core")
        assert type(found) is errors.RejectedError
        assert "2 MB" in found.detail


def test_what_the_embedded_core_does_not_serve() -> None:
    found = told(501, "ListAlerts is not served by the embedded Core")
    assert type(found) is errors.ApiError
    assert "ListAlerts is not served" in found.detail


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"<!DOCTYPE html><html>login"), (401, b"<html>"), (404, b"<html>"), (405, b"")]
)
def test_a_page_is_no_core(status: int, body: bytes) -> None:
    content_type = "text/html; charset=utf-8" if body else ""
    with pytest.raises(errors.NotKomodoError) as caught:
        read_json(status, {"content-type": content_type}, body, operation="ListTags", host="core.example")
    assert "core.example" in caught.value.summary
    assert str(status) in caught.value.detail
    assert "URL" in caught.value.hint


def test_json_of_somebody_else_is_no_core() -> None:
    assert type(failure(500, HEADERS, b'{"message": "boom"}', operation="x", host="h")) is errors.NotKomodoError
    assert type(failure(500, HEADERS, b"[1", operation="x", host="h")) is errors.NotKomodoError
    with pytest.raises(errors.NotKomodoError, match="ends too early"):
        read_json(200, HEADERS, b'[{"name": "we', operation="x", host="h")


def test_a_redirect_is_told_without_what_its_url_carries() -> None:
    found = failure(
        302,
        {"content-type": "text/html", "location": "https://u:hunter2@login/page?token=hunter2"},
        b"",
        operation="x",
        host="h",
    )
    assert type(found) is errors.NotKomodoError
    assert "https://login/page" in found.detail
    assert "hunter2" not in found.detail


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_gateway_without_a_core(status: int) -> None:
    assert (
        type(failure(status, {"content-type": "text/html"}, b"<html>", operation="x", host="h"))
        is errors.UnreachableError
    )


def test_a_read_that_fails_is_told_in_the_cores_own_words() -> None:
    found = told(
        500,
        "Failed to pull all Stacks from mongo",
        "Server selection timeout: No available servers.",
        'connect mongodb://admin:hunter2@db:27017, password: "hunter2", Bearer hunter2',
        "asked by S_canary",
        *(f"cause {number}" for number in range(9)),
        operation="ListFullStacks",
        sent=READ,
    )
    assert type(found) is errors.ApiError
    assert found.summary == "ListFullStacks: the Core could not answer it (status 500)"
    assert found.detail.splitlines()[:2] == [
        "Failed to pull all Stacks from mongo",
        "Server selection timeout: No available servers.",
    ]
    assert "mongodb://(secret)@db:27017" in found.detail
    assert "hunter2" not in found.detail
    assert "canary" not in found.detail
    assert found.detail.endswith("(and 7 more lines, in the Core's own log)")
    assert "database" in found.hint
    assert "values" not in found.hint


def test_a_long_line_of_the_core_is_cut() -> None:
    assert len(told(500, "x" * 10_000, operation="ListTags", sent=READ).detail) < 400


READ = Sent(["K_key", "S_canary"], written=False)
SENT = {"id": "web", "config": {"environment": "TOKEN=hunter2\nPORT=8080\n", "links": ["s3cr3t-word"], "auto": True}}
SENT |= {"expires": 0, "pin": 4711, "replicas": 12}


TAKEN = 'E11000 duplicate key error collection: komodo.User index: username_1 dup key: { username: "%s" }'


@pytest.mark.parametrize(
    ("params", "text", "shown"),
    [
        ({"username": "reader", "description": "x y"}, "E11000 duplicate key error: 'reader'", "'reader'"),
        ({"username": "reader", "description": "x y"}, TAKEN % "reader", TAKEN % "reader"),
        ({"username": "reader", "password": "hunter2"}, TAKEN % "reader", TAKEN % "reader"),
        ({"username": "reader", "password": "reader"}, TAKEN % "reader", TAKEN % "(secret)"),
        ({"username": "reader", "password": "reader99"}, TAKEN % "reader", TAKEN % "(secret)"),
        ({"username": "reader", "password": "hunter2"}, 'bad: { password: "hunter2" }', "bad: { password: (secret) }"),
        ({"name": "web"}, 'dup key: { token: "hunter2" }', "dup key: { token: (secret) }"),
        ({"name": "web"}, "key: hunter2", "key: (secret)"),
        ({"name": "web"}, "key: {hunter2}", "key: (secret)"),
        ({"name": "web", "account": {"username": "hunter2"}}, "no hunter2 here", "no (secret) here"),
    ],
)
def test_whom_a_write_is_about_is_told_and_nothing_else_of_it(params: Any, text: str, shown: str) -> None:
    found = told(500, "failed to create service user on db", text, sent=Sent(beside_names(params), written=True))
    assert shown in found.detail
    assert "hunter2" not in found.detail


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Failed to write to the database: disk quota", "Failed to write to the database: disk quota"),
        ('Control character at index 7. Input: "TOKEN=hunter2"', "Control character at index 7. Input: "),
        ("cannot parse hunter2, nor xhunter2x, nor hunt", "cannot parse (secret), nor (secret), nor (secret)"),
        ("bad: TOKEN\\=\\hun\\ter2", "bad: (secret)"),
        ("links: s3cr3t", "links: (secret)"),
        ("port 8080 is taken", "port (secret) is taken"),
        ("invalid character was found at index 0, of 12, in 4711", "found at index 0, of 12, in (secret)"),
    ],
)
def test_a_write_that_fails_is_told_without_what_was_sent(text: str, shown: str) -> None:
    found = told(500, text, sent=Sent(SENT, written=True))
    assert type(found) is errors.RejectedError
    assert shown in found.detail
    for word in ("hunter2", "s3cr3t", "8080"):
        assert word not in found.detail
    assert "the Core's log has its full message for UpdateStack" in found.hint
