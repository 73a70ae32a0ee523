"""What the git providers of the embedded Core hold: commits that were pushed to it, or one that is made up.

There is no network here. A repository to which nothing was pushed cannot be read by the Core itself; the first
deploy, build or pull makes one up, with one commit on the branch and every file that is asked for.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from komodo_sync.simulator.requests import State

COLLECTION = "git"
NO_REPO = "resource has no repo attached"
DEFAULT_COMPOSE = "services:\n  app:\n    image: app:latest\n"


class Commit(Data, frozen=True):
    """The head of a branch. `files` is None when every path can be asked for."""

    hash: str
    message: str
    files: Mapping[str, str] | None = None

    def read(self, path: str) -> str | None:
        """The text of a file; None when the commit has none at that path."""
        if self.files is not None:
            return self.files.get(path)
        return DEFAULT_COMPOSE if path.endswith((".yaml", ".yml")) else f"# {path}\n"


def source_of(state: State, config: dict[str, Any]) -> dict[str, Any]:
    """The config that says where files come from: the linked repo's, or the resource's own."""
    linked = state.storage.get("Repo", config.get("linked_repo", "")) if config.get("linked_repo") else None
    return linked["config"] if linked else config


def head(state: State, config: dict[str, Any], *, make_up: bool = False) -> Commit | None:
    """The commit that a config asks for; None when it names no repository, or a branch that does not exist.

    `make_up` gives a repository to which nothing was pushed the branch that is asked for.
    """
    if not config["repo"]:
        return None
    key, branch, wanted = _key(config["git_provider"], config["repo"]), config["branch"], config["commit"]
    known = state.storage.get(COLLECTION, key) or {"made up": True, "branches": {}}
    commits = known["branches"].get(branch)
    if not commits and make_up and known["made up"]:
        digest = hashlib.sha256(f"{key} {branch}".encode()).hexdigest()
        commits = [{"hash": digest[:7], "message": "first commit", "files": None}]
        known["branches"][branch] = commits
        state.storage.put(COLLECTION, key, None, known)
    if not commits:
        return None
    chosen = next((one for one in commits if wanted and one["hash"].startswith(wanted[:7])), commits[-1])
    pinned = wanted[:7] if wanted and known["made up"] else chosen["hash"]
    return Commit(pinned, chosen["message"], chosen["files"])


def push(state: State, provider: str, repo: str, branch: str, files: Mapping[str, str | None], message: str) -> str:
    """A new commit that changes the given files (None removes one); answers its short hash."""
    key = _key(provider, repo)
    known = state.storage.get(COLLECTION, key) or {"branches": {}}
    known["made up"] = False
    commits: list[dict[str, Any]] = known["branches"].setdefault(branch, [])
    tree = dict(commits[-1]["files"] or {}) if commits else {}
    tree |= {path: text for path, text in files.items() if text is not None}
    for path, text in files.items():
        if text is None:
            tree.pop(path, None)
    digest = hashlib.sha256(repr((key, branch, len(commits), sorted(tree.items()), message)).encode())
    commits.append({"hash": digest.hexdigest()[:7], "message": message, "files": tree})
    state.storage.put(COLLECTION, key, None, known)
    return digest.hexdigest()[:7]


def read_files(commit: Commit, folder: str, paths: Sequence[str]) -> list[tuple[str, str | None]]:
    """The texts of files below a folder, None for those that are missing."""
    base = folder.strip("./")
    return [(path, commit.read(f"{base}/{path}" if base else path)) for path in paths]


def _key(provider: str, repo: str) -> str:
    return f"{provider}/{repo}"
