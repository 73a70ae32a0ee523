"""The planner's normal forms against what a real Core stored, from the recordings alone (no embedded Core)."""

from __future__ import annotations

from typing import Any

import pytest
from recorded_configs import pairs, same, without_wire_forms

from komodo_sync.kinds import BY_CORE, KINDS
from komodo_sync.kinds.normal import normal_struct, normal_tagged, normalise
from komodo_sync.kinds.shapes import Tagged


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
