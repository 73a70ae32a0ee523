"""YAML to nodes: nothing gets a type, everything keeps its place, and broken input has a sentence and a way out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from komodo_sync.source.nodes import Form, Mapping, Node, Scalar, Sequence
from komodo_sync.source.text import Source, SourceError, read_source, source_of_bytes
from komodo_sync.source.toml import parse_toml
from komodo_sync.source.yaml import MAX_DEPTH, parse_yaml

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from komodo_sync.model.diagnostic import Diagnostic


def plain(node: Node) -> object:
    """The texts alone."""
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.items}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text


def root(text: str) -> Node:
    documents, diagnostics = parse_yaml(Source("f.yaml", text))
    assert diagnostics == []
    assert len(documents) == 1
    return documents[0]


def broken(text: str) -> Diagnostic:
    with pytest.raises(SourceError) as caught:
        parse_yaml(Source("f.yaml", text))
    return caught.value.diagnostic


@pytest.mark.parametrize(
    "word", ["1.10", "0123456", "no", "8080", "true", "1_000", "0x1F", "12:30:45", "2024-01-01", "1e3", "~"]
)
def test_a_plain_scalar_is_the_text_that_was_written(word: str) -> None:
    node = root(f"key: {word}\n")
    assert isinstance(node, Mapping)
    value = node.get("key")
    assert isinstance(value, Scalar)
    assert (value.text, value.form) == (word, Form.UNTYPED)


def test_quotes_and_blocks_make_a_text() -> None:
    node = root("a: 'no'\nb: \"1\"\nc: |\n  x\n  y\nd: !!str 5\n")
    assert isinstance(node, Mapping)
    assert [value.form for _, value in node.items if isinstance(value, Scalar)] == [Form.TEXT] * 4
    assert plain(node) == {"a": "no", "b": "1", "c": "x\ny\n", "d": "5"}


def test_everything_has_its_place() -> None:
    node = root("stacks:\n  - name: web\n    tags: [one, two]\n")
    assert isinstance(node, Mapping)
    stacks = node.get("stacks")
    assert isinstance(stacks, Sequence)
    [web] = stacks.items
    assert isinstance(web, Mapping)
    assert (web.line, web.column) == (2, 5)
    assert [(key.line, key.column) for key, _ in web.items] == [(2, 5), (3, 5)]
    tags = web.get("tags")
    assert isinstance(tags, Sequence)
    assert [(item.line, item.column) for item in tags.items] == [(3, 12), (3, 17)]
    assert str(web.items[0][1].span()) == "f.yaml:2:11"
    assert web.items[0][1].span().length == 3


def test_a_file_tag_is_kept() -> None:
    node = root("a: !file web/compose.yaml\n")
    assert isinstance(node, Mapping)
    value = node.get("a")
    assert isinstance(value, Scalar)
    assert (value.text, value.tag, value.form) == ("web/compose.yaml", "!file", Form.TEXT)


def test_aliases_are_the_node_they_name_and_merge_keys_give_way() -> None:
    node = root("base: &b {x: 1, y: 2}\nmore: &m {y: 5, z: 6}\nuse:\n  <<: [*b, *m]\n  x: 9\nagain: *b\n")
    assert plain(node) == {
        "base": {"x": "1", "y": "2"},
        "more": {"y": "5", "z": "6"},
        "use": {"x": "9", "y": "2", "z": "6"},
        "again": {"x": "1", "y": "2"},
    }


def test_of_two_anchors_of_one_name_the_later_one_counts() -> None:
    assert plain(root("- &a {x: &a inner}\n- *a\n")) == [{"x": "inner"}, "inner"]
    assert plain(root("- &a {x: 1}\n- &a [2]\n- *a\n")) == [{"x": "1"}, ["2"], ["2"]]


def test_a_quoted_merge_key_is_a_key() -> None:
    assert plain(root("'<<': x\n")) == {"<<": "x"}


def test_a_colon_in_a_flow_text_is_read_as_yaml_1_2_does() -> None:
    assert plain(root("a: [https://x, no-new-privileges:true]\nb: 1\n")) == {
        "a": ["https://x", "no-new-privileges:true"],
        "b": "1",
    }


def test_several_documents_crlf_and_a_byte_order_mark() -> None:
    source = source_of_bytes(b"\xef\xbb\xbfa: 1\r\n---\r\nb: |\r\n  x\r\n  y\r\n---\r\n# nothing\r\n", "f.yaml")
    documents, diagnostics = parse_yaml(source)
    assert diagnostics == []
    assert [plain(item) for item in documents] == [{"a": "1"}, {"b": "x\ny\n"}]
    assert (documents[0].line, documents[0].column) == (1, 1)


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"])
def test_lines_are_counted_as_editors_do(end: str) -> None:
    source = Source("f.yaml", f"# one{end}a: 'x{end}y'\r\nb: {{c: [1,{end}2]}}\rd: &n ü{end}\ne: *n\nb: 3\n")
    [document], [twice] = parse_yaml(source)
    assert isinstance(document, Mapping)
    assert [(key.text, key.line, key.column) for key, _ in document.items] == [
        ("a", 1, 7),
        ("b", 2, 1),
        ("d", 3, 1),
        ("e", 4, 1),
    ]
    assert (twice.span, twice.excerpt) == (source.span(5, 1, 1), "b: 3")
    assert "first in line 2" in twice.message


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"])
def test_what_goes_on_in_a_line_of_yaml_alone_is_hidden_as_well(end: str) -> None:
    source = Source("f.yaml", f"a: 1{end}password: |\n  hunter2\nb: 1\n")
    assert "hunter2" not in source.excerpt(2, 3)
    assert source.excerpt(3, 1) == "b: 1"


@given(
    st.text(alphabet="ab:-[]{}#&*!|>'\"\\ \n\r\t=.\x85\u2028ü", max_size=12), st.sampled_from([parse_yaml, parse_toml])
)
def test_no_finding_stands_beyond_the_end_of_its_line(text: str, parse: Callable[..., Any]) -> None:
    source = Source("f.yaml", text)
    try:
        _, found = parse(source)
    except SourceError as error:
        found = [error.diagnostic]
    for each in found:
        assert 1 <= each.span.line <= len(source.lines)
        assert 1 <= each.span.column <= len(source.lines[each.span.line - 1]) + 1


@pytest.mark.parametrize("text", ["", "\n\n", "# a comment\n", "---\n", "---\n...\n"])
def test_an_empty_file_has_no_document(text: str) -> None:
    assert parse_yaml(Source("f.yaml", text)) == ([], [])


BROKEN = [
    ("a:\n\tb: 1\n", "KS004", 2, 1, "a tab indents this line"),
    ("a: @x\n", "KS004", 1, 4, "cannot begin with this character"),
    ("a: b: c\n", "KS004", 1, 5, "a key with its colon cannot stand here"),
    ("a: [1, 2\nb: 3\n", "KS004", 2, 2, "a [ is not closed"),
    ("a: {x: 1\nb: 3\n", "KS004", 2, 2, "a { is not closed"),
    ("a: 'x\nb: 3\n", "KS004", 1, 4, "a quote is opened here and never closed"),
    ("- a\nb: 1\n", "KS004", 2, 1, "no item of the list"),
    ('a: "\\q"\n', "KS004", 1, 5, "a backslash sequence"),
    ('a: "\\ud800"\n', "KS004", 1, 7, "stands for no character"),
    ('a: "\\uzz"\n', "KS004", 1, 7, "hexadecimal digits"),
    ('a: "x\x85y\u2028\\q"\nb: 1\n', "KS004", 1, 9, "backslash"),
    ("a: 1\n?\u2028b", "KS004", 2, 4, "a key without its colon"),
    ("a: \x01\n", "KS004", 1, 4, "a control character"),
    ("a: [x:]\n", "KS004", 1, 6, "a text in brackets ends with a colon"),
    ("a: |x\n y\n", "KS004", 1, 5, "only the text's first line"),
    ("a: 1\n...\nb: 2\n", "KS004", 3, 1, "behind the end of the document"),
    ("%YAML 3.0\n---\na: 1\n", "KS004", 1, 1, "the %YAML version"),
    ("a: &\n", "KS004", 1, 5, "without a name"),
    ("[" * 100 + "]" * 100, "KS006", 1, MAX_DEPTH + 1, "nested too deep"),
    ("[" * 100_000, "KS006", 1, 1001, "nested too deep"),
    ("a: &x [1, *x]\n", "KS007", 1, 11, "stands inside the value that it names"),
]


@pytest.mark.parametrize(("text", "code", "line", "column", "words"), BROKEN, ids=[item[4] for item in BROKEN])
def test_broken_yaml_says_where_what_and_what_next(text: str, code: str, line: int, column: int, words: str) -> None:
    found = broken(text)
    assert found.span is not None
    assert (found.code, found.span.line, found.span.column) == (code, line, column)
    assert words in found.message
    assert found.help


def test_nesting_up_to_the_limit_is_read() -> None:
    assert plain(root("[" * MAX_DEPTH + "]" * MAX_DEPTH)) is not None


def test_an_alias_bomb_is_refused_before_it_is_built() -> None:
    levels = "".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]\n" for n in range(1, 9))
    found = broken("l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n" + levels)
    assert found.code == "KS007"
    assert "500000" in found.message


REPORTED = [
    ("a: 1\nb: 2\na: 3\n", "KS008", 3, 1, "first in line 1"),
    ("a: *x\n", "KS010", 1, 4, "no &x stands before"),
    ("a: !include x\n", "KS009", 1, 4, "!include"),
    ("a: !!int 3\n", "KS009", 1, 4, "int"),
    ("a: !file [x]\n", "KS017", 1, 4, "!file takes a path"),
    ("<<: 1\n", "KS011", 1, 1, "<< takes a mapping"),
    ("[a]: 1\n", "KS012", 1, 1, "a key must be a text"),
    ("!file x: 1\n", "KS012", 1, 1, "a key must be a text"),
]


@pytest.mark.parametrize(("text", "code", "line", "column", "words"), REPORTED, ids=[item[0] for item in REPORTED])
def test_what_is_wrong_but_readable_is_reported_and_read_on(
    text: str, code: str, line: int, column: int, words: str
) -> None:
    documents, [found] = parse_yaml(Source("f.yaml", text))
    assert found.span is not None
    assert (found.code, found.span.line, found.span.column) == (code, line, column)
    assert words in found.message
    assert found.help
    assert len(documents) == 1


def test_of_two_keys_the_first_counts() -> None:
    documents, _ = parse_yaml(Source("f.yaml", "a: 1\na: 2\n"))
    assert plain(documents[0]) == {"a": "1"}


FILES = [
    (b"a\x00b", "KS002", 1, 1, "binary"),
    ("a: ü\n".encode("utf-16"), "KS003", 1, 1, "UTF-16"),
    (b"a: 1\nb: \xfc\n", "KS003", 2, 4, "0xfc"),
    (b"\xef\xbb\xbfb: \xfc\n", "KS003", 1, 4, "0xfc"),
]


@pytest.mark.parametrize(("data", "code", "line", "column", "words"), FILES)
def test_a_file_that_is_no_text(tmp_path: Path, data: bytes, code: str, line: int, column: int, words: str) -> None:
    (tmp_path / "f.yaml").write_bytes(data)
    with pytest.raises(SourceError) as caught:
        read_source(tmp_path / "f.yaml", "f.yaml")
    found = caught.value.diagnostic
    assert found.span is not None
    assert (found.code, found.span.line, found.span.column) == (code, line, column)
    assert words in found.message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.yaml"):
        with pytest.raises(SourceError) as caught:
            read_source(path, "f.yaml")
        assert caught.value.diagnostic.code == "KS001"


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1))
def test_a_quoted_text_comes_back_as_it_was(text: str) -> None:
    node = root("key: '" + text.replace("'", "''") + "'\n") if text.strip() == text and "\n" not in text else None
    if node is not None and not set("\x85\u2028\u2029\ufeff") & set(text):
        assert plain(node) == {"key": text}


def outcome(text: str) -> str:
    """The code of what makes the text unreadable, else nothing."""
    try:
        parse_yaml(Source("f.yaml", text))
    except SourceError as error:
        return error.diagnostic.code
    return ""


@given(
    st.text(
        alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("ab:-[]{}#&*!|>'\"%@`,? \n\t")), max_size=60
    )
)
def test_no_text_makes_the_reader_fail_in_another_way(text: str) -> None:
    assert outcome(text) in {"", "KS004", "KS006", "KS007"}


@pytest.mark.parametrize(
    "text",
    [
        "DB_PASSWORD: !{}\n",
        "token: *{}\n",
        "secret_args:\n  - *{}\n",
        "secret_args:\n  - !{} x\n",
        "e: {{TOKEN: *{}}}\n",
        "e: {{TOKEN: [!{} a]}}\n",
        "extra_args: [--token, *{}]\n",
        "a:\n  - --password\n  - *{}\n",
        "value: *{}\n",
        "password: &{} [*{}]\n",
        "password: {{{}: 1, {}: 2}}\n",
        "password: !{} {{a: b}}\n",
        "- API_TOKEN: *{}\n",
        "passwrod: !!{}\n",
        "password:\n  *{}\n",
        "secret: [!{} a, *{}]\n",
    ],
)
@pytest.mark.parametrize("secret", ["Sommer2024Regen", "sommerregen", "S1"])
def test_a_secret_that_yaml_takes_for_its_own_is_told_nowhere(text: str, secret: str) -> None:
    source = Source("f.yaml", text.replace("{}", secret).replace("{{", "{").replace("}}", "}"))
    try:
        found = parse_yaml(source)[1]
    except SourceError as error:
        found = [error.diagnostic]
    assert found
    for item in found:
        assert secret not in item.message + item.help + item.excerpt


def test_what_begins_as_yaml_s_own_wants_quotes() -> None:
    for text, sign in (("token: *abc\n", "*"), ("token: !abc\n", "!"), ("a: *abc\n", "*"), ("a: !abc\n", "!")):
        [found] = parse_yaml(Source("f.yaml", text))[1]
        assert f"quote a text that begins with {sign}" in found.help
