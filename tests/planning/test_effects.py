"""What a change does beyond itself is told, and what could not be done as told is refused."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import OURS, change, changes, codes, declared, desired, live, observed, planned

from komodo_sync.model.data import replace
from komodo_sync.model.plan import Effect

PRUNE = {"owner": "us", "prune": True}


def effects(made: Any, text: str, action: str = "update") -> list[tuple[str, str]]:
    return [(item.kind, item.detail) for item in change(made, text, action).effects]


BUILT = {"type": "Build", "params": {"build_id": "b", "version": "0.0.0"}}


@pytest.mark.parametrize(
    ("kind", "held", "wanted", "told"),
    [
        (
            "stack",
            {"server_id": "one", "file_contents": "services: {}\n"},
            {"server_id": "two", "file_contents": "services: {}\n"},
            "what runs on one keeps running there, unmanaged",
        ),
        ("deployment", {"server_id": "one"}, {"swarm_id": "sw"}, "what runs on one keeps running there, unmanaged"),
        ("repo", {"server_id": "one"}, {"server_id": "two"}, "the checkout on one stays there, unmanaged"),
        ("deployment", {}, {"custom_name": "foo"}, "the running container is renamed at once, before any deploy"),
        (
            "stack",
            {},
            {"project_name": "p"},
            (
                "what may run of it runs on, unmanaged; the next deploy starts the new one, with new and empty named "
                "volumes"
            ),
        ),
        (
            "stack",
            {"auto_update": True},
            {"auto_update": True, "file_contents": "services: {}\n"},
            "Komodo may deploy it by itself at once: auto_update is on",
        ),
        (
            "deployment",
            {"auto_update": True},
            {"auto_update": True, "image": {"type": "Image", "params": {"image": "nginx:2"}}},
            "Komodo may deploy it by itself at once: auto_update is on",
        ),
    ],
)
def test_a_field_tells_its_consequence(kind: str, held: Any, wanted: Any, told: str) -> None:
    hosts = [live("server/one"), live("server/two"), live("swarm/sw")]
    made = planned(desired(declared(f"{kind}/x", wanted)), observed(live(f"{kind}/x", held), *hosts), deploy=False)
    assert [detail for _, detail in effects(made, f"{kind}/x")] == [told]


def test_what_had_no_server_leaves_none_and_without_auto_update_nothing_deploys_itself() -> None:
    made = planned(
        desired(declared("stack/x", {"server_id": "two", "file_contents": "services: {}\n"})),
        observed(live("stack/x"), live("server/two")),
    )
    assert effects(made, "stack/x") == []


def test_an_image_that_a_build_makes_is_deployed_by_none_who_looks_for_newer_ones() -> None:
    """Only images by name are looked for, once they are saved."""
    made = planned(
        desired(declared("deployment/x", {"auto_update": True, "image": BUILT})),
        observed(live("deployment/x", {"auto_update": True}), live("build/b")),
    )
    assert effects(made, "deployment/x") == []


def test_a_create_has_no_consequences() -> None:
    made = planned(desired(declared("deployment/x", {"custom_name": "foo"})), observed())
    assert effects(made, "deployment/x", "create") == []


@pytest.mark.parametrize("kind", ["stack", "deployment", "repo"])
def test_a_delete_on_a_server_that_the_plan_switches_off_is_refused(kind: str) -> None:
    held = observed(
        live("server/one", {"enabled": True}, OURS),
        live(f"{kind}/x", {"server_id": "one"}, OURS, state="running"),
    )
    made = planned(desired(declared("server/one")), held, **PRUNE)
    gone = ["delete"] if kind == "repo" else ["destroy", "delete"]
    assert changes(made) == {"server/one": ["update"], f"{kind}/x": gone}
    assert codes(made) == ["delete-unreachable"]
    kept_on = planned(desired(declared("server/one", {"enabled": True, "region": "eu"})), held, **PRUNE)
    assert codes(kept_on) == []


def test_what_does_not_run_may_be_deleted_from_a_server_that_is_switched_off() -> None:
    held = observed(
        live("server/one", {"enabled": True}, OURS), live("stack/x", {"server_id": "one"}, OURS, state="down")
    )
    assert codes(planned(desired(declared("server/one")), held, **PRUNE)) == []


def test_what_another_owner_holds_too_is_kept() -> None:
    held = observed(live("stack/web", {}, OURS), live("stack/old", {}, OURS, "owner:them"))
    made = planned(desired(declared("stack/web")), held, **PRUNE)
    assert changes(made) == {}
    assert codes(made, "note") == ["shared"]


def test_a_narrowed_run_says_what_it_does_not_delete() -> None:
    held = observed(live("variable/A"), live("variable/B"))
    made = planned(desired(declared("variable/B"), absent=["variable/A"]), held, select=("variable/B",))
    assert changes(made) == {}
    assert codes(made, "note") == ["narrowed"]


def test_only_what_has_a_history_loses_one() -> None:
    held = observed(live("variable/A"), live("stack/old", {}, OURS))
    made = planned(desired(declared("stack/x"), absent=["variable/A"]), held, **PRUNE)
    assert effects(made, "variable/A", "delete")[-1] == ("irreversible", "what it holds is gone")
    assert effects(made, "stack/old", "delete")[-1][1].startswith("its configuration, history")


def test_a_kept_project_is_no_other_one() -> None:
    held = replace(live("stack/old", {"server_id": "one"}, state="running"), project="old")
    core = observed(live("server/one"), held)
    made = planned(desired(declared("stack/new", {"server_id": "one"}, renamed_from="old")), core)
    assert changes(made) == {"stack/new": ["rename", "update"]}
    kept = "the project keeps the name old, runs on and keeps its volumes: project_name is set to it"
    assert effects(made, "stack/new", "rename") == [("renames", kept)]
    assert effects(made, "stack/new") == []
    config = {"server_id": "one", "project_name": ""}
    made = planned(desired(declared("stack/new", config, renamed_from="old")), core)
    goes = "the next deploy takes the old project down, and starts the new one with new and empty volumes"
    assert effects(made, "stack/new", "rename") == [("loses", f"{goes}; the old ones stay behind unused")]


@pytest.mark.parametrize(("state", "told"), [("running", True), ("stopped", True), ("down", False)])
def test_another_project_is_told_also_where_no_volume_is_lost(state: str, told: bool) -> None:
    config = {"server_id": "one", "file_contents": "services: {web: {image: nginx}}"}
    held = replace(live("stack/old", config, state=state), project="old")
    wanted = desired(declared("stack/new", {**config, "project_name": ""}, renamed_from="old"))
    made = planned(wanted, observed(live("server/one"), held))
    then = "the next deploy takes the old one down, and starts the new one"
    found = change(made, "stack/new", "rename").effects
    assert found == ((Effect("replaces", "project old, now new", then),) if told else ())


@pytest.mark.parametrize(
    ("project", "config", "then"),
    [
        ("fix", {"project_name": "fix"}, "the name fix, runs on and keeps its volumes"),
        ("fix", {}, "the name fix, runs on and keeps its volumes: project_name is set to it"),
        ("old", {"project_name": "old"}, "the name old, runs on and keeps its volumes"),
    ],
)
def test_whatever_the_project_is_called_it_is_the_resource_that_had_another_name(
    project: str, config: Any, then: str
) -> None:
    held = replace(live("stack/old", {"server_id": "one", **config}, state="running"), project=project)
    core = observed(live("server/one"), held)
    made = planned(desired(declared("stack/new", {"server_id": "one"}, renamed_from="old")), core)
    [effect] = change(made, "stack/new", "rename").effects
    assert (effect.subject, effect.detail) == ("old", f"the project keeps {then}")
