"""What action.yml runs: the one command that the event asks for, its reports, its comment.

Everything comes from the environment: INPUT_* from action.yml, GITHUB_* and RUNNER_TEMP from the runner. Nothing of it
is ever part of a shell's text. The exit status is that of komodo-sync, but that changes in a plan are no failure.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from github_comment import Comment, CommentError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MODES = ("validate", "plan", "apply", "drift")
REPORTS = {"markdown": "report.md", "html": "report.html", "junit": "junit.xml", "github": "annotations.txt"}
FOOTER_BYTES = 1_000
COMMENT_BYTES = 65_536
CHANGES, REFUSED, USAGE = 2, 4, 64
_CREDENTIALS = {
    "INPUT_URL": "KOMODO_CLI_HOST",
    "INPUT_KEY": "KOMODO_CLI_KEY",
    "INPUT_SECRET": "KOMODO_CLI_SECRET",
    "INPUT_PLAN_KEY": "KOMODO_SYNC_PLAN_KEY",
}


class Decision(NamedTuple):
    """What is done, and what is said about why it is not what was asked for."""

    mode: str
    note: str = ""


class RefusalError(Exception):
    """It is not run at all."""


def decide(asked: str, name: str, event: Mapping[str, Any], ref: str, *, has_key: bool) -> Decision:
    """The mode for an event. A fork's pull request is code of strangers, without secrets: it is validated, no more."""
    if name == "pull_request_target":
        raise RefusalError("pull_request_target hands secrets to the code of strangers; use pull_request")
    if asked not in ("auto", *MODES):
        raise RefusalError(f"command: {asked} is none of auto, {', '.join(MODES)}")
    if name == "pull_request":
        if is_fork(event):
            return Decision("validate", "this pull request comes from a fork: it is validated, without the Core")
        if not has_key:
            return Decision("validate", "this run has no API key: the manifests are validated, without the Core")
        # a pull request is never applied: it was not reviewed yet
        return Decision(asked if asked in ("validate", "drift") else "plan")
    if asked != "auto":
        return Decision(asked)
    if name == "push":
        default = (event.get("repository") or {}).get("default_branch")
        return Decision("apply" if default and ref == f"refs/heads/{default}" else "plan")
    return Decision("drift" if name == "schedule" else "plan")


def is_fork(event: Mapping[str, Any]) -> bool:
    """Whether a pull request's code is another repository's, or one that is gone."""
    request = event.get("pull_request") or {}
    head, base = ((request.get(side) or {}).get("repo") or {} for side in ("head", "base"))
    return not head.get("id") or head.get("id") != base.get("id")


