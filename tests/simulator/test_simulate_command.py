"""`komodo-sync simulate`, as a process."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMAND = [sys.executable, "-c", "from komodo_sync.cli import main; main()", "simulate"]


@contextmanager
def simulate(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process and its URL."""
    process = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        yield process, process.stderr.readline().split()[-1]
    finally:
        process.terminate()
        process.communicate(timeout=10)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_well_when_it_is_told_to(number: signal.Signals) -> None:
    with simulate("--port", "0") as (process, url):
        assert httpx.get(f"{url}/version").text == "2.3.2"
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in err


def test_made_up_credentials_are_told() -> None:
    with simulate("--port", "0") as (process, url):
        assert process.stderr is not None
        told = dict(process.stderr.readline().strip().split("=", 1) for _ in range(3))
        headers = {"X-Api-Key": told["KOMODO_CLI_KEY"], "X-Api-Secret": told["KOMODO_CLI_SECRET"]}
        assert told["KOMODO_CLI_HOST"] == url
        assert httpx.get(f"{url}/user", headers=headers).json()["username"] == "admin"


def test_given_credentials_and_faults(tmp_path: Path) -> None:
    state = str(tmp_path / "core.db")
    with simulate("--port", "0", "--key", "K", "--secret", "S", "--state", state, "--fault", "*=429") as (_, url):
        answer = httpx.get(f"{url}/user", headers={"X-Api-Key": "K", "X-Api-Secret": "S"})
    assert answer.status_code == 429


def test_an_execution_in_the_middle_of_which_it_was_killed_has_failed(tmp_path: Path) -> None:
    admin = {"X-Api-Key": "K", "X-Api-Secret": "S"}
    arguments = ("--port", "0", "--key", "K", "--secret", "S", "--state", str(tmp_path / "core.db"))

    def ask(url: str, group: str, operation: str, **params: str) -> Any:
        return httpx.post(f"{url}/{group}", headers=admin, json={"type": operation, "params": params}).json()

    with simulate(*arguments, "--fault", "DeployStack=takes:600") as (process, url):
        ask(url, "write", "CreateStack", name="s")
        update = ask(url, "execute", "DeployStack", stack="s")
        assert update["status"] == "InProgress"
        process.kill()
    with simulate(*arguments) as (_, url):
        update = ask(url, "read", "GetUpdate", id=update["_id"]["$oid"])
    assert (update["status"], update["success"], update["end_ts"]) == ("Complete", False, None)
    assert [log["stage"] for log in update["logs"]] == ["Komodo shutdown"]


def run(*arguments: str) -> tuple[int, str]:
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=30, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, text = run("--port", port)
    assert code == 1
    assert f"cannot listen on 127.0.0.1:{port}" in text
    assert "--port" in text


def test_a_state_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("words " * 200)
    code, text = run("--port", "0", "--state", str(path))
    assert code == 1
    assert "cannot keep its state" in text


def test_a_fault_that_is_none() -> None:
    code, text = run("--port", "0", "--fault", "oops")
    assert code == 64
    assert "unknown fault 'oops'" in text
