"""`apply --backup`: what is changed or deleted is written first, or nothing is done."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from shell import Shell, write, writes
from worlds import FILES, mark, names, populate

if TYPE_CHECKING:
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore


@pytest.fixture
def world(work: Path, ask: Asker) -> None:
    write(work, FILES)
    populate(ask)
    mark(ask, "Repo", "found", tags=[], description="")


def held(folder: str) -> dict[str, str]:
    root = Path(folder)
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in root.rglob("*")
        if path.is_file()
    }


@pytest.mark.usefixtures("world")
def test_it_holds_what_was_there_before(shell: Shell, ask: Asker) -> None:
    ask.write("UpdateStack", id="gone", config={"environment": "DB_PASSWORD=canary-1\nA=1\n"})
    said = shell.good("apply", "--yes", "--backup", "before")
    assert "backup of what is changed" in said.err
    files = held("before")
    everything = "\n".join(files.values())
    assert "canary" not in everything + said.all
    assert {"backup.md", "stacks.yaml", "repos.yaml"} <= files.keys()
    assert "name: gone" in files["stacks.yaml"]
    assert "LOG_LEVEL: info" in files["stacks.yaml"]
    assert "name: page" in files["repos.yaml"]
    assert "name: same" not in everything
    assert "What it does not hold" in files["backup.md"]
    assert "STACK_GONE_DB_PASSWORD" in files["backup.md"]
    assert Path("before/stacks.yaml").stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("world")
def test_what_it_says_of_secrets_is_what_it_does(shell: Shell, ask: Asker) -> None:
    config = {
        "environment": "DB_PASSWORD=canary-1\nOPTS=--password canary-2\n",
        "file_contents": "services:\n  a:\n    environment:\n      DB_PASSWORD: kept-1\n      OTHER: canary-1\n",
        "pre_deploy": {"path": ".", "command": "mysql -u root -pkept-2"},
        "extra_args": ["--api-key=kept-3"],
    }
    ask.write("UpdateStack", id="gone", config=config)
    shell.good("apply", "--yes", "--backup", "before")
    files = held("before")
    note = files.pop("backup.md")
    everything = "\n".join(files.values())
    [said] = [line for line in note.splitlines() if line.startswith("- secrets ")]
    assert "secrets that are known as such" in said
    assert "canary" not in everything
    for text, kept in (("a compose file", "kept-1"), ("a command", "kept-2"), ("arguments", "kept-3")):
        assert (
            text
            in said.partition("What merely looks like one inside of a text (")[2].partition(") is kept there in clear")[
                0
            ]
        )
        assert kept in everything
    assert (
        len(re.findall(r"^- \S+:\d+ \(", note.partition("## Lines that may hold a secret in clear")[2], re.MULTILINE))
        == 3
    )


@pytest.mark.usefixtures("world")
def test_it_puts_back_what_was_there(shell: Shell, ask: Asker, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.good("apply", "--yes", "--backup", "before")
    (work.parent / "elsewhere").mkdir()
    monkeypatch.chdir(work.parent / "elsewhere")
    shell.good("validate", work / "before")
    shell.good("apply", "--yes", work / "before")
    assert "gone" in names(ask, "Stacks")
    [web] = [each for each in ask.read("ListFullStacks", query={}, page=0, limit=0) if each["name"] == "web"]
    assert web["config"]["environment"] == "LOG_LEVEL=info\nPORT=8080\n"


@pytest.mark.usefixtures("world")
def test_it_declares_nothing_where_it_lies(shell: Shell, ask: Asker, work: Path) -> None:
    """In the folder of the manifests it would declare twice what was changed, and again what was deleted."""
    shell.good("apply", "--yes", "--backup", "some/before")
    assert "gone" not in names(ask, "Stacks")
    assert "No changes" in shell.good("plan").out
    assert "some/before" not in shell.good("validate", "-v").all
    said = shell("plan", "some/before")
    assert said.code == 1
    assert "it is a backup: some/before/backup.md says how to put it back" in said.err
    # what is taken from it counts
    (work / "some/gone.yaml").write_bytes((work / "some/before/stacks.yaml").read_bytes())
    assert "is declared twice" in shell("validate").all


@pytest.mark.usefixtures("world")
def test_it_says_how_to_put_it_back_and_that_is_how(
    shell: Shell, ask: Asker, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the owner's tag that it had."""
    shell.good("apply", "--yes", "--backup", "before")
    [plan, apply] = re.findall(r"`komodo-sync ([^`]*BACKUP[^`]*)`", Path("before/backup.md").read_text())
    (work.parent / "elsewhere").mkdir()
    monkeypatch.chdir(work.parent / "elsewhere")
    shell.good(*plan.replace("BACKUP", str(work / "before")).split())
    shell.good(*apply.replace("BACKUP", str(work / "before")).split(), "--yes")
    owned = [item["_id"]["$oid"] for item in ask.read("ListTags", query=None) if item["name"] == "owner:me"]
    [gone] = [each for each in ask.read("ListFullStacks", query={}, page=0, limit=0) if each["name"] == "gone"]
    assert set(owned) & set(gone["tags"])


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("there", ["file", "full", "below"])
def test_where_it_cannot_be_written_nothing_is_done(shell: Shell, core: EmbeddedCore, there: str) -> None:
    if there == "full":
        write(Path("before"), {"stacks.yaml": "stacks: []\n"})
    else:
        Path("before").write_text("", encoding="utf-8")
    before = writes(core)
    said = shell("apply", "--yes", "--backup", "before/x" if there == "below" else "before")
    assert said.code == (64 if there == "file" else 1), said.all
    assert writes(core) == before


