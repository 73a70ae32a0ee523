"""Which operations are served, and that none of them falls over."""

from __future__ import annotations

import random
from typing import Any

import pytest

from komodo_sync.operations import operations
from komodo_sync.simulator.app import DEFECT
from komodo_sync.simulator.served import HANDLERS, not_served
from komodo_sync.simulator.undocumented import known

NOT_SERVED = ["CreateTerminal", "DeleteTerminal"]
GROUPS = ("read", "write", "execute")
KINDS = [
    "Stack",
    "Server",
    "Build",
    "Repo",
    "Deployment",
    "Procedure",
    "Action",
    "Builder",
    "Alerter",
    "ResourceSync",
    "Swarm",
]
ODD = [None, True, -1, 2**63, 1.5, "", "x", "s", "0" * 24, [], ["x"], [1], {}, {"type": "Stack", "id": "s"}]
TYPICAL: dict[str, list[Any]] = {
    "str": ["s", "x", "t", "0" * 24],
    "bool": [True, False],
    "int": [0, 5],
    "i64": [0, 5],
    "u64": [0, 5],
    "list[str]": [[], ["s"], ["x", "s"]],
    "ResourceQuery": [{}, {"names": ["s"]}, {"terms": ["s"], "templates": "Only"}, {"specific": {"states": ["Ok"]}}],
    "ResourceTarget": [{"type": "Stack", "id": "s"}, {"type": "System", "id": ""}],
    "UserTarget": [{"type": "User", "id": "admin"}, {"type": "UserGroup", "id": "s"}],
    "PermissionLevelAndSpecifics": ["Read", {"level": "Write", "specific": ["Logs"]}],
}


def test_the_catalogue_is_served_but_for_these() -> None:
    assert sorted(not_served()) == sorted(NOT_SERVED)


def test_nothing_is_served_that_a_core_does_not_know() -> None:
    assert HANDLERS.keys() <= {name for group in GROUPS for name in known(group)}


def test_what_is_not_served_says_so(ask) -> None:
    ask.write("CreateServer", name="s", config={"enabled": True})
    target = {"type": "Server", "params": {"server": "s"}}
    for name, more in (("CreateTerminal", {}), ("DeleteTerminal", {"terminal": "x"})):
        status, error, _ = ask.refused("write", name, target=target, **more)
        assert (status, error) == (501, f"{name} is not served by the embedded Core")
    ask.write("UpdateServer", id="s", config={"enabled": False})
    assert ask.refused("write", "CreateTerminal", target=target) == (500, "server not enabled", [])


@pytest.mark.parametrize("seed", range(4))
def test_no_request_finds_a_defect(ask, seed: int) -> None:
    """Any parameters, fitting and odd, on a small world: refused perhaps, never a defect."""
    chance = random.Random(seed)
    ask.core.clock.pass_by(1)
    for kind in KINDS:
        ask.write(f"Create{kind}", name="s")
    ask.write("CreateTag", name="t")
    ask.write("CreateVariable", name="s")
    ask.write("CreateUserGroup", name="s")
    for group in GROUPS:
        for name, operation in operations(group).items():
            params = {
                param.name: _value(param, chance)
                for param in operation.params.values()
                if param.required or chance.random() < 0.5
            }
            answer = ask.send(group, name, **params)
            ask.core.clock.pass_by(10)
            assert answer.headers["content-type"] == "application/json", (name, params)
            assert DEFECT not in answer.text, (name, params, answer.text)


def _value(param: Any, chance: random.Random) -> Any:
    if chance.random() < 0.2:
        return chance.choice(ODD)
    if param.enum:
        return chance.choice(param.enum)
    return chance.choice(TYPICAL.get(param.type, ODD))
