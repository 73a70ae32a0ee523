"""`# komodo-sync: ignore KS... because ...`: what it silences, what it cannot, and what is told of the comment itself."""

# ruff: noqa: E501  one line a case
from __future__ import annotations

from collections.abc import Callable

import pytest

from komodo_sync.manifest import Loaded

Write = Callable[..., Loaded]

SERVER = "stacks:\n- name: web\n  config: {server: prod, repo: a/b}"


def codes(loaded: Loaded) -> list[tuple[str, str]]:
    return [(item.code, str(item.span)) for item in loaded.diagnostics]


def test_at_the_end_of_the_line(read: Write) -> None:
    loaded = read(SERVER + "  # komodo-sync: ignore KS043 because it is made by hand\n")
    assert loaded.diagnostics == ()
    [silenced] = loaded.silenced
    assert (silenced.diagnostic.code, str(silenced.diagnostic.span)) == ("KS043", "m.yaml:3:20")
    assert silenced.reason == "it is made by hand"


@pytest.mark.parametrize("between", ["", "  # komodo-sync: ignore KS060 because two comments may stand here\n"])
def test_in_the_line_before(read: Write, between: str) -> None:
    text = "stacks:\n- name: web\n  # komodo-sync: ignore KS043 because it is made by hand\n"
    loaded = read(text + between + "  config: {server: prod, repo: a/b, file_contents: 'services: {}'}\n")
    assert [item.diagnostic.code for item in loaded.silenced] == (["KS043", "KS060"] if between else ["KS043"])
    assert codes(loaded) == ([] if between else [("KS060", "m.yaml:4:37")])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("m.yaml", "variables:\n- name: A\n  value: '# komodo-sync: ignore KS043 because x'\n"),
        ("m.yaml", 'stacks:\n- name: a\n  config: {repo: a/b}\n  description: "a\n\n    # komodo-sync: ignor KS043 because x"\n'),
        ("m.yaml", "stacks:\n- name: a\n  config: {repo: a/b}\n  description: |\n    # komodo-sync: ignore KS999 because x\n    # komodo-sync: ignore\n"),
        ("m.yaml", "stacks:\n- name: a\n  config: {repo: a/b, links: [https://x]}\n  description: '# komodo-sync: ignore KS043 because x'\n"),
        ("m.toml", "[[variable]]\nname = \"A\"\nvalue = \"# komodo-sync: ignore KS043 because x\"\n"),
        ("m.toml", "[[stack]]\nname = \"a\"\nconfig.repo = \"a/b\"\ndescription = \"\"\"\n# komodo-sync: ignore KS043 because x\n\"\"\"\n"),
    ],
)  # fmt: skip
def test_what_stands_in_a_text_is_no_comment(read: Write, name: str, text: str) -> None:
    assert codes(read(text, name=name)) == []


def test_a_text_silences_nothing_around_it(read: Write) -> None:
    text = "  description: |\n    x\n    # komodo-sync: ignore KS043 because x\n  config: {server: prod, repo: a/b}\n"
    assert [code for code, _ in codes(read("stacks:\n- name: web\n" + text))] == ["KS043"]
    quoted = "  config: {server: prod, repo: '# komodo-sync: ignore KS043 because x'}  # komodo-sync: ignore KS043 because y\n"
    assert [item.reason for item in read("stacks:\n- name: web\n" + quoted).silenced] == ["y"]


def test_a_comment_in_a_block_is_for_the_lines_of_the_block(read: Write) -> None:
    text = "    environment: |\n      A=1\n      nonsense  # komodo-sync: ignore KS067 because it is\n      # komodo-sync: ignore KS067 because it is too\n      more\n"
    loaded = read("stacks:\n- name: web\n  config:\n    repo: a/b\n" + text)
    assert [item.reason for item in loaded.silenced] == ["it is", "it is too"]
    assert codes(loaded) == []


def test_several_codes_with_one_reason(read: Write) -> None:
    line = "  config: {server: prod, repo: a/b, file_contents: 'services: {}'}  # komodo-sync: ignore KS043, KS060 because moving\n"
    loaded = read("stacks:\n- name: web\n" + line)
    assert loaded.diagnostics == ()
    assert {item.reason for item in loaded.silenced} == {"moving"}


