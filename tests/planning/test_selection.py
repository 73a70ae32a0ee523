"""The language of `--select`."""

from __future__ import annotations

import pytest
from planning_worlds import at, declared, desired

from komodo_sync.planning.selection import SelectionError, expression, nearest, parse, picked


def files(*names: str) -> object:
    return lambda: frozenset(names)


WORLD = desired(
    declared("server/prod-1"),
    declared("server/prod-2", tags=("public",)),
    declared("builder/big", {"type": "Server", "params": {"server_ids": ["prod-1"]}}),
    declared("build/img", {"builder_id": "big"}),
    declared("stack/web", {"server_id": "prod-1"}, tags=("public",), files=files("stacks/web.yaml", "web/.env")),
    declared("stack/web-2", {"server_id": "prod-2"}, files=files("stacks/more/x.yaml")),
    declared("stack/a, b"),
    declared("procedure/this and that"),
    absent=["variable/OLD"],
    forget=["stack/legacy"],
)
EVERYTHING = {str(address) for address in WORLD.resources} | {"variable/OLD", "stack/legacy"}
STACKS = {"stack/web", "stack/web-2", "stack/a, b", "stack/legacy"}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["stack/web"], {"stack/web"}),
        (["stack/web*"], {"stack/web", "stack/web-2"}),
        (["stack/web-[0-9]"], {"stack/web-2"}),
        (["stacks/web"], {"stack/web"}),
        (["stack"], STACKS),
        (["stacks"], STACKS),
        (["*/web"], {"stack/web"}),
        (["*/*"], EVERYTHING),
        (["stack/web", "server/prod-1"], {"stack/web", "server/prod-1"}),
        (["tag:public"], {"stack/web", "server/prod-2"}),
        (["tag:pub*"], {"stack/web", "server/prod-2"}),
        (["tag:public, stack"], {"stack/web"}),
        (["tag:public and stack"], {"stack/web"}),
        (["tag:public and not stack"], {"server/prod-2"}),
        (["not stack, not tag:public , not server:*"], {"build/img", "procedure/this and that", "variable/OLD"}),
        (["server:prod-1"], {"server/prod-1", "builder/big", "stack/web"}),
        (["server:prod-*,stack"], {"stack/web", "stack/web-2"}),
        (["builder:big"], {"builder/big", "build/img"}),
        (["file:stacks/*.yaml and stack/web*"], {"stack/web", "stack/web-2"}),
        (["file:stacks"], {"stack/web", "stack/web-2"}),
        (["file:stacks/"], {"stack/web", "stack/web-2"}),
        (["file:web/.env"], {"stack/web"}),
        (["changed:main"], {"stack/web"}),
        (["changed:main and not stack/web"], set()),
        (["not changed:main and stack/web*"], {"stack/web-2"}),
        (["stack/'a, b'"], {"stack/a, b"}),
        (['procedure/"this and that"'], {"procedure/this and that"}),
        (["stack/'web*'"], set()),
        (["variable/OLD"], {"variable/OLD"}),
    ],
)
def test_an_expression_picks(texts: list[str], expected: set[str]) -> None:
    found = picked(map(parse, texts), WORLD, {"main": {"web/.env", "gone.yaml"}})
    assert set(map(str, found)) == expected


@pytest.mark.parametrize(
    ("text", "position", "message", "help_text"),
    [
        ("", 0, "a term is missing here", "kind/name"),
        ("stack/web,", 10, "a term is missing here", "kind/name"),
        ("stack, , tag:x", 7, "a term is missing here", "kind/name"),
        ("not ", 0, "a term is missing here", "kind/name"),
        ("stack/web and not", 14, "a term is missing here", "kind/name"),
        ("web", 0, "web is not kind/name", "'stack/web'"),
        ("tag:a and web", 10, "web is not kind/name", "'stack/web'"),
        ("stak/web", 0, "there is no kind stak", "did you mean stack?"),
        ("zzz/web", 0, "there is no kind zzz", "one of tag"),
        ("stack/", 6, "a name is missing after stack/", "stack/*"),
        ("tag:", 4, "something is missing after tag:", "tag:NAME"),
        ("tags:x", 0, "there is nothing to select by tags:", "did you mean tag:?"),
        ("owner:us", 0, "there is nothing to select by owner:", "write tag:"),
        ("stack/'web", 6, "this quote is not closed", "write '"),
        ("changed:--output=x", 8, "--output=x is no git revision", "changed:main"),
        ("changed:'-x'", 8, "'-x' is no git revision", "changed:main"),
    ],
)
def test_a_wrong_expression_is_told_at_its_character(text: str, position: int, message: str, help_text: str) -> None:
    with pytest.raises(SelectionError) as caught:
        parse(text)
    assert (caught.value.position, str(caught.value)) == (position, message)
    assert help_text in caught.value.help


@pytest.mark.parametrize("name", ["web", "a, b", "this and that", "x*[1]?", "it's", "'quoted', too", "a/b c"])
def test_the_expression_of_an_address_picks_it_alone(name: str) -> None:
    world = desired(declared(f"procedure/{name}"), declared("procedure/other"), declared("procedure/x1"))
    assert picked([parse(expression(at(f"procedure/{name}")))], world, {}) == {at(f"procedure/{name}")}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("stack/wbe", "did you mean stack/web?"),
        ("stack/zzz", "declared are stack/a, b, stack/web, stack/web-2"),
        ("*/wbe", "did you mean stack/web?"),
        ("alerter/zzz", "write what declared resources have"),
        ("tag:nothing", "write what declared resources have"),
    ],
)
def test_what_picks_nothing_is_told_what_is_near_and_nothing_far(text: str, said: str) -> None:
    assert nearest(parse(text)[0], WORLD.resources).startswith(said)


def test_of_many_none_is_guessed() -> None:
    many = [at(f"stack/s{number:04}") for number in range(300)]
    assert nearest(parse("stack/zzz")[0], many).startswith("write what declared resources have")
