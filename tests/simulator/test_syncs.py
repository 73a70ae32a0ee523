"""Resource syncs of a Core: what is pending, runs, commits."""

from __future__ import annotations

from typing import Any

import pytest

DECLARED = """\
[[server]]
name = "prod"
[[stack]]
name = "web"
description = "from a sync"
tags = ["web"]
[stack.config]
server = "prod"
"""


def state(ask, name: str = "y") -> str:
    return str(ask.read("ListResourceSyncs", query={"names": [name]})[0]["info"]["state"])


def stages(update: Any) -> list[str]:
    return [log["stage"] for log in update["logs"]]


def test_a_run_writes_what_is_declared_and_leaves_nothing_pending(ask) -> None:
    made = ask.write("CreateResourceSync", name="y", config={"file_contents": DECLARED})
    assert made["info"]["resource_updates"] == []
    assert state(ask) == "Pending"
    found = ask.read("GetResourceSync", sync="y")["info"]["resource_updates"]
    assert [(one["target"]["type"], one["data"]["type"]) for one in found] == [
        ("Server", "Create"),
        ("Stack", "Create"),
    ]
    update = ask.run("RunSync", sync="y")
    assert (update["success"], stages(update)) == (
        True,
        ["Read from database", "Update Servers", "Update Stacks"],
    )
    stack = ask.read("GetStack", stack="web")
    assert (stack["description"], stack["config"]["server_id"]) == (
        "from a sync",
        ask.read("GetServer", server="prod")["_id"]["$oid"],
    )
    assert state(ask) == "Ok"
    assert stages(ask.run("RunSync", sync="y")) == ["Read from database", "No Changes"]
    ask.write("UpdateStack", id="web", config={"server_id": ""})
    assert ask.write("RefreshResourceSyncPending", sync="y")["info"]["resource_updates"][0]["data"]["type"] == "Update"


def test_a_text_that_is_no_toml(ask) -> None:
    ask.write("CreateResourceSync", name="y", config={"file_contents": "[[stack"})
    assert state(ask) == "Failed"
    assert stages(ask.run("RunSync", sync="y"))[-1] == "Task Error"


def test_files_that_cannot_be_read(ask) -> None:
    ask.write("CreateResourceSync", name="y", config={"repo": "acme/none", "resource_path": ["a.toml"]})
    assert state(ask) == "Failed"
    assert ask.run("RunSync", sync="y")["success"] is False


@pytest.mark.parametrize(
    ("operation", "config", "error"),
    [
        ("CommitSync", {"file_contents": "# text"}, "Cannot commit to sync. Enabled 'managed' mode."),
        ("CommitSync", {"managed": True, "repo": "a/b"}, "Sync does not have resource path configured."),
        (
            "CommitSync",
            {"managed": True, "repo": "a/b", "resource_path": ["x"]},
            "Resource path missing '.toml' extension",
        ),
        ("WriteSyncFileContents", {}, "This method is only for 'files on host' or 'repo' based syncs."),
    ],
)
def test_what_a_sync_refuses(ask, operation: str, config: dict[str, Any], error: str) -> None:
    ask.write("CreateResourceSync", name="y", config=config)
    more = {"resource_path": "", "file_path": "x", "contents": ""} if operation.startswith("Write") else {}
    assert ask.refused("write", operation, sync="y", **more) == (500, error, [])


def test_a_commit_writes_what_there_is_into_a_fresh_sync(ask) -> None:
    ask.write("CreateTag", name="t")
    ask.write("CreateStack", name="s")
    ask.write("CreateResourceSync", name="y")
    assert ask.write("CommitSync", sync="y")["success"]
    assert 'name = "s"' in ask.config("ResourceSync", "sync", "y")["file_contents"]
