"""Which lines of an environment are written without their value."""

from __future__ import annotations

import pytest

from komodo_sync.export.pairs import without_secrets
from komodo_sync.export.placeholders import secrets_in_clear


@pytest.mark.parametrize(
    "line",
    [
        "# Console enrolment key (free tier \u2014 get one at https://app.example.net/).",
        "// the token is explained at https://example.net/tokens",
        "# LOG_LEVEL=debug",
        "DB_PASSWORD=[[DB_PASSWORD]]",
    ],
)
def test_a_line_without_a_secret_stays(line: str) -> None:
    assert without_secrets(line, lambda key: f"<{key}>") == [line]


@pytest.mark.parametrize(
    "line",
    [
        "DB_PASSWORD=hunter2hunter2",
        "# DB_PASSWORD=hunter2hunter2",
        "# the password: hunter2hunter2",
        "# password https://me:hunter2hunter2@example.net/",
        "# token https://example.net/?t=hunter2hunter2",
        "# token at https://example.net/ is: hunter2hunter2",
        "# API_TOKEN_HTTPS=hunter2hunter2",
    ],
)
def test_a_secret_goes_also_out_of_a_comment(line: str) -> None:
    [written] = without_secrets(line, lambda key: f"<{key}>")
    assert "hunter2hunter2" not in written


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("secrets:\n  a:\n    content: hunter2", [3]),
        ("services: {}\nsecrets: {a: {content: hunter2}}\nconfigs:\n  b:\n    content: hello", [2]),
        ("secrets:\n  a:\n    content: |\n      hunter2\nconfigs:\n  b:\n    content: hello", [3]),
        ("secrets:\n  a: {file: ./a}\n  b: {environment: B}", []),
        ("DB_PASSWORD: ${PW:-hunter2}", [1]),
        ("DB_PASSWORD: ${PW:-}", []),
        ("DB_PASSWORD: ${PW:?is to be set}", []),
        ("DB_PASSWORD: ${env:PW:-}", []),
        ("DB_PASSWORD: $PW", []),
    ],
)
def test_a_line_with_a_secret_in_clear_is_told(text: str, lines: list[int]) -> None:
    assert [number for number, _ in secrets_in_clear(text)] == lines
