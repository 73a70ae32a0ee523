"""What a real Core was asked and answered, asked again through `call`: the recorded answers decide."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import play

from komodo_sync.model.sealed import HIDDEN

if TYPE_CHECKING:
    from shell import Said, Shell

    from komodo_sync.simulator import EmbeddedCore

CASSETTE = Path(play.__file__).with_name("cassettes") / "operations.json"
GROUPS = {"/read": "read", "/write": "write", "/execute": "execute", "/auth/login": "auth", "/auth/manage": "auth"}


def test_the_recorded_operations(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    """Each step by its operation and parameters. An execution answers its complete Update at once, so what was recorded
    of its beginning is met by what was recorded of its end."""
    known = play.Bindings()
    steps = json.loads(CASSETTE.read_bytes())["steps"]
    asked: list[str] = []
    for number, step in enumerate(steps):
        request = step["request"]
        if "poll" in step or request["path"] not in GROUPS:
            continue
        operation = request["body"]["type"]
        (work / "params.json").write_text(json.dumps(known.fill(request["body"]["params"])))
        said = shell("call", GROUPS[request["path"]], operation, "@params.json")
        asked.append(operation)
        if operation == "GetUser":
            assert said.json["username"] == "admin", "what is gone from /auth is GET /user now"
            continue
        if step["status"] != 200:
            refused(step, said)
            continue
        answer, code = step["answer"], 0
        if number + 1 < len(steps) and "poll" in steps[number + 1]:
            known.differences(
                answer, {**said.json, "status": "InProgress", "success": True, "logs": [], "end_ts": None}, False
            )
            answer = steps[number + 1]["answer"]
            code = 0 if answer["success"] else 1
        found = known.differences(masked(answer), said.json, step.get("unordered", False))
        assert found == [], (step["name"], found)
        if not isinstance(answer, list) and "success" in answer:
            assert said.code == code, (step["name"], said.all)
    assert len(set(asked)) > 50


def refused(step: dict[str, Any], said: Said) -> None:
    """What a Core refuses is refused here, by us with what to write instead or by what the Core says."""
    assert said.code in (1, 64), step["name"]
    assert said.out == ""
    assert "help: " in said.err
    if step["status"] == 422:
        assert said.code == 64, (step["name"], said.err)
    if step["name"].endswith("is gone"):
        assert "Komodo 2.0.0 has removed" in said.err
    if "old clients" in step["name"] or "old shape" in step["name"]:
        assert "the shape of an older client" in said.err


def masked(answer: Any) -> Any:
    """What was recorded, as it may be shown: what was deployed holds values in clear."""
    if isinstance(answer, dict):
        return {key: HIDDEN if key == "contents" and value else masked(value) for key, value in answer.items()}
    return [masked(item) for item in answer] if isinstance(answer, list) else answer
