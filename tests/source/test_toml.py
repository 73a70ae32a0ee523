"""TOML to nodes: tomli's values, Komodo's backslashes, and the place of every table, key and value."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from komodo_sync.manifest.scalars import flag_of, float_of, int_of
from komodo_sync.model.diagnostic import Span
from komodo_sync.source.nodes import Form, Mapping, Node, Scalar, Sequence
from komodo_sync.source.text import Source, SourceError
from komodo_sync.source.toml import parse_toml

# ruff: noqa: E501  texts as they stand in a file
ESTATES = Path(os.environ.get("KOMODO_ESTATES") or Path(__file__).parents[3] / "shared" / "estates")


def value(node: Node) -> Any:
    """What tomli would say."""
    if isinstance(node, Mapping):
        return {key.text: value(item) for key, item in node.items}
    if isinstance(node, Sequence):
        return [value(item) for item in node.items]
    assert isinstance(node, Scalar)
    if node.form == Form.TEXT:
        return node.text
    return {Form.FLAG: flag_of, Form.INTEGER: int_of, Form.FLOAT: float_of}[node.form](node)


def read(text: str) -> Node:
    [document], diagnostics = parse_toml(Source("f.toml", text))
    assert diagnostics == []
    return document


def doubled(text: str) -> str:
    """Komodo's rule, as its facts state it."""
    parts = text.replace("\r\n", "\n").split('"""')
    return '"""'.join(part.replace("\\", "\\\\") if index % 2 else part for index, part in enumerate(parts))


TEXTS = [
    "a = 1\nb = true\nc = 'x'\nd = 1.5\n",
    "[[stack]]\nname = 'web'\n[stack.config]\nserver = \"s\"\n[[stack]]\nname = 'db'\n",
    "config.a.b = 1\nconfig.a.c = 2\n",
    'x = { execution.type = "A", execution.params = {}, enabled = true }\n',
    "e = [\n  { a = 1 }, # one\n  { a = [2, 3,] },\n]\n",
    "[a.b]\nc = 1\n[a]\nd = 2\n",
    "\"quoted key\" = 1\n'other'.x = 2\n",
    "s = '''\nline\n''' # end\nt = 0x1F\nu = 1_000\n",
    '[[procedure]]\n[[procedure.config.stage]]\nname = "1"\n[[procedure.config.stage]]\nname = "2"\n',
    'a = """one""two"""\nb = """x""""\nc = ""\nd = ""\n',
    "a = 'b' #\"\nc = '#'\n",
    # TOML 1.1
    "x = { # one\n  a = 1, # two\n\n  b = [\n    { c = 2,\n    },\n  ],\n}\ny = 1\n",
    'a = "\\e[1m\\x41"\n',
]


@pytest.mark.parametrize("text", TEXTS)
def test_the_values_are_those_of_tomli(text: str) -> None:
    assert value(read(text)) == tomli.loads(doubled(text))


def test_a_backslash_between_three_quotes_is_a_backslash() -> None:
    node = read('a = """\n\\d+ \\\nnext"""\nb = "\\t"\n')
    assert value(node) == {"a": "\\d+ \\\nnext", "b": "\t"}


def test_three_quotes_in_a_comment_count_as_they_do_in_komodo() -> None:
    with pytest.raises(SourceError):
        parse_toml(Source("f.toml", 'a = 1 # """\nb = """\n\\d\n"""\n'))
    assert value(read('a = 1 # """\nb = "\\t"\n')) == {"a": 1, "b": "\\t"}


def test_everything_has_its_place_also_behind_doubled_backslashes() -> None:
    node = read(
        '[[stack]]\nname = "web"\nx = """\\\\\\ """\ny = { a.b = 1, c = """\\""", d = 2 }\n[stack.config]\nserver = "s"\n'
    )
    assert isinstance(node, Mapping)
    stacks = node.get("stack")
    assert isinstance(stacks, Sequence)
    [web] = stacks.items
    assert isinstance(web, Mapping)
    assert (web.line, web.column) == (1, 1)
    table = web.get("y")
    assert isinstance(table, Mapping)
    assert [(key.line, key.column) for key, _ in table.items] == [(4, 7), (4, 16), (4, 29)]
    assert [(item.line, item.column) for _, item in table.items] == [(4, 7), (4, 20), (4, 33)]
    config = web.get("config")
    assert isinstance(config, Mapping)
    assert (config.line, config.column) == (5, 1)
    assert [(key.line, key.column, item.column) for key, item in config.items] == [(6, 1, 10)]


