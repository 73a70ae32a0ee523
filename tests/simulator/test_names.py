"""What becomes of names, by kind."""

from __future__ import annotations

import pytest

from komodo_sync.kinds.spec import NameRule
from komodo_sync.simulator.names import stored_name


@pytest.mark.parametrize(
    ("rule", "given", "stored"),
    [
        # recorded
        (NameRule.DOCKER, "My Web.Stack", "my_web_stack"),
        (NameRule.DOCKER, "Plain.Two", "plain_two"),
        (NameRule.CONTAINER, "My App", "My_App"),
        (NameRule.PATH, "My Repo.x", "My_Repo.x"),
        # as documented
        (NameRule.DOCKER, "--_Web", "web"),
        (NameRule.DOCKER, "É", ""),
        (NameRule.CONTAINER, ".a b,c", "a_b_c"),
        (NameRule.PATH, "\u2003a\nb ", "a_b"),
        (NameRule.GENERAL, " two words\n ", "two words"),
        (NameRule.GENERAL, "two\nlines", "two_lines"),
        # U+001C is no white space to Core, U+0085 is
        (NameRule.GENERAL, "\x1ca\x85", "\x1ca"),
    ],
)
def test_stored_names(rule: NameRule, given: str, stored: str) -> None:
    assert stored_name(rule, given) == stored


@pytest.mark.parametrize("kind", ["Server", "Swarm", "Builder", "Procedure", "Action", "Alerter", "ResourceSync"])
def test_general_kinds_keep_case_and_spaces(ask, kind: str) -> None:
    assert ask.write(f"Create{kind}", name=" Night Shift ")["name"] == "Night Shift"


def test_a_rename_takes_any_name(ask) -> None:
    ask.write("CreateServer", name="a")
    ask.write("RenameServer", id="a", name="0123456789abcdef01234567")
    assert [item["name"] for item in ask.read("ListFullServers")] == ["0123456789abcdef01234567"]


def test_a_name_that_could_be_an_id_is_read_as_an_id(ask) -> None:
    status, error, _ = ask.refused("read", "GetServer", server="0123456789ABCDEF01234567")
    assert (status, error) == (500, "Did not find any Server matching 0123456789ABCDEF01234567")


def test_upper_case_ids_are_found(ask) -> None:
    key = ask.write("CreateServer", name="a")["_id"]["$oid"]
    assert ask.read("GetServer", server=key.upper())["name"] == "a"


def test_variable_names(ask) -> None:
    assert ask.refused("write", "CreateVariable", name="")[0] == 400
    assert ask.refused("write", "CreateVariable", name="A" * 501)[0] == 400
    assert ask.write("CreateVariable", name="_a1", value="v" * 10_000)["name"] == "_a1"
    assert ask.refused("write", "CreateVariable", name="B", value="v" * 10_001)[0] == 400
