"""The formats of each result by name, each imported when it is written and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync import __version__
from komodo_sync.report.budget import GITHUB_BYTES

if TYPE_CHECKING:
    from komodo_sync.cli.console import Style
    from komodo_sync.cli.writing import Formats
    from komodo_sync.model.outcome import Outcome
    from komodo_sync.model.plan import Plan
    from komodo_sync.model.plan_key import PlanKey
    from komodo_sync.model.unowned import Unowned

FORMATS = ("text", "json", "markdown", "html", "junit", "sarif", "github", "ndjson")
"""How a plan and an outcome can be written; the first is the default."""

UNOWNED_FORMATS = ("text", "json")
"""How the list of `plan --unowned` can be written."""


def plan_formats(plan: Plan, *, max_bytes: int = GITHUB_BYTES, key: PlanKey | None = None, base: str = "") -> Formats:
    """How a plan is written in each of FORMATS: Markdown in `max_bytes` at most, the document's digest with `key`,
    files named from the folder `base` of the repository."""

    def text(style: Style) -> str:
        from komodo_sync.report.text import plan_text

        return plan_text(plan, color=style.color, width=style.width, height=style.height)

    def json(_style: Style) -> str:
        from komodo_sync.report.json import plan_json

        return plan_json(plan, key)

    def markdown(_style: Style) -> str:
        from komodo_sync.report.markdown import plan_markdown

        return plan_markdown(plan, max_bytes=max_bytes)

    def html(_style: Style) -> str:
        from komodo_sync.report.html import plan_html

        return plan_html(plan)

    def junit(_style: Style) -> str:
        from komodo_sync.report.junit import plan_junit

        return plan_junit(plan)

    def sarif(_style: Style) -> str:
        from komodo_sync.report.plan_sarif import plan_sarif

        return plan_sarif(plan, version=__version__, base=base)

    def github(_style: Style) -> str:
        from komodo_sync.report.plan_github import plan_github

        return plan_github(plan, base=base)

    def ndjson(_style: Style) -> str:
        from komodo_sync.report.events import plan_events

        return "".join(plan_events(plan))

    return {
        "text": text,
        "json": json,
        "markdown": markdown,
        "html": html,
        "junit": junit,
        "sarif": sarif,
        "github": github,
        "ndjson": ndjson,
    }


def apply_formats(outcome: Outcome, *, max_bytes: int = GITHUB_BYTES, base: str = "") -> Formats:
    """How an outcome is written in each of FORMATS, as `plan_formats` does it; events are told while it runs."""

    def text(style: Style) -> str:
        from komodo_sync.report.outcome import outcome_text

        return outcome_text(outcome, color=style.color, width=style.width)

    def json(_style: Style) -> str:
        from komodo_sync.report.json import outcome_json

        return outcome_json(outcome)

    def markdown(_style: Style) -> str:
        from komodo_sync.report.markdown_outcome import outcome_markdown

        return outcome_markdown(outcome, max_bytes=max_bytes)

    def html(_style: Style) -> str:
        from komodo_sync.report.html_outcome import outcome_html

        return outcome_html(outcome)

    def junit(_style: Style) -> str:
        from komodo_sync.report.junit import outcome_junit

        return outcome_junit(outcome)

    def sarif(_style: Style) -> str:
        from komodo_sync.report.plan_sarif import outcome_sarif

        return outcome_sarif(outcome, version=__version__, base=base)

    def github(_style: Style) -> str:
        from komodo_sync.report.plan_github import outcome_github

        return outcome_github(outcome, base=base)

    return {
        "text": text,
        "json": json,
        "markdown": markdown,
        "html": html,
        "junit": junit,
        "sarif": sarif,
        "github": github,
    }


def unowned_formats(found: Unowned) -> Formats:
    """How the list of `plan --unowned` is written in each format."""
    from komodo_sync.report.unowned import unowned_json, unowned_text

    return {
        "text": lambda style: unowned_text(found, color=style.color, width=style.width),
        "json": lambda _style: unowned_json(found),
    }
