"""Two sides of a value as a table: the old one left, the new one right."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data, field
from komodo_sync.report.fields import visible_lines
from komodo_sync.report.html_elements import Html, element

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class _Run(Data):
    """Lines that were removed and lines that came in their place."""

    removed: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[Html]:
        """Line beside line, for as long as there are some."""
        for old, new in zip_longest(self.removed, self.added):
            yield element("tr", _cell(old, "old"), _cell(new, "new"))
        self.removed, self.added = [], []


def pairs_table(rows: Sequence[tuple[str, str | None, str | None]], caption: str, *, keyed: bool) -> Html:
    """Key, old and new value a row; a side that is None was not there, or goes. Without `keyed` there is no key."""
    head = [element("th", word, scope="col") for word in (["Key"] if keyed else []) + ["Before", "After"]]
    body = []
    for key, before, after in rows:
        first = [element("th", element("code", key), scope="row")] if keyed else []
        body.append(element("tr", *first, _cell(before, "old"), _cell(after, "new")))
    return _table(caption, head, body)


def side_by_side(lines: Sequence[str], caption: str) -> Html:
    """A unified diff as two columns; what is on both sides stands in both."""
    rows: list[Html] = []
    run = _Run()
    for sign, body in visible_lines(lines):
        if sign == "-":
            if run.added:
                rows += run.rows()
            run.removed.append(body)
        elif sign == "+":
            run.added.append(body)
        else:
            rows += run.rows()
            if sign == "@":
                rows.append(element("tr", element("td", body, colspan=2), class_="hunk"))
            else:
                rows.append(element("tr", _cell(body, "same"), _cell(body, "same")))
    rows += run.rows()
    return _table(caption, [element("th", word, scope="col") for word in ("Before", "After")], rows)


def _table(caption: str, head: Sequence[Html], rows: Sequence[Html]) -> Html:
    return element(
        "table",
        element("caption", f"Before and after: {caption}"),
        element("thead", element("tr", *head)),
        element("tbody", *rows),
        class_="sides",
    )


def _cell(text: str | None, side: str) -> Html:
    """A cell; several lines of a text are several rows in it."""
    if text is None:
        return element("td", class_="none")
    return element("td", *(element("div", line) for line in text.split("\n")), class_=side)
