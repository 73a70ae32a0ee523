"""Routes, credentials, bodies."""

from __future__ import annotations

import pytest

JSON = {"Content-Type": "application/json"}


def test_five_wrong_keys_lock_an_address_out_for_a_while(ask, core) -> None:
    wrong = {"X-Api-Key": "K", "X-Api-Secret": "S"}
    seen = [ask.http.post("/read", json={}, headers=wrong).json()["error"] for _ in range(5)]
    assert [text.split()[-3] for text in seen] == ["4", "3", "2", "1", "0"]
    answer = ask.http.post("/read", json={"type": "GetVersion", "params": {}})
    assert answer.status_code == 429
    assert answer.json()["error"].startswith("Too many attempts | Try again in ")
    elsewhere = ask.http.post("/read/GetVersion", json={}, headers={"X-Forwarded-For": "10.0.0.1, 10.0.0.2"})
    assert elsewhere.status_code == 200
    core.clock.pass_by(15_001)
    assert ask.read("GetVersion") == {"version": "2.3.2"}


def test_what_is_not_the_api_is_the_page(ask) -> None:
    for path in ("/", "/stacks", "/read/", "/api/read", "/auth"):
        answer = ask.http.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html")
    for path in ("/", "/read/", "/read/a/b", "/auth"):
        answer = ask.http.post(path, json={})
        assert (answer.status_code, answer.text) == (405, "")
    assert ask.http.get("/read").status_code == 405


def test_a_body_that_is_too_large(ask) -> None:
    big = b'{"type": "GetVersion", "params": {}, "x": "' + b"x" * (2 * 1024 * 1024) + b'"}'
    answer = ask.http.post("/read", content=big, headers=JSON)
    assert answer.status_code == 413
    assert answer.json()["error"].startswith("Failed to buffer the request body")


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe",
        b'{"type": "GetVersion", "params": {}, "n": NaN}',
        b'"\\ud800"',
        b"[" * 200 + b"]" * 200,
        b"[" * 100_000,
        b'{"type": "GetVersion", "params": {}} x',
    ],
    ids=["not utf-8", "NaN", "half a letter", "deep", "very deep", "more than one value"],
)
def test_what_is_not_json(ask, body: bytes) -> None:
    answer = ask.http.post("/read", content=body, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("Failed to parse the request body as JSON")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "application/vnd.x+json"])
def test_other_types_of_json(ask, kind: str) -> None:
    body = b'{"type": "GetVersion", "params": {}}'
    assert ask.http.post("/read", content=body, headers={"Content-Type": kind}).status_code == 200


def test_errors_of_the_path_route_are_500(ask) -> None:
    answer = ask.http.post("/read/GetStack", json={})
    assert (answer.status_code, answer.json()["error"]) == (500, "missing field `stack`")


def test_an_operation_of_another_route_is_unknown(ask) -> None:
    assert ask.refused("read", "CreateStack", name="x")[0] == 422


def test_own_keys(ask) -> None:
    made = ask.http.post("/auth/manage/CreateApiKey", json={"name": "laptop", "expires": 0}).json()
    assert {item["name"] for item in ask.read("ListApiKeys")} == {"admin", "laptop"}
    other = {"X-Api-Key": made["key"], "X-Api-Secret": made["secret"]}
    assert ask.http.get("/user", headers=other).json()["username"] == "admin"
    assert ask.http.post("/auth/manage/DeleteApiKey", json={"key": made["key"]}).status_code == 200
    assert ask.http.get("/user", headers=other).status_code == 401


@pytest.mark.parametrize(
    ("group", "operation", "params"),
    [
        ("read", "GetStack", {"id": "s"}),
        ("read", "GetStack", {"name": "s"}),
        ("write", "RefreshStackCache", {"id": "s"}),
        ("read", "FindUser", {"username": "admin"}),
    ],
)
def test_a_parameter_by_another_of_its_names(ask, group: str, operation: str, params) -> None:
    ask.write("CreateStack", name="s")
    assert ask.send(group, operation, **params).status_code == 200


@pytest.mark.parametrize("operation", ["CheckStackForUpdate", "DeleteStack"])
def test_other_names_are_for_some_operations_only(ask, operation: str) -> None:
    ask.write("CreateStack", name="s")
    assert ask.refused("write", operation, name="s")[0] == 422


def test_a_parameter_by_two_of_its_names(ask) -> None:
    ask.write("CreateStack", name="s")
    assert ask.refused("read", "GetStack", stack="s", id="s")[0] == 422


@pytest.mark.parametrize("path", ["/read", "/user", "/execute/Deploy"])
def test_credentials_come_before_the_method(ask, path: str) -> None:
    assert ask.http.delete(path).status_code == 405
    del ask.http.headers["X-Api-Key"]
    assert ask.http.delete(path).status_code == 401


def test_what_is_documented_and_what_is_known_differ(ask) -> None:
    assert ask.refused("read", "InspectStackSwarmInfo", stack="s")[0] == 422
    ask.write("CreateServer", name="prod", config={"enabled": True})
    ask.write("CreateStack", name="s", config={"server": "prod"})
    ask.write("CreateStack", name="homeless")
    assert [one["services"] for one in ask.write("BatchCheckStackForUpdate", pattern="*")] == [[]]
