"""An Outcome as one HTML file: how it ended, what failed and why, what is left, what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.outcome import Status
from komodo_sync.report.changes import counted
from komodo_sync.report.html import changes_html, counts_html, facts
from komodo_sync.report.html_changes import badge
from komodo_sync.report.html_elements import Html, element, section, sentence
from komodo_sync.report.html_findings import findings_html
from komodo_sync.report.html_graph import order_html
from komodo_sync.report.html_page import page
from komodo_sync.report.outcome import ending, update_place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.outcome import Outcome, StepOutcome

_HEADINGS = {
    Status.FAILED: ("Failed", "refusal"),
    Status.SKIPPED: ("Skipped", "warning"),
    Status.NOT_STARTED: ("Not started", "warning"),
}


def outcome_html(outcome: Outcome) -> str:
    """The document, with a newline at its end."""
    body: list[str] = [element("p", ending(outcome), class_=f"ending {'good' if outcome.complete else 'bad'}")]
    body += findings_html(outcome.refused, "refusal")
    for status, (heading, style) in _HEADINGS.items():
        if results := outcome.of(status):
            title = f"{heading}: {counted(len(results), 'change')}"
            table = _table(results, outcome.plan.core.host)
            body.append(section(title, table, place=heading.lower().replace(" ", "-"), style=style))
    left = [item for item in outcome.remaining.resources if item.changes] if outcome.remaining is not None else []
    if left:
        places = {resource.address: f"r{index}" for index, resource in enumerate(left)}
        body.append(changes_html(left, places, heading="Left to do"))
    if done := outcome.of(Status.DONE):
        title = f"Done: {counted(len(done), 'change')}"
        folded = element("details", element("summary", "Show them"), _table(done))
        body.append(section(title, folded, place="done"))
    if outcome.plan.waves:
        body.append(section("Order", order_html(outcome.plan, {}), place="order"))
    return page("Komodo apply", counts_html(outcome.plan), facts(outcome.plan), body)


def _table(results: Sequence[StepOutcome], host: str = "") -> Html:
    """A row each; where there is a `host`, with where it tells of an execution."""
    rows = [
        element(
            "tr",
            element("td", badge(result.step.action)),
            element("th", element("code", str(result.step.address)), scope="row"),
            element("td", *_told(result, host)),
        )
        for result in results
    ]
    return element("table", element("tbody", *rows), class_="outcome")


def _told(result: StepOutcome, host: str) -> list[Html]:
    lines = result.told
    told = [element("pre", element("code", *(element("div", line) for line in lines)))] if len(lines) > 1 else []
    told += [element("span", lines[0])] if len(lines) == 1 else []
    if result.update and host:
        told.append(element("p", element("b", "update: "), element("code", update_place(host, result.update))))
    return told + ([element("p", element("b", "next: "), sentence(result.hint))] if result.hint else [])
