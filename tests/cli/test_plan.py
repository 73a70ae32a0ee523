"""What `plan` says, to people and to machines, and that it writes nothing."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from shell import COMMAND, Shell, process, write, writes
from worlds import ACTIONS, FILES, mark, populate

if TYPE_CHECKING:
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

SCHEMAS = Path(__file__).parents[2] / "schemas"
SCHEMA = json.loads((SCHEMAS / "plan.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def world(work: Path, ask: Asker) -> Path:
    write(work, FILES)
    populate(ask)
    return work


def planned(shell: Shell, *arguments: str) -> dict[str, Any]:
    document = shell.good("plan", "--format", "json", *arguments).json
    jsonschema.validate(document, SCHEMA, cls=jsonschema.Draft202012Validator)
    return document


def actions(document: dict[str, Any]) -> dict[str, list[str]]:
    return {item["address"]: [change["action"] for change in item["changes"]] for item in document["resources"]}


def only(document: dict[str, Any]) -> dict[str, list[str]]:
    return {address: found for address, found in actions(document).items() if found}


def test_every_action_with_its_fields_reasons_and_effects(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    before = len(writes(core))
    document = planned(shell, "--adopt-changes")
    wanted = {address: found for address, found in ACTIONS.items() if found}
    # its description is not in the manifest
    wanted["repo/found"] = ["adopt", "update"]
    assert only(document) == wanted
    assert writes(core)[before:] == []
    changes = {
        (item["address"], change["action"]): change for item in document["resources"] for change in item["changes"]
    }
    web = changes["stack/web", "update"]
    fields = {field["pointer"]: field for field in web["fields"]}
    assert set(fields) == {
        "config/file_contents",
        "config/environment",
        "config/auto_pull",
        "description",
        "tags",
    }
    assert fields["config/auto_pull"]["reset"] is True
    assert fields["config/environment"]["diff"]["kind"] == "keyed"
    assert [entry["key"] for entry in fields["config/environment"]["diff"]["entries"]] == ["LOG_LEVEL"]
    assert fields["config/file_contents"]["diff"]["kind"] == "lines"
    assert changes["repo/site", "rename"]["previous"] == "page"
    assert "no longer declared" in changes["stack/gone", "delete"]["reason"]
    assert changes["build/app", "create"]["needs"]
    assert document["summary"]["actions"] == {"create": 3, "update": 3, "rename": 1, "delete": 1, "adopt": 1}


def test_a_plan_for_people_ends_with_what_goes_and_the_counts(shell: Shell, world: Path) -> None:
    lines = shell.good("plan", "--adopt-changes").out.splitlines()
    assert lines[-1] == "Plan: 3 to create, 3 to update, 1 to rename, 1 to adopt, 1 to delete, 2 unchanged."
    text = "\n".join(lines)
    assert text.index("DELETES: 1 resource will be gone for good.") > text.index("stack/web  stacks/web.yaml:2:5")
    assert "rename" in text
    assert "(reset to default: not in the manifest)" in text
    assert "+     image: nginx:1.27" in text
    assert "LOG_LEVEL" in text


def test_exit_codes_say_whether_there_are_changes(shell: Shell, world: Path) -> None:
    assert shell("plan").code == 0
    assert shell("plan", "--detailed-exitcode").code == 2
    shell.good("apply", "--yes", "--adopt-changes")
    assert shell("plan", "--detailed-exitcode").code == 0


def test_show_prints_what_plan_printed(shell: Shell, world: Path) -> None:
    for kind in ("text", "json"):
        plan = shell.good("plan", "--format", kind, "--out", "out/plan.json", "--report", "json=again.json")
        assert shell.good("show", "out/plan.json", "--format", kind).out == plan.out
        assert Path("out/plan.json").read_text() == Path("again.json").read_text()
    assert plan.out == Path("again.json").read_text()


def test_reports_are_what_is_printed_without_colour(shell: Shell, world: Path) -> None:
    said = shell.good("plan", "--report", "text=plan.txt", "--report", "json=plan.json")
    assert Path("plan.txt").read_text() == said.out
    assert json.loads(Path("plan.json").read_text())["summary"]["actions"]


def test_the_same_plan_twice_is_the_same_text(shell: Shell, world: Path) -> None:
    assert shell.good("plan").out == shell.good("plan").out


@pytest.mark.parametrize(
    ("select", "wanted"),
    [
        (("stack/web",), {"stack/web": ["update"], "tag/public": ["create"]}),
        (("repo/*",), {"repo/site": ["rename", "update"], "repo/found": ["adopt"]}),
        (("*/REGION", "stack/none"), {"variable/REGION": ["create"]}),
    ],
)
def test_a_selection_narrows_what_is_changed(
    shell: Shell, world: Path, ask: Asker, select: tuple[str, ...], wanted: dict[str, list[str]]
) -> None:
    mark(ask, "Repo", "found", tags=["by-hand"], description="")
    chosen = [word for item in select for word in ("--select", item)]
    document = planned(shell, *chosen)
    assert only(document) == wanted
    assert tuple(document["scope"]["select"]) == select
    assert document["scope"]["prune"] is False


def test_a_selection_of_changed_files_asks_git(shell: Shell, world: Path) -> None:
    def git(*words: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *who, *words], check=True, capture_output=True, cwd=world)

    write(world, {"web/.env": "A=1\n", "more.yaml": "stacks: [{name: e, config: {environment: !file web/.env}}]\n"})
    git("init")
    git("add", "-A")
    git("commit", "-m", "first")
    nothing = shell.good("plan", "--select", "changed:HEAD", "--detailed-exitcode")
    assert "No changes: nothing that is declared is selected." in nothing.out
    # a file that a manifest names, and a manifest that git does not know yet
    write(world, {"web/.env": "A=2\n", "new.yaml": "repos: [{name: new}]\n"})
    assert set(only(planned(shell, "--select", "changed:HEAD"))) == {"stack/e", "repo/new"}
    assert set(only(planned(shell, "--select", "changed:HEAD, not file:new.yaml"))) == {"stack/e"}
    said = shell("plan", "--select", "changed:nowhere")
    assert (said.code, said.out) == (64, "")
    assert "--select changed:nowhere: git cannot compare with nowhere" in said.err


@pytest.mark.parametrize(
    ("text", "caret", "told"),
    [("", "  ^", "a term is missing here"), ("stack, stak/x", "         ^", "did you mean stack?")],
)
def test_a_wrong_selection_is_shown_with_a_caret(shell: Shell, world: Path, text: str, caret: str, told: str) -> None:
    said = shell("plan", "--select", text)
    assert (said.code, said.out) == (64, "")
    assert caret in said.err.splitlines()
    assert told in said.err


def test_what_nobody_owns_is_listed_and_nothing_is_planned(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    text = shell.good("plan", "--unowned").out
    assert "stack/theirs" in text
    assert "stack/gone" not in text
    assert "Plan: " not in text
    document = shell.good("plan", "--unowned", "--format", "json").json
    jsonschema.validate(document, json.loads((SCHEMAS / "unowned.schema.json").read_text()))
    assert "stack/theirs" in [item["address"] for item in document["resources"]]
    said = shell("plan", "--unowned", "--detailed-exitcode")
    assert (said.code, said.out) == (64, "")


def test_a_selection_of_nothing_is_a_mistake(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    said = shell("plan", "--select", "stack/wbe")
    assert (said.code, said.out) == (64, "")
    assert "--select stack/wbe: nothing that is declared fits" in said.err
    assert "help: did you mean stack/web?" in said.err
    assert shell("apply", "--yes", "--select", "server/*", "--select", "stack/nothing*").code == 0
    assert writes(core)[-1] == "UpdateResourceMeta"


def test_a_path_narrows_and_deletes_nothing(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    document = planned(shell, "stacks")
    assert only(document) == {"stack/web": ["update"], "tag/public": ["create"]}
    text = shell.good("plan", "stacks").out
    assert "Narrowed to stacks: what is outside is left alone." in text
    assert "gone" not in text


def test_a_path_outside_the_settings_manifests_is_an_error(shell: Shell, world: Path) -> None:
    (world.parent / "other.yaml").write_text("stacks: [{name: x}]\n")
    said = shell("plan", "../other.yaml")
    assert (said.code, said.out) == (1, "")
    assert "other.yaml" in said.err
    assert "help: " in said.err


def test_a_narrowed_run_may_need_more_than_it_selects(shell: Shell, world: Path, ask: Asker) -> None:
    write(world, {"more.yaml": "repos: [{name: x, config: {server: new}}]\nservers: [{name: new}]\n"})
    said = shell("apply", "--yes", "more.yaml", "--select", "repo/x")
    assert said.code == 4
    assert "repo/x needs server/new, which is not in the Core yet and not selected" in " ".join(said.err.split())
    assert "--select server/new" in said.err


def test_only_the_result_is_on_stdout(shell: Shell, world: Path) -> None:
    said = shell.good("plan", "--format", "json")
    assert said.json["format_version"] == 1
    assert said.err == ""
    assert shell.good("plan").err == ""


def test_the_number_of_requests_does_not_depend_on_the_size(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    counts = set()
    for size in (1, 200):
        write(work, {"m.yaml": "stacks:\n" + "".join(f"- {{name: s{n}}}\n" for n in range(size))})
        before = len(core.requests)
        shell.good("plan", "m.yaml")
        counts.add(len(core.requests) - before)
    assert len(counts) == 1


def test_omitted_fields_are_kept_when_asked(shell: Shell, world: Path) -> None:
    document = planned(shell, "--omitted-fields", "keep", "--select", "stack/web")
    [change] = [c for item in document["resources"] if item["address"] == "stack/web" for c in item["changes"]]
    assert "config/auto_pull" not in {field["pointer"] for field in change["fields"]}


def test_colour_is_for_terminals(shell: Shell, world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = shell.good("plan").out
    assert "\x1b" not in plain
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = shell.good("plan").out
    assert "\x1b[" in coloured


def on_a_terminal(columns: int, *arguments: str, rows: int = 40, code: int = 0, **env: str) -> str:
    """What a process writes to a terminal of that many columns and rows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    environment = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES", "NO_COLOR")}
    done = subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**environment, "TERM": "xterm", **env},
    )
    os.close(theirs)
    text = b""
    try:
        while piece := os.read(ours, 65536):
            text += piece
    except OSError:
        pass  # Linux says so when the other side is closed
    os.close(ours)
    assert done.wait(30) == code, text
    return text.decode()


