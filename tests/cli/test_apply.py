"""What `apply` does, when it asks, when it refuses, and how it ends."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from shell import COMMAND, KEY, SECRET, Shell, checked, process, write, writes
from shell import Said as SaidBy
from worlds import FILES, SETTINGS, mark, names, populate

from komodo_sync.cli.interrupts import stop_on_signals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

OUTCOME = json.loads((Path(__file__).parents[2] / "schemas" / "outcome.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def world(work: Path, ask: Asker) -> Path:
    write(work, FILES)
    populate(ask)
    mark(ask, "Repo", "found", tags=["by-hand"], description="")
    return work


def assert_nothing_left(shell: Shell, *arguments: str) -> None:
    said = shell("plan", "--detailed-exitcode", *arguments)
    assert (said.code, said.err) == (0, ""), said.all
    assert "No changes: " in said.out


def test_everything_is_done_and_only_what_changed_is_sent(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker
) -> None:
    before = len(writes(core))
    said = shell.good("apply", "--yes")
    assert said.out.rstrip().endswith("Applied: 8 changes done; nothing is left to do.")
    assert sorted(writes(core)[before:]) == sorted(
        ["CreateTag", "CreateVariable", "RenameRepo", "UpdateRepo", "UpdateStack", "CreateBuild", "DeleteStack"]
        + ["UpdateResourceMeta"] * 3
        + ["CreateVariable", "DeleteVariable"]  # the lock
    )
    assert names(ask, "Stacks") == ["theirs", "web"]
    assert names(ask, "Repos") == ["found", "same", "site"]
    web = ask.read("GetStack", stack="web")
    assert web["config"]["environment"].split() == ["LOG_LEVEL=debug", "PORT=8080"]
    assert web["config"]["auto_pull"] is True
    assert_nothing_left(shell)
    again = shell.good("apply", "--yes")
    assert "Nothing to do: everything is as declared." in again.out


def test_the_order_is_renames_then_what_needs_them_then_deletes(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    before = len(writes(core))
    shell.good("apply", "--yes", "--parallelism", "1")
    order = [name for name in writes(core)[before:] if name != "UpdateResourceMeta"]
    assert order.index("RenameRepo") < order.index("UpdateRepo") < order.index("CreateBuild")
    assert order.index("CreateTag") < order.index("UpdateStack") < order.index("CreateBuild")
    assert order[-2:] == ["DeleteStack", "DeleteVariable"]
    assert order[0] == "CreateVariable"


def test_the_json_outcome_is_alone_on_stdout_and_progress_on_stderr(shell: Shell, world: Path) -> None:
    said = shell.good("apply", "--yes", "--format", "json", "--report", "text=out.txt", "--report", "json=out.json")
    jsonschema.validate(said.json, OUTCOME, cls=jsonschema.Draft202012Validator)
    assert Path("out.json").read_text() == said.out
    assert "nothing is left to do" in Path("out.txt").read_text()
    lines = said.err.splitlines()
    assert "created variable/REGION" in said.err
    assert lines[-1] == "verifying: planning again"
    assert len(lines) == 9
    assert shell.good("apply", "--yes", "-q", "--format", "json").err == ""


# asking


def test_without_a_terminal_it_refuses(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    before = len(writes(core))
    said = shell("apply")
    assert said.code == 4
    assert "Plan: " in said.out
    assert "there is no terminal to ask on" in said.err
    assert "--yes" in said.err
    assert writes(core)[before:] == []


def test_without_changes_there_is_nothing_to_ask(shell: Shell, world: Path) -> None:
    shell.good("apply", "--yes")
    assert shell.good("apply").out


def test_without_changes_the_plan_is_the_proof(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    shell.good("apply", "--yes")
    before = len(core.requests)
    shell.good("plan")
    planned = sorted(core.requests[before:])
    before = len(core.requests)
    said = shell.good("apply")
    assert "Nothing to do: everything is as declared." in said.out
    assert sorted(core.requests[before:]) == planned
    assert said.err == ""


def answered(
    answer: bytes,
    *arguments: str,
    stdout: Any = None,
    before: Callable[[], Any] = lambda: None,
    size: tuple[int, int] = (0, 0),
    asks: bool = True,
) -> tuple[int, str]:
    """An apply on a terminal, where somebody types `answer` when asked; `before` that, this is done. `stdout`: where
    else that goes; `size`: rows and columns, if it tells them; `asks`: whether it does."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    env = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES")}
    env |= {"TERM": "xterm", "NO_COLOR": "1"}
    run = subprocess.Popen(
        [*COMMAND, "apply", *arguments],
        stdin=theirs,
        stdout=stdout or theirs,
        stderr=theirs,
        env=env,
        start_new_session=True,
        # the terminal's Ctrl-C reaches those whose terminal it is
        preexec_fn=lambda: fcntl.ioctl(theirs, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    text, asked = b"", False
    while select.select([ours], [], [], 30)[0]:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            break
        text += piece
        if not asked and b"Type yes: " in text:
            asked = True
            before()
            os.write(ours, answer)
    # first: a terminal that is closed hangs up whoever has not ended yet
    code = run.wait(30)
    os.close(ours)
    assert asked is asks, text
    checked(SaidBy(code, text.decode(errors="replace"), ""))
    return code, text.decode(errors="replace")


@pytest.mark.parametrize(
    ("answer", "code"), [(b"no\n", 4), (b"\n", 4), (b"y\n", 4), (b"\x04", 4), (b"\xff\n", 4), (b"\x03", 130)]
)
def test_any_answer_but_yes_writes_nothing(world: Path, core: EmbeddedCore, answer: bytes, code: int) -> None:
    before = len(writes(core))
    found, text = answered(answer)
    assert found == code
    assert "nothing was written" in text
    assert writes(core)[before:] == []


@pytest.mark.parametrize("kind", ["text", "json"])
def test_yes_applies_what_was_shown(world: Path, ask: Asker, kind: str) -> None:
    code, text = answered(b"yes\n", "--format", kind)
    assert code == 0, text
    assert "Plan: 3 to create" in text.partition("Apply this to ")[0]
    assert names(ask, "Stacks") == ["theirs", "web"]


def test_the_screen_on_which_an_apply_is_refused_tells_what_stops(world: Path, core: EmbeddedCore) -> None:
    config = "{server: prod, file_contents: 'services: {a: {image: b}}'}"
    many = "".join(f"  - {{name: s{number}, deploy: true, config: {config}}}\n" for number in range(30))
    limits = "limits: {deletes: 0, delete_percent: 1, deploys: 1}\n"
    write(world, {"many.yaml": f"stacks:\n{many}", "komodo-sync.yaml": SETTINGS + limits})
    code, text = answered(b"", size=(24, 80), asks=False)
    assert code == 4
    rows = [row[at : at + 80] for row in text.splitlines() for at in range(0, len(row) or 1, 80)]
    screen = rows[-23:]  # the last row is the shell's
    assert any(row.startswith("error: this plan is not applied") for row in screen)
    assert any(row.startswith("Stops: ") for row in screen), screen


@pytest.mark.parametrize("elsewhere", [False, True])
def test_the_screen_with_the_question_tells_what_stops(world: Path, core: EmbeddedCore, elsewhere: bool) -> None:
    config = "{server: prod, file_contents: 'services: {a: {image: b}}'}"
    many = "".join(f"  - {{name: s{number}, deploy: true, config: {config}}}\n" for number in range(30))
    write(world, {"many.yaml": f"stacks:\n{many}"})
    with Path("out.txt").open("wb") as out:
        code, text = answered(b"no\n", stdout=out if elsewhere else None, size=(24, 80))
    assert code == 4
    rows = text.partition(" Type yes: ")[0].splitlines()
    assert rows[-1].startswith("Apply this to ")
    screen = rows[-24:]
    assert max(map(len, screen)) <= 80
    assert [row for row in screen if row.startswith("Stops: ")]
    assert [row for row in screen if row.startswith("Irreversible: ")]
    assert "  - DELETE stack/gone: " in "\n".join(screen)
    [deploys] = [index for index, row in enumerate(screen) if row.startswith("Deployed, started or run: ")]
    assert screen[deploys + 1].startswith("  ^ deploy 3")


def test_whoever_is_asked_sees_what_about_when_stdout_is_a_file(world: Path, core: EmbeddedCore) -> None:
    before = len(writes(core))
    with Path("out.txt").open("wb") as out:
        code, text = answered(b"no\n", stdout=out)
    assert code == 4
    shown = text.partition("Apply this to ")[0]
    assert "stack/gone" in shown
    assert "Plan: 3 to create" in shown
    assert " ".join(Path("out.txt").read_text().split()) in " ".join(shown.split())
    assert writes(core)[before:] == []


def test_a_core_that_changes_while_somebody_is_asked(world: Path, core: EmbeddedCore, ask: Asker) -> None:
    counts: list[int] = []

    def protect() -> None:
        ask.write("CreateTag", name="protected")
        mark(ask, "Stack", "gone", ("owner:me", "protected"))
        counts.append(len(writes(core)))

    code, text = answered(b"yes\n", before=protect)
    assert code == 4
    assert "was changed while you were asked, and the plan is another one now\r\n  stack/gone\r\n" in text
    assert "nothing was written; run apply again" in text
    assert writes(core)[counts[0] :] == []


# what goes wrong on the way


def test_a_failure_takes_along_what_needs_it_and_nothing_else(
    shell: Shell, world: Path, core: EmbeddedCore, ask: Asker
) -> None:
    core.faults.add("UpdateStack:web=500")
    said = shell("apply", "--yes")
    assert said.code == 3
    text = " ".join(said.out.split())
    assert "FAILED: ~ update stack/web: UpdateStack: the Core refuses it (status 500)" in text
    assert "needs stack/web, whose update failed: + create build/app next: mend what failed" in text
    assert "1 failed, 1 skipped" in text
    assert names(ask, "Builds") == []
    assert names(ask, "Repos") == ["found", "same", "site"]
    assert names(ask, "Stacks") == ["theirs", "web"]
    core.faults.clear()
    again = shell.good("apply", "--yes")
    assert "Applied: 2 changes done; nothing is left to do." in again.out
    assert_nothing_left(shell)


def test_busy_is_waited_for(shell: Shell, world: Path, core: EmbeddedCore, pauses: list[float]) -> None:
    core.faults.add("UpdateStack:web=busy:3")
    said = shell.good("apply", "--yes")
    assert said.err.count("waiting: stack/web ") == 1
    assert pauses == [0.5, 1.0, 2.0]
    assert writes(core).count("UpdateStack") == 4
    assert_nothing_left(shell)


@pytest.mark.parametrize("operation", ["CreateVariable", "UpdateStack", "RenameRepo", "DeleteStack", "CreateTag"])
@pytest.mark.parametrize("how", ["drop", "refuse"])
def test_a_lost_answer_is_looked_after(shell: Shell, world: Path, core: EmbeddedCore, operation: str, how: str) -> None:
    before = len(writes(core))
    core.faults.add(f"{operation}={how}:1")
    shell.good("apply", "--yes")
    # one variable more is the lock
    others = 1 if operation == "CreateVariable" else 0
    assert writes(core)[before:].count(operation) == (1 if how == "drop" else 2) + others
    assert_nothing_left(shell)


def test_what_the_verifying_plan_finds_is_told(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    # nothing is wrong until everything is written
    class Late(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            if name == "DeleteStack":
                core.faults.add("ListFullStacks=500")

    core.app.requests = Late(core.requests)
    said = shell("apply", "--yes")
    assert said.code == 3
    text = " ".join(said.out.split())
    assert "Applied, but not proven: 8 changes done; the plan afterwards failed: ListFullStacks" in text
    core.faults.clear()
    assert_nothing_left(shell)


def test_verifying_can_be_left_out(shell: Shell, world: Path, core: EmbeddedCore) -> None:
    said = shell.good("apply", "--yes", "--no-verify")
    assert "whether anything is left was not checked" in said.out
    assert "verifying" not in said.err
    assert core.requests.count("GET /user") == 1


@pytest.mark.parametrize("number", ["1", "64"])
def test_any_parallelism_ends_alike(shell: Shell, world: Path, number: str) -> None:
    shell.good("apply", "--yes", "--parallelism", number)
    assert_nothing_left(shell)


# what is refused


def refused(shell: Shell, core: EmbeddedCore, *arguments: str) -> str:
    """The message of an apply that ended with 4 and wrote nothing; plan shows the same, and is no failure."""
    before = len(writes(core))
    said = shell("apply", "--yes", *arguments)
    assert said.code == 4, said.all
    assert "error: this plan is not applied" in said.err
    assert writes(core)[before:] == []
    plan = shell.good("plan", *arguments)
    assert "REFUSED: apply will not start." in plan.out
    assert "No changes: " not in plan.out
    assert shell("plan", "--detailed-exitcode", *arguments).code == 2
    return " ".join(said.err.split())


def test_more_deletes_than_the_limits(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    for name in ("gone-2", "gone-3"):
        ask.write("CreateStack", name=name)
        mark(ask, "Stack", name)
    write(world, {"komodo-sync.yaml": SETTINGS + "limits: {deletes: 2, delete_percent: 10}\n"})
    text = refused(shell, core)
    assert "3 deletes are more than limits.deletes allows (2)" in text
    assert "3 deletes among 7 resources are more than limits.delete_percent allows (10 %)" in text
    assert "--allow-deletes 3" in text
    assert "3 deletes are more than --allow-deletes allows (2)" in refused(shell, core, "--allow-deletes", "2")
    shell.good("apply", "--yes", "--allow-deletes", "3")
    assert names(ask, "Stacks") == ["theirs", "web"]


def test_what_is_adopted_is_not_changed_unasked(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    mark(ask, "Repo", "found", tags=[], description="by hand")
    text = refused(shell, core)
    assert "repo/found would be adopted and changed at once (to allow it: --adopt-changes)" in text
    shell.good("apply", "--yes", "--adopt-changes")
    assert_nothing_left(shell)


def test_what_belongs_to_others_is_not_touched(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    ask.write("CreateTag", name="owner:you")
    mark(ask, "Stack", "web", tags=["owner:you"])
    assert "stack/web belongs to you, not to me next: write `adopt_from: you` in its manifest" in refused(shell, core)
    assert (
        "No changes but those that are refused: 1 refused, 0 unchanged."
        in shell.good("plan", "--select", "stack/web").out
    )
    # what would be refused is not as declared: a job that goes on at 0 alone must not go on
    assert shell("plan", "--select", "stack/web", "--detailed-exitcode").code == 2
    assert shell("plan", "--select", "server/*", "--detailed-exitcode").code == 0
    text = FILES["stacks/web.yaml"].replace("name: web", "name: web\n    adopt_from: you")
    write(world, {"stacks/web.yaml": text})
    shell.good("apply", "--yes", "--adopt-changes")
    assert_nothing_left(shell)


def test_what_is_protected_stays(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    write(world, {"komodo-sync.yaml": SETTINGS + "protect: [stack/g*]\n"})
    said = shell.good("apply", "--yes")
    assert "stack/gone is kept although no manifest declares it: protected" in " ".join(said.out.split())
    assert "gone" in names(ask, "Stacks")
    text = FILES["stacks/web.yaml"].replace("name: web", "name: web\n    protect: true")
    write(world, {"komodo-sync.yaml": SETTINGS, "stacks/web.yaml": text})
    shell.good("apply", "--yes")
    (world / "stacks" / "web.yaml").unlink()
    write(world, {"rest.yaml": FILES["rest.yaml"].replace(", after: [stack/web]", "")})
    assert "stack/web" in shell.good("apply", "--yes").out
    assert names(ask, "Stacks") == ["theirs", "web"]


def test_a_server_in_use_is_not_deleted(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    shell.good("apply", "--yes")
    ask.write("UpdateStack", id="theirs", config={"server_id": "prod"})
    for name in ("stacks/web.yaml", "rest.yaml"):
        (world / name).unlink()
    write(world, {"rest.yaml": "variables: [{name: REGION, value: eu}]\n"})
    text = refused(shell, core)
    assert "server/prod would be deleted while stack/theirs uses it next: give that one another server" in text


def test_nothing_is_pruned_without_being_asked(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    shell.good("apply", "--yes", "--no-prune")
    assert "gone" in names(ask, "Stacks")
    shell.good("apply", "--yes", "stacks")
    assert "gone" in names(ask, "Stacks")
    shell.good("apply", "--yes", "--select", "*/*")
    assert "gone" in names(ask, "Stacks")
    write(world, {"komodo-sync.yaml": "owner: me\n"})
    shell.good("apply", "--yes")
    assert "gone" in names(ask, "Stacks")
    said = shell("apply", "--yes", "--prune", "--owner", "")
    assert (said.code, "prune needs an owner" in said.err) == (64, True)
    shell.good("apply", "--yes", "--prune")
    assert names(ask, "Stacks") == ["theirs", "web"]


def test_absent_and_forget(shell: Shell, world: Path, core: EmbeddedCore, ask: Asker) -> None:
    ask.write("CreateVariable", name="OLD", value="x", is_secret=False, description="")
    write(world, {"more.yaml": "absent: [variable/OLD, variable/NEVER]\nforget: [stack/gone]\n"})
    said = shell.good("apply", "--yes")
    assert "deleted variable/OLD" in said.out
    assert "gone" in names(ask, "Stacks")
    assert ask.read("GetStack", stack="gone")["tags"] == []
    assert "OLD" not in {item["name"] for item in ask.read("ListVariables")}
    assert_nothing_left(shell)


# stopped in the middle

SLOW = [f"s{number}" for number in range(12)]


@contextmanager
def served(state: Path, *faults: str) -> Iterator[str]:
    """`komodo-sync simulate` as a process; its URL."""
    words = [word for fault in faults for word in ("--fault", fault)]
    command = [*COMMAND, "simulate", "--port", "0", "--state", str(state), "--key", KEY, "--secret", SECRET, *words]
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert run.stderr is not None
        yield run.stderr.readline().split()[-1]
    finally:
        run.terminate()
        run.communicate(timeout=20)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_in_the_middle(work: Path, number: signal.Signals, tmp_path: Path) -> None:
    write(work, {"m.yaml": "stacks:\n" + "".join(f"- {{name: {name}, description: d}}\n" for name in SLOW)})
    state = tmp_path / "core.db"
    env: dict[str, Any] = {"KOMODO_CLI_KEY": KEY, "KOMODO_CLI_SECRET": SECRET}
    with served(state, "write/*=slow:0.1") as url:
        env["KOMODO_CLI_HOST"] = url
        run = subprocess.Popen(
            [*COMMAND, "apply", "--yes", "--parallelism", "2", "m.yaml"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **env},
        )
        assert run.stderr is not None
        first = run.stderr.readline()
        assert first.startswith("created stack/")
        run.send_signal(number)
        out, err = run.communicate(timeout=30)
        said = checked(SaidBy(run.returncode, out, first + err))
        assert said.code == 130
        assert "stopping: what runs is finished, nothing new is started" in said.err
        assert "verifying" not in said.err
        assert "Stopped: " in said.out
        assert "Run apply again to go on from here." in said.out
        done = {line.split()[-1] for line in said.out.splitlines() if line.startswith("  + created ")}
        _, _, unbegun = " ".join(said.out.split()).partition("Not started: stopped before its turn: + create ")
        left = {name for name in SLOW if re.search(rf"\bstack/{name}\b", unbegun)}
        assert done
        assert left
        assert {f"stack/{name}" for name in SLOW} == done | {f"stack/{name}" for name in left}
    env["KOMODO_CLI_HOST"] = f"sim:{state}"
    plan = process("plan", "--format", "json", "m.yaml", env=env).json
    still = {item["address"] for item in plan["resources"] if item["changes"]}
    # the report is true: what it calls done is whole, what it calls not started is not there
    assert still == {f"stack/{name}" for name in left}
    assert process("apply", "--yes", "m.yaml", env=env).code == 0
    assert process("plan", "--detailed-exitcode", "m.yaml", env=env).code == 0


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(("when", "code", "done"), [("before", 1, []), ("meanwhile", 0, ["a"])])
def test_a_reader_of_the_result_that_goes_away(
    work: Path, core: EmbeddedCore, ask: Asker, when: str, code: int, done: list[str], unbuffered: str
) -> None:
    write(work, {"m.yaml": "stacks: [{name: a}]\n"})
    command = [*COMMAND, "apply", "--yes", "m.yaml"]
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
    assert run.stdout is not None

    class Watched(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            if name == ("GET /user" if when == "before" else "CreateStack"):
                run.stdout.close()

    core.app.requests = Watched()
    assert run.stderr is not None
    with run:
        err = run.stderr.read()
    assert run.returncode == code, err
    checked(SaidBy(code, "", err))
    assert "BrokenPipe" not in err
    assert names(ask, "Stacks") == done


def test_twice_ctrl_c_waits_for_nothing(work: Path, core: EmbeddedCore) -> None:
    arrived, release = threading.Event(), threading.Event()

    class Held(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            if name == "CreateStack":
                arrived.set()
                release.wait(30)

    core.app.requests = Held()
    write(work, {"m.yaml": "stacks: [{name: a}, {name: b}]\n"})
    command = [*COMMAND, "apply", "--yes", "--parallelism", "1", "m.yaml"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stderr is not None
    assert arrived.wait(30)
    run.send_signal(signal.SIGINT)
    assert "stopping" in run.stderr.readline()
    run.send_signal(signal.SIGINT)
    out, err = run.communicate(timeout=30)
    release.set()
    said = checked(SaidBy(run.returncode, out, err))
    assert said.code == 130
    text = " ".join(said.out.split())
    assert "create stack/a: not waited for: the Core may do it still next: plan again to see what was done" in text
    assert "Not started: stopped before its turn: + create stack/b next: apply again to finish" in text


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_ctrl_c_where_nobody_reads_any_more(work: Path, core: EmbeddedCore, ask: Asker, unbuffered: str) -> None:
    """As in `apply 2>&1 | tee log`, where Ctrl-C ends tee as well."""
    arrived, release = threading.Event(), threading.Event()

    class Held(list[str]):
        def append(self, name: str) -> None:
            super().append(name)
            if name == "CreateStack":
                arrived.set()
                release.wait(30)

    core.app.requests = Held()
    write(work, {"m.yaml": "stacks: [{name: a}, {name: b}]\n"})
    reader, writer = os.pipe()
    command = [*COMMAND, "apply", "--yes", "--parallelism", "1", "m.yaml"]
    env = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    run = subprocess.Popen(command, stdout=writer, stderr=writer, env=env)
    os.close(writer)
    assert arrived.wait(30)
    os.close(reader)
    run.send_signal(signal.SIGINT)
    release.set()
    assert run.wait(60) == 130
    # what ran was finished
    assert "a" in names(ask, "Stacks")


def test_a_terminal_that_is_closed_under_nohup_stops_nothing() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stop_on_signals() as stop:
            signal.raise_signal(signal.SIGHUP)
            assert not stop.requested
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
