"""What `explain` says of a resource: every field, who says so, what is live, and no secret."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import declared, live

from komodo_sync.kinds import KINDS
from komodo_sync.model.data import replace
from komodo_sync.model.diagnostic import Span
from komodo_sync.model.explanation import ExplainedField, Explanation, Origin
from komodo_sync.model.known import Known
from komodo_sync.model.plan import SECRET, Shown
from komodo_sync.model.sealed import Sealed
from komodo_sync.planning.explain import explain
from komodo_sync.report.explanation import explanation_text


def fields(explanation: Explanation) -> dict[str, ExplainedField]:
    return {item.pointer: item for item in explanation.fields}


def test_every_field_of_a_kind_has_its_row() -> None:
    for spec in KINDS.values():
        found = fields(explain(declared(f"{spec.name}/A", {}), "reset"))
        names = {pointer.split("/")[1] for pointer in found if pointer.startswith("config/")}
        assert names == (set(spec.fields()) or {"type", "params"})
        assert set(spec.meta) <= set(found)


def test_what_a_manifest_says_has_its_place() -> None:
    place = Span("m.yaml", 3, 7)
    web = replace(
        declared("stack/web", {"branch": "dev"}, tags=("b", "a"), description="x", after=["stack/db"], deploy=True),
        origin=lambda pointer: place if pointer == "config/branch" else None,
    )
    found = fields(explain(web, "reset"))
    assert found["config/branch"] == ExplainedField("config/branch", Shown("dev"), Origin.DECLARED, "m.yaml:3:7")
    assert found["config/auto_pull"] == ExplainedField("config/auto_pull", Shown(True), Origin.DEFAULT)
    assert (found["tags"].value, found["tags"].origin) == (Shown(["a", "b"]), Origin.DECLARED)
    assert found["after"].value == Shown(["stack/db"])
    assert found["deploy"].value == Shown(True)


@pytest.mark.parametrize(
    ("resource", "omitted", "pointer", "origin"),
    [
        (declared("stack/web"), "keep", "config/branch", Origin.KEPT),
        (declared("stack/web", omitted_fields="keep"), "reset", "config/branch", Origin.KEPT),
        (declared("stack/web", omitted_fields="reset"), "keep", "config/branch", Origin.DEFAULT),
        (declared("stack/web"), "reset", "tags", Origin.KEPT),
        (declared("stack/web"), "keep", "description", Origin.KEPT),
        (declared("stack/web", ignore=("config.branch",)), "reset", "config/branch", Origin.IGNORED),
        (declared("stack/web", ignore=("description",)), "reset", "description", Origin.IGNORED),
        (declared("build/web", {"version": "1.0.0"}), "reset", "config/version", Origin.COUNTED),
        (
            declared("build/web", {"version": "1.0.0", "auto_increment_version": False}),
            "reset",
            "config/version",
            Origin.DECLARED,
        ),
        (declared("variable/A"), "reset", "config/value", Origin.KEPT),
    ],
)
def test_who_says_what_a_field_is_worth(resource: Any, omitted: Any, pointer: str, origin: Origin) -> None:
    assert fields(explain(resource, omitted))[pointer].origin is origin


def test_keys_have_rows_of_their_own_and_only_clear_ones_are_shown() -> None:
    web = declared(
        "stack/web", {"environment": "A=1\nTOKEN=hunter2\n"}, clear_keys={"environment": frozenset({"A", "TOKEN"})}
    )
    there = live("stack/web", {"environment": "A=2\nOLD=hunter3\n"})
    explanation = explain(web, "reset", there, asked=True)
    found = fields(explanation)
    assert found["config/environment/A"].value == Shown("1")
    assert found["config/environment/A"].live == Shown("2")
    assert found["config/environment/A"].differs
    assert found["config/environment/TOKEN"].value == SECRET
    assert found["config/environment/OLD"].live == SECRET
    assert {pointer for pointer, item in found.items() if item.differs} == {
        "config/environment/A",
        "config/environment/TOKEN",
        "config/environment/OLD",
    }
    assert "hunter" not in repr(explanation)


def test_secrets_are_not_shown_declared_or_live() -> None:
    server = declared("server/s", {"passkey": Sealed("hunter2")})
    explanation = explain(server, "reset", live("server/s", {"passkey": "hunter3"}), asked=True)
    found = fields(explanation)["config/passkey"]
    assert (found.value, found.live) == (SECRET, SECRET)
    variable = declared("variable/A", {"value": Sealed("hunter2"), "is_secret": True})
    shown = explain(variable, "reset", live("variable/A", {"value": "hunter3"}), asked=True)
    text = explanation_text(shown, color=False, width=80) + explanation_text(explanation, color=True, width=40)
    assert "hunter" not in repr((explanation, shown)) + text


def test_what_is_secret_in_one_field_is_shown_in_no_other() -> None:
    compose = "services: {a: {environment: {ADMIN_PASSWORD: hunter2-text}}}\n"
    web = declared("stack/web", {"file_contents": compose, "extra_args": ["--a", "hunter2-text", "hunter2-known"]})
    there = live("stack/web", {"environment": "API_TOKEN=hunter3-live\n", "extra_args": ["hunter3-live", "plain-word"]})
    explanation = explain(web, "reset", there, asked=True, known=Known(["hunter2-known", "hunter3-live"]))
    assert fields(explanation)["config/extra_args"].value == Shown(["--a", "(secret)", "(secret)"])
    assert fields(explanation)["config/extra_args"].live == Shown(["(secret)", "plain-word"])
    assert "hunter" not in repr(explanation)


def test_what_is_live_is_told_where_a_plan_would_change_it() -> None:
    web = declared("stack/web", {"branch": "dev", "commit": "abc"}, ignore=("config.commit",))
    there = live("stack/web", {"branch": "old", "commit": "def", "run_build": True}, description="by hand")
    found = fields(explain(web, "reset", there, asked=True))
    assert {pointer for pointer, item in found.items() if item.differs} == {
        "config/branch",
        "config/run_build",
        "description",
    }
    assert found["config/commit"].live == Shown("def")


def test_what_nobody_says_is_what_the_core_has() -> None:
    web = declared("stack/web", {"branch": "dev"}, ignore=("config.branch", "config.commit"), omitted_fields="keep")
    there = live("stack/web", {"branch": "old", "commit": "abc", "run_build": True}, description="by hand")
    asked = fields(explain(web, "reset", there, asked=True))
    assert asked["config/run_build"].value == Shown(True)
    assert asked["config/commit"].value == Shown("abc")
    assert (asked["config/branch"].value, asked["config/branch"].live) == (Shown("dev"), Shown("old"))
    assert asked["description"].value == Shown("by hand")
    assert asked["tags"].value == Shown([])
    alone = fields(explain(web, "reset"))
    assert [alone[pointer].value for pointer in ("config/run_build", "config/commit", "description", "tags")] == [
        None
    ] * 4
    text = explanation_text(explain(web, "reset", there, asked=True), color=False, width=80)
    assert "  config/branch  dev\n    live: old\n  config/commit  abc\n" in text
    assert "  config/run_build                    true\n" in text
    assert text.count("live: ") == 1
    told = explanation_text(explain(web, "reset"), color=False, width=80)
    assert "  config/branch  dev\n  config/commit  (as it is)\n" in told


def test_a_version_that_is_counted_is_shown_as_it_is_live() -> None:
    there = live("build/a", {"version": "1.2.7"})
    text = explanation_text(
        explain(declared("build/a", {"version": "1.0.0"}), "reset", there, asked=True), color=False, width=80
    )
    assert 'Counted up by the Core\n  config/version  "1.0.0"\n    live: "1.2.7"\n' in text
    text = explanation_text(explain(declared("build/a", {}), "reset", there, asked=True), color=False, width=80)
    assert 'Counted up by the Core\n  config/version  "1.2.7"\n' in text


def test_a_secret_that_is_left_as_it_is_is_not_shown() -> None:
    there = live("stack/web", {"webhook_secret": "hunter2", "environment": "TOKEN=hunter2\nA=1\n"})
    explanation = explain(declared("stack/web", {}, omitted_fields="keep"), "reset", there, asked=True)
    found = fields(explanation)
    assert found["config/webhook_secret"].value == SECRET
    assert found["config/environment/TOKEN"].value == SECRET
    assert "hunter" not in repr(explanation)


def test_a_builder_of_another_type() -> None:
    wanted = {"type": "Url", "params": {"address": "https://a"}}
    builder = declared("builder/b", wanted)
    found = fields(explain(builder, "reset", live("builder/b", {"type": "Server", "params": {}}), asked=True))
    assert (found["config/type"].value, found["config/type"].live) == (Shown("Url"), Shown("Server"))
    assert found["config/type"].differs
    assert found["config/params/address"].value == Shown("https://a")


def test_text() -> None:
    place = Span("m.yaml", 3, 7)
    web = replace(declared("stack/web", {"branch": "dev", "file_contents": "a:\n  b\n"}), origin=lambda _: place)
    text = explanation_text(explain(web, "reset", live("stack/web"), asked=True), color=False, width=80)
    assert text.startswith(
        "stack/web  stacks.yaml:3:5\n\nDeclared\n"
        "  config/branch         dev  (m.yaml:3:7)\n    live: main\n"
        "  config/file_contents  (m.yaml:3:7)\n    | a:\n    |   b\n"
    )
    assert "Not mentioned: Komodo's default\n" in text
    assert max(map(len, text.splitlines())) <= 80
    gone = explanation_text(explain(web, "reset", None, asked=True), color=False, width=80)
    assert "Not in the Core: apply would create it." in gone
    assert "Core" not in explanation_text(explain(web, "reset"), color=False, width=80)
