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
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from github_comment import Comment, CommentError
from github_failure import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Start = Callable[[Sequence[str], Mapping[str, str], Callable[[str], None]], int]

MODES = ("validate", "plan", "apply", "drift")
REPORTS = {"markdown": "report.md", "html": "report.html", "junit": "junit.xml", "github": "annotations.txt"}
APPLY_REPORTS = {form: f"apply-{name}" for form, name in REPORTS.items()}
"""Beside those of the plan; also where apply refuses to start, which says why."""
FOOTER_BYTES = 1_000
COMMENT_BYTES = 65_536
CHANGES, REFUSED, USAGE = 2, 4, 64
SAID_LINES = 400
UNSURE = frozenset(
    {"unseen-kinds", "unseen-values", "missing-value"}
    | {"busy", "state-unknown", "deploy-withheld", "not-running", "files-unknown"}
)
"""Codes of a plan's findings that something was not compared, or may not run as declared: a plan without changes is
then no proof that there is nothing to do."""
_YES, _NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0", "")
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
    # also a review of one, and a comment in a review: what is approved is not merged yet
    if name.startswith("pull_request") or "pull_request" in event:
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


def started(words: Sequence[str], environment: Mapping[str, str], hear: Callable[[str], None]) -> int:
    """Runs komodo-sync; its exit status. All that it says goes to the log, and `hear` is told each line of stderr."""
    program = Path(sys.executable).with_name("komodo-sync")
    sys.stdout.flush()
    with subprocess.Popen([program, *words], env=environment, stderr=subprocess.PIPE) as process:  # noqa: S603
        for line in process.stderr or ():
            text = line.decode(errors="replace")
            hear(text)
            sys.stderr.write(text)
            sys.stderr.flush()
    return process.returncode


class Run:
    """One run: its options, its folder of reports, and what it says to the runner."""

    def __init__(self, environment: Mapping[str, str], start: Start) -> None:
        self._given, self._start = environment, start
        self.folder = Path(tempfile.mkdtemp(prefix="komodo-sync-", dir=environment.get("RUNNER_TEMP")))
        self._inner = {key: value for key, value in environment.items() if not key.startswith("INPUT_")}
        self._inner |= {name: environment[word] for word, name in _CREDENTIALS.items() if environment.get(word)}
        self._said: deque[str] = deque(maxlen=SAID_LINES)
        self._words = {name: self._split(name) for name in ("INPUT_PATHS", "INPUT_ARGS", "INPUT_APPLY_ARGS")}
        comment = environment.get("INPUT_COMMENT", "true").strip().lower()
        if comment not in (*_YES, *_NO):
            raise RefusalError(f"comment: {comment} is neither true nor false")
        self._comments = comment in _YES

    @property
    def has_key(self) -> bool:
        """Whether a Core can be asked at all."""
        key = any(self._inner.get(f"KOMODO_CLI_KEY{ending}") for ending in ("", "_FILE"))
        return key or self._inner.get("KOMODO_CLI_HOST", "").startswith("sim:")

    def words(self, name: str) -> list[str]:
        """An input as words of a command line."""
        return self._words[name]

    def _split(self, name: str) -> list[str]:
        try:
            return shlex.split(self._given.get(name, ""))
        except ValueError as error:
            raise RefusalError(f"{name.removeprefix('INPUT_').lower().replace('_', '-')}: {error}") from None

    def komodo_sync(self, *words: str) -> int:
        """Runs the command; what it says goes to the log, and what it says of errors is kept as well."""
        self._said.clear()
        return self._start(words, self._inner, self._said.append)

    def scoped(self, command: str, *words: str) -> list[str]:
        """A command with what narrows and shapes it."""
        target = self._given.get("INPUT_TARGET", "")
        return [command, *(["--target", target] if target else []), *words, *self.words("INPUT_PATHS")]

    def reports(self, names: Mapping[str, str] = REPORTS) -> list[str]:
        """Options that write every report into the folder."""
        room = ["--max-bytes", str(COMMENT_BYTES - FOOTER_BYTES)]
        return [*room, *(f"--report={form}={self.folder / name}" for form, name in names.items())]

    def validate(self) -> int:
        """Findings in words for the log, and as annotations and the summary; what keeps them from being found is told
        as of any other mode."""
        words = self.scoped("validate", *self.words("INPUT_ARGS"))
        code = self.komodo_sync(*words)
        if any(line.lower().startswith(("error: ", "usage: ")) for line in self._said):
            return self._told("validate", code)
        self.komodo_sync(*words, "--quiet", "--format", "github")
        return code

    def plan(self) -> int:
        """Makes the plan file and its reports. 2 where there are changes."""
        options = ["--detailed-exitcode", "--out", str(self.folder / "plan.json"), *self.reports()]
        return self._told("plan", self.komodo_sync(*self.scoped("plan", *options, *self.words("INPUT_ARGS"))))

    def drift(self) -> int:
        """2 where something is not as declared."""
        return self._told("drift", self.komodo_sync(*self.scoped("drift", *self.reports(), *self.words("INPUT_ARGS"))))

    def apply(self, plan: str) -> int:
        """Does what the plan file says, and nothing else."""
        words = ["apply", "--yes", "--plan", plan, *self.reports(APPLY_REPORTS), *self.words("INPUT_APPLY_ARGS")]
        return self._told("apply", self.komodo_sync(*words), APPLY_REPORTS)

    def _told(self, mode: str, code: int, names: Mapping[str, str] = REPORTS) -> int:
        """Shows the annotations; the summary on the run's page came with them. Without reports both are of what was
        said."""
        annotations = self._report(names["github"])
        if not annotations and code:
            failure = Failure(mode, code, self._said)
            for item in failure.annotations(self._given.get("GITHUB_WORKSPACE", "")):
                say(item.level, item.text, item.title, **item.place)
            self.append("GITHUB_STEP_SUMMARY", failure.markdown())
        sys.stdout.write(annotations)
        sys.stdout.flush()
        return code

    def _report(self, name: str) -> str:
        path = self.folder / name
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
        if not self._comments or not self._given.get("INPUT_TOKEN"):
            return
        request = event.get("pull_request") or {}
        number, commit = request.get("number"), (request.get("head") or {}).get("sha")
        if not isinstance(number, int):
            return
        text = self._report(REPORTS["markdown"]) or Failure("plan", code, self._said).markdown()
        try:
            Comment.of(self._given, number, str(commit or "")).write(text)
        except CommentError as error:
            say("warning", f"the comment could not be written: {error}")


