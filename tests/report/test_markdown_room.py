"""How much of its room a Markdown document uses, where all of it has none."""

from __future__ import annotations

import re

import pytest
from big_plans import plan_of_size
from report_examples import plan_of

from komodo_sync.model.address import Address
from komodo_sync.model.plan import Action, Change, Resource
from komodo_sync.report.budget import LEAST_BYTES
from komodo_sync.report.markdown import plan_markdown
from komodo_sync.report.markdown_text import byte_length

PLAN = plan_of_size(100)
WHOLE, LISTED = byte_length(plan_markdown(PLAN, max_bytes=1_000_000)), 9_500
"""Bytes of all of it, and of a document in which each resource is an address."""


@pytest.mark.parametrize("part", range(1, 10))
def test_values_and_fields_go_one_resource_after_the_other(part: int) -> None:
    room = LISTED + (WHOLE * 6 // 10 - LISTED) * part // 10
    text = plan_markdown(PLAN, max_bytes=room)
    assert room - 1_000 < byte_length(text) <= room
    assert text.count("<details>") == text.count("</details>")
    for resource in PLAN.resources:
        assert f">{resource.address}<" in text or f"`{resource.address}`" in text


def test_what_is_deleted_stopped_or_deployed_keeps_its_fields_longer() -> None:
    def told(plan_bytes: int) -> set[Action]:
        text = plan_markdown(PLAN, max_bytes=plan_bytes)
        full = set(re.findall(r"<details><summary><code>(\S+?)</code>", text))
        return {change.action for item in PLAN.resources if str(item.address) in full for change in item.changes}

    assert Action.DELETE in told(12_000)
    assert not told(12_000) & {Action.ADOPT, Action.RENAME}
    assert told(30_000) >= {Action.DELETE, Action.DEPLOY, Action.STOP}


def test_reasons_take_what_the_names_leave() -> None:
    deploys = [
        Resource(Address("stack", f"s{n}"), "", (Change(Action.DEPLOY, f"a reason of its own: {n} {'x' * 80}"),))
        for n in range(40)
    ]
    text = plan_markdown(plan_of(*deploys), max_bytes=LEAST_BYTES)
    assert LEAST_BYTES - 500 < byte_length(text) <= LEAST_BYTES
    assert {f"s{n}" for n in range(40)} <= set(re.findall(r"\bs\d+", text))
