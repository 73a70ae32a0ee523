"""Texts of absurd sizes are read with work that grows as they do: counted in calls, as time is another thing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from komodo_sync.masking.in_place import replaced, without_again
from komodo_sync.masking.lines import forget_lines, shown_lines

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = {
    "list": lambda many: "tokens:\n" + "\n".join(f"  - v{each:05}xq" for each in range(many)),
    "list of JSON": lambda many: '{"tokens": [\n' + ",\n".join(f'"v{each:05}xq"' for each in range(many)) + "\n]}",
    "list on a line": lambda many: '{"tokens": [' + ", ".join(f'"v{each:05}xq"' for each in range(many)) + "]}",
    "users": lambda many: "passwords:\n" + "\n".join(f"  u{each}: v{each:05}xq" for each in range(many)),
    "users in braces": lambda many: "passwords: {" + ", ".join(f"u{each}: v{each:05}x" for each in range(many)) + "}",
    "pairs": lambda many: "\n".join(f"A{each}_PASSWORD=v{each:05}xq" for each in range(many)),
    "again": lambda many: "\n".join(f"A{each}_PASSWORD=v{each:05}xq\nrun v{each:05}xq" for each in range(many)),
    "groups": lambda many: "\n".join(f"token{each}: {{image: a, bob: v{each:05}x}}" for each in range(many)),
    "groups on a line": lambda many: "{" + ", ".join(f"t{each}_token: {{image: a}}" for each in range(many)) + "}",
    "groups of no YAML": lambda many: "{{ x\n" + "\n".join(f"token{each}: {{image: a, b: c}}" for each in range(many)),
    "texts": lambda many: "\n".join(f"a{each}: |\n  auth: {{image: a, bob: v{each:05}x}}" for each in range(many)),
    "JSON in JSON": lambda many: "[" + ", ".join('"{\\"auth\\": {\\"bob\\": \\"xq\\"}}"' for _ in range(many)) + "]",
    "quotes twice": lambda many: "\n".join(f"a{each}: 'run -p ''v{each:05}x'' ''y''.'" for each in range(many)),
    "quotes twice on a line": lambda many: "a: [" + ", ".join(f"'a ''v{each:05}x'' b'" for each in range(many)) + "]",
    "quotes over lines": lambda many: "\n".join(f'a{each}: "b\\\n  --token v{each:05}x\n  c"' for each in range(many)),
    "quotes that stay open": lambda many: "\n".join("- 'a ''b\n  - \"c" for _ in range(many)),
    "nothing": lambda many: "a: b\n" + "\n" * 4 * many + "token:\n" + "\n" * 4 * many + "  x",
}


def calls(text: str) -> int:
    """How many functions are called until the lines of a text are told."""
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    forget_lines()
    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        shown_lines(text.split("\n"))
    finally:
        sys.setprofile(before)
        forget_lines()
    return count


@pytest.mark.parametrize("text", SIZES.values(), ids=SIZES)
def test_twice_the_text_is_twice_the_work(text: Callable[[int], str]) -> None:
    calls(text(100))  # what is done once
    assert calls(text(600)) < 2.5 * calls(text(300))


def test_of_many_secrets_each_is_hidden_where_it_stands_again() -> None:
    for many in (3, 300):
        parts = [f"secret{each:03}" for each in range(many)]
        lines = [f"a {part} b {part}x{part}" for part in parts]
        assert without_again(lines, parts) == ["a (secret) b (secret)x(secret)"] * many
        assert without_again(["secret00", "nothing"], parts) == ["secret00", "nothing"]
        assert without_again(["xsecret001abcz"], [*parts, "t001abc", "one\ntwo", "word"]) == ["x(secret)z"]


@pytest.mark.parametrize(
    ("line", "shown", "told"),
    [
        ("a: b", "a: b", []),
        ("a: b c", "a: (secret) c", [("a: ", "b")]),
        ("a: b, c: d", "a: (secret), c: (secret)", [("a: ", "b"), (", c: ", "d")]),
        ("a: bb", "a: (secret)b", [("a: ", "b")]),
        ("x", "(secret)", [("", "x")]),
        ("a: b", "b: (secret)", []),
        ("a: b", "a: (secret) c", []),
        ("ab", "a(secret)a(secret)b", []),
        ("aa", "a(secret)aa", []),
    ],
)
def test_what_was_replaced(line: str, shown: str, told: list[tuple[str, str]]) -> None:
    assert replaced(line, shown) == told


def test_many_pieces_that_stand_nowhere_are_found_out_at_once() -> None:
    assert replaced(", " * 5000, "(secret), " * 4999 + "x") == []
