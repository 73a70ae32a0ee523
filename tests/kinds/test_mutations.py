"""Every normaliser of the planner, made wrong on purpose, is found out by the recordings alone.

The embedded Core has no part in this: what disagrees is what we make of a request and what a real Core answered. A
mutant that no recording finds out is named, with what would have to be recorded, and must stay unfound: when one covers
it, it moves to the others.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from mutants import MUTANTS, UNFOUND
from recorded_configs import CASSETTES, pairs, same, without_wire_forms

from komodo_sync.kinds import BY_CORE, KINDS, names, normal
from komodo_sync.kinds.shapes import Tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.kinds.spec import NameRule

RECORDED = [tuple(item.values) for item in pairs()]


def recorded_names() -> Iterator[tuple[NameRule, str, str]]:
    """(rule, sent, kept) of every name that a Core took: as it answered it, or said it was taken already, or named it
    in the next answer about the renamed resource."""
    for path in sorted(CASSETTES.glob("*.json")):
        steps = json.loads(path.read_text(encoding="utf-8"))["steps"]
        for number, step in enumerate(steps):
            body = step["request"].get("body")
            verb, core = (
                re.fullmatch(r"(Create|Copy|Rename)?(.*)", body.get("type", "")).groups() if is_call(body) else ("", "")
            )
            name = body["params"].get("name") if verb and isinstance(body["params"], dict) else None
            if core not in BY_CORE or not isinstance(name, str):
                continue
            rule, answer = BY_CORE[core].names, step["answer"]
            if step["status"] == 409:
                yield rule, name, re.fullmatch(r"Resource with name '(.*)' already exists", answer["error"])[1]
            elif step["status"] == 200 and "name" in answer:
                yield rule, name, answer["name"]
            elif step["status"] == 200 and "target" in answer:
                kept = [
                    found for later in steps[number + 1 :] for found in named(later["answer"], answer["target"]["id"])
                ]
                yield from ((rule, name, found) for found in kept[:1])


def recorded_refusals() -> Iterator[tuple[NameRule, str]]:
    """(rule, name) of every name that a Core refused."""
    for path in sorted(CASSETTES.glob("*.json")):
        for step in json.loads(path.read_text(encoding="utf-8"))["steps"]:
            body = step["request"].get("body")
            if step["status"] == 400 and is_call(body) and body["type"].removeprefix("Create") in BY_CORE:
                yield BY_CORE[body["type"].removeprefix("Create")].names, body["params"]["name"]


def is_call(body: Any) -> bool:
    return isinstance(body, dict) and isinstance(body.get("params"), dict) and isinstance(body.get("type"), str)


def named(answer: Any, identity: str) -> list[str]:
    """The names under which `answer` speaks of the resource."""
    if isinstance(answer, list):
        return [name for item in answer for name in named(item, identity)]
    if not isinstance(answer, dict):
        return []
    its_own = answer.get("_id") == {"$oid": identity} or answer.get("id") == identity
    return [answer["name"]] if its_own and "name" in answer else []


NAMES, REFUSED = list(recorded_names()), list(recorded_refusals())


def disagreements() -> list[Any]:
    """Where our normal forms and names are not a real Core's."""
    found: list[Any] = []
    for kind, sent, answered in RECORDED:
        spec = KINDS[kind]
        if isinstance(spec.config, Tagged):
            if sent["type"] == answered["type"]:
                variant = spec.config.variants[sent["type"]]
                found += _struct(variant, sent["params"], answered["params"])
                found += [] if same(normal.normal_tagged(spec.config, answered), answered) else [answered]
        else:
            found += _struct(spec.config, sent, answered)
    found += [item for item in NAMES if names.normal_name(item[0], item[1]) != item[2]]
    found += [item for item in NAMES if names.refusal(item[0], item[1])]
    return found + [item for item in REFUSED if not names.refusal(*item)]


def _struct(struct: Any, sent: Any, answered: Any) -> list[Any]:
    found: list[Any] = []
    kept = normal.normal_struct(struct, answered)
    found += [] if kept.keys() == answered.keys() else [sorted(kept.keys() ^ answered.keys())]
    made = normal.normal_struct(struct, {key: value for key, value in sent.items() if value is not None})
    found += sorted(made.keys() - answered.keys())
    for key, value in sent.items():
        field = struct.spellings().get(key)
        if field is None or value is None:
            continue
        if field.name not in made or not same(made[field.name], kept.get(field.name)):
            found.append((key, value, answered[field.name]))
    for name, field in struct.fields().items():
        if name in kept and not same(kept[name], without_wire_forms(field, answered[name])):
            found.append((name, kept[name], answered[name]))
    return found


def is_found(monkeypatch: pytest.MonkeyPatch, mutant: str) -> bool:
    """Whether any recording disagrees with the mutant. One that cannot even read them is found out too."""
    module, name, make = MUTANTS[mutant]
    monkeypatch.setattr(module, name, make())
    if name == "normal_name":
        monkeypatch.setattr(normal, name, getattr(module, name))
    try:
        return bool(disagreements())
    except (AttributeError, KeyError, TypeError, ValueError):
        return True


def test_the_normalisers_agree_with_the_recordings() -> None:
    assert disagreements() == []


def test_there_are_names_and_refusals_to_compare_with() -> None:
    assert len([item for item in NAMES if item[1] != item[2]]) > 5
    assert len(REFUSED) > 3


@pytest.mark.parametrize("mutant", sorted(MUTANTS.keys() - UNFOUND.keys()))
def test_a_wrong_normaliser_is_found_out(monkeypatch: pytest.MonkeyPatch, mutant: str) -> None:
    assert is_found(monkeypatch, mutant)


@pytest.mark.parametrize("mutant", UNFOUND)
def test_what_no_recording_covers_is_still_uncovered(monkeypatch: pytest.MonkeyPatch, mutant: str) -> None:
    assert not is_found(monkeypatch, mutant), f"a recording covers {mutant!r} now: {UNFOUND[mutant]}"
