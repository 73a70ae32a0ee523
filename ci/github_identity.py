"""Of which step a comment is: told apart from those of all other steps, and told to its reader.

Steps are told apart by where they stand (workflow, job, the job's values of a matrix, step) and by what they plan: the
Core, the folder, the target, and what the options say of it. These are never part of it:

- values of variables (`--var`): one may be a secret, and of a short one the digest would be guessed;
- what merely allows something or shapes the output, so that a plan that was refused is replaced by the one that is not;
- commits: `--select changed:...` means the same in every run.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from github_failure import unseen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MEANS = ("--target", "--overlay", "--select", "--settings", "--owner", "--profile", "--env-file")
"""Options of plan and drift that say what is planned."""
TAKES = {
    *MEANS,
    *("--url", "--key", "--secret", "--var", "--omitted-fields", "--allow-deletes", "--allow-deploys"),
    *("--format", "--report", "--max-bytes", "--out"),
}
"""All of them that take a value, which is no path."""
CHARACTERS, BYTES = 60, 500
_COMMIT = re.compile(r"\b[0-9a-f]{40}\b")


class Identity(NamedTuple):
    """`key`: the same in every run of the step, and of no other step. `label`: Markdown for who reads its comment."""

    key: str
    label: str

    @classmethod
    def of(cls, environment: Mapping[str, str], commit: str) -> Identity:
        """That of the step that runs, for a plan of `commit`."""

        def said(name: str) -> str:
            return environment.get(name, "")

        options = _options(shlex.split(said("INPUT_ARGS")))
        host = _host(dict(options).get("--url") or said("INPUT_URL") or said("KOMODO_CLI_HOST"))
        folder = os.path.normpath(said("INPUT_DIRECTORY") or os.curdir)
        means = [value if name == "" else f"{name} {value}" for name, value in options if name in ("", *MEANS)]
        if target := said("INPUT_TARGET"):
            means.insert(0, f"--target {target}")
        means += shlex.split(said("INPUT_PATHS"))
        # without what the branch is called: it is that of the pull request
        workflow = said("GITHUB_WORKFLOW_REF").partition("@refs/")[0] or said("GITHUB_WORKFLOW")
        key = said("INPUT_COMMENT_KEY")
        world = [workflow, said("GITHUB_JOB"), said("GITHUB_ACTION"), key, host, folder, means]
        digest = sha256(_COMMIT.sub("", json.dumps(world)).encode()).hexdigest()[:16]
        told = [said("GITHUB_WORKFLOW"), said("GITHUB_JOB"), _values(key)]
        parts = [_code(word) for word in told if word.strip()]
        parts += [f"in {_code(folder)}"] if folder != os.curdir else []
        parts += [_code(word) for word in means if word.strip()]
        parts += [f"commit {_code(commit[:7])}"] if commit else []
        return cls(digest, _joined(parts))


def _options(words: Sequence[str]) -> list[tuple[str, str]]:
    """The options of a command line that take a value, and its other words, as of an option without a name."""
    found, rest = [], iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if word == "--":
            found += [("", path) for path in rest]
        elif name in TAKES:
            found.append((name, value if equals else next(rest, "")))
        elif not word.startswith("-"):
            found.append(("", word))
    return found


def _host(url: str) -> str:
    """Without who asks, and without what is written one way or another."""
    if url.startswith("sim:"):
        return url
    return re.sub(r"^\w+://", "", url).partition("/")[0].rpartition("@")[2].lower()


def _values(key: str) -> str:
    """A job's values of a matrix as words; another key as it is."""
    try:
        values = json.loads(key)
    except ValueError:
        return key
    if not isinstance(values, dict):
        return "" if values is None else key
    return ", ".join(
        f"{name}: {value if isinstance(value, str) else json.dumps(value)}" for name, value in values.items()
    )


def _code(text: str) -> str:
    """Code, which nothing in it can end."""
    shown = unseen(text).replace("`", "'").strip()
    return f"`{shown if len(shown) <= CHARACTERS else f'{shown[: CHARACTERS - 1]}…'}`"


def _joined(parts: Sequence[str]) -> str:
    """As many of them as have room."""
    return " · ".join(_fitting(parts))


def _fitting(parts: Sequence[str]) -> Iterator[str]:
    room = BYTES
    for part in parts:
        room -= len(f" · {part}".encode())
        if room < 0:
            return
        yield part