BROKEN = [
    ("a = \n", 1, 5, "this is no value"),
    ("a = 1\na = 2\n", 2, 6, "twice"),
    ("[a]\n[a]\n", 2, 3, "this table stands here twice"),
    ("a = 'x\n", 1, 7, "a quote is opened"),
    ('a = "\\q"\n', 1, 8, "backslash"),
    ('a = "\\ud800"\n', 1, 12, "stands for no character"),
    ("a = 'x\u2028\x85'\nb 1\n", 2, 3, "a key without its ="),
    ('a = "x\ry"\n', 1, 7, "does not allow here"),
    ("\r\r\n", 1, 1, "neither a table nor"),
    ("a 1\n", 1, 3, "a key without its ="),
    ("a = 1 b = 2\n", 1, 7, "behind the value"),
    ("a = [1, 2\n", 1, 10, "a [ is not closed"),
    ("a = { b = 1\n", 1, 12, "a { is not closed"),
    ('a = """x\n', 1, 9, "a quote is opened"),
    ('a = """\\\\"""\nb = """\\ """ x\n', 2, 14, "behind the value"),
    ("[a\n", 1, 3, "name is not closed"),
]


@pytest.mark.parametrize("value", ["0123456", "1.2.3", "[0123]", "{ b = 007 }", "1.10.0-rc1", "-01"])
def test_what_goes_on_as_no_number_does_is_a_text_without_quotes(value: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_toml(Source("f.toml", f"a = {value}\n"))
    found = caught.value.diagnostic
    assert (found.message, found.help) == (
        "this is neither a number nor in quotes",
        "put it in quotes: it is a text",
    )


@pytest.mark.parametrize(("text", "line", "column", "words"), BROKEN, ids=[item[0] for item in BROKEN])
def test_broken_toml_says_where_what_and_what_next(text: str, line: int, column: int, words: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_toml(Source("f.toml", text))
    found = caught.value.diagnostic
    assert found.span is not None
    assert (found.code, found.span.line, found.span.column) == ("KS005", line, column)
    assert words in found.message
    assert found.help


@pytest.mark.parametrize("depth", [100, 5000])
@pytest.mark.parametrize(
    ("begin", "more", "end", "column"),
    [
        ("a = ", "[", "]", 69),
        ("a = ", "{b = ", "}", 325),
        ("[a", ".a", "", 130),
        ("[[a", ".a", "", 131),
        ("a", ".a", "", 129),
    ],
)
def test_deep_nesting_is_refused_where_it_becomes_deep(
    begin: str, more: str, end: str, column: int, depth: int
) -> None:
    middle = "" if begin.startswith("[") or not end else "1"
    last = {"[": "]\n", "[[": "]]\n"}.get(begin.rstrip("a"), "" if end else " = 1\n")
    with pytest.raises(SourceError) as caught:
        parse_toml(Source("f.toml", "x = 1\n" + begin + more * depth + middle + end * depth + last))
    found = caught.value.diagnostic
    assert (found.code, found.span) == ("KS006", Span("f.toml", 2, column))
    assert found.help == "a manifest needs ten levels; more than 64 are refused"


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_file_has_no_document(text: str) -> None:
    assert parse_toml(Source("f.toml", text)) == ([], [])


KEYS = st.text(alphabet="abc-_1", min_size=1, max_size=4)
LEAVES = st.one_of(
    st.integers(-10, 10).map(str),
    st.booleans().map(lambda item: str(item).lower()),
    st.text(alphabet="ab \\#='\"\n,]}", max_size=8).map(
        lambda item: '"' + item.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    ),
    st.text(alphabet='ab \\#=",]}', max_size=8).map(lambda item: f"'{item}'"),
    st.text(alphabet="ab \\#=\n',]}", max_size=8).map(lambda item: f'"""{item}"""'),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[ {', '.join(items)} ]"),
        st.dictionaries(KEYS, inner, max_size=3).map(
            lambda items: "{ " + ", ".join(f"{key} = {item}" for key, item in items.items()) + " }"
        ),
    ),
    max_leaves=6,
)


@given(
    st.lists(
        st.one_of(
            st.tuples(KEYS, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]}"), KEYS.map(lambda key: f"[[{key}]]")
        ),
        max_size=6,
    )
)
def test_whatever_tomli_reads_is_read_alike(lines: list[str]) -> None:
    text = "\n".join(lines) + "\n"
    try:
        wanted = tomli.loads(doubled(text))
    except tomli.TOMLDecodeError:
        with pytest.raises(SourceError):
            parse_toml(Source("f.toml", text))
        return
    documents, _ = parse_toml(Source("f.toml", text))
    assert [value(item) for item in documents] == ([wanted] if wanted else [])


@pytest.mark.skipif(not ESTATES.is_dir(), reason="no estates beside the project; name their folder in KOMODO_ESTATES")
def test_real_files_are_read_as_tomli_reads_them() -> None:
    files = sorted(ESTATES.glob("*/files/**/*.toml"))
    assert len(files) > 30
    for path in files:
        text = path.read_text(encoding="utf-8-sig")
        documents, _ = parse_toml(Source(path.name, text))
        assert [value(item) for item in documents] == ([tomli.loads(doubled(text))] if documents else []), path
