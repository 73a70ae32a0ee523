"""Folding values."""

from __future__ import annotations

import pytest

from komodo_sync.report.layout import Page, Style, fold


@pytest.mark.parametrize("columns", range(12, 60))
def test_a_hidden_value_is_never_cut(columns: int) -> None:
    text = "serve,--token=(secret),--password=(secret)(secret),--very-long-option-without-any-space=x,(secret)" * 3
    pieces = fold(text, columns)
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= columns
    assert sum(piece.count("(secret)") for piece in pieces) == text.count("(secret)")


@pytest.mark.parametrize("width", range(20, 60))
def test_no_row_begins_with_the_comma_of_the_one_before(width: int) -> None:
    page = Page(width=width, color=False)
    counts = [(f"{number} to create", Style.GREEN) for number in range(8, 13)]
    page.say(*(run for count in counts for run in (count, (", ", Style.PLAIN))), ("7 unchanged.", Style.PLAIN))
    rows = page.text().splitlines()
    assert " ".join(row.strip() for row in rows) == ", ".join([*(text for text, _ in counts), "7 unchanged."])
    assert max(map(len, rows)) <= width


def test_a_word_of_several_styles_that_fits_no_row_is_cut_between_them() -> None:
    page = Page(width=20, color=False)
    page.say(("x ", Style.PLAIN), ("a" * 15, Style.BOLD), ("b" * 15, Style.PLAIN))
    assert page.text() == f"x {'a' * 15}\n  {'b' * 15}\n"
