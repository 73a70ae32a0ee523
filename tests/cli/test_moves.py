"""Stacks that move to another server: each is down for its own move alone, and what is down is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from deploying import apply, state, steps
from shell import Shell, write, writes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

pytestmark = pytest.mark.usefixtures("core")

NAMES = ("a", "b", "c", "d", "e")


def servers(**more: str) -> str:
    lines = [
        f"  - {{name: {name}, config: {{address: 'https://{name}:1', enabled: true{more.get(name, '')}}}}}\n"
        for name in ("one", "two")
    ]
    return "servers:\n" + "".join(lines)


def stacks(hosts: Mapping[str, str], after: Mapping[str, str] | None = None, text: str = "{image: x}") -> str:
    lines = [
        f"  - {{name: {name}, deploy: true, after: [{(after or {}).get(name, '')}], "
        f"config: {{server: {host}, file_contents: 'services: {{app: {text}}}'}}}}\n"
        for name, host in hosts.items()
    ]
    return "stacks:\n" + "".join(lines)


def on(host: str, names: Iterable[str] = NAMES) -> dict[str, str]:
    return dict.fromkeys(names, host)


def moved(shell: Shell, work: Path, before: str, after: str) -> None:
    write(work, {"m.yaml": before})
    apply(shell)
    write(work, {"m.yaml": after})


def ran(core: EmbeddedCore, *names: str) -> list[str]:
    """Those writes, in order."""
    return [name for name in writes(core) if name in names]


def test_what_moves_is_taken_down_right_before_it_is_deployed(shell: Shell, work: Path, core: EmbeddedCore) -> None:
    moved(shell, work, servers() + stacks(on("one")), servers() + stacks(on("two")))
    since = len(ran(core, "DestroyStack", "UpdateStack", "DeployStack"))
    apply(shell, "--batch", "1")
    sent = ran(core, "DestroyStack", "UpdateStack", "DeployStack")[since:]
    assert sent == ["DestroyStack", "UpdateStack", "DeployStack"] * len(NAMES)
    assert steps(shell) == {}


def test_after_the_limit_of_failures_no_move_begins(shell: Shell, work: Path, ask: Asker, core: EmbeddedCore) -> None:
    moved(shell, work, servers() + stacks(on("one")), servers() + stacks(on("two")))
    core.faults.add("DeployStack=fail")
    said = " ".join(apply(shell, "--batch", "1", code=3).split())
    assert [state(ask, name) for name in NAMES] == ["down"] * 3 + ["running"] * 2
    assert "x destroy stack/d, stack/e" in said.partition("Not started:")[2].replace("- DESTROY", "x destroy").lower()
    assert said.count("this apply took down what ran on one before") == 3
    core.faults.clear()
    apply(shell)
    assert [state(ask, name) for name in NAMES] == ["running"] * 5


def test_what_comes_after_what_fails_is_not_taken_down(
    shell: Shell, work: Path, ask: Asker, core: EmbeddedCore
) -> None:
    after = {"b": "stack/a", "c": "stack/b"}
    moved(
        shell,
        work,
        servers() + stacks(on("one", "abc"), after),
        servers() + stacks({"a": "two", "b": "two", "c": "two"}, after),
    )
    core.faults.add("DeployStack=fail")
    said = " ".join(apply(shell, code=3).split())
    assert [state(ask, name) for name in "abc"] == ["down", "running", "running"]
    assert "needs stack/a, whose deploy failed" in said
    core.faults.clear()
    apply(shell)
    assert [state(ask, name) for name in "abc"] == ["running"] * 3


def test_what_waits_for_what_is_ill_is_not_taken_down(shell: Shell, work: Path, ask: Asker) -> None:
    well = stacks({"a": "one", "b": "one"}, {"b": "stack/a"})
    ill = stacks({"a": "one", "b": "two"}, {"b": "stack/a"}, "{image: y, x-simulate: unhealthy}")
    moved(shell, work, servers() + well, servers() + ill.replace("{name: a,", "{name: a, wait: healthy,"))
    apply(shell, code=3)
    assert state(ask, "b") == "running"
    # it is not deployed this time, and as ill as before
    said = " ".join(apply(shell, code=3).split())
    assert "stack/a, after which it comes, is not healthy" in said
    assert state(ask, "b") == "running"


@pytest.mark.parametrize("form", ["text", "markdown", "json", "ndjson"])
def test_what_is_down_and_was_not_started_again_is_told(
    shell: Shell, work: Path, ask: Asker, core: EmbeddedCore, form: str
) -> None:
    moved(shell, work, servers() + stacks(on("one", "a")), servers() + stacks(on("two", "a")))
    core.faults.add("UpdateStack=500")
    said = shell("apply", ".", "--yes", "--report", f"{form}=out")
    assert said.code == 3
    assert state(ask, "a") == "down"
    told = (work / "out").read_text()
    assert "it is down since this apply took it down on one" in " ".join(told.replace("**", "").split())
    core.faults.clear()
    assert "deploy" in steps(shell)["stack/a"]
    apply(shell)


def test_an_old_server_may_be_switched_off_in_the_same_apply(shell: Shell, work: Path, ask: Asker) -> None:
    off = servers().replace("'https://one:1', enabled: true", "'https://one:1', enabled: false")
    moved(shell, work, servers() + stacks(on("one")), off + stacks(on("two")))
    apply(shell)
    assert [state(ask, name) for name in NAMES] == ["running"] * 5
    assert steps(shell) == {}


def test_two_that_change_places_are_moved(shell: Shell, work: Path, ask: Asker) -> None:
    moved(shell, work, servers() + stacks({"a": "one", "b": "two"}), servers() + stacks({"a": "two", "b": "one"}))
    apply(shell)
    assert [state(ask, name) for name in "ab"] == ["running"] * 2