def test_in_toml(read: Write) -> None:
    text = '[[stack]]\nname = "a"\n[stack.config]\nrepo = "a/b"\nserver = "prod"  # komodo-sync: ignore KS043 because by hand\n'
    loaded = read(text, name="m.toml")
    assert (loaded.diagnostics, len(loaded.silenced)) == ((), 1)


def test_an_error_that_leaves_what_is_declared_known(read: Write) -> None:
    loaded = read("x-common: {a: b}  # komodo-sync: ignore KS020 because compose readers use it\nstacks: []\n")
    assert loaded.diagnostics == ()
    assert not loaded.desired.failed


@pytest.mark.parametrize("code", ["KS008", "KS023", "KS042"])
def test_an_error_that_does_not_cannot_be_silenced(read: Write, code: str) -> None:
    wrong = {"KS008": "name: b, name: c", "KS023": "name: b, deploy: perhaps", "KS042": "name: B b"}[code]
    loaded = read(f"stacks:\n- {{{wrong}}}  # komodo-sync: ignore {code} because I say so\n")
    assert [found for found, _ in codes(loaded)] == ["KS081", code] or [found for found, _ in codes(loaded)] == [
        code,
        "KS081",
    ]
    assert loaded.silenced == ()
    assert loaded.desired.failed


@pytest.mark.parametrize(
    "comment",
    [
        "ignore",
        "ignore KS043",
        "ignore KS043 because",
        "ignore because I say so",
        "ignore 43 because x",
        "ignore KS043 for x",
        "ignore KS999 because x",
    ],
)
def test_a_comment_without_code_or_reason_silences_nothing(read: Write, comment: str) -> None:
    loaded = read(f"{SERVER}  # komodo-sync: {comment}\n")
    assert codes(loaded) == [("KS043", "m.yaml:3:20"), ("KS080", "m.yaml:3:38")]
    assert "because" in loaded.diagnostics[1].help


def test_a_comment_that_silences_nothing_is_told_of(read: Write) -> None:
    loaded = read("stacks:\n- name: web  # komodo-sync: ignore KS043, KS060 because it was once so\n")
    assert codes(loaded) == [("KS081", "m.yaml:2:14")] * 2
    assert "there is no KS043 in line 2" in loaded.diagnostics[0].message


def test_a_comment_speaks_for_its_own_line_alone(read: Write) -> None:
    loaded = read("stacks:\n- name: web  # komodo-sync: ignore KS043 because\n  config: {server: prod, repo: a/b}\n")
    assert [code for code, _ in codes(loaded)] == ["KS080", "KS043"]
    assert loaded.silenced == ()


def test_what_cannot_be_silenced_is_told_as_such(read: Write) -> None:
    loaded = read("stacks:\n- {name: b, deploy: perhaps}  # komodo-sync: ignore KS023 because I say so\n")
    [told] = [item for item in loaded.diagnostics if item.code == "KS081"]
    assert told.message.startswith("KS023 in line 2 cannot be silenced")
    assert told.help == "mend that line"


@pytest.mark.parametrize("word", ["ignroe", "Ignore", "ignores", "ignor"])
def test_a_misspelt_ignore_is_told(read: Write, word: str) -> None:
    loaded = read(f"{SERVER}  # komodo-sync: {word} KS043 because it is made by hand\n")
    assert codes(loaded) == [("KS043", "m.yaml:3:20"), ("KS080", "m.yaml:3:38")]
    assert f"`{word}`" in loaded.diagnostics[1].message


@pytest.mark.parametrize("comment", ["komodo-sync ignore", "Komodo-Sync: ignore", "KOMODO-SYNC: IGNORE"])
def test_our_own_name_misspelt_is_told(read: Write, comment: str) -> None:
    loaded = read(f"{SERVER}  # {comment} KS043 because it is made by hand\n")
    assert codes(loaded) == [("KS043", "m.yaml:3:20"), ("KS080", "m.yaml:3:38")]
    assert f"`{comment}`" in loaded.diagnostics[1].message


def test_a_sentence_about_what_we_ignore_is_no_comment_of_ours(read: Write) -> None:
    loaded = read("# komodo-sync ignores compose files\nstacks:\n- name: web\n")
    assert loaded.diagnostics == ()


def test_other_words_about_us_are_no_comment_of_ours(read: Write) -> None:
    loaded = read("# komodo-sync: managed by the platform team\nstacks:\n- name: web\n")
    assert loaded.diagnostics == ()
