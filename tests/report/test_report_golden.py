"""The texts, as files to be read: `KOMODO_SYNC_GOLDEN=write pytest tests/report` writes them anew."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from big_plans import plan_of_size
from report_examples import empty_plan, outcomes, rich_plan, small_plan

from komodo_sync.report.layout import cells
from komodo_sync.report.outcome import outcome_text
from komodo_sync.report.text import plan_text

GOLDEN = Path(__file__).parent / "golden"
PLANS = {"rich": rich_plan, "small": small_plan, "empty": empty_plan}
SGR = re.compile(r"\x1b\[[0-9;]*m")


def check(name: str, text: str) -> None:
    path = GOLDEN / name
    if os.environ.get("KOMODO_SYNC_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [40, 120])
@pytest.mark.parametrize("name", PLANS)
def test_a_plan_reads_as_it_was_approved(name: str, width: int) -> None:
    check(f"plan-{name}-{width}.txt", plan_text(PLANS[name](), color=False, width=width))


@pytest.mark.parametrize("width", [40, 120])
def test_a_plan_in_color_reads_as_it_was_approved(width: int) -> None:
    check(f"plan-rich-{width}-color.txt", plan_text(rich_plan(), color=True, width=width))


@pytest.mark.parametrize("width", [60, 80])
def test_the_top_of_a_large_plan_reads_as_it_was_approved(width: int) -> None:
    top, _, _ = plan_text(plan_of_size(100), color=False, width=width).partition("\n\nbuild/")
    check(f"plan-100-top-{width}.txt", f"{top}\n")


@pytest.mark.parametrize("width", [40, 120])
@pytest.mark.parametrize("name", outcomes())
def test_an_outcome_reads_as_it_was_approved(name: str, width: int) -> None:
    check(f"outcome-{name}-{width}.txt", outcome_text(outcomes()[name], color=False, width=width))


def test_an_outcome_in_color_reads_as_it_was_approved() -> None:
    check("outcome-partial-120-color.txt", outcome_text(outcomes()["partial"], color=True, width=120))


@pytest.mark.parametrize("width", [20, 33, 40, 80, 120, 200])
def test_color_adds_color_alone_and_no_row_is_wider_than_asked(width: int) -> None:
    texts = [
        (plan_text(p(), color=False, width=width), plan_text(p(), color=True, width=width)) for p in PLANS.values()
    ]
    texts += [
        (outcome_text(o, color=False, width=width), outcome_text(o, color=True, width=width))
        for o in outcomes().values()
    ]
    for plain, colored in texts:
        assert SGR.sub("", colored) == plain
        assert max(cells(row) for row in plain.splitlines()) <= width
