"""Environment lines: what is written is what the Core's own parser reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from komodo_sync.kinds.pairs import read_keys, read_pair, read_pairs
from komodo_sync.manifest.pairs import write_pair

READ = [
    ("KEY_1 = value_1 # end of line", ("KEY_1", "value_1")),
    ('KEY="value"', ("KEY", '"value"')),
    ("'KEY = value'", ("KEY", "value")),
    ("- KEY: 'value'", ("KEY", "'value'")),
    ('- "KEY=value"', ("KEY", "value")),
    ("\"KEY = 'value'\"", ("KEY", "'value'")),
    ("KEY=#x", ("KEY", "#x")),
    ("KEY: a=b", ("KEY", "a=b")),
    ("KEY=a:b", ("KEY", "a:b")),
    ("# comment", None),
    ("// comment", None),
    ("", None),
    ("nothing", None),
]


@pytest.mark.parametrize(("line", "wanted"), READ)
def test_a_line_as_the_core_reads_it(line: str, wanted: tuple[str, str] | None) -> None:
    assert read_pair(line) == wanted


WRITTEN = [
    ("PORT", "8080", "=", "PORT=8080"),
    ("A", "", "=", "A="),
    ("A", " x", "=", 'A=" x"'),
    ("A", ' "', "=", "A=' \"'"),
    ("A", "#x", "=", "A=#x"),
    ("A", "#x", ": ", 'A: "#x"'),
    ("A", '"x"', "=", 'A="x"'),
    ("A", "x #y", "=", None),
    ("A", "x\ny", "=", None),
    ("A=B", "x", "=", None),
    ("A:B", "x", ": ", None),
    ("", "x", "=", None),
    ("#A", "x", "=", None),
    ("//A", "x", "=", None),
    ("-A", "x", "=", None),
    (" A", "x", "=", None),
    ('"A', 'x"', "=", None),
]


@pytest.mark.parametrize(("key", "value", "divider", "wanted"), WRITTEN)
def test_a_line_as_we_write_it(key: str, value: str, divider: str, wanted: str | None) -> None:
    assert write_pair(key, value, divider) == wanted


TEXTS = st.text(alphabet=" \t\"'#=:-/aB1_.\n\r", max_size=6)


@given(TEXTS, TEXTS, st.sampled_from(["=", ": "]))
def test_what_is_written_is_read_as_it_was_meant(key: str, value: str, divider: str) -> None:
    line = write_pair(key, value, divider)
    if line is not None:
        [pair] = read_pairs(line)[0]
        assert pair.key == key
        assert value in (pair.value, pair.value[1:-1])
        assert "\n" not in line


@given(
    st.dictionaries(st.from_regex(r"[A-Z_]{1,5}", fullmatch=True), st.text(alphabet="aZ09./$[]{}=:,;\"'\\", max_size=8))
)
def test_usual_values_are_written_as_they_are(pairs: dict[str, str]) -> None:
    lines = [write_pair(key, value, "=") for key, value in pairs.items()]
    assert lines == [f"{key}={value}" for key, value in pairs.items()]
    assert {pair.key: pair.value for pair in read_pairs("\n".join(line for line in lines if line))[0]} == pairs


LINES = st.lists(st.one_of(st.sampled_from(["A=1", "B_2=x y", "A=b:c", "LONG=[[NAME]]"]), TEXTS)).map("\n".join)


@given(LINES, st.sampled_from(["", "\n"]))
def test_the_keys_of_a_text_are_those_of_its_lines(text: str, end: str) -> None:
    assert read_keys(text + end) == {pair.key for pair in read_pairs(text + end)[0]}
