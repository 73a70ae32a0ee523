"""What a real Core answered to what was sent, taken from the recordings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import ListShape, Tagged, VersionShape

if TYPE_CHECKING:
    from komodo_sync.kinds.struct import Field

CASSETTES = Path(__file__).parent.parent / "conformance" / "cassettes"
WRITES = {
    spec.core: dict.fromkeys((f"Create{spec.core}", f"Update{spec.core}"), spec)
    for spec in KINDS.values()
    if not spec.flat
}
BY_WRITE = {operation: spec for writes in WRITES.values() for operation, spec in writes.items()}


def pairs() -> list[Any]:
    """(kind, sent config, answered config) of every accepted Create and Update in the recordings."""
    found = []
    for path in sorted(CASSETTES.glob("*.json")):
        for number, step in enumerate(json.loads(path.read_text())["steps"]):
            body = step["request"].get("body")
            spec = BY_WRITE.get(body.get("type")) if isinstance(body, dict) else None
            if spec and step["status"] == 200 and isinstance(body["params"].get("config"), dict):
                sent, answered = body["params"]["config"], step["answer"]["config"]
                found.append(pytest.param(spec.name, sent, answered, id=f"{path.stem}-{number}-{body['type']}"))
    return found


def same(sent: Any, answered: Any) -> bool:
    """Equal, where a recorded id stands for the name that was sent."""
    if isinstance(answered, str) and answered.startswith("@id:"):
        return isinstance(sent, str) and bool(sent)
    if isinstance(answered, str) and answered == "@any":
        return True
    if isinstance(sent, dict) and isinstance(answered, dict):
        return sent.keys() == answered.keys() and all(same(sent[key], answered[key]) for key in sent)
    if isinstance(sent, list) and isinstance(answered, list):
        return len(sent) == len(answered) and all(map(same, sent, answered))
    return sent == answered and isinstance(sent, bool) == isinstance(answered, bool)


def without_wire_forms(field: Field, answered: Any) -> Any:
    """A recorded answer but for the two forms that Core answers otherwise than it stores: versions are objects, and
    keys at their default are left out of some objects."""
    if isinstance(field.shape, VersionShape):
        return ".".join(str(answered[part]) for part in ("major", "minor", "patch"))
    if isinstance(field.shape, ListShape):
        left_out = {name: item.default for name, item in field.shape.struct.fields().items() if item.omitted}
        return [{**left_out, **item} for item in answered]
    if isinstance(field.shape, Tagged) and "version" in answered.get("params", {}):
        version = ".".join(str(answered["params"]["version"][part]) for part in ("major", "minor", "patch"))
        return {**answered, "params": {**answered["params"], "version": version}}
    return answered