def say(level: str, text: str, title: str = "komodo-sync", **place: str) -> None:
    """An annotation of the run, or of a place in a file."""

    def escaped(said: str) -> str:
        return said.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    properties = {**place, "title": title}
    words = ",".join(
        f"{key}={escaped(word).replace(':', '%3A').replace(',', '%2C')}" for key, word in properties.items()
    )
    print(f"::{level} {words}::{escaped(text)}", flush=True)


def read_json(path: str) -> dict[str, Any]:
    """An object in a file, as the runner's of the event or a plan; nothing where there is no such file."""
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def is_sure(plan: str) -> bool:
    """Whether what a plan file does not change is known to be as declared."""
    findings = read_json(plan).get("findings", [])
    return UNSURE.isdisjoint(item.get("code", "") for item in findings)


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
        made = plan if mode == "apply" and plan else str(run.folder / "plan.json")
        planned = code in (0, CHANGES)
        changes = code == CHANGES or (planned and not is_sure(made))
        if mode == "plan":
            run.comment(event, code)
        if planned:
            # also a plan of nothing is applied: that proves it, and keeps the commit as the last applied one
            code = run.apply(made) if mode == "apply" else 0
    made = made if made and Path(made).exists() else ""
    run.outputs(mode=mode, changes=str(changes).lower(), plan=made, reports=str(run.folder))
    return code


def main(environment: Mapping[str, str], start: Start = started) -> int:
    """The whole step. `start` runs komodo-sync."""
    event = read_json(environment.get("GITHUB_EVENT_PATH", ""))
    name, ref = environment.get("GITHUB_EVENT_NAME", ""), environment.get("GITHUB_REF", "")
    try:
        run = Run(environment, start)
        decision = decide(environment.get("INPUT_COMMAND") or "auto", name, event, ref, has_key=run.has_key)
    except RefusalError as refusal:
        say("error", str(refusal))
        return REFUSED if name == "pull_request_target" else USAGE
    if decision.note:
        say("notice", decision.note)
    return perform(run, decision, event, environment.get("INPUT_PLAN", ""))


if __name__ == "__main__":
    sys.exit(main(os.environ))
