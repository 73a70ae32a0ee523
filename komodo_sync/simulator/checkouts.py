"""Git checkouts on the servers: cloned once, pulled afterwards, and (where the cache is on) seldom anew.

A host pulls a checkout at most once in the cache's time: within it a pull answers what the last one got, whatever was
pushed meanwhile and whichever branch is asked for. Clones are never kept back so. The Core does the same with what it
reads itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.model.data import asdict
from komodo_sync.simulator import git

if TYPE_CHECKING:
    from komodo_sync.simulator.executions import Logs, Run
    from komodo_sync.simulator.requests import State

CHECKOUTS = "checkout"
"""By the id of the repo, stack or build that it belongs to."""
_READ_BY_CORE = "read by core"


def checkout_of(state: State, key: str) -> dict[str, Any] | None:
    """What is checked out: `hash`, `message`, `files`; None where nothing was cloned."""
    found: dict[str, Any] | None = state.storage.get(CHECKOUTS, key)
    return found


def check_out(run: Run, key: str, config: dict[str, Any], logs: Logs, *, clone: bool = False) -> git.Commit | None:
    """Clones, or pulls what is there, and tells the stages of it; None when a stage of it failed."""
    state, held = run.state, checkout_of(run.state, key)
    if clone or held is None or config.get("reclone"):
        commit = git.head(state, config, make_up=True)
        url = f"{'https' if config['git_https'] else 'http'}://{config['git_provider']}/{config['repo']}"
        logs.append(run.log("Clone Repo", command=f"git clone {url} -b {config['branch']}", success=commit is not None))
        pulled = None if held is None else held.get("pulled")
    else:
        commit, pulled = _pulled(state, config, held)
        logs.append(run.log("Set Git Remote"))
        logs.append(
            run.log("Checkout branch", command=f"git checkout -f {config['branch']}", success=commit is not None)
        )
        if commit is not None:
            logs.append(run.log("Git pull", f"Already up to date at {commit.hash}\n"))
    if commit is None or not logs[-1]["success"]:
        return None
    state.storage.put(CHECKOUTS, key, None, {**_document(commit), "pulled": pulled})
    logs.append(run.log("Latest Commit", f"hash: {commit.hash}\nmessage: {commit.message}"))
    return commit


def _pulled(state: State, config: dict[str, Any], held: dict[str, Any]) -> tuple[git.Commit | None, Any]:
    last = held.get("pulled")
    if last and state.clock() - last["at"] < state.pull_cache:
        return git.Commit(**last["commit"]), last
    commit = git.head(state, config, make_up=True)
    return commit, commit and {"at": state.clock(), "commit": _document(commit)}


def read_by_core(state: State, key: str, config: dict[str, Any]) -> git.Commit | None:
    """The newest commit of a branch as the Core finds it itself: of a moment ago, where its cache is on."""
    if not state.pull_cache:
        return git.head(state, config)
    place = f"{key} {config['git_provider']}/{config['repo']} {config['branch']}"
    last = state.storage.get(_READ_BY_CORE, place)
    if last and state.clock() - last["at"] < state.pull_cache:
        return git.Commit(**last["commit"])
    commit = git.head(state, config)
    if commit is not None:
        state.storage.put(_READ_BY_CORE, place, None, {"at": state.clock(), "commit": _document(commit)})
    return commit


def _document(commit: git.Commit) -> dict[str, Any]:
    found = asdict(commit)
    return found | {"files": None if commit.files is None else dict(commit.files)}