class Run:
    """One run: its options, its folder of reports, and what it says to the runner."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._given = environment
        self.folder = Path(tempfile.mkdtemp(prefix="komodo-sync-", dir=environment.get("RUNNER_TEMP")))
        self._program = str(Path(sys.executable).with_name("komodo-sync"))
        self._inner = {key: value for key, value in environment.items() if not key.startswith("INPUT_")}
        self._inner |= {name: environment[word] for word, name in _CREDENTIALS.items() if environment.get(word)}

    @property
    def has_key(self) -> bool:
        """Whether a Core can be asked at all."""
        key = any(self._inner.get(f"KOMODO_CLI_KEY{ending}") for ending in ("", "_FILE"))
        return key or self._inner.get("KOMODO_CLI_HOST", "").startswith("sim:")

    def words(self, name: str) -> list[str]:
        """An input as words of a command line."""
        return shlex.split(self._given.get(name, ""))

    def komodo_sync(self, *words: str) -> int:
        """Runs the command; what it says goes to the log."""
        sys.stdout.flush()
        return subprocess.run([self._program, *words], env=self._inner, check=False).returncode  # noqa: S603

    def scoped(self, command: str, *words: str) -> list[str]:
        """A command with what narrows and shapes it."""
        target = self._given.get("INPUT_TARGET", "")
        return [command, *(["--target", target] if target else []), *words, *self.words("INPUT_PATHS")]

    def reports(self) -> list[str]:
        """Options that write every report into the folder."""
        room = ["--max-bytes", str(COMMENT_BYTES - FOOTER_BYTES)]
        return [*room, *(f"--report={form}={self.folder / name}" for form, name in REPORTS.items())]

    def validate(self) -> int:
        """Findings in words for the log, and as annotations."""
        code = self.komodo_sync(*self.scoped("validate"))
        self.komodo_sync(*self.scoped("validate", "--quiet", "--format", "github"))
        return code

    def plan(self) -> int:
        """Makes the plan file and its reports. 2 where there are changes."""
        options = ["--detailed-exitcode", "--out", str(self.folder / "plan.json"), *self.reports()]
        return self._told(self.komodo_sync(*self.scoped("plan", *options, *self.words("INPUT_ARGS"))))

    def drift(self) -> int:
        """2 where something is not as declared."""
        return self._told(self.komodo_sync(*self.scoped("drift", *self.reports(), *self.words("INPUT_ARGS"))))

    def apply(self, plan: str) -> int:
        """Does what the plan file says, and nothing else."""
        for name in REPORTS.values():
            (self.folder / name).unlink(missing_ok=True)
        words = ["apply", "--yes", "--plan", plan, *self.reports(), *self.words("INPUT_APPLY_ARGS")]
        return self._told(self.komodo_sync(*words))

    def _told(self, code: int) -> int:
        """Shows the annotations, and the summary on the run's page."""
        annotations, summary = (self._report(name) for name in ("github", "markdown"))
        sys.stdout.write(annotations)
        if summary:
            self.append("GITHUB_STEP_SUMMARY", summary)
        return code

    def _report(self, form: str) -> str:
        path = self.folder / REPORTS[form]
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def append(self, variable: str, text: str) -> None:
        """Adds to one of the runner's files."""
        if name := self._given.get(variable):
            with Path(name).open("a", encoding="utf-8") as file:
                file.write(f"{text.rstrip()}\n")

    def outputs(self, **values: str) -> None:
        """Hands values to later steps."""
        for name, value in values.items():
            self.append("GITHUB_OUTPUT", f"{name}={value}")

    def comment(self, event: Mapping[str, Any], code: int) -> None:
        """Keeps the pull request's comment up to date. That it cannot be written is a warning: the plan was made."""
        if self._given.get("INPUT_COMMENT", "true") != "true" or not self._given.get("INPUT_TOKEN"):
            return
        number = (event.get("pull_request") or {}).get("number")
        if not isinstance(number, int):
            return
        text = self._report("markdown")
        if not text:
            text = f"## Komodo plan: failed\n\nThere is no plan (exit status {code}): the log says why.\n"
        try:
            Comment.of(self._given, number).write(text)
        except CommentError as error:
            say("warning", f"the comment could not be written: {error}")


def say(level: str, text: str) -> None:
    """An annotation of the run."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    print(f"::{level} title=komodo-sync::{escaped}", flush=True)


def read_event(path: str) -> dict[str, Any]:
    """What the runner says about the event; nothing where there is no such file."""
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def perform(run: Run, decision: Decision, event: Mapping[str, Any], plan: str) -> int:
    """Does it. The exit status of the step."""
    mode, made = decision.mode, ""
    if mode == "validate":
        code, changes = run.validate(), False
    elif mode == "drift":
        code = run.drift()
        changes = code == CHANGES
    else:
        code = CHANGES if mode == "apply" and plan else run.plan()
        changes = code == CHANGES
        made = plan if mode == "apply" and plan else str(run.folder / "plan.json")
        if mode == "plan":
            run.comment(event, code)
        code = run.apply(made) if mode == "apply" and changes else 0 if changes else code
    made = made if made and Path(made).exists() else ""
    run.outputs(mode=mode, changes=str(changes).lower(), plan=made, reports=str(run.folder))
    return code


def main(environment: Mapping[str, str], arguments: Sequence[str] = ()) -> int:
    """The whole step."""
    del arguments
    event = read_event(environment.get("GITHUB_EVENT_PATH", ""))
    run = Run(environment)
    name, ref = environment.get("GITHUB_EVENT_NAME", ""), environment.get("GITHUB_REF", "")
    try:
        decision = decide(environment.get("INPUT_COMMAND") or "auto", name, event, ref, has_key=run.has_key)
    except RefusalError as refusal:
        say("error", str(refusal))
        return REFUSED if name == "pull_request_target" else USAGE
    if decision.note:
        say("notice", decision.note)
    return perform(run, decision, event, environment.get("INPUT_PLAN", ""))


if __name__ == "__main__":
    sys.exit(main(os.environ))
