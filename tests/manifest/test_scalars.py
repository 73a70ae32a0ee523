"""A scalar is what its author wrote."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from komodo_sync.manifest.scalars import flag_of, float_of, int_of, json_of, text_of
from komodo_sync.source.nodes import Form, Scalar
from komodo_sync.source.text import Source
from komodo_sync.source.yaml import parse_yaml

SOURCE = Source("f.yaml", "")


def untyped(text: str) -> Scalar:
    return Scalar(SOURCE, 1, 1, text, Form.UNTYPED)


@given(st.integers())
def test_whole_numbers_come_back(number: int) -> None:
    assert int_of(untyped(str(number))) == number
    assert int_of(Scalar(SOURCE, 1, 1, str(number), Form.TEXT)) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_come_back(number: float) -> None:
    assert float_of(untyped(repr(number))) == number


@given(st.text())
def test_a_text_is_itself_and_a_number_only_when_it_reads_as_one(text: str) -> None:
    assert text_of(untyped(text)) == text
    whole = int_of(untyped(text))
    assert whole is None or str(whole) == text or text == "-0"
    assert flag_of(untyped(text)) is None or text.lower() in {"true", "false", "yes", "no", "on", "off"}


def test_what_is_no_number() -> None:
    words = ["", "0123", "1_000", "0x1F", "+1", " 1", "1 ", "1.", "١", ".inf", "nan", "1e", "9" * 500]
    assert [word for word in words if int_of(untyped(word)) is not None or float_of(untyped(word)) is not None] == []


def test_a_number_too_large_is_none() -> None:
    assert float_of(untyped("1e999")) is None


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text(alphabet="ab 1.:-_#", max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(alphabet="abc", min_size=1), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON)
def test_json_comes_back(value: object) -> None:
    documents, _ = parse_yaml(Source("f.yaml", json.dumps({"key": value})))
    assert json_of(documents[0]) == {"key": value}
