"""How long what is done to a resource is waited for: the most specific setting wins."""

from __future__ import annotations

import pytest
from planning_worlds import alive, at, declared, desired, live, observed, payload, planned

from komodo_sync.planning.timeouts import timeout_of


@pytest.mark.parametrize(
    ("address", "timeouts", "seconds"),
    [
        ("stack/web", {}, 1800),
        ("build/app", {}, 7200),
        ("build/app", {"stack": 1}, 7200),
        ("stack/web", {"stack": 1}, 1),
        ("stack/web", {"stack": 1, "*/web": 2}, 2),
        ("stack/web", {"stack/*": 1, "*/*": 2}, 1),
        ("stack/web", {"stack/web": 1, "stack/w*": 2, "stack": 3}, 1),
        ("stack/api-a", {"stack/a*": 1, "stack/api-*": 2, "stack/*": 3}, 2),
        ("stack/api-a", {"stack/api-*": 2, "stack/a*": 1}, 2),
        ("stack/ab", {"stack/a*": 1, "stack/*b": 2}, 2),
        ("stack/ab", {"stack/*b": 2, "stack/a*": 1}, 1),
        ("stack/a", {"stack/b": 1, "stack/b*": 2}, 1800),
        ("procedure/nightly [x]", {"procedure/nightly [x]": 5}, 5),
    ],
)
def test_the_most_specific_counts(address: str, timeouts: dict[str, float], seconds: float) -> None:
    assert timeout_of(at(address), timeouts) == seconds


def test_steps_of_a_plan_are_waited_for_so_long() -> None:
    server = {"enabled": True}
    wanted = desired(
        declared("server/one", server), declared("stack/web", {"server_id": "one"}, deploy=True), absent=["stack/old"]
    )
    held = alive(
        observed(live("server/one", server), live("stack/old", {"server_id": "one"}, state="running")),
        servers={"one": "Ok"},
    )
    made = planned(wanted, held, timeouts={"stack": 60.0, "stack/o*": 5.0})
    deploy, destroy = payload(made, "stack/web", "deploy").execution, payload(made, "stack/old", "destroy").execution
    assert deploy is not None
    assert destroy is not None
    assert (deploy.timeout, destroy.timeout) == (60.0, 5.0)
