"""An outcome as Markdown."""

from __future__ import annotations

import pytest
from big_plans import plan_of_size
from counts import costly
from hypothesis import given
from hypothesis import strategies as st
from plan_strategies import outcomes as any_outcomes
from rendered import rendered
from report_examples import outcomes
from test_markdown import ACTING, OURS
from test_report_golden import check

from komodo_sync.model.outcome import Outcome, Status, StepOutcome
from komodo_sync.model.plan import Finding
from komodo_sync.report.budget import GITHUB_BYTES, LEAST_BYTES
from komodo_sync.report.markdown import marker
from komodo_sync.report.markdown_outcome import outcome_markdown


@pytest.mark.parametrize("name", outcomes())
def test_an_outcome_reads_as_it_was_approved(name: str) -> None:
    check(f"outcome-{name}.md", outcome_markdown(outcomes()[name]))


@given(outcome=any_outcomes, room=st.sampled_from((0, 6_000, GITHUB_BYTES)))
@costly(50)
def test_nothing_live_acts_and_the_room_is_kept(outcome: Outcome, room: int) -> None:
    text = outcome_markdown(outcome, max_bytes=room)
    assert len(text.encode("utf-8", "surrogatepass")) <= max(room, LEAST_BYTES)
    assert text.splitlines()[0] == marker(outcome.plan, "apply")
    page = rendered(text)
    assert page.tags <= OURS
    assert not page.open
    assert not page.misplaced
    assert not ACTING.search("".join(page.text).replace("[!CAUTION]", ""))


@pytest.mark.parametrize("room", [GITHUB_BYTES, 20_000, LEAST_BYTES])
def test_many_reasons_keep_to_the_room(room: int) -> None:
    moved = [Finding("moved", "refusal", f"stack/web-{n} update: {'x' * 90}", hint="again") for n in range(5_000)]
    text = outcome_markdown(Outcome(plan_of_size(100), (), refused=tuple(moved)), max_bytes=room)
    assert len(text.encode()) <= room
    assert "Refused: nothing was done, for 5000 reasons." in text


@pytest.mark.parametrize("room", [GITHUB_BYTES, 20_000, LEAST_BYTES])
def test_a_large_outcome_keeps_to_its_room_and_begins_with_what_failed(room: int) -> None:
    plan = plan_of_size(3_000)
    steps = [step for wave in plan.waves for step in wave]
    failed = (Status.FAILED, "Core said no:\n" + "at line 1\n" * 40, "look at the log")
    results = [StepOutcome(step, *(failed if index % 10 == 0 else (Status.DONE,))) for index, step in enumerate(steps)]
    text = outcome_markdown(Outcome(plan, tuple(results), plan), max_bytes=room)
    assert len(text.encode()) <= room
    assert text.index("Failed: ") < text.index("Done: ")
    assert "Left to do: 3000 resources" in text
