"""The command line as somebody uses it: in this process where that says enough, as a process where it does not."""

from __future__ import annotations

import gc
import json
import logging
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from asking import Asker

from komodo_sync.cli.entry import DEFECT, run
from komodo_sync.client.reader import Reader
from komodo_sync.client.transport import Transport
from komodo_sync.client.writer import Writer
from komodo_sync.simulator import EmbeddedCore
from komodo_sync.simulator.listening import Listener

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

COMMAND = (sys.executable, "-m", "komodo_sync")
KEY, SECRET = "K_the-key", "S_the-secret"


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def all(self) -> str:
        return self.out + self.err


def checked(said: Said) -> Said:
    """No command ends with a traceback or as a defect, whatever it was asked."""
    assert "Traceback" not in said.all, said.all
    assert "defect" not in said.err, said.err
    assert said.code != DEFECT
    return said


@dataclass(frozen=True)
class Shell:
    """Runs commands in this process, in the current folder."""

    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Said:
        self.capture.readouterr()
        try:
            code = run([str(item) for item in arguments])
        finally:
            # what a command leaves as it is, as its process ends with it
            gc.enable()
            logging.getLogger("komodo_sync").handlers.clear()
            logging.getLogger("komodo_sync").setLevel(logging.NOTSET)
        out, err = self.capture.readouterr()
        return checked(Said(code, out, err))

    def good(self, *arguments: str | Path) -> Said:
        said = self(*arguments)
        assert said.code == 0, said.all
        return said


def process(*arguments: str | Path, env: Mapping[str, str] | None = None, **options: Any) -> Said:
    """Runs a command as a process of its own."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,  # ends what hangs; says nothing about how fast it is
        check=False,
        **options,
    )
    return checked(Said(done.returncode, done.stdout, done.stderr))


class Host:
    """A port of this machine behind which any WSGI application can be put."""

    def __init__(self) -> None:
        self.app: Any = None
        self._listener = Listener(self._pass_on, "127.0.0.1", 0)
        self.url = self._listener.url
        self._thread = threading.Thread(target=self._listener.serve, daemon=True)
        self._thread.start()

    def _pass_on(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        answer: Iterable[bytes] = self.app(environ, start_response)
        return answer

    def stop(self) -> None:
        self._listener.stop()
        self._thread.join(10)


@contextmanager
def fresh_core(host: Host, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedCore]:
    """An empty Core behind `host`, which commands find in their environment."""
    for name in list(os.environ):
        if name.startswith(("KOMODO_CLI_", "KOMODO_SYNC_")):
            monkeypatch.delenv(name)
    with EmbeddedCore.open(key=KEY, secret=SECRET, pace=0) as core:
        host.app = core.app
        monkeypatch.setenv("KOMODO_CLI_HOST", host.url)
        monkeypatch.setenv("KOMODO_CLI_KEY", KEY)
        monkeypatch.setenv("KOMODO_CLI_SECRET", SECRET)
        yield core


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Files by their path under `folder`."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def is_write(operation: str) -> bool:
    """Whether the operation changes a Core."""
    return not operation.startswith(("Get", "List", "GET "))


def writes(core: EmbeddedCore) -> list[str]:
    """The operations so far that change the Core."""
    return [name for name in core.requests if is_write(name)]


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    """The port, one for all tests."""
    host = Host()
    yield host
    host.stop()


@pytest.fixture
def core(host: Host, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddedCore]:
    """An empty Core that the environment names, with an admin's key."""
    with fresh_core(host, monkeypatch) as core:
        yield core


@pytest.fixture
def ask(core: EmbeddedCore) -> Asker:
    """Somebody else who speaks to the same Core, past everything that is tested."""
    return Asker(core)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def shell(work: Path, capsys: pytest.CaptureFixture[str], pauses: list[float]) -> Shell:
    """Commands in this process, which wait for nothing."""
    return Shell(capsys)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were to be waited: the time that passes for a command."""
    waited: list[float] = []
    for waiter in (Reader, Writer, Transport):
        assert waiter.__init__.__kwdefaults__["sleep"]
        monkeypatch.setitem(waiter.__init__.__kwdefaults__, "sleep", waited.append)
    monkeypatch.setitem(Writer.__init__.__kwdefaults__, "now", lambda: sum(waited))
    return waited
