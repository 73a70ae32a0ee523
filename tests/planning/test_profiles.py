"""A service of which no profile is active is left as it is by a deploy, and is said to be so where that is known."""

from __future__ import annotations

from typing import Any

import pytest
from planning_worlds import change, declared, desired, planned
from test_volumes import core, stack, ui

from komodo_sync.model.sealed import Sealed

TEXT = "services:\n  a: {image: a}\n  b: {image: b}\n"
DEV = TEXT.replace("{image: b}", "{image: b, profiles: [dev, test]}")
KEPT = {"restarts": "2 services (a, b)"}
ASLEEP = {"restarts": "1 service (a)", "leaves": "1 service (b)"}


def effects(after: str, before: str = TEXT, held: Any = None, **beside: Any) -> dict[str, str]:
    was = stack(ui(before, **(held or {})), services=("a", "b"))
    wanted = declared("stack/x", ui(after, **beside), deploy=True)
    return {
        each.kind: each.subject for each in change(planned(desired(wanted), core(was)), "stack/x", "deploy").effects
    }


@pytest.mark.parametrize(
    ("beside", "found"),
    [
        ({}, ASLEEP),
        ({"environment": "COMPOSE_PROFILES=prod"}, ASLEEP),
        ({"environment": "COMPOSE_PROFILES=prod, test"}, KEPT),
        ({"environment": "COMPOSE_PROFILES=*"}, KEPT),
        ({"extra_args": ["--profile", "dev"]}, KEPT),
        ({"extra_args": ["--profile=dev"]}, KEPT),
        ({"extra_args": ["--profile=other"]}, ASLEEP),
        ({"compose_cmd_wrapper": "x --profile dev [[COMPOSE_COMMAND]]"}, KEPT),
        # what is not known is not said to be left alone
        ({"environment": "COMPOSE_PROFILES=[[PROFILES]]"}, KEPT),
        ({"environment": Sealed("COMPOSE_PROFILES=prod")}, KEPT),
        ({"environment": Sealed("A=b", {"A": Sealed("b")})}, ASLEEP),
        ({"extra_args": ["--profile", "[[X]]"]}, KEPT),
        ({"additional_env_files": [{"path": "more.env"}]}, KEPT),
    ],
)
def test_a_service_without_an_active_profile_is_left_alone(beside: Any, found: Any) -> None:
    assert effects(DEV, **beside) == found


def test_the_file_of_an_environment_that_is_taken_away_is_read_still() -> None:
    assert effects(DEV, held={"environment": "COMPOSE_PROFILES=dev"}) == KEPT


def test_what_is_said_of_it() -> None:
    wanted = declared("stack/x", ui(DEV), deploy=True)
    made = planned(desired(wanted), core(stack(ui(TEXT), services=("a", "b"))))
    [told] = [each.detail for each in change(made, "stack/x", "deploy").effects if each.kind == "leaves"]
    assert told == "it has no active profile: compose leaves it as it is"


def test_a_service_whose_profile_is_active_starts_and_one_with_an_empty_list_has_none() -> None:
    more = f"{TEXT}  c: {{image: c, profiles: [dev]}}\n"
    assert effects(more, extra_args=["--profile=dev"]) == {**KEPT, "starts": "1 service (c)"}
    assert effects(more) == KEPT
    assert effects(more.replace("[dev]", "[]")) == {**KEPT, "starts": "1 service (c)"}


@pytest.mark.parametrize(
    ("before", "after", "held", "beside", "detail"),
    [
        (TEXT.replace("b}", "b, scale: 0}"), TEXT, {}, {}, "no longer scaled to 0 in file_contents"),
        (TEXT.replace("b}", "b, deploy: {replicas: 0}}"), TEXT, {}, {}, "no longer scaled to 0 in file_contents"),
        (DEV, TEXT, {}, {}, "it needs no profile any more"),
        (DEV, DEV, {}, {"environment": "COMPOSE_PROFILES=dev"}, "a profile of it is active now"),
        (
            DEV,
            TEXT,
            {"environment": "COMPOSE_PROFILES=[[P]]"},
            {"environment": "COMPOSE_PROFILES=[[P]]"},
            "it needs no profile any more",
        ),
        (TEXT.replace("  b: {image: b}\n", ""), TEXT, {}, {}, "new in file_contents"),
        (TEXT, TEXT + "# more\n", {}, {}, "declared in file_contents, and not among what was deployed last"),
    ],
)
def test_what_starts_is_told_with_what_was_of_it_before(
    before: str, after: str, held: Any, beside: Any, detail: str
) -> None:
    was = stack(ui(before, **held), services=("a",))
    made = planned(desired(declared("stack/x", ui(after, **beside), deploy=True)), core(was))
    effects = change(made, "stack/x", "deploy").effects
    assert [(each.subject, each.detail) for each in effects if each.kind == "starts"] == [("1 service (b)", detail)]


def test_services_that_start_for_several_reasons_are_told_apart() -> None:
    was = stack(ui(TEXT.replace("b}", "b, scale: 0}")), services=("a", "b"))
    made = planned(desired(declared("stack/x", ui(f"{TEXT}  c: {{image: c}}\n"), deploy=True)), core(was))
    effects = change(made, "stack/x", "deploy").effects
    assert [(each.subject, each.detail) for each in effects if each.kind == "starts"] == [
        ("1 service (b)", "no longer scaled to 0 in file_contents"),
        ("1 service (c)", "new in file_contents"),
    ]
