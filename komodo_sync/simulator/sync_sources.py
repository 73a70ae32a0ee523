"""Where the declarations of a resource sync are read: its own text, a commit, or files on the Core's host."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.model.data import Data, field
from komodo_sync.simulator import git, updates
from komodo_sync.simulator.declarations import Declarations, UndeclaredError
from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.markup import bold, colored, error_text, muted
from komodo_sync.simulator.names import path_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import State
    from komodo_sync.simulator.resources import Resource

UNPARSED = "failed to parse resource file contents"
STAGE = "Read remote resources"
HOST_FILES = "sync file"
"""The collection of the files that were written on the Core's host."""
REPOS, SYNCS = "/repo-cache", "/syncs"


class Sources(Data):
    """What was read: files, what could not be read, the stages of reading, the commit; `failure` is why there are no
    declarations."""

    declarations: Declarations = field(default_factory=Declarations)
    files: list[dict[str, str]] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)
    logs: list[dict[str, Any]] = field(default_factory=list)
    commit: git.Commit | None = None
    failure: RefusalError | None = None


def is_fresh(config: Mapping[str, Any]) -> bool:
    """Whether a sync says nowhere what it is about."""
    return not (config["files_on_host"] or config["file_contents"] or config["repo"] or config["linked_repo"])


def read(state: State, sync: Resource) -> Sources:
    """Reads everything anew."""
    config, found = sync["config"], Sources()
    source = git.source_of(state, config)
    if config["files_on_host"]:
        root = f"{SYNCS}/{path_name(sync['name'])}"
        _read_files(state, config, root, found, lambda path: host_file(state, sync, path))
    elif source["repo"]:
        _read_commit(state, config, source, found)
    elif config["linked_repo"]:
        found.failure = RefusalError("failed to get remote resources", git.NO_REPO)
    else:
        text = config["file_contents"]
        found.files = [{"resource_path": "", "path": "database file", "contents": text}]
        found.logs = [updates.log(state, "Read from database", "Resources added from database file")]
        _add(found, text, config)
    return found


def _add(found: Sources, text: str, config: Mapping[str, Any]) -> None:
    try:
        found.declarations.add(text, config["match_tags"])
    except UndeclaredError as error:
        found.failure = RefusalError(UNPARSED, str(error))


def _read_commit(state: State, config: Mapping[str, Any], source: dict[str, Any], found: Sources) -> None:
    commit = git.head(state, source)
    if commit is None:
        error = f"Remote branch {source['branch']} not found in upstream origin"
        found.logs = [updates.log(state, "Clone Repo", stderr=error, success=False)]
        found.errors = [{"resource_path": "Repo error", "path": "Failed at: Clone Repo", "contents": error}]
        found.failure = RefusalError("Repo clone / pull failed")
        return
    found.commit = commit
    found.logs = [
        updates.log(state, "Clone Repo"),
        updates.log(state, "Latest Commit", f"hash: {commit.hash}\nmessage: {commit.message}"),
    ]
    _read_files(state, config, f"{REPOS}/{source['repo']}", found, commit.read)


def _read_files(state: State, config: Mapping[str, Any], root: str, found: Sources, text_of: Any) -> None:
    for path in config["resource_path"]:
        where = f'"{root}/{path.removeprefix("./")}"'
        log = f"{muted('INFO')}: reading resources from {where}"
        text = text_of(path.removeprefix("./"))
        if text is None:
            error = error_text(f"Path {where} does not exist.", "Initialize the file to proceed.")
            found.errors.append({"resource_path": "", "path": path, "contents": error})
            log += f"{colored('ERROR', 'red')}: Resoure path {bold(path)} does not exist."
            found.logs.append(updates.log(state, STAGE, stderr=log, success=False))
            continue
        good = _read_file(found, path, text, config, where) if path.endswith(".toml") else True
        if good and path.endswith(".toml"):
            log += f"\n{muted('INFO')}: {colored('adding resources', 'green')} from {colored(path, 'blue')}"
        found.logs.append(
            updates.log(state, STAGE, log) if good else updates.log(state, STAGE, stderr=log, success=False)
        )


def _read_file(found: Sources, path: str, text: str, config: Mapping[str, Any], where: str) -> bool:
    found.files.append({"resource_path": "", "path": path, "contents": text})
    try:
        found.declarations.add(text, config["match_tags"])
    except UndeclaredError as error:
        contents = error_text(f"failed to read resources from {where}", UNPARSED, str(error))
        found.errors.append({"resource_path": "", "path": path, "contents": contents})
        return False
    return True


def host_file(state: State, sync: Resource, path: str) -> str | None:
    """The text of a file of a sync on the Core's host; None where there is none."""
    text: str | None = state.storage.get(HOST_FILES, _key(sync, path))
    return text


def write_host_file(state: State, sync: Resource, path: str, text: str) -> str:
    """Writes such a file; answers where it is."""
    state.storage.put(HOST_FILES, _key(sync, path), None, text)
    return f"{SYNCS}/{_key(sync, path)}"


def _key(sync: Resource, path: str) -> str:
    return f"{path_name(sync['name'])}/{path}"
