"""No value of a plan or an outcome can do more than be read."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from counts import costly
from hypothesis import given
from hypothesis import strategies as st
from plan_strategies import outcomes, plans, results, texts

from komodo_sync.model.outcome import Wait
from komodo_sync.report.layout import MIN_WIDTH, cells, fold, safe
from komodo_sync.report.outcome import outcome_text
from komodo_sync.report.progress import finished_line, started_line, waiting_line
from komodo_sync.report.text import plan_text

if TYPE_CHECKING:
    from komodo_sync.model.outcome import Outcome, StepOutcome
    from komodo_sync.model.plan import Plan

SGR = re.compile(r"\x1b\[[0-9;]*m")
widths = st.integers(1, 160)


def check(plain: str, colored: str, width: int) -> None:
    """Nothing but printable characters in rows of the width; color adds its own sequences alone."""
    assert SGR.sub("", colored) == plain
    assert plain.endswith("\n")
    for row in plain.removesuffix("\n").split("\n"):
        assert row.isprintable()
        assert cells(row) <= max(width, MIN_WIDTH)


@given(plan=plans, width=widths)
@costly(60)
def test_a_plan_is_printable_and_keeps_to_its_width(plan: Plan, width: int) -> None:
    check(plan_text(plan, color=False, width=width), plan_text(plan, color=True, width=width), width)


@given(outcome=outcomes, width=widths)
@costly(40)
def test_an_outcome_is_printable_and_keeps_to_its_width(outcome: Outcome, width: int) -> None:
    check(outcome_text(outcome, color=False, width=width), outcome_text(outcome, color=True, width=width), width)


@given(result=results, why=texts)
def test_an_event_is_one_printable_line(result: StepOutcome, why: str) -> None:
    assert finished_line(result, number=1, total=2).isprintable()
    assert started_line(result.step).isprintable()
    assert waiting_line(result.step, Wait(why)).isprintable()


@given(text=st.text())
def test_safe_text_has_no_character_that_acts(text: str) -> None:
    assert not {unicodedata.category(char) for char in safe(text)} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(text=texts.map(safe), columns=st.integers(2, 20))
def test_folding_keeps_every_character(text: str, columns: int) -> None:
    pieces = fold(text, columns)
    assert "".join(pieces) == text
    assert all(cells(piece) <= columns for piece in pieces)
