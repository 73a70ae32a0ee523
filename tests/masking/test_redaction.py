"""What is secret in one place of a world is shown in no other one, nor is there a digest of it; names stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from awkward import AWKWARD, LINES, left_of
from planning_worlds import change, declared, desired, live, observed, planned

from komodo_sync.model.plan import Shown

if TYPE_CHECKING:
    from komodo_sync.model.plan import Planned


def made(secret: str) -> Planned:
    wanted = desired(declared("stack/web", {"extra_args": ["--with", secret]}))
    held = observed(
        live("stack/web"),
        live("stack/old", {"branch": secret}, "owner:me"),
        live("variable/X", {"value": secret, "is_secret": True}),
    )
    return planned(wanted, held, owner="me", prune=True, saved=True)


def test_nothing_in_a_plan_depends_on_a_secret_that_lives_elsewhere() -> None:
    plan = made("hunter2-one").plan
    assert change(plan, "stack/web").fields[0].after == Shown(["--with", "(secret)"])
    assert change(plan, "stack/old", "delete").approval is not None
    assert plan == made("hunter3-another").plan


def test_a_key_of_what_an_action_is_given_is_shown_without_it() -> None:
    stages = [
        {"name": "s", "executions": [{"execution": {"type": "RunAction", "params": {"args": {"hunter2-x": "y"}}}}]}
    ]
    wanted = desired(
        declared("procedure/p", {"stages": stages}), declared("variable/V", {"value": "hunter2-x", "is_secret": True})
    )
    told = repr(change(planned(wanted, observed()), "procedure/p", "create"))
    assert "hunter2" not in told
    assert "(secret)" in told


def test_the_name_of_a_resource_is_shown_although_a_secret_is_called_the_same() -> None:
    wanted = desired(
        declared("server/web-prod-1", {"address": "https://web-prod-1:8120"}),
        declared("stack/web", {"server_id": "web-prod-1", "environment": "DB_PASSWORD=web-prod-1\n"}),
    )
    plan = planned(wanted, observed()).plan
    fields = {field.pointer: field for field in change(plan, "stack/web", "create").fields}
    assert fields["config/server_id"].after == Shown("web-prod-1")
    assert [entry.after for entry in fields["config/environment"].diff.entries] == [Shown(hidden="secret")]
    assert change(plan, "server/web-prod-1", "create").fields[0].after == Shown("https://web-prod-1:8120")


@pytest.mark.parametrize("secret", AWKWARD)
def test_no_piece_of_what_is_known_is_left_beside_a_guess(secret: str) -> None:
    hub = declared("variable/HUB", {"value": secret, "is_secret": True})
    for line in LINES:
        text = line.format(secret)
        for config in (
            {"file_contents": f"services:\n  a:\n    image: b\n    {text}\n"},
            {"pre_deploy": {"path": "", "command": text}},
            {"extra_args": ["a", text]},
            {"environment": f"A=1\nNOTE=a {text}\n"},
        ):
            new = planned(desired(declared("stack/web", config), hub), observed())
            gone = planned(desired(declared("stack/web", {"branch": "a"}), hub), observed(live("stack/web", config)))
            described = desired(declared("stack/web", {}, description=text), hub)
            assert not left_of(secret, repr([new.plan, gone.plan, planned(described, observed()).plan])), config


def test_what_is_guessed_at_in_one_place_is_cut_off_what_is_known_in_no_other_one() -> None:
    text = "services:\n  a: # Som8mer;Nacht2024\n    command: x --token Som8mer\n"
    hub = declared("variable/HUB", {"value": "Som8mer;Nacht2024", "is_secret": True})
    plan = planned(desired(declared("stack/web", {"file_contents": text}), hub), observed()).plan
    assert not left_of("Som8mer;Nacht2024", repr(plan))
