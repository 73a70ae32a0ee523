"""What of a plan is told of first, and kept longest, where Markdown has no room for all of it."""

from __future__ import annotations

import re

import pytest
from report_examples import plan_of

from komodo_sync.model.address import Address
from komodo_sync.model.data import replace
from komodo_sync.model.plan import Action, Change, Effect, Finding, Plan, Resource
from komodo_sync.report.budget import GITHUB_BYTES, LEAST_BYTES
from komodo_sync.report.markdown import plan_markdown
from komodo_sync.report.text import plan_text

_RESTARTS = Effect("restarts", "1 service (web)", "what changed is started anew")
_EXPOSES = Effect("exposes", "", "its value was secret")
_HANGING = ", ".join(f"stack/hangs-{n}" for n in range(120))
_WARNING = "120 resources are not deployed: server/s19 is disabled. They are as they were, each of them."


def resource(kind: str, name: str, action: Action, reason: str, *effects: Effect) -> Resource:
    return Resource(Address(kind, name), "", (Change(action, reason, effects=effects),))


def _moved(number: int) -> Resource:
    losses = (
        Effect("stops", "1 service (web)", f"project grave-{number} is taken down, and other-{number} started"),
        Effect("loses", "its named volumes", f"other-{number} starts with new and empty ones"),
    )
    return resource("stack", f"grave-{number}", Action.DEPLOY, "project_name changes", *losses)


def mixed_plan() -> Plan:
    """Mostly what is only started anew, sorted as planners do: by address, so that nothing of weight comes first."""
    plain = [resource("stack", f"an-ordinary-stack-{n:04}", Action.DEPLOY, "why", _RESTARTS) for n in range(3_000)]
    shown = [resource("variable", f"SHOWN_{n}", Action.UPDATE, "differs", _EXPOSES) for n in range(65)]
    off = Effect("disconnects", f"120 resources ({_HANGING})", "they cannot be stopped until it is enabled again")
    server = resource("server", "s19", Action.UPDATE, "differs", off)
    gone = resource("tag", "gone", Action.DELETE, "no longer declared", Effect("irreversible", "", "gone"))
    calm = [resource("repo", f"calm-{n}", Action.UPDATE, "differs") for n in range(900)]
    warning = Finding("deploy-withheld", "warning", _WARNING, hint="see to that")
    moved = [_moved(number) for number in range(48)]
    return plan_of(server, *calm, *plain, *moved, *shown, gone, findings=(warning,))


@pytest.mark.parametrize("room", [GITHUB_BYTES, 30_000, 16_000, LEAST_BYTES])
def test_what_is_grave_is_named_before_what_is_only_started_anew(room: int) -> None:
    text = plan_markdown(mixed_plan(), max_bytes=room)
    assert len(text.encode()) <= room
    assert {f"grave-{n}" for n in range(48)} <= set(re.findall(r"grave-\d+", text))
    assert {f"SHOWN_{n}" for n in range(65)} <= set(re.findall(r"SHOWN_\d+", text))
    heads = list(dict.fromkeys(re.findall(r"^\*\*([a-zA-Z]+) \d+\*\*", text, re.MULTILINE)))
    assert heads == ["DELETE", "deploy", "update"]
    told = [
        text.index(said) for said in ("DELETE 1**", "`stack/grave-0`", "update 65**", "`server/s19`: **", "y-stack")
    ]
    assert told == sorted(told)
    assert "**update 1** `server/s19`: **disconnects** 120 resources: they cannot be stopped until it is" in text
    assert len(set(re.findall(r"ordinary-stack-\d+", text))) < 3_000
    assert "**DELETE 1** `tag/gone`: **irreversible**: gone; no longer declared" in text


def test_few_names_stand_in_their_row_in_the_least_room_too() -> None:
    text = plan_markdown(mixed_plan(), max_bytes=LEAST_BYTES)
    assert "**DELETE 1** `tag/gone`" in text
    assert "**update 1** `server/s19`: **disconnects** 120 resources" in text


def test_what_is_grave_and_what_is_not_are_not_put_together_for_want_of_room() -> None:
    text = plan_markdown(mixed_plan(), max_bytes=LEAST_BYTES)
    assert re.search(r"\*\*deploy \d+\*\*: for \d+ reasons; stops, loses\n", text)
    assert re.search(r"\*\*deploy 3000\*\* \(\d+ of them named\): why; \*\*restarts\*\* 1 service \(web\): what", text)


@pytest.mark.parametrize("room", [GITHUB_BYTES, LEAST_BYTES])
def test_where_questions_have_no_room_their_answers_are_numbers_as_in_the_text(room: int) -> None:
    numbers = "Stops (48); Irreversible (114); Deployed, started or run (3048); Also affected (1)."
    assert f"**At a glance:** {numbers}" in plan_markdown(mixed_plan(), max_bytes=room)
    assert f"At a glance: {numbers}" in plan_text(mixed_plan(), width=120, color=False)


@pytest.mark.parametrize("room", [GITHUB_BYTES, LEAST_BYTES])
def test_the_first_sentence_of_a_warning_stays_longer_than_names_of_what_is_started_anew(room: int) -> None:
    text = plan_markdown(mixed_plan(), max_bytes=room)
    assert "> - `deploy-withheld`: 120 resources are not deployed: `server/s19` is disabled.\n" in text
    assert "They are as they were" not in text


@pytest.mark.parametrize("room", [GITHUB_BYTES, 10_000, LEAST_BYTES])
def test_warnings_in_short_take_an_eighth_of_the_room_and_the_rest_is_counted(room: int) -> None:
    wide = tuple(Finding(f"code-{n}", "warning", f"number {n} says `a. b` {'x' * 90}. More.") for n in range(400))
    notes = (Finding("long", "note", "y" * 50_000),)
    text = plan_markdown(replace(mixed_plan(), findings=(*wide, *notes)), max_bytes=room)
    told = re.findall(r"^> - `code-\d+`: number \d+ says `a\. b` x+\.$", text, re.MULTILINE)
    assert 1 < len(told) < 400
    assert sum(len(row) for row in told) <= room // 8
    assert f"> - and {400 - len(told)}, not told here for want of room" not in text
    assert f"> - and {400 - len(told)} more, not told here for want of room" in text
    assert "> - 1, not told here for want of room" in text
    assert len(text.encode()) <= room
