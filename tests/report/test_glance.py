"""What the first screen of a document tells of a plan that is longer than it."""

from __future__ import annotations

import pytest
from report_examples import plan_of, rich_plan
from test_in_short import MANY as MANY_CHANGES

from komodo_sync.model.address import Address
from komodo_sync.model.plan import Action, Change, Effect, Finding, Resource
from komodo_sync.report.attention import attentions, overview
from komodo_sync.report.findings import MANY
from komodo_sync.report.glance import PIECES, glance
from komodo_sync.report.html import plan_html
from komodo_sync.report.markdown import plan_markdown


def test_of_a_hundred_changes_each_question_is_answered_in_a_few_words() -> None:
    stops, lasting, deploys = (said for _, said in glance(attentions(MANY_CHANGES)))
    assert stops == ["DELETE 9", "DESTROY 6: stops 3 services", "STOP 5"]
    assert lasting == ["deploy 6: loses its named volumes data", "DELETE 9", "update 3: exposes: its value was secret"]
    assert deploys[:2] == ["deploy 18: extra_args changes", "deploy 18: file_contents changes"]
    assert any(said.startswith("deploy stack/sho…009-production: moves from server/") for said in deploys)


def test_what_is_a_screen_anyway_is_told_once() -> None:
    assert glance(attentions(rich_plan())) == []
    assert "At a glance" not in plan_markdown(rich_plan())
    assert 'class="brief"' not in plan_html(rich_plan())


def test_of_very_many_reasons_the_rest_is_counted_and_a_short_name_is_told() -> None:
    changes = [(Change(Action.DEPLOY, f"reason {number}"),) for number in range(40)]
    plan = plan_of(*(Resource(Address("stack", f"s{number}"), "", each) for number, each in enumerate(changes)))
    *_, deploys = (said for _, said in glance(attentions(plan)))
    assert deploys[0] == "deploy stack/s0: reason 0"
    assert deploys[PIECES:] == [f"and {40 - PIECES} more reasons"]


def test_what_a_procedure_does_to_others_is_told_and_when() -> None:
    later = Effect("stops", "", "StopStack b, not by this apply but by its schedule: daily")
    plan = plan_of(
        Resource(
            Address("procedure", "p"),
            "",
            (Change(Action.RUN, "changed", effects=(Effect("stops", "", "StopStack a"),)),),
        ),
        Resource(Address("procedure", "q"), "", (Change(Action.UPDATE, "differs", effects=(later,)),)),
        *(Resource(Address("stack", f"s{number}"), "", (Change(Action.DEPLOY, f"{number}"),)) for number in range(40)),
    )
    stops, *_ = (said for _, said in glance(attentions(plan)))
    assert stops == ["run procedure/p: stops: StopStack a", f"update procedure/q: stops: {later.detail}"]


def test_the_glance_is_the_first_of_the_answers_in_markdown() -> None:
    text = plan_markdown(MANY_CHANGES)
    rows = text[text.index("**At a glance**") : text.index("\n### ")].splitlines()
    assert [row.partition(":**")[0].partition(": ")[0] for row in rows[2:5]] == [
        "- 🛑 **Stops",
        "- 🔥 **Irreversible",
        "- 🚀 **Deployed, started or run",
    ]
    assert "deploy 18: `file_contents` changes; deploy 17: command changes; " in rows[4]


@pytest.mark.parametrize("refusals", [0, MANY, MANY + 1])
def test_beside_many_refusals_the_numbers_of_what_stops_come_first(refusals: int) -> None:
    refused = tuple(Finding("code", "refusal", f"message {number}") for number in range(refusals))
    plan = plan_of(*(item for item in rich_plan().resources), findings=refused)
    numbers = "; ".join(said for _, said in overview(plan))
    markdown, html = plan_markdown(plan), plan_html(plan)
    many = refusals > MANY
    assert (f"**At a glance:** {numbers}." in markdown.partition("[!CAUTION]")[0]) is many
    assert ('<a href="#stops">Stops (' in html.partition('id="refusal"')[0]) is many
    long = plan_markdown(plan_of(*MANY_CHANGES.resources, findings=refused))
    assert long.count("**At a glance**") == 1
    if refusals:
        assert (long.index("**At a glance**") < long.index("[!CAUTION]")) is many
