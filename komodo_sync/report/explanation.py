"""An Explanation for people: a row a field, what a manifest says first, what is left at its default last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.explanation import Origin
from komodo_sync.report.layout import Page, Style, cells, pad, safe
from komodo_sync.report.values import shown_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.model.explanation import ExplainedField, Explanation

_HEADINGS = {
    Origin.DECLARED: "Declared",
    Origin.COUNTED: "Counted up by the Core",
    Origin.IGNORED: "Managed by somebody else (ignore)",
    Origin.KEPT: "Not mentioned, and left as it is",
    Origin.DEFAULT: "Not mentioned: Komodo's default",
}
_WIDEST = 44
_AS_IT_IS = "(as it is)"
_APART = (Origin.IGNORED, Origin.COUNTED)
"""What a plan leaves alone although somebody declares it."""


def explanation_text(explanation: Explanation, *, color: bool, width: int) -> str:
    """Rows of at most `width` columns, each ended by a newline."""
    page = Page(width=width, color=color)
    page.say((str(explanation.address), Style.BOLD), (f"  {explanation.source}{_item(explanation)}", Style.DIM))
    if explanation.live is False:
        page.say(("Not in the Core: apply would create it.", Style.YELLOW))
    for origin, heading in _HEADINGS.items():
        chosen = [item for item in explanation.fields if item.origin is origin]
        if chosen:
            page.blank()
            page.say((heading, Style.CYAN))
            _write_fields(page, chosen)
    return page.text()


def _item(explanation: Explanation) -> str:
    return f"  for_each {safe(explanation.item)}" if explanation.item else ""


def _write_fields(page: Page, fields: Sequence[ExplainedField]) -> None:
    names = [safe(item.pointer) for item in fields]
    column = min(max(map(cells, names)), _WIDEST)
    for name, item in zip(names, fields, strict=True):
        first, *rest = shown_lines(item.value) if item.value is not None else [_AS_IT_IS]
        said = filter(None, (item.source, *map(safe, item.through)))
        where = f"  ({', '.join(said)})" if item.source or item.through else ""
        if rest:
            page.value("", f"{name}{where}", indent=2)
            for line in (first, *rest):
                page.value("| ", line, indent=4)
        else:
            page.value("", f"{pad(name, column)}  {first}{where}", indent=2)
        if item.live is not None and (item.differs or (item.origin in _APART and item.live != item.value)):
            for line in shown_lines(item.live):
                page.value("live: ", line, Style.YELLOW, indent=4)
