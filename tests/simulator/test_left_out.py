"""What the embedded Core leaves out is what its page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from komodo_sync.simulator.served import not_served

PAGE = Path(__file__).parents[2].joinpath("docs", "embedded-core.md").read_text(encoding="utf-8")


def test_every_operation_that_is_not_served_is_named() -> None:
    missing = not_served()
    [row] = [line for line in PAGE.splitlines() if line.endswith("| 501 |")]
    assert {name for name in missing if f"`{name}`" in row} == missing
    assert row.count("`") == 2 * len(missing)


@pytest.mark.parametrize(
    ("method", "path", "named", "status"),
    [
        ("GET", "/docs", "`/docs`", 404),
        ("GET", "/schema/resources.json", "`/schema/resources.json`", 404),
        ("GET", "/ws/update", "`/ws/update`", 404),
        ("POST", "/listener/github/stack/s/deploy", "`/listener/...`", 405),
        ("POST", "/terminal/execute", "`/terminal/...`", 405),
    ],
)
def test_routes_that_are_not_there(ask, method: str, path: str, named: str, status: int) -> None:
    [row] = [line for line in PAGE.splitlines() if named in line and line.startswith("|")]
    assert row.endswith(f"| {status} |")
    assert ask.http.request(method, path, json={}).status_code == status


def test_a_stack_that_updates_itself_does_not(ask, core) -> None:
    ask.write("CreateServer", name="prod", config={"enabled": True})
    ask.write("CreateStack", name="s", config={"server": "prod", "auto_update": True})
    ask.write("UpdateStack", id="s", config={"file_contents": "services:\n  web:\n    image: nginx:1\n"})
    core.clock.pass_by(600_000)
    found = ask.read("ListUpdates", query=None, page=0)["updates"]
    assert {item["operation"] for item in found} == {"CreateServer", "CreateStack", "UpdateStack"}
    assert ask.read("ListStacks")[0]["info"]["state"] == "down"


def test_git_is_of_this_moment(ask, core) -> None:
    text = "services:\n  web:\n    image: nginx:{}\n"
    core.push("me/site", {"compose.yaml": text.format(1)})
    ask.write("CreateServer", name="prod", config={"enabled": True})
    ask.write("CreateStack", name="s", config={"server": "prod", "repo": "me/site"})
    for number in (2, 3):
        core.push("me/site", {"compose.yaml": text.format(number)})
        ask.write("RefreshStackCache", stack="s")
        [item] = ask.read("GetStack", stack="s")["info"]["remote_contents"]
        assert item["contents"] == text.format(number)
