"""What lives where a manifest takes its value from outside: which part of it, however it was changed."""

from __future__ import annotations

from typing import Any

import pytest

from komodo_sync.kinds.outside import fitted, pieces, sealed, veiled
from komodo_sync.model.sealed import Sealed, Unknown


def hidden(have: Any, want: Any) -> tuple[Any, list[Any]]:
    """What is left of a live value, and what was taken out."""
    found: list[Any] = []

    def hide(part: Any, place: tuple[str, ...]) -> str:
        found.append(part)
        return f"<{'/'.join(place)}>"

    return veiled(have, want, hide), found


@pytest.mark.parametrize("want", [Sealed("new"), Unknown()])
def test_a_whole_value(want: Any) -> None:
    assert hidden("old", want) == ("<>", ["old"])
    assert hidden(8080, want) == ("<>", [8080])
    assert hidden("", want) == ("", [])
    assert hidden(None, want) == (None, [])
    assert hidden({"run_directory": "old", "branch": "main"}, {"run_directory": want}) == (
        {"run_directory": "<run_directory>", "branch": "main"},
        ["old"],
    )


@pytest.mark.parametrize(
    ("have", "around", "found"),
    [
        ("made of old", ("made of ", ""), ["old"]),
        ("made of old\n", ("made of ", "\n"), ["old"]),
        ("a-b", ("", "-", ""), ["a", "b"]),
        ("a-b-c", ("", "-", ""), ["a", "b-c"]),
        ("something else", ("made of ", ""), ["something else"]),
        ("x: 1\nkey: old\ny: 2\n", ("x: 1\nkey: ", "\ny: 2\n"), ["old"]),
        # others have changed lines around it as well
        ("x: 3\nkey: old\ny: 2\nz: 4\n", ("x: 1\nkey: ", "\ny: 2\n"), ["old"]),
        ("x: 1\nother: old\ny: 3\n", ("x: 1\nkey: ", "\ny: 2\n"), ["other: old", "y: 3"]),
        ("x: 1\n  old1\n  old2\ny: 2\n", ("x: 1\n  ", "\ny: 2\n"), ["old1\n  old2"]),
    ],
)
def test_a_part_of_a_text(have: str, around: tuple[str, ...], found: list[str]) -> None:
    assert [part for part, secret in pieces(have, around) if secret] == found
    assert "".join(part for part, _ in pieces(have, around)) == have
    assert hidden(have, Unknown(around=around))[1] == found


def test_what_does_not_fit_is_told_so() -> None:
    assert fitted("abc", ("x", "")) == []
    assert fitted("ab", ("ab", "b")) == []
    assert fitted("abc", ()) == []


def test_the_values_of_keys() -> None:
    want = Sealed("", {"A": Sealed("new"), "B": "2", "C": Unknown(around=("pre-", ""))})
    have = "# A=told\nA = old  # more\nB=2\nC=\"pre-old2\"\nA='several\nlines' #\n"
    assert hidden(have, want) == (
        "# A=told\nA = <A>  # more\nB=2\nC=\"pre-<C/secret/1>\"\nA='<A>' #\n",
        ["old", "old2", "several\nlines"],
    )


def test_items_of_lists_wherever_they_stand_now() -> None:
    want = ["--note", Sealed("new"), "--more"]
    assert hidden(["--more", "old", "--note"], want) == (["--more", "<2>", "--note"], ["old"])
    want_args = {"stages": [{"args": {"note": Unknown(), "level": "info"}}]}
    assert hidden({"stages": [{"args": {"note": "old", "level": "debug"}}, {}]}, want_args) == (
        {"stages": [{"args": {"note": "<stages/1/args/note>", "level": "debug"}}, {}]},
        ["old"],
    )
    assert hidden({"args": {"note": {"deep": "old"}}}, {"args": {"note": Sealed("new")}})[1] == [{"deep": "old"}]


def test_a_plan_tells_no_part() -> None:
    told = sealed({"command": "deploy old"}, {"command": Sealed("deploy new", around=("deploy ", ""))})
    assert repr(told) == "{'command': (secret)}"


def test_what_is_declared_in_clear_is_told() -> None:
    assert hidden({"a": [1, "x"]}, {"a": [1, "y"]}) == ({"a": [1, "x"]}, [])


def test_of_lines_also_what_a_comment_asks_for() -> None:
    want = Sealed(
        "", {"A": "1", "T": Sealed("new", around=("", ""))}, ("# was ", "\nA=1 # not ", "\nT=", " # nor ", "\n")
    )
    have = "# was old-1\n# a note\nA=1 # not old-2\nT=old-3 # nor old-4\n"
    told, found = hidden(have, want)
    assert found == ["old-1", "old-2", "old-4", "old-3"]
    assert "old" not in told
    assert "# a note\nA=1 # not <" in told
