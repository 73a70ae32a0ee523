"""Folding values."""

from __future__ import annotations

import pytest

from komodo_sync.report.layout import Page, Style, cells, fold, squeezed, squeezed_words


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


@pytest.mark.parametrize(
    ("text", "columns", "told"),
    [
        ("abcdefghij", 10, "abcdefghij"),
        ("abcdefghijk", 10, "abc…fghijk"),
        ("abc", 2, "…c"),
        ("日本語日本語", 7, "日…本語"),
        ("e\u0301" * 6, 4, "e\u0301…e\u0301e\u0301"),
        ("", 2, ""),
    ],
)
def test_of_what_is_too_long_the_beginning_and_the_end_are_kept(text: str, columns: int, told: str) -> None:
    assert squeezed(text, columns) == told
    assert cells(told) <= columns


def test_a_word_with_a_hidden_value_is_not_squeezed() -> None:
    text = "of https://me:(secret)@example.com/path to server/production-frankfurt"
    assert squeezed_words(text, 12) == "of https://me:(secret)@example.com/path to serv…ankfurt"