def test_a_terminal_gets_its_own_width_and_colour(world: Path) -> None:
    wide = on_a_terminal(100, "plan")
    assert "\x1b[" in wide
    narrow = on_a_terminal(40, "plan", NO_COLOR="1")
    assert "\x1b" not in narrow
    assert max(map(len, narrow.splitlines())) <= 40
    assert "Plan: 3 to create" in narrow


def test_a_refusal_on_a_terminal_is_cut_at_blanks_and_leaves_the_answers_above_it(world: Path, ask: Asker) -> None:
    for number in range(30):
        ask.write("CreateStack", name=f"gone-{number:02}", config={"server_id": "prod"})
        ask.write("UpdateResourceMeta", target={"type": "Stack", "id": f"gone-{number:02}"}, tags=["owner:me"])
    write(world, {"komodo-sync.yaml": "owner: me\nprune: true\nlimits: {deletes: 3, delete_percent: 10}\n"})
    said = on_a_terminal(80, "apply", "--yes", rows=24, code=4, NO_COLOR="1").splitlines()
    start = next(index for index, row in enumerate(said) if row.startswith("error: "))
    told = said[start:]
    assert max(map(len, told)) <= 80
    assert " ".join(" ".join(told).split()).count("(to allow it: --allow-deletes 31)") == 2
    assert told[-1].startswith("help: nothing was written")
    # a row is left for what the shell writes
    screen = said[-23:]
    for heading in ("Stops: ", "Irreversible: ", "Deployed, started or run: "):
        assert any(row.startswith(heading) for row in screen), "\n".join(screen)


def test_a_name_in_another_encoding_than_the_terminals(world: Path) -> None:
    write(world, {"u.yaml": "variables: [{name: X, value: ÄÖ→, description: 日本}]\n"})
    said = process(
        "plan", "--select", "variable/X", env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    )
    assert said.code == 0
    assert "variable/X" in said.out
