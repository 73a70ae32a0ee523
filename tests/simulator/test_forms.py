"""Odd forms of values that a Core takes or refuses.

Seen on a Core 2.3.2: every field of every kind was sent null, `[]` and `["x"]`; here are those that nobody would guess.
"""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.parametrize(
    ("kind", "field", "sent", "stored"),
    [
        # an object may be the list of its values
        ("Stack", "pre_deploy", ["x"], {"path": "x", "command": "", "shell_mode": False}),
        ("Build", "pre_build", [], {"path": "", "command": "", "shell_mode": False}),
        ("Repo", "on_pull", ["p", "ls", True], {"path": "p", "command": "ls\n", "shell_mode": True}),
        # what makes no sense below 0 is taken
        ("Deployment", "replicas", -1, -1),
    ],
)
def test_what_is_taken(ask, kind: str, field: str, sent: Any, stored: Any) -> None:
    ask.write(f"Create{kind}", name="x")
    assert ask.write(f"Update{kind}", id="x", config={field: sent})["config"][field] == stored


@pytest.mark.parametrize(
    ("kind", "field", "sent", "status"),
    [
        ("Build", "image_registry", None, 422),
        ("Stack", "pre_deploy", ["", "", False, 1], 400),
        ("Deployment", "restart", {}, 400),
        ("Deployment", "restart", {"no": 1}, 422),
        ("Alerter", "alert_types", [None], 400),
        ("Deployment", "replicas", 2**31, 422),
        ("Deployment", "term_signal_labels", [{"signal": 15, "label": "x"}], 400),
    ],
)
def test_what_is_refused(ask, kind: str, field: str, sent: Any, status: int) -> None:
    ask.write(f"Create{kind}", name="x")
    assert ask.refused("write", f"Update{kind}", id="x", config={field: sent})[0] == status


@pytest.mark.parametrize(
    "kind", ["Stack", "Build", "Repo", "Deployment", "Server", "Action", "Procedure", "ResourceSync"]
)
def test_null_leaves_every_other_field_alone(ask, kind: str) -> None:
    config = ask.write(f"Create{kind}", name="x")["config"]
    nulls = dict.fromkeys(config.keys() - {"image_registry"})
    assert ask.write(f"Update{kind}", id="x", config=nulls)["config"] == config


def test_a_query_may_be_an_empty_list(ask) -> None:
    ask.write("CreateStack", name="x")
    assert [one["name"] for one in ask.read("ListStacks", query=[])] == ["x"]
    assert ask.http.post("/read", json={"type": "GetStack", "params": ["x"]}).json()["name"] == "x"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"type":3,"params":{}}', 400),
        (b'{"type":"GetVersion","type":"GetVersion","params":{}}', 422),
        (b'{"type":"GetVersion","params":{},"params":{}}', 422),
    ],
)
def test_bodies_that_name_no_operation(ask, body: bytes, status: int) -> None:
    assert ask.http.post("/read", content=body, headers={"Content-Type": "application/json"}).status_code == status


def test_a_head_is_answered_without_its_text(ask) -> None:
    answer = ask.http.head("/version")
    assert (answer.status_code, answer.content) == (200, b"")
    assert ask.http.get("/listener/github/stack/x/deploy").status_code == 405


def test_the_words_for_what_does_not_fit(ask) -> None:
    for sent, words in ((3, "integer `3`"), (True, "boolean `true`"), (1.5, "floating point `1.5`"), (None, "null")):
        answer = ask.http.post("/read/GetStack", json={"stack": sent})
        assert (answer.status_code, answer.json()["error"]) == (500, f"invalid type: {words}, expected a string")
