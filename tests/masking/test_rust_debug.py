"""What a Core repeats of a variable in a log, as Rust writes it."""

from __future__ import annotations

import pytest

from komodo_sync.masking.formats.rust_debug import debugged_spans
from komodo_sync.masking.mask import shown_text

HIDES = [
    'Variable {\n    name: "DB_PASSWORD",\n    description: "",\n    value: "Sommer, Regen02",\n    x: false,\n}',
    'Variable { name: "DB_PASSWORD", description: "of \\"the\\" gate", value: "Sommer, Regen02", is_secret: false }',
    'Variable { name: "FLAVOUR", description: "", value: "Sommer, Regen02", is_secret: true }',
    'Ok(Variable {\n    name: "FLAVOUR",\n    value: "Sommer, Regen02",\n    is_secret: true,\n})',
    '[EnvironmentVar { variable: "DB_PASSWORD", value: "Sommer, Regen02" }]',
    'Some { name: "API_TOKEN", size: 3, kind: Text, value: Some("Sommer, Regen02") }',
]
SHOWN = [
    'Variable {\n    name: "REGION",\n    description: "",\n    value: "eu",\n    is_secret: false,\n}',
    'Variable {\n    name: "DB_PASSWORD",\n    description: "",\n    value: "",\n    is_secret: false,\n}',
    'Variable {\n    name: "DB_PASSWORD",\n    description: "",\n    value: "[[OTHER]]",\n    is_secret: false,\n}',
    'Variable {\n    name: "DB_PASSWORD_FILE",\n    description: "",\n    value: "/x",\n    is_secret: false,\n}',
]


@pytest.mark.parametrize("text", HIDES)
def test_the_value_beside_a_name_that_looks_secret_is_hidden(text: str) -> None:
    assert shown_text(text).replace('"(secret)"', "(secret)") == text.replace('"Sommer, Regen02"', "(secret)")
    [(start, end)] = debugged_spans(text)
    assert text[start:end] == "Sommer, Regen02"


def test_a_quote_in_the_value_does_not_end_it() -> None:
    text = 'Variable {\n    name: "DB_PASSWORD",\n    description: "",\n    value: "Som\\"mer, Regen02",\n}'
    assert "mer" not in shown_text(text)


@pytest.mark.parametrize("text", SHOWN)
def test_another_value_is_shown(text: str) -> None:
    assert shown_text(text) == text
    assert debugged_spans(text) == []
