"""Whatever a Core holds: exported and applied to an empty one, the raw answers of both are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from generated import TEXTS, config, name_for
from hypothesis import assume, given
from hypothesis import strategies as st
from round_trip import USERS, Bench, assert_round_trip, held
from whole_world import create, populate

from komodo_sync.errors import ApiError
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.executions import EXECUTION
from komodo_sync.kinds.shapes import Tagged

if TYPE_CHECKING:
    from komodo_sync.export import Split


@pytest.mark.parametrize("split", ["kind", "tag", "server", "resource"])
def test_every_field_of_every_kind(split: Split) -> None:
    with Bench() as bench:
        source = bench.core()
        populate(source, secrets=True)
        files = assert_round_trip(bench, source, split)
        assert len(files) > len(KINDS) - 1


def test_the_whole_world_leaves_no_field_at_its_default() -> None:
    """What makes the test above worth something."""
    with Bench() as bench:
        source = bench.core()
        populate(source, secrets=True)
        answers = held(source)
        for spec in KINDS.values():
            structs = spec.config.all_variants().values() if isinstance(spec.config, Tagged) else [spec.config]
            for struct in structs:
                for name, item in struct.fields().items():
                    held_values = [_field(each, name) for each in answers[spec.name].values()]
                    assert any(value not in (item.default, None) for value in held_values), (spec.name, name)


def test_the_whole_world_runs_every_execution() -> None:
    with Bench() as bench:
        source = bench.core()
        populate(source)
        stages = [stage for each in held(source)["procedure"].values() for stage in each["config"]["stages"]]
        types = {item["execution"]["type"] for stage in stages for item in stage["executions"]}
        assert types == set(EXECUTION.all_variants())


def _field(answer: dict[str, Any], name: str) -> Any:
    inner = answer.get("config", answer)
    return inner.get("params", inner).get(name)


def test_what_refers_to_each_other() -> None:
    def runs(kind: str, **params: Any) -> dict[str, Any]:
        return {"stages": [{"name": "s", "executions": [{"execution": {"type": kind, "params": params}}]}]}

    with Bench() as bench:
        source = bench.core()
        write = source.writer.write
        write("CreateProcedure", {"name": "a", "config": {}})
        write("CreateProcedure", {"name": "b", "config": runs("RunProcedure", procedure="a")})
        write("UpdateProcedure", {"id": "a", "config": runs("RunProcedure", procedure="b")})
        listed: Any = source.reader.read("ListFullProcedures", {"query": {}, "page": 0, "limit": 0})
        target = {"type": "Procedure", "id": next(each["_id"]["$oid"] for each in listed if each["name"] == "b")}
        write("CreateAlerter", {"name": "al", "config": {"resources": [target]}})
        write("UpdateProcedure", {"id": "b", "config": runs("SendAlert", message="m", alerters=["al"])})
        assert_round_trip(bench, source)


@given(st.data())
def test_generated_worlds(data: st.DataObject) -> None:
    with Bench() as bench:
        source = bench.core()
        names: dict[str, list[str]] = {"user": list(USERS)}
        for spec in KINDS.values():
            for number in range(data.draw(st.integers(0, 2), label=f"how many {spec.plural}")):
                name = data.draw(name_for(spec, number))
                try:
                    create(source, spec, name, data.draw(config(spec, names), label=name))
                except ApiError:
                    continue
                names.setdefault(spec.name, []).append(name)
                if "description" in spec.meta and not spec.flat:
                    meta = {
                        "description": data.draw(TEXTS, label="description"),
                        "template": data.draw(st.booleans(), label="template"),
                        "tags": data.draw(st.lists(st.sampled_from(names.get("tag", [""])), unique=True), label="tags"),
                    }
                    meta["tags"] = [tag for tag in meta["tags"] if tag]
                    source.writer.write("UpdateResourceMeta", {"target": {"type": spec.core, "id": name}, **meta})
        assume(len(names) > 1)
        assert_round_trip(bench, source, data.draw(st.sampled_from(["kind", "tag", "server", "resource"])))
