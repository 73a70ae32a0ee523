"""Folding values."""

from __future__ import annotations

import pytest

from komodo_sync.report.layout import fold


@pytest.mark.parametrize("columns", range(12, 60))
def test_a_hidden_value_is_never_cut(columns: int) -> None:
    text = "serve,--token=(secret),--password=(secret)(secret),--very-long-option-without-any-space=x,(secret)" * 3
    pieces = fold(text, columns)
    assert "".join(pieces) == text
    assert max(map(len, pieces)) <= columns
    assert sum(piece.count("(secret)") for piece in pieces) == text.count("(secret)")
