"""The formats of each result by name, each imported when it is written and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.report.markdown_detail import GITHUB_BYTES

if TYPE_CHECKING:
    from komodo_sync.cli.writing import Formats
    from komodo_sync.model.outcome import Outcome
    from komodo_sync.model.plan import Plan
    from komodo_sync.model.plan_key import PlanKey
    from komodo_sync.model.unowned import Unowned

PLAN_FORMATS = ("text", "json", "markdown")
"""How a plan can be written; the first is the default."""

APPLY_FORMATS = ("text", "json", "markdown")
"""How an outcome can be written; the first is the default."""

UNOWNED_FORMATS = ("text", "json")
"""How the list of `plan --unowned` can be written."""


def plan_formats(plan: Plan, max_bytes: int = GITHUB_BYTES, key: PlanKey | None = None) -> Formats:
    """How a plan is written in each of PLAN_FORMATS; Markdown in `max_bytes` at most, the document's digest with
    `key`."""

    def text(color: bool, width: int) -> str:
        from komodo_sync.report.text import plan_text

        return plan_text(plan, color=color, width=width)

    def json(_color: bool, _width: int) -> str:
        from komodo_sync.report.json import plan_json

        return plan_json(plan, key)

    def markdown(_color: bool, _width: int) -> str:
        from komodo_sync.report.markdown import plan_markdown

        return plan_markdown(plan, max_bytes=max_bytes)

    return {"text": text, "json": json, "markdown": markdown}


def apply_formats(outcome: Outcome, max_bytes: int = GITHUB_BYTES) -> Formats:
    """How an outcome is written in each of APPLY_FORMATS; Markdown in `max_bytes` at most."""

    def text(color: bool, width: int) -> str:
        from komodo_sync.report.outcome import outcome_text

        return outcome_text(outcome, color=color, width=width)

    def json(_color: bool, _width: int) -> str:
        from komodo_sync.report.json import outcome_json

        return outcome_json(outcome)

    def markdown(_color: bool, _width: int) -> str:
        from komodo_sync.report.markdown_outcome import outcome_markdown

        return outcome_markdown(outcome, max_bytes=max_bytes)

    return {"text": text, "json": json, "markdown": markdown}


def unowned_formats(found: Unowned) -> Formats:
    """How the list of `plan --unowned` is written in each format."""
    from komodo_sync.report.unowned import unowned_json, unowned_text

    return {
        "text": lambda color, width: unowned_text(found, color=color, width=width),
        "json": lambda _color, _width: unowned_json(found),
    }
