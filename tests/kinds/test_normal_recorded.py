"""The planner's normal forms against what a real Core stored, from the recordings alone (no embedded Core)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from komodo_sync.kinds import BY_CORE, KINDS
from komodo_sync.kinds.normal import normal_struct, normal_tagged, normalise
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


@pytest.mark.parametrize(("kind", "sent", "answered"), pairs())
def test_what_is_sent_has_the_normal_form_of_what_is_answered(kind: str, sent: Any, answered: Any) -> None:
    spec = BY_CORE[KINDS[kind].core]
    if isinstance(spec.config, Tagged):
        expected = normal_tagged(spec.config, answered)
        given = {**answered, **sent, "params": {**answered["params"], **sent["params"]}}
        if sent["type"] != answered["type"]:
            # Core ignores a change of type to defaults alone
            assert (
                normal_struct(spec.config.variants[sent["type"]], sent["params"])
                == spec.config.variants[sent["type"]].defaults()
            )
            return
        variant = spec.config.variants[sent["type"]]
        normal = normal_struct(variant, sent["params"])
        for key in sent["params"]:
            name = variant.spellings()[key].name
            assert same(normal[name], expected["params"][name]), (key, normal[name], given)
        return
    spellings = spec.config.spellings()
    for key, value in sent.items():
        if key not in spellings or value is None:
            continue
        field = spellings[key]
        assert same(normalise(field, value), without_wire_forms(field, answered[field.name])), (key, value)


@pytest.mark.parametrize(("kind", "sent", "answered"), pairs())
def test_an_answer_is_in_normal_form_already(kind: str, sent: Any, answered: Any) -> None:
    spec = KINDS[kind]
    if isinstance(spec.config, Tagged):
        assert same(normal_tagged(spec.config, answered), answered)
        return
    normal = normal_struct(spec.config, answered)
    assert normal_struct(spec.config, normal) == normal
    assert normal.keys() == answered.keys()


def test_there_are_enough_pairs_to_mean_something() -> None:
    assert len(pairs()) > 150
