"""What an approved deploy covers, where the files are on a host and have no commit."""

from __future__ import annotations

import pytest

from komodo_sync.model.address import Address
from komodo_sync.model.approval import Approval, Grounds, KeyedSides, Topic
from komodo_sync.model.execution import Brings, Execution, Reason
from komodo_sync.model.plan import Action, Change, CoreFacts, Payload, Plan, Scope, Summary, Visibility
from komodo_sync.planning.agreed import LeftOut, not_agreed

WEB = Address("stack", "web")
DIFFERS = Topic("file/compose.yaml")
REASON = Reason("compose.yaml differs from what is deployed", (DIFFERS,))
PLAN = Plan(CoreFacts("core", "2"), Scope(), Visibility("me", True, ()), (), (), (), Summary({}, 0, 0))


def deploy(file: str = "", *topics: Topic, grounds: bool = True) -> Change:
    keyed = (KeyedSides("file/compose.yaml", "", file),) if file else ()
    return Change(
        Action.DEPLOY, "why", approval=Approval("x", "y", keyed=keyed, grounds=Grounds(topics) if grounds else None)
    )


def judged(now: Change, given: Change, *reasons: Reason) -> LeftOut | None:
    execution = Execution("DeployStack", "stack", reasons=reasons, brings=Brings())
    return not_agreed(WEB, now, given, Payload(WEB, Action.DEPLOY, execution=execution), PLAN)


@pytest.mark.parametrize(
    ("now", "then", "why"),
    [
        ("one", "one", ""),
        ("two", "one", "nobody approved what it brings: compose.yaml is another one than when the plan was made"),
        ("two", "", ""),
        ("", "one", ""),
    ],
)
def test_with_a_plan_key_an_approved_difference_is_that_very_one(now: str, then: str, why: str) -> None:
    left = judged(deploy(now, DIFFERS), deploy(then, DIFFERS), REASON)
    assert (left.why if left else "") == why


def test_a_file_that_differs_only_now_is_told_once() -> None:
    left = judged(deploy("two", DIFFERS), deploy("one"), REASON)
    assert left is not None
    assert left.why == "nobody approved what it brings: compose.yaml differs from what is deployed"


def test_what_brings_nothing_and_what_the_plan_itself_does_need_no_approval_of_their_own() -> None:
    failed = Reason("the last deploy failed", (Topic("failed"),))
    state = Reason("declared running, and it is down", (Topic("state"),))
    own = Reason("environment changes", (Topic("config/environment"),), own=True)
    assert judged(deploy(), deploy(), failed, state, own) is None
    never = Reason("never deployed, and not running", (Topic("never"),))
    assert judged(deploy(), deploy(), never) is not None
    assert judged(deploy(), deploy("", Topic("created")), never) is None


@pytest.mark.parametrize(("now", "then", "covered"), [(5, 5, True), (5, 6, True), (6, 5, False), (6, 0, True)])
def test_what_came_about_again_is_another_reason(now: int, then: int, covered: bool) -> None:
    reason = Reason("build/app was built after the last deploy", (Topic("build/app", now),))
    assert (judged(deploy(), deploy("", Topic("build/app", then)), reason) is None) is covered


def test_a_plan_that_does_not_say_what_for_covers_no_deploy() -> None:
    left = judged(deploy(), deploy(grounds=False), REASON)
    assert left is not None
    assert left.why == "the approved plan does not say what for: another version of komodo-sync made it"
