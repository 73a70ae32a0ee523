"""How it fails: each thing that goes wrong has its own sentence, its way out and its exit code, and writes nothing."""

from __future__ import annotations

import os
import resource
import socket
import sys
from typing import TYPE_CHECKING

import pytest
from shell import COMMAND, Shell, process, write, writes

if TYPE_CHECKING:
    from pathlib import Path

    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore

STACK = "stacks: [{name: web, config: {file_contents: 'services: {}'}}]\n"
COMMANDS = ("plan", "apply")


def refused(shell: Shell, core: EmbeddedCore, *arguments: str) -> str:
    """What plan and apply both say, after they ended with 1 and wrote nothing."""
    told = set()
    for command in COMMANDS:
        before = len(writes(core))
        said = shell(command, *(("--yes",) if command == "apply" else ()), *arguments)
        assert said.code == 1, said.all
        assert said.out == ""
        assert "help: " in said.err
        assert writes(core)[before:] == []
        told.add(said.err)
    assert len(told) == 1, told
    return told.pop()


# the Core


def test_nobody_listens(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(work, {"m.yaml": STACK})
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    text = refused(shell, core, "m.yaml", "--url", f"http://127.0.0.1:{port}")
    assert f"error: 127.0.0.1:{port} cannot be reached" in text
    assert "check the URL" in text


def test_no_such_host(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(work, {"m.yaml": STACK})
    text = refused(shell, core, "m.yaml", "--url", "http://komodo.invalid:9120")
    assert "error: komodo.invalid:9120 cannot be reached" in text


@pytest.mark.parametrize(("key", "secret"), [("K_the-key", "S_canary"), ("nobody", "S_the-secret")])
def test_a_wrong_key_is_tried_a_few_times_only(
    shell: Shell, core: EmbeddedCore, work: Path, key: str, secret: str
) -> None:
    write(work, {"m.yaml": STACK})
    said = shell("plan", "m.yaml", "--key", key, "--secret", secret)
    assert said.code == 1
    assert "does not accept the API key" in said.err
    assert "KOMODO_CLI_KEY" in said.err
    assert secret not in said.all


def test_no_key(shell: Shell, core: EmbeddedCore, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(work, {"m.yaml": STACK})
    monkeypatch.delenv("KOMODO_CLI_KEY")
    assert "there is no API key for" in refused(shell, core, "m.yaml")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("*=html", ("is no Komodo Core, or something in front of it answers instead", "a web page", "login proxy")),
        ("*=empty", ("is no Komodo Core", "an empty answer", "proxy")),
        ("*=429", ("has locked this address out for 12 seconds", "wait 12 seconds")),
        ("*=401", ("does not accept the API key", "five wrong tries")),
        ("*=503", ("answers 503", "check that the Core runs")),
        ("version=1.19.5", ("is Komodo 1.19.5, which is too old", "2.0 and later", "upgrade the Core")),
        ("version=latest", ("does not say which version of Komodo it is", "check that the URL")),
        ("ListFullStacks=500", ("ListFullStacks", "status 500")),
        ("ListFullStacks=403", ("ListFullStacks: the key may not do this", "admin")),
        ("ListTags=html", ("is no Komodo Core", "ListTags")),
        ("ListFullStacks=refuse", ("the connection to", "broke during ListFullStacks", "plan again")),
    ],
)
def test_what_a_core_may_answer(
    shell: Shell, core: EmbeddedCore, work: Path, fault: str, words: tuple[str, ...]
) -> None:
    write(work, {"m.yaml": STACK})
    core.faults.add(fault)
    text = refused(shell, core, "m.yaml")
    for word in words:
        assert word in text
    # what is wrong is said once, however many requests it hit
    assert text.count("error:") == 1


def test_a_key_that_is_not_an_admins(shell: Shell, core: EmbeddedCore, ask: Asker, work: Path) -> None:
    ask.write("CreateStack", name="web")
    user = ask.write("CreateServiceUser", username="ci", description="")
    made = ask.write("CreateApiKeyForServiceUser", user_id=user["_id"]["$oid"], name="ci", expires=0)
    write(work, {"m.yaml": STACK})
    who = ("--key", made["key"], "--secret", made["secret"])
    plan = shell.good("plan", "m.yaml", *who)
    assert "Partial view: the key of ci is not an admin's" in plan.out
    assert "may turn out to exist" in " ".join(plan.out.split())
    before = len(writes(core))
    apply = shell("apply", "--yes", "m.yaml", *who)
    assert apply.code == 3
    assert writes(core)[before:] == ["CreateStack"]
    assert "stack/web exists, but this key cannot see it" in " ".join(apply.out.split())
    assert "admin's key" in apply.out
    assert made["secret"] not in plan.all + apply.all


@pytest.mark.parametrize("command", COMMANDS)
def test_the_settings_are_for_another_core(shell: Shell, core: EmbeddedCore, work: Path, command: str) -> None:
    write(work, {"m.yaml": STACK, "komodo-sync.yaml": "core: {url: https://komodo.example.com}\n"})
    said = shell(command)
    assert (said.code, said.out) == (4, "")
    assert "the settings are for https://komodo.example.com, and http://127.0.0.1" in said.err
    assert "komodo-sync.yaml:1:" in said.err
    assert "help: connect to that Core, or change core.url" in said.err
    assert core.requests == []


# the manifests

DEEP = "stacks: " + "[" * 100 + "]" * 100 + "\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
PROCEDURE = "- {name: %s, config: {stages: [{name: s, executions: [{execution: {type: RunProcedure, params: {procedure: %s}}}]}]}}\n"  # noqa: E501
MANIFESTS: list[tuple[str, dict[str, str | bytes], str, tuple[str, ...]]] = [
    ("a folder without manifests", {"m/readme.md": ""}, "KS013", ("m:1:1", "has no manifests", "put *.yaml")),
    ("no such path", {}, "KS013", ("m:1:1", "no such file or folder", "check the path")),
    ("an empty file", {"m/a.yaml": ""}, "KS014", ("m/a.yaml:1:1", "the file is empty", "declare something")),
    ("a binary file", {"m/a.yaml": b"\x7fELF\0\1\2"}, "KS002", ("m/a.yaml:1:1", "binary", "another ending")),
    ("100 levels of nesting", {"m/a.yaml": DEEP}, "KS006", ("m/a.yaml:1:", "deep")),
    ("an alias bomb", {"m/a.yaml": BOMB}, "KS007", ("m/a.yaml:", "alias")),
    ("a name that Komodo would change", {"m/a.yaml": "stacks: [{name: My Web}]\n"}, "KS042",
     ("m/a.yaml:1:17", "`my_web`", "write name: my_web")),
    ("the same stack in two files", {"m/a.yaml": STACK, "m/b.yaml": STACK}, "KS040",
     ("m/b.yaml:1:17", "first in m/a.yaml:1:17", "keep one")),
    ("a dangling server", {"m/a.yaml": "stacks: [{name: web, config: {server: prod}}]\n"}, "KS043",
     ("m/a.yaml:1:39", "server/prod is declared nowhere, and the Core has no server of that name", "declare it under")),
    ("a procedure that runs itself", {"m/a.yaml": "procedures:\n" + PROCEDURE % ("a", "a")}, "KS044",
     ("m/a.yaml:2:", "procedure/a -> procedure/a")),
    ("a cycle of after", {"m/a.yaml": "stacks: [{name: a, after: [stack/b]}, {name: b, after: [stack/a]}]\n"}, "KS045",
     ("m/a.yaml:1:", "stack/a -> stack/b -> stack/a")),
]  # fmt: skip


@pytest.mark.parametrize(("files", "code", "words"), [case[1:] for case in MANIFESTS], ids=[c[0] for c in MANIFESTS])
def test_manifests_that_are_wrong(
    shell: Shell,
    core: EmbeddedCore,
    work: Path,
    files: dict[str, str | bytes],
    code: str,
    words: tuple[str, ...],
) -> None:
    for name, content in files.items():
        (work / name).parent.mkdir(exist_ok=True)
        (work / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    text = refused(shell, core, "m")
    assert f"error[{code}]" in text
    for word in words:
        assert word in text
    said = shell("validate", "m")
    # without a Core a name may still be known to it
    assert said.code == (0 if code == "KS043" else 1)
    assert f"[{code}]" in said.out


def test_each_line_that_names_what_is_nowhere_is_shown(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    lines = [f"- {{name: {name}, config: {{server: prod, repo: a/b, webhook_secret: canary}}}}" for name in "abc"]
    write(work, {"m/a.yaml": "stacks:\n" + "\n".join(lines) + "\n", "m/b.yaml": "repos:\n" + lines[0] + "\n"})
    text = refused(shell, core, "m")
    for line in lines:
        shown = line.replace("canary}}", "(secret)}")
        assert f"  {shown}\n  {' ' * 29}^^^^\n" in text
    assert text.count("^^^^\n") == 4
    assert "canary" not in text


def test_a_path_that_does_not_exist_is_told_as_that_beside_settings_too(
    shell: Shell, core: EmbeddedCore, work: Path
) -> None:
    write(work, {"komodo-sync.yaml": "manifests: [m]\n", "m/a.yaml": STACK, "elsewhere.yaml": STACK})
    text = refused(shell, core, "nope.yaml")
    assert "nope.yaml:1:1: error[KS013]: there is no such file or folder" in text
    assert "help: check the path" in text
    text = refused(shell, core, "elsewhere.yaml")
    assert "none of the manifests that the settings name lies here" in text
    assert "help: add it to manifests: in komodo-sync.yaml" in text


def test_every_error_of_every_file_is_told_at_once(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(
        work,
        {
            "m/a.yaml": "stacks: [{name: My Web}, {name: b, config: {server: prod}}]\n",
            "m/b.toml": '[[resource-sync]]\nname = "x"\n[[stack]]\nname = "b"\n',
            "m/c.yaml": "stacks: [\n",
        },
    )
    text = refused(shell, core, "m")
    for code in ("KS042", "KS043", "KS020", "KS040", "KS004"):
        assert text.count(f"[{code}]") == 1
    assert "write [[resource_sync]]" in text


def test_wrong_manifests_are_told_even_where_no_core_answers(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(work, {"m.yaml": "stakcs: []\nbuilds: []\n"})
    core.faults.add("*=503")
    assert "did you mean stacks?" in refused(shell, core, "m.yaml")


# the embedded Core's file


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("folder", ("Is a directory", "name a file")),
        ("notes.txt", ("not a database", "name another file")),
        ("foreign.db", ("database of another program", "")),
        ("notes.txt/core.db", ("there is no folder notes.txt", "make the folder")),
        ("nodir/sub/typo.db", ("there is no folder nodir/sub", "make the folder, or correct the path")),
    ],
)
def test_a_state_that_cannot_be_one(
    shell: Shell, core: EmbeddedCore, work: Path, name: str, words: tuple[str, ...]
) -> None:
    import sqlite3

    write(work, {"m.yaml": STACK, "notes.txt": "shopping list " * 100})
    (work / "folder").mkdir()
    foreign = sqlite3.connect(work / "foreign.db")
    foreign.execute("CREATE TABLE theirs(x)")
    foreign.close()
    before = {path: path.read_bytes() for path in work.iterdir() if path.is_file()}
    text = refused(shell, core, "m.yaml", "--url", f"sim:{name}")
    assert f"the embedded Core cannot keep its state in {name}" in text
    for word in words:
        assert word in text
    assert {path: path.read_bytes() for path in work.iterdir() if path.is_file()} == before
    assert not (work / "nodir").exists()


@pytest.mark.parametrize(
    "command", [("plan", "m.yaml"), ("explain", "stack/web", "m.yaml", "--live"), ("export", "--out", "out")]
)
def test_a_command_that_only_reads_makes_no_embedded_core(
    shell: Shell, core: EmbeddedCore, work: Path, command: tuple[str, ...]
) -> None:
    write(work, {"m.yaml": STACK})
    shell.good(*command, "--url", "sim:typo.db")
    assert not list(work.glob("typo.db*"))


def test_what_is_refused_leaves_no_embedded_core_behind(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(work, {"m.yaml": STACK})
    assert shell("apply", "m.yaml", "--url", "sim:new.db").code == 4
    write(work, {"m.yaml": "stacks: [{name: web, config: {environment: {A: '${env:NOT_SET}'}}}]\n"})
    assert shell("apply", "--yes", "m.yaml", "--url", "sim:new.db").code == 4
    write(work, {"m.yaml": "stacks: []\nabsent: [stack/none]\n"})
    shell.good("apply", "--yes", "m.yaml", "--url", "sim:new.db")
    assert not list(work.glob("new.db*"))
    write(work, {"m.yaml": STACK})
    shell.good("apply", "--yes", "m.yaml", "--url", "sim:new.db")
    before = (work / "new.db").read_bytes()
    write(work, {"m.yaml": STACK.replace("web", "other")})
    assert shell("apply", "m.yaml", "--url", "sim:new.db").code == 4
    assert (work / "new.db").read_bytes() == before


def test_an_embedded_core_that_somebody_else_made_meanwhile_is_kept(work: Path) -> None:
    from asking import Asker

    from komodo_sync.simulator import EmbeddedCore
    from komodo_sync.simulator.deferred import DeferredCore

    with DeferredCore(work / "new.db") as late:
        ours = Asker(late)
        assert ours.read("ListStacks", query={}) == []
        with EmbeddedCore.open(work / "new.db") as early:
            theirs = Asker(early)
            theirs.write("CreateStack", name="theirs")
            ours.write("CreateStack", name="ours")
            for asker in (ours, theirs):
                assert {item["name"] for item in asker.read("ListStacks", query={})} == {"ours", "theirs"}


def test_a_new_embedded_core_is_told_until_it_is_there(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(work, {"m.yaml": STACK})
    told = "is new: an empty embedded Core"
    for reading in (("plan", "m.yaml"), ("export", "--out", "out")):
        assert shell.good(*reading, "--url", "sim:typo.db").err.startswith(f"typo.db {told}\n")
    assert told not in shell.good("plan", "-q", "m.yaml", "--url", "sim:core.db").all
    assert f"core.db {told}" in shell.good("apply", "--yes", "m.yaml", "--url", "sim:core.db").err
    assert (work / "core.db").exists()
    plan = shell.good("plan", "--detailed-exitcode", "m.yaml", "--url", "sim:core.db")
    assert told not in plan.all
    assert told not in shell.good("plan", "m.yaml", "--url", "sim:").all


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_state_that_nobody_may_read(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(work, {"m.yaml": STACK, "core.db": ""})
    (work / "core.db").chmod(0)
    assert "Permission denied" in refused(shell, core, "m.yaml", "--url", "sim:core.db")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")  # noqa: PTH110
def test_a_disk_that_is_full_from_the_start(shell: Shell, core: EmbeddedCore, work: Path) -> None:
    write(work, {"m.yaml": STACK})
    text = refused(shell, core, "m.yaml", "--url", "sim:/dev/full")
    assert "make room on the disk" in text


def test_a_disk_that_fills_up_in_the_middle_of_an_apply(work: Path) -> None:
    names = [f"s{number}" for number in range(40)]
    text = "x" * 20_000
    write(
        work, {"m.yaml": "stacks:\n" + "".join(f"- {{name: {n}, config: {{file_contents: {text}}}}}\n" for n in names)}
    )
    shared = {"cwd": work, "env": {"KOMODO_CLI_HOST": "sim:core.db"}}

    def small_disk() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))

    said = process("apply", "--yes", "--parallelism", "1", "m.yaml", preexec_fn=small_disk, **shared)
    assert said.code == 3, said.all
    assert "see that the disk works and has room" in said.out or "make room on the disk" in said.out
    done = said.out.count("+ created")
    assert 0 < done < len(names)
    again = process("apply", "--yes", "m.yaml", **shared)
    assert again.code == 0, again.all
    assert process("plan", "--detailed-exitcode", "m.yaml", **shared).code == 0


# the streams


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")  # noqa: PTH110
@pytest.mark.parametrize("arguments", [("schema",), ("--help",), ("plan", "--url", "sim:", "m.yaml")])
def test_a_disk_that_is_full_under_the_output(work: Path, arguments: tuple[str, ...]) -> None:
    import subprocess

    write(work, {"m.yaml": STACK})
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [*COMMAND, *arguments], cwd=work, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert (done.returncode, done.stderr) == (1, "error: No space left on device, while the output was written\n")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")  # noqa: PTH110
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_disk_that_is_full_under_the_progress(work: Path, unbuffered: str) -> None:
    import subprocess

    write(work, {"m.yaml": STACK})
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [*COMMAND, "apply", "--yes", "-vv", "--url", "sim:core.db", "m.yaml"],
            cwd=work, stdout=subprocess.PIPE, stderr=full, text=True, timeout=60, check=False,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Applied: 1 change done; nothing is left to do.")


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_is_cut_in_the_middle_is_no_success(work: Path, unbuffered: str) -> None:
    import subprocess

    def small_disk() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))

    with (work / "out").open("w") as out:
        done = subprocess.run(
            [*COMMAND, "schema", "manifest"], cwd=work, stdout=out, stderr=subprocess.PIPE, text=True, timeout=60,
            check=False, env={**os.environ, "PYTHONUNBUFFERED": unbuffered}, preexec_fn=small_disk,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "error: File too large, while the output was written\n")


def test_ctrl_c_before_anything_is_read(work: Path) -> None:
    import subprocess

    early = "import sys; from komodo_sync.cli import main; sys.modules['komodo_sync.cli.entry'] = Early(); main()"
    early = f"class Early:\n def __getattr__(self, name):\n  raise KeyboardInterrupt\n{early}"
    done = subprocess.run([COMMAND[0], "-c", early], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped.\n")


def test_a_locale_that_cannot_write_the_name_of_a_file(work: Path) -> None:
    write(work, {"m.yaml": "stacks: [{name: web, config: {file_contents: !file größe.yaml}}]\n"})
    write(work, {"größe.yaml": "services: {}\n"})
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    said = process("validate", "m.yaml", cwd=work, env=plain)
    assert (said.code, said.out) == (1, "")
    assert said.err == (
        "error: a name of a file cannot be written in this locale: it has \\xf6\\xdf\n"
        "  the encoding of names is ascii\n"
        "help: choose a locale of UTF-8 (LC_ALL=C.UTF-8), or set PYTHONUTF8=1\n"
    )
    assert process("validate", "m.yaml", cwd=work, env={**plain, "PYTHONUTF8": "1"}).code == 0


def test_a_working_directory_that_was_removed(work: Path) -> None:
    import subprocess

    script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" -m komodo_sync plan .'
    done = subprocess.run(
        ["/bin/sh", "-c", script, COMMAND[0]], cwd=work, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (1, "error: No such file or directory: the folder in which this runs\n")


@pytest.mark.parametrize("stream", ["0<&-", "1>&-", "2>&-", "0<&- 1>&- 2>&-"])
@pytest.mark.parametrize("command", ["plan", "apply", "apply --yes"])
def test_streams_that_are_closed(work: Path, stream: str, command: str) -> None:
    import subprocess

    write(work, {"m.yaml": STACK})
    line = f"{sys.executable} -m komodo_sync {command} --url sim: m.yaml {stream}"
    done = subprocess.run(["sh", "-c", line], cwd=work, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == (4 if command == "apply" else 0), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["plan --url sim: big.yaml", "schema", "validate m.yaml", "demo"])
def test_a_reader_that_goes_away(work: Path, command: str) -> None:
    import subprocess

    write(work, {"m.yaml": STACK, "big.yaml": "stacks:\n" + "".join(f"- name: s{n}\n" for n in range(2000))})
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m komodo_sync {command} | head -1"],
        cwd=work,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "defect" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("option", ["--out={}", "--report=json={}"])
@pytest.mark.parametrize("name", ["m.yaml/x.json", "m.yaml/none/x.json"])
def test_a_result_that_cannot_be_written_is_told_before_anything_is_done(
    shell: Shell, core: EmbeddedCore, work: Path, option: str, name: str
) -> None:
    write(work, {"m.yaml": STACK})
    said = shell("plan", "m.yaml", option.format(name))
    assert said.code == 1
    assert f"{name} cannot be written" in said.err
    assert core.requests == []
    assert shell("plan", "m.yaml", option.format(".")).code in (1, 64)
    assert core.requests == []


def test_a_saved_plan_that_is_none(shell: Shell, work: Path) -> None:
    write(work, {"a.json": "{}", "b.json": "plan", "c.json": '{"format_version": 99}'})
    (work / "d.json").write_bytes(b"\xff\xfe")
    for name in ("a.json", "b.json", "c.json", "d.json", "none.json"):
        said = shell("show", name)
        assert (said.code, said.out) == (1, ""), name
        assert f"error: {name} " in said.err
        assert "plan --out" in said.err
        assert name == "none.json" or "cannot be" in said.err
