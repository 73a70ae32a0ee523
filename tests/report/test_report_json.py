"""The documents: complete, stable, readable again, and as the checked-in schemas say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from counts import costly
from hypothesis import given
from msgspec.structs import force_setattr
from plan_strategies import outcomes as any_outcomes
from plan_strategies import plans as any_plans
from report_examples import empty_plan, outcomes, plan_of, rich_plan, scalar, small_plan, update_of

from komodo_sync.errors import KomodoSyncError
from komodo_sync.model.plan import Plan, Shown
from komodo_sync.model.plan_key import PlanKey
from komodo_sync.report.integrity import checksum
from komodo_sync.report.json import outcome_json, plan_json
from komodo_sync.report.plan_file import is_keyed, plan_from_json
from komodo_sync.report.schema import DOCUMENTS, schema_text
from komodo_sync.report.text import plan_text

if TYPE_CHECKING:
    from komodo_sync.model.outcome import Outcome

SCHEMAS = Path(__file__).parents[2] / "schemas"


def validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


PLAN, OUTCOME = validator("plan"), validator("outcome")

SPARSE = ("calls", "cycle")
"""Documents that leave out what does not concern them: a line each for things of several sorts."""
SELDOM = {"subject", "joined", "grounds"}
"""What is left out of most documents: drift alone tells the first, the diff of a port or a volume the second, and the
approval of a deploy the third."""


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_schema_that_is_checked_in_is_the_one_that_is_generated(name: str) -> None:
    assert (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8") == schema_text(name)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_object_is_closed_and_every_member_described(name: str) -> None:
    schema = json.loads(schema_text(name))
    definitions = schema["$defs"]
    for title, item in [("document", schema), *definitions.items()]:
        assert item.get("description"), title
        if item["type"] == "object":
            assert item["additionalProperties"] is False, title
            there = [
                key
                for key in item["properties"]
                if (key not in SELDOM and name not in SPARSE) or key in item["required"]
            ]
            assert item["required"] == there, title
        for key, member in item.get("properties", {}).items():
            target = definitions.get(member.get("$ref", "").rpartition("/")[2], {})
            assert member.get("description") or target.get("description"), f"{title}.{key}"


@pytest.mark.parametrize("plan", [rich_plan(), small_plan(), empty_plan()], ids=["rich", "small", "empty"])
def test_a_plan_is_a_valid_document_and_comes_back(plan: Plan) -> None:
    text = plan_json(plan)
    PLAN.validate(json.loads(text))
    assert plan_from_json(text) == plan
    assert plan_text(plan_from_json(text), color=True, width=100) == plan_text(plan, color=True, width=100)


@given(plan=any_plans)
@costly(60)
def test_any_plan_is_a_valid_document_and_comes_back(plan: Plan) -> None:
    text = plan_json(plan)
    PLAN.validate(json.loads(text))
    assert plan_from_json(text) == plan
    assert plan_json(plan_from_json(text)) == text


@pytest.mark.parametrize("name", outcomes())
def test_an_outcome_is_a_valid_document(name: str) -> None:
    document = json.loads(outcome_json(outcomes()[name]))
    OUTCOME.validate(document)
    assert document["complete"] is (name in ("complete", "unverified", "nothing-to-do"))
    assert sum(document["summary"].values()) == len(document["results"])


@given(outcome=any_outcomes)
@costly(30)
def test_any_outcome_is_a_valid_document(outcome: Outcome) -> None:
    OUTCOME.validate(json.loads(outcome_json(outcome)))


@given(plan=any_plans)
@costly(30)
def test_a_document_can_be_shown_on_any_terminal(plan: Plan) -> None:
    text = plan_json(plan)
    assert all(char == "\n" or " " <= char <= "~" for char in text)


def test_the_members_have_the_promised_names_in_their_order() -> None:
    document = json.loads(plan_json(rich_plan()))
    assert list(document) == [
        "format_version", "core", "scope", "visibility", "resources", "waves", "findings", "summary",
    ]  # fmt: skip
    resource = next(item for item in document["resources"] if item["address"] == "stack/web")
    assert list(resource) == ["address", "source", "changes", "refused", "cause"]
    change = resource["changes"][0]
    assert list(change) == ["action", "reason", "previous", "fields", "effects", "needs", "approval"]
    assert list(change["fields"][0]) == ["pointer", "before", "after", "diff", "origin", "reset", "deploys", "through"]
    assert resource["changes"][1]["needs"] == [{"address": "stack/web", "action": "update"}]


def test_each_resource_has_a_row_of_its_own() -> None:
    rows = plan_json(rich_plan()).splitlines()
    assert sum(row.startswith('    {"address": "') for row in rows) == len(rich_plan().resources)


def test_a_hidden_value_is_not_written_even_if_it_is_there() -> None:
    field = scalar("config/webhook_secret", None, None)
    force_setattr(field, "after", Shown("hunter2", "secret"))
    assert "hunter2" not in plan_json(plan_of(update_of(field)))


def _without(document: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != key}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: _without(d, "waves"), "waves: Field required"),
        (lambda d: d | {"extra": 1}, "extra: Extra inputs are not permitted"),
        (lambda d: d | {"scope": d["scope"] | {"prune": "yes"}}, "scope/prune: Input should be a valid boolean"),
        (lambda d: d | {"waves": [[{"address": "web", "action": "run"}]]}, "waves/0/0/address: String should match"),
        (lambda d: d | {"waves": [[{"address": "a/b", "action": "fly"}]]}, "waves/0/0/action: Input should be"),
        (lambda d: [d], "Input should be an object"),
    ],
)
def test_what_is_not_a_plan_is_refused_with_its_place(change: Any, said: str) -> None:
    text = json.dumps(change(json.loads(plan_json(small_plan()))))
    with pytest.raises(KomodoSyncError, match=r"^This is not a plan of komodo-sync\.$") as caught:
        plan_from_json(text)
    assert caught.value.detail.startswith(said)
    assert "plan --out" in caught.value.hint


@pytest.mark.parametrize("text", ["", "{", "\x00", "[" * 100_000, '{"format_version": 1e999}', b"\xff\xfe"])
def test_what_is_not_json_is_refused(text: str | bytes) -> None:
    with pytest.raises(KomodoSyncError, match="not a plan"):
        plan_from_json(text)


def test_a_plan_of_another_format_is_refused_by_its_number() -> None:
    text = json.dumps(json.loads(plan_json(small_plan())) | {"format_version": 2})
    with pytest.raises(KomodoSyncError, match="The plan has format 2, and this komodo-sync reads format 1"):
        plan_from_json(text)


def test_a_plan_of_another_format_and_shape_is_refused_by_its_number() -> None:
    with pytest.raises(KomodoSyncError, match="The plan has format 2"):
        plan_from_json('{"format_version": 2, "changes": []}')


def test_a_plan_that_was_cut_off_is_told_as_such() -> None:
    text = plan_json(small_plan())
    for end in range(1, len(text) - 2, 37):
        with pytest.raises(KomodoSyncError, match="not a plan") as caught:
            plan_from_json(text[:end])
        assert "cut off" in caught.value.detail


def test_a_plan_that_was_changed_is_refused_wherever_that_was() -> None:
    text = plan_json(small_plan())
    document = json.loads(text)
    document["core"]["host"] += "x"
    with pytest.raises(KomodoSyncError, match="The plan was changed after it was written"):
        plan_from_json(json.dumps(document))
    # what only looks otherwise is the same document
    assert plan_from_json(json.dumps(json.loads(text), indent=3, sort_keys=True)) == small_plan()


def test_a_plan_with_a_key_is_proved_by_that_key_alone() -> None:
    text = plan_json(small_plan(), PlanKey("one"))
    assert plan_from_json(text, PlanKey("one")) == small_plan()
    assert plan_from_json(text) == small_plan()
    with pytest.raises(KomodoSyncError, match="made with another KOMODO_SYNC_PLAN_KEY") as caught:
        plan_from_json(text, PlanKey("two"))
    assert "Set the key that it was made with" in caught.value.hint
    changed = json.loads(text)
    changed["core"]["host"] += "x"
    for key in (PlanKey("one"), PlanKey("two"), None):
        with pytest.raises(KomodoSyncError, match="changed after it was written") as caught:
            plan_from_json(json.dumps(changed), key)
        assert "Fetch the file again" in caught.value.hint
    # whoever makes a new checksum has no key for the rest
    changed["summary"]["checksum"] = checksum(changed)
    with pytest.raises(KomodoSyncError, match="another KOMODO_SYNC_PLAN_KEY") as caught:
        plan_from_json(json.dumps(changed), PlanKey("one"))
    assert "on purpose" in caught.value.detail
    assert is_keyed(text)
    assert not is_keyed(plan_json(small_plan()))
    assert "one" not in repr(PlanKey("one"))


def test_writing_does_not_load_what_reading_needs() -> None:
    program = "import sys, komodo_sync.report.json, komodo_sync.report.text; print('pydantic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
