"""How much of its room a Markdown document uses, where all of it has none."""

from __future__ import annotations

import re

import pytest
from big_plans import plan_of_size
from report_examples import plan_of

from komodo_sync.model.address import Address
from komodo_sync.model.plan import Action, Change, Effect, Resource
from komodo_sync.report.budget import LEAST_BYTES
from komodo_sync.report.markdown import _plan, plan_markdown
from komodo_sync.report.markdown_detail import DETAILS
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


KEEPS, MOVED = "the project keeps this name", "its checkout is moved"


def test_the_last_line_says_so_wherever_old_names_and_effects_are_left_out() -> None:
    renames = [
        Resource(
            Address(kind, f"new{n}"),
            "",
            (Change(Action.RENAME, "", f"old{n}", effects=(Effect("renames", f"old{n}", said),)),),
        )
        for n in range(4)
        for kind, said in (("stack", KEEPS), ("repo", MOVED))
    ]
    plan, left = plan_of(*renames), []
    for detail in DETAILS:
        text, _, end = _plan(plan, detail, 12_000).partition("*Left out for want of room: ")
        told = all(each in text for each in (KEEPS, MOVED, "old0", "old3"))
        left.append(not told)
        assert told or ("old names" in end and re.search("affects? others", end)), detail
    assert True in left
    assert not left[0]


def test_the_last_line_says_what_was_left_out_before_too() -> None:
    """Each level leaves out what the ones before it do, unless it says more than that."""
    whole = ["what one field has over 20 lines", "the fields of what is created", "values of fields"]
    for said, parts in zip((each.said for each in DETAILS[1:4]), (whole[:1], whole[:2], whole), strict=True):
        assert all(part in said for part in parts)
    assert all(part in DETAILS[4].said for part in whole[1:])
    assert all("what changes inside a resource" in each.said for each in DETAILS[4:])
