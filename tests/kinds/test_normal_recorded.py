"""The planner's normal forms against what a real Core stored, from the recordings alone (no embedded Core)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from komodo_sync.kinds import BY_CORE, KINDS
from komodo_sync.kinds.normal import normal_struct, normal_tagged, normalise
from komodo_sync.kinds.shapes import Tagged

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


@pytest.mark.parametrize(("kind", "sent", "answered"), pairs())
def test_what_is_sent_has_the_normal_form_of_what_is_answered(kind: str, sent: Any, answered: Any) -> None:
    spec = BY_CORE[KINDS[kind].core]
    if isinstance(spec.config, Tagged):
        expected = normal_tagged(spec.config, answered)
        given = {**answered, **sent, "params": {**answered["params"], **sent["params"]}}
        if sent["type"] != answered["type"]:
            pytest.skip("a change of type to defaults alone is ignored by Core")
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
        assert same(normalise(field, value), normalise(field, answered[field.name])), (key, value)


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