@pytest.mark.usefixtures("world")
def test_where_it_fails_later_nothing_is_done(
    shell: Shell, core: EmbeddedCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    before = writes(core)
    said = shell("apply", "--yes", "--backup", "before")
    assert said.code == 1
    assert "the backup cannot be written to before, so nothing was changed" in said.err
    assert "No space left" in said.err
    assert writes(core) == before


def test_what_is_made_anew_needs_none(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(work, {"m.yaml": "stacks: [{name: a}]\n"})
    assert "nothing there is to back up" in shell.good("apply", "--yes", "--backup", "b", "m.yaml").err


TAKING = """\
variables:
  - {name: GREETING, value: "${env:APP_GREETING}", description: public-words}
stacks:
  - name: web
    description: ${env:APP_WORDS}
    config:
      run_directory: ${env:APP_FOLDER}
      environment: {LEVEL: public-level, FLAVOUR: "${env:APP_FLAVOUR}"}
      extra_args: ["--note", "${env:APP_NOTE}"]
      file_contents: |
        services:
          web:
            image: public-image
            command: serve ${env:APP_COMMAND}
"""
OLD = {
    "VARIABLE_GREETING_VALUE": "APP_GREETING", "STACK_WEB_DESCRIPTION": "APP_WORDS",
    "STACK_WEB_RUN_DIRECTORY": "APP_FOLDER", "STACK_WEB_FLAVOUR": "APP_FLAVOUR",
    "STACK_WEB_EXTRA_ARGS_2": "APP_NOTE", "STACK_WEB_FILE_CONTENTS_SECRET_1": "APP_COMMAND",
}  # fmt: skip


def test_what_was_rotated_is_not_in_it_and_is_put_back_with_its_list(
    shell: Shell, ask: Asker, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the older value is a plain word, or a short one."""
    write(work, {"komodo-sync.yaml": "owner: me\nmanifests: [m.yaml]\n", "m.yaml": TAKING})
    before = {name: f"word{number}" for number, name in enumerate(OLD.values())} | {
        "APP_FOLDER": "a",
        "APP_NOTE": "b c",
    }
    for name, value in before.items():
        monkeypatch.setenv(name, value)
    shell.good("apply", "--yes")

    def live() -> tuple[object, ...]:
        [web] = ask.read("ListFullStacks", query={}, page=0, limit=0)
        [greeting] = [each for each in ask.read("ListVariables") if each["name"] == "GREETING"]
        return web["description"], web["config"], greeting["value"]

    was = live()
    for name in before:
        monkeypatch.setenv(name, f"new-{name.lower()}")
    shell.good("apply", "--yes", "--backup", "before")
    assert live() != was
    files = held("before")
    assert "word" not in re.sub("public-words", "", "".join(files.values()))
    assert "run_directory: ${env:STACK_WEB_RUN_DIRECTORY}\n" in files["stacks.yaml"]
    assert "            command: serve ${env:STACK_WEB_FILE_CONTENTS_SECRET_1}\n" in files["stacks.yaml"]
    assert set(re.findall(r"^- `(\w+)`", files["backup.md"], re.MULTILINE)) == OLD.keys()
    assert "the value that it had before the apply: that is not in this backup" in files["backup.md"]
    (work.parent / "elsewhere").mkdir()
    monkeypatch.chdir(work.parent / "elsewhere")
    for name, asked in OLD.items():
        monkeypatch.setenv(name, before[asked])
    shell.good("apply", "--yes", work / "before", "--owner", "me")
    assert live() == was
