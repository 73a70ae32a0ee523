"""One line an event."""

from __future__ import annotations

import pytest

from komodo_sync.model.address import Address
from komodo_sync.model.outcome import Status, StepOutcome, Wait
from komodo_sync.model.plan import Action, Step
from komodo_sync.report.changes import MARKS
from komodo_sync.report.progress import finished_line, started_line, waiting_line

STEP = Step(Address("stack", "web"), Action.CREATE)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (StepOutcome(STEP, Status.DONE), "created stack/web (3/12)"),
        (
            StepOutcome(STEP, Status.FAILED, "the name\nis taken", "hint"),
            "failed: create stack/web: the name is taken (3/12)",
        ),
        (StepOutcome(STEP, Status.SKIPPED, "tag/a failed"), "skipped: create stack/web: tag/a failed (3/12)"),
        (StepOutcome(STEP, Status.NOT_STARTED), "not started: create stack/web (3/12)"),
    ],
)
def test_an_end_says_what_became_of_the_step(outcome: StepOutcome, said: str) -> None:
    assert finished_line(outcome, number=3, total=12) == said


def test_a_beginning_and_a_wait_name_the_step() -> None:
    assert started_line(STEP) == "create stack/web ..."
    assert waiting_line(STEP, Wait("is busy")) == "waiting: stack/web is busy"


def test_every_action_has_a_sign_of_its_own() -> None:
    assert set(MARKS) == set(Action)
    assert len({mark.sign for mark in MARKS.values()}) == len(Action)
