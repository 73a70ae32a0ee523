"""The first folder: it works as it is, nothing is overwritten, and nobody is asked where nobody is."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from asking import Asker
    from shell import Shell


@pytest.fixture
def somebody(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """A person at the terminal; what is written here is what they type."""
    typed = io.StringIO()
    monkeypatch.setattr("komodo_sync.cli.asking.somebody_is_there", lambda: True)
    monkeypatch.setattr("sys.stdin", typed)
    return typed


def types(somebody: io.StringIO, *lines: str) -> None:
    somebody.seek(0)
    somebody.truncate()
    somebody.write("".join(f"{line}\n" for line in lines))
    somebody.seek(0)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("owner", ["platform", "team: web", "no", "ü 'x' \"y\""])
def test_the_folder_works_as_it_is(
    shell: Shell, work: Path, ask: Asker, monkeypatch: pytest.MonkeyPatch, owner: str
) -> None:
    said = shell.good("init", "new", "--owner", owner)
    assert "new/komodo-sync.yaml" in said.out.splitlines()
    assert "1. cd new" in said.err
    monkeypatch.chdir("new")
    assert shell.good("validate", "--strict").err == ""
    shell.good("apply", "--yes")
    assert [item["name"] for item in ask.read("ListTags", query=None)] == [f"owner:{owner}"]
    shell.good("plan", "--detailed-exitcode")
    for path in Path().rglob("*.yaml"):
        schema = path.read_text().splitlines()[0].partition("$schema=")[2]
        assert (path.parent / schema).is_file()


def test_what_the_core_holds(shell: Shell, work: Path, ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ask.write("CreateServer", name="prod", config={"address": "https://x:1"})
    ask.write("UpdateResourceMeta", target={"type": "Server", "id": made["_id"]["$oid"]}, description="x")
    said = shell.good("init", "new", "--owner", "me", "--export")
    assert "new/manifests/servers.yaml" in said.out
    monkeypatch.chdir("new")
    shell.good("validate", "--strict")
    plan = shell.good("plan", "--format", "json").json
    assert {change["action"] for item in plan["resources"] for change in item["changes"]} == {"create", "adopt"}
    assert [item["address"] for item in plan["resources"]] == ["tag/owner:me", "server/prod"]


def test_yes_takes_what_is_proposed(shell: Shell, work: Path, ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    ask.write("CreateServer", name="prod", config={})
    assert "a/manifests/servers.yaml" in shell.good("init", "a", "--yes").out
    assert "b/manifests/example.yaml" in shell.good("init", "b", "--yes", "--no-export").out
    for word in ("HOST", "KEY", "SECRET"):
        monkeypatch.delenv(f"KOMODO_CLI_{word}", raising=False)
    assert "c/manifests/example.yaml" in shell.good("init", "c", "--yes").out


def test_an_empty_core_gives_an_example(shell: Shell, work: Path, ask: Asker) -> None:
    said = shell.good("init", "--yes", "--export")
    assert "an example instead" in said.err
    assert Path("manifests/example.yaml").is_file()
    shell.good("validate", "--strict")


def test_a_core_that_fails_leaves_nothing_behind(shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("HOST", "http://127.0.0.1:1"), ("KEY", "K"), ("SECRET", "S")):
        monkeypatch.setenv(f"KOMODO_CLI_{name}", value)
    said = shell("init", "new", "--yes", "--export")
    assert said.code == 1
    assert everything(work) == {}
    monkeypatch.delenv("KOMODO_CLI_HOST")
    said = shell("init", "new", "--yes", "--export")
    assert said.code == 64
    assert "--export needs a Core" in said.err
    assert everything(work) == {}


@pytest.mark.parametrize("there", ["komodo-sync.yaml", "manifests/a.yaml"])
def test_nothing_is_overwritten(shell: Shell, work: Path, there: str) -> None:
    path = work / there
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    before = everything(work)
    said = shell("init", "--yes")
    assert said.code == 4
    assert "is there already" in said.err
    assert everything(work) == before


def test_nobody_is_asked_where_nobody_is(shell: Shell, work: Path) -> None:
    said = shell("init", "new place")
    assert said.code == 4
    assert "give --owner NAME, or --yes to take what is proposed (here: new-place)" in said.err
    assert everything(work) == {}
    assert shell("init", "--owner", " ").code == 64


def test_somebody_is_asked_little(shell: Shell, work: Path, ask: Asker, somebody: io.StringIO) -> None:
    ask.write("CreateServer", name="prod", config={})
    types(somebody, "team", "")
    said = shell.good("init", "new")
    assert "Who owns what this folder declares" in said.err
    assert "holds as manifests? yes or no [yes]" in said.err
    assert "owner: team " in Path("new/komodo-sync.yaml").read_text()
    assert Path("new/manifests/servers.yaml").is_file()
    types(somebody, "", "no")
    shell.good("init", "My New_Place")
    assert "owner: my-new-place " in Path("My New_Place/komodo-sync.yaml").read_text()
    assert Path("My New_Place/manifests/example.yaml").is_file()


@pytest.mark.usefixtures("somebody")
def test_ctrl_c_at_the_question(shell: Shell, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(io.StringIO):
        def readline(self, size: int | None = -1, /) -> str:
            raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", Interrupted())
    said = shell("init", "new")
    assert said.code == 130
    assert "nothing was written" in said.err
    assert everything(work) == {}
