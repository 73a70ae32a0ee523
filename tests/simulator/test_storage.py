"""State that is kept in a file."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import httpx
import pytest
from asking import Asker

from komodo_sync.errors import StorageError
from komodo_sync.simulator import EmbeddedCore

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE = "services:\n  web:\n    image: nginx:1\n"


def test_everything_is_there_again(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    with EmbeddedCore.open(tmp_path / "deep" / "core.db") as core:
        ask = Asker(core)
        ask.write("CreateServer", name="prod", config={"enabled": True})
        made = ask.write("CreateStack", name="s", config={"server": "prod", "file_contents": COMPOSE})
        ask.write("UpdateResourceMeta", target={"type": "Stack", "id": "s"}, tags=["t"])
        ask.write("CreateVariable", name="V", value="1")
        core.push("a/b", {"f": "x"})
        key, secret = core.key, core.secret
        before = [ask.read("ListFullStacks"), ask.read("ListUpdates", query=None, page=0)]
    with EmbeddedCore.open(tmp_path / "deep" / "core.db") as core:
        assert (core.key, core.secret) == (key, secret)
        ask = Asker(core)
        assert [ask.read("ListFullStacks"), ask.read("ListUpdates", query=None, page=0)] == before
        assert ask.read("GetStack", stack="s")["_id"] == made["_id"]
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["core.db"]


def test_an_execution_goes_on_after_a_restart(tmp_path: Path) -> None:
    with EmbeddedCore.open(tmp_path / "core.db", pace=0) as core:
        ask = Asker(core)
        ask.write("CreateServer", name="prod", config={"enabled": True})
        ask.write("CreateStack", name="s", config={"server": "prod", "file_contents": COMPOSE})
        update = ask.execute("DeployStack", stack="s")
    with EmbeddedCore.open(tmp_path / "core.db") as core:
        assert Asker(core).read("GetUpdate", id=update["_id"]["$oid"])["success"] is True


def deploying(path: Path) -> str:
    """Ends in the middle of a deploy; answers the id of its Update."""
    with EmbeddedCore.open(path, pace=60_000) as core:
        ask = Asker(core)
        ask.write("CreateServer", name="prod", config={"enabled": True})
        ask.write("CreateStack", name="s", config={"server": "prod", "file_contents": COMPOSE})
        ask.write("CreateProcedure", name="p")
        ask.execute("RunProcedure", procedure="p")
        return str(ask.execute("DeployStack", stack="s")["_id"]["$oid"])


def test_a_core_that_starts_ends_what_was_under_way_when_it_ended(tmp_path: Path) -> None:
    key = deploying(tmp_path / "core.db")
    with EmbeddedCore.open(tmp_path / "core.db", pace=0) as core:
        core.start()
        ask = Asker(core)
        updates = ask.read("ListUpdates", query={"operation": {"$in": ["DeployStack", "RunProcedure"]}}, page=0)
        assert [(item["status"], item["success"]) for item in updates["updates"]] == [("Complete", False)] * 2
        update = ask.read("GetUpdate", id=key)
        assert [(log["stage"], log["success"]) for log in update["logs"]] == [("Komodo shutdown", False)]
        assert update["end_ts"] is None
        # docker went on; the Core has seen nothing of it
        [stack] = ask.read("ListFullStacks")
        assert (ask.read("ListStacks")[0]["info"]["state"], stack["info"]["deployed_contents"]) == ("running", None)
        assert ask.read("GetStackActionState", stack="s")["deploying"] is False
        again = ask.execute("DeployStack", stack="s")
        assert ask.read("GetUpdate", id=again["_id"]["$oid"])["success"] is True


def test_what_a_core_never_finished_is_over_when_it_starts(tmp_path: Path) -> None:
    with EmbeddedCore.open(tmp_path / "core.db", faults=["DeployStack=hang"]) as core:
        ask = Asker(core)
        ask.write("CreateStack", name="s")
        update = ask.execute("DeployStack", stack="s")
    with EmbeddedCore.open(tmp_path / "core.db") as core:
        assert Asker(core).read("GetUpdate", id=update["_id"]["$oid"])["status"] == "InProgress"
        core.start()
        update = Asker(core).read("GetUpdate", id=update["_id"]["$oid"])
        assert (update["status"], update["success"]) == ("Complete", False)


def test_credentials_that_are_given_are_taken_and_kept(tmp_path: Path) -> None:
    with EmbeddedCore.open(tmp_path / "core.db", key="K1", secret="S1") as core:
        assert (core.key, core.secret) == ("K1", "S1")
    with EmbeddedCore.open(tmp_path / "core.db") as core:
        assert (core.key, core.secret) == ("K1", "S1")
        Asker(core).read("GetVersion")


def test_credentials_that_are_given_take_the_place_of_those_before_them(tmp_path: Path) -> None:
    with EmbeddedCore.open(tmp_path / "core.db", key="K1", secret="S1") as core:
        made = Asker(core).http.post("/auth/manage/CreateApiKey", json={"name": "mine", "expires": 0}).json()
    for key, secret in (("K2", "S2"), ("K2", "S3")):
        with EmbeddedCore.open(tmp_path / "core.db", key=key, secret=secret) as core:
            Asker(core, key, secret).read("GetVersion")
            Asker(core, made["key"], made["secret"]).read("GetVersion")
            assert Asker(core, "K1", "S1").refused("read", "GetVersion")[0] == 401
    with EmbeddedCore.open(tmp_path / "core.db") as core:
        assert (core.key, core.secret) == ("K2", "S3")
        assert Asker(core, "K2", "S2").refused("read", "GetVersion")[0] == 401


def test_nobody_else_may_read_the_file(tmp_path: Path) -> None:
    with EmbeddedCore.open(tmp_path / "core.db"):
        modes = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
    assert set(modes.values()) == {0}


def test_two_processes_may_use_one_file(tmp_path: Path) -> None:
    with EmbeddedCore.open(tmp_path / "core.db") as one, EmbeddedCore.open(tmp_path / "core.db") as two:
        Asker(one).write("CreateStack", name="s")
        assert Asker(two).refused("write", "CreateStack", name="s")[0] == 409


def test_what_another_process_writes_is_seen(tmp_path: Path) -> None:
    with EmbeddedCore.open(tmp_path / "core.db") as one, EmbeddedCore.open(tmp_path / "core.db") as two:
        ours, theirs = Asker(one), Asker(two)
        ours.write("CreateServer", name="old")
        ours.write("CreateStack", name="s", config={"server": "old"})
        assert ours.read("ListStacks")[0]["info"]["server_name"] == "old"
        theirs.write("RenameServer", id="old", name="new")
        theirs.write("UpdateServer", id="new", config={"enabled": True})
        [item] = ours.read("ListStacks")
        assert (item["info"]["server_name"], item["info"]["state"]) == ("new", "down")


@pytest.mark.parametrize(
    "content", [b"hello, this is text and no database at all" * 30, b"SQLite format 3\x00" + b"\x00" * 100]
)
def test_a_file_that_is_not_a_database(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(StorageError, match=r"cannot keep its state in .*notes\.txt") as raised:
        EmbeddedCore.open(path)
    assert raised.value.hint
    assert path.read_bytes() == content


def test_a_database_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs(x)")
    other.close()
    with pytest.raises(StorageError) as raised:
        EmbeddedCore.open(path)
    assert raised.value.detail == "it is a database of another program"


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot keep its state"):
        EmbeddedCore.open(tmp_path)


@pytest.mark.parametrize("folder", ["file", "nodir", "nodir/sub"])
def test_a_folder_that_is_not_there(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("x")
    path = tmp_path / folder / "core.db"
    with pytest.raises(StorageError, match="cannot keep its state") as raised:
        EmbeddedCore.open(path)
    assert raised.value.detail == f"there is no folder {path.parent}"
    assert raised.value.hint == "make the folder, or correct the path"
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_a_full_disk(tmp_path: Path) -> None:
    with EmbeddedCore.open(tmp_path / "core.db") as core:
        ask = Asker(core)
        ask.write("CreateStack", name="before")
        pages = core.state.storage.query("PRAGMA page_count")[0][0]
        core.state.storage.query(f"PRAGMA max_page_count={pages}")
        status, error, trace = ask.refused("write", "CreateStack", name="big", config={"file_contents": "x" * 500_000})
        assert (status, error) == (500, f"the embedded Core cannot keep its state in {tmp_path / 'core.db'}")
        assert "full" in trace[0]
        assert "make room" in trace[1]
        # nothing of it was kept, and reading goes on
        assert [item["name"] for item in ask.read("ListFullStacks")] == ["before"]


def test_kill_in_the_middle_of_writing(tmp_path: Path) -> None:
    """What was answered is there afterwards, whole."""
    path = tmp_path / "core.db"
    command = [sys.executable, "-c", "from komodo_sync.cli import main; main()", "simulate", "--port", "0"]
    served = subprocess.Popen(
        [*command, "--state", path, "--key", "K", "--secret", "S"], stderr=subprocess.PIPE, text=True
    )
    assert served.stderr is not None
    url = served.stderr.readline().split()[-1]
    answered: list[str] = []

    def write() -> None:
        with httpx.Client(base_url=url, headers={"X-Api-Key": "K", "X-Api-Secret": "S"}) as http:
            for number in range(10_000):
                params = {"name": f"s{number}", "config": {"environment": "A=1\n" * 1000}}
                try:
                    if http.post("/write/CreateStack", json=params).status_code == 200:
                        answered.append(f"s{number}")
                except httpx.TransportError:
                    return
                if number == 20:
                    under_way.set()

    under_way = threading.Event()
    writer = threading.Thread(target=write)
    writer.start()
    assert under_way.wait(30)
    os.kill(served.pid, signal.SIGKILL)
    writer.join(30)
    served.wait(10)
    served.stderr.close()
    with EmbeddedCore.open(path) as core:
        ask = Asker(core)
        stacks = {item["name"]: item for item in ask.read("ListFullStacks", limit=0)}
        assert set(answered) <= stacks.keys()
        assert len(stacks) - len(answered) in (0, 1)
        assert {item["config"]["environment"] for item in stacks.values()} == {"A=1\n" * 1000}
        assert core.state.storage.query("PRAGMA integrity_check") == [("ok",)]


def test_a_core_may_be_closed_while_it_is_asked() -> None:
    for _ in range(30):
        core = EmbeddedCore.open()
        answered, closed = threading.Semaphore(0), threading.Event()
        seen: set[int] = set()

        def ask_on(core=core, answered=answered, closed=closed, seen=seen) -> None:
            with Asker(core).http as http:
                while not closed.is_set():
                    seen.add(http.get("/user").status_code)
                    answered.release()
                seen.add(http.get("/user").status_code)

        threads = [threading.Thread(target=ask_on) for _ in range(4)]
        for thread in threads:
            thread.start()
        for _ in range(8):
            answered.acquire()
        core.close()
        closed.set()
        for thread in threads:
            thread.join(10)
        # an error as any other, and the process lives
        assert seen == {200, 500}
