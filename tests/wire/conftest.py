"""The recorded exchanges of a real Core, as fixtures. Their labels (`@id:4`) stand for ids as well as ids do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

CASSETTES = Path(__file__).parent.parent / "conformance" / "cassettes"


def _concrete(node: Any) -> Any:
    """`node` with plain values for what a recording leaves open."""
    if isinstance(node, dict):
        return {key: _concrete(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_concrete(item) for item in node]
    return {"@any": None, "@ts": 1}.get(node, node) if isinstance(node, str) else node


@pytest.fixture(scope="session")
def steps() -> list[dict[str, Any]]:
    """Every recorded step, with its cassette's name under `cassette`."""
    found = []
    for path in sorted(CASSETTES.glob("*.json")):
        recording = json.loads(path.read_text(encoding="utf-8"))
        for step in recording["steps"]:
            body = step["request"].get("body")
            found.append(
                {
                    "cassette": path.stem,
                    "name": step["name"],
                    "type": body.get("type", "") if isinstance(body, dict) else "",
                    "params": body.get("params", {}) if isinstance(body, dict) else {},
                    "status": step["status"],
                    "answer": _concrete(step.get("answer")),
                }
            )
    return found
