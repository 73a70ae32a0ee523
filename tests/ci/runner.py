"""Stand-ins for the runner of GitHub Actions, which runs the shell steps of action.yml as they stand there, and for
GitHub's API."""

from __future__ import annotations

import gc
import io
import json
import os
import re
import subprocess
import sys
import threading
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from github_action import main
from ruamel.yaml import YAML

from komodo_sync.cli.entry import run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

TOP = Path(__file__).parents[2]
TOKEN = "ghs_the-token"
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
REQUEST = {"pull_request": {"number": 5, "head": {"repo": {"id": 1}, "sha": "12ab" * 10}, "base": {"repo": {"id": 1}}}}


def read_yaml(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


@dataclass
class Ran:
    """What the action did."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str

    @property
    def folder(self) -> Path:
        return Path(self.outputs["reports"])


@dataclass
class Runner:
    """One job's runner. `inputs` are those of `with:`, `env` that of the job; `place`: what the runner says of where it
    is, besides the usual; `matrix`: the job's values of one."""

    temp: Path
    work: Path
    api: str = "http://127.0.0.1:1"
    env: dict[str, str] = field(default_factory=dict)
    place: dict[str, str] = field(default_factory=dict)
    matrix: dict[str, Any] | None = None

    def run(
        self, name: str, event: Mapping[str, Any], *, ref: str = "refs/heads/x", shell: bool = False, **inputs: str
    ) -> Ran:
        """The action for an event. Steps that use other actions are theirs; komodo-sync is installed already. With
        `shell` all runs as a runner runs it; else the step that runs komodo-sync does what its shell does in this
        process, where nothing has to be started."""
        action = read_yaml(TOP / "action.yml")
        self.temp.mkdir(exist_ok=True)
        venv = self.temp / "komodo-sync-venv"
        if not venv.exists():
            venv.symlink_to(Path(sys.executable).parents[1])
        files = {word: self.temp / word for word in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_EVENT_PATH")}
        for path in files.values():
            path.write_text("")
        files["GITHUB_EVENT_PATH"].write_text(json.dumps(event))
        given = {key: str(each.get("default", "")) for key, each in action["inputs"].items()}
        given |= {key.replace("_", "-"): value for key, value in inputs.items()}
        defaults = {"github.token": TOKEN, "toJSON(matrix)": json.dumps(self.matrix, indent=2)}
        known = {
            f"inputs.{key}": EXPRESSION.sub(lambda found: defaults[found[1]], value) for key, value in given.items()
        }
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "KOMODO_", "INPUT_"))},
            **self.env,
            **{key: str(path) for key, path in files.items()},
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_ACTION_PATH": str(TOP),
            "GITHUB_EVENT_NAME": name,
            "GITHUB_REF": ref,
            "GITHUB_REPOSITORY": "team/infra",
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_API_URL": self.api,
            "GITHUB_RUN_ID": "77",
            "GITHUB_WORKFLOW": "komodo",
            "GITHUB_WORKFLOW_REF": f"team/infra/.github/workflows/komodo.yaml@{ref}",
            "GITHUB_JOB": "plan",
            "GITHUB_ACTION": "__owner_komodo-sync",
            **self.place,
        }
        code, log = 0, ""
        for step in action["runs"]["steps"]:
            if "run" not in step or step["name"] == "Install komodo-sync":
                continue
            if "if" in step and step["if"] != f"github.event_name == '{name}'":
                continue
            code, said = self._step(step, known, environment, shell=shell)
            log += said
            if code:
                break
        lines = files["GITHUB_OUTPUT"].read_text().splitlines()
        outputs = dict(line.split("=", 1) for line in lines)
        return Ran(code, log, outputs, files["GITHUB_STEP_SUMMARY"].read_text())

    def _step(
        self, step: Any, known: Mapping[str, str], environment: Mapping[str, str], *, shell: bool
    ) -> tuple[int, str]:
        def resolved(text: str) -> str:
            return EXPRESSION.sub(lambda found: known[found[1]], text)

        assert not EXPRESSION.search(step["run"]), "a value is never part of a shell's text"
        own = {key: resolved(value) for key, value in step.get("env", {}).items()}
        folder = self.work / resolved(step.get("working-directory", "."))
        if step.get("id") == "run" and not shell:
            return inside({**environment, **own}, folder)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder,
            env={**environment, **own},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout


def pull_request(runner: Runner, *, shell: bool = False, **inputs: str) -> Ran:
    """The action for a push to a pull request of the repository's own."""
    return runner.run("pull_request", REQUEST, ref="refs/pull/5/merge", shell=shell, **inputs)


def inside(environment: Mapping[str, str], folder: Path) -> tuple[int, str]:
    """The action's script in this process: its exit status, and its log."""
    log = io.StringIO()

    def start(words: Sequence[str], inner: Mapping[str, str], hear: Callable[[str], None]) -> int:
        heard = io.StringIO()
        with patch.dict(os.environ, inner, clear=True), redirect_stderr(heard):
            try:
                code = run(list(words))
            finally:
                # a command leaves it off, as its process ends with it
                gc.enable()
        for line in heard.getvalue().splitlines(keepends=True):
            hear(line)
        log.write(heard.getvalue())
        return code

    with chdir(folder), redirect_stdout(log), redirect_stderr(log):
        return main(environment, start), log.getvalue()


class GitHub:
    """The comments of GitHub's API, kept in memory. `refuses`: (method, status) that is answered instead; `theirs`: the
    comments that nobody here may change; `login`: whose token is used, where it is that of a person."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str]] = []
        self.refuses: dict[str, int] = {}
        self.theirs: set[int] = set()
        self.login = ""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        where, _, query = path.partition("?")
        if method in self.refuses:
            return self.refuses[method], {"message": "no"}
        if method == "GET" and where == "/repos/team/infra/issues/5/comments":
            page = int(re.search(r"page=(\d+)$", query)[1])  # type: ignore[index]
            return 200, self.comments[(page - 1) * 100 : page * 100]
        if method == "POST" and where == "/repos/team/infra/issues/5/comments":
            user = {"login": self.login or "github-actions[bot]", "type": "User" if self.login else "Bot"}
            self.comments.append({"id": len(self.comments) + 1, "body": body["body"], "user": user})
            return 201, self.comments[-1]
        if where == "/user":  # an app's token may not ask
            return (200, {"login": self.login}) if self.login else (403, {"message": "no"})
        found = re.fullmatch(r"/repos/team/infra/issues/comments/(\d+)", where)
        if method == "PATCH" and found and int(found[1]) in self.theirs:
            return 403, {"message": "no"}
        if method == "PATCH" and found:
            self.comments[int(found[1]) - 1]["body"] = body["body"]
            return 200, self.comments[int(found[1]) - 1]
        return 404, {"message": "Not Found"}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        github = self

        class Handler(BaseHTTPRequestHandler):
            def _do(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")
                github.asked.append((self.command, self.headers["Authorization"]))
                status, answer = github.answer(self.command, self.path, body)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Location", "http://127.0.0.1:1/") if status in (301, 302) else None
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PATCH = _do  # noqa: N815

            def log_message(self, *_: Any) -> None:
                """Nothing."""

        return Handler
