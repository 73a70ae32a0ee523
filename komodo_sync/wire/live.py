"""The Core's JSON about what runs -> facts: `info` of a resource, items of a list, Updates."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from komodo_sync.errors import NotKomodoError
from komodo_sync.model.data import Data
from komodo_sync.model.running import Event, FetchedFile, Running

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from komodo_sync.kinds.lifecycle import Lifecycle
    from komodo_sync.kinds.spec import KindSpec

_MARKUP = re.compile(r"</?span[^>]*>")
_HASH = re.compile(r"^hash:\s*([0-9a-f]{4,64})\b", re.MULTILINE)
_BUSY = "resource is busy"
_VARIABLE = re.compile(r"""(?:variable: |name: )["']?([A-Za-z_]\w{0,499})["']?""")

_RENAMED = re.compile(r"^Renamed .* from (\S+) to \S+\s*$", re.MULTILINE)


class Listed(Data, frozen=True):
    """One item of a list of states. `fetches`: its files come from git or from a host, so that Core keeps them.
    `error`: why it is in that state, where the Core says so."""

    id: str
    name: str
    state: str
    fetches: bool
    hash: str = ""
    error: str = ""


class Record(Data, frozen=True):
    """One item of ListUpdates."""

    id: str
    target: str
    operation: str
    at: int
    by: str
    success: bool
    complete: bool
    user: str = ""

    def event(self, stage: str = "", commit: str = "") -> Event:
        """The same as a fact."""
        return Event(self.operation, self.at, self.by, stage, commit, self.user)


def read_listed(answer: Any, operation: str) -> list[Listed]:
    """The items of a List* answer. Raises NotKomodoError."""
    try:
        return [_listed(item) for item in answer]
    except (AttributeError, KeyError, TypeError) as error:
        raise NotKomodoError(
            f"the answer to {operation} is not a list of resources", detail=f"{type(error).__name__} while reading it"
        ) from None


def _listed(item: Mapping[str, Any]) -> Listed:
    info = item["info"] or {}
    fetches = any(info.get(word) for word in ("files_on_host", "linked_repo", "repo"))
    error = info.get("err")
    # Core calls a server by its id there
    why = str(error.get("error") or "").replace(item["id"], item["name"]) if isinstance(error, dict) else ""
    return Listed(item["id"], item["name"], info.get("state") or "", fetches, info.get("cloned_hash") or "", why)


def read_running(lifecycle: Lifecycle, raw: Mapping[str, Any], listed: Listed | None = None) -> Running:
    """The facts of a full resource. `listed`: its item in the list of states, which knows what is checked out."""
    info = raw.get("info") or {}
    deployed, fetched = info.get("deployed_contents"), info.get("remote_contents")
    known: dict[str, str] | None = None
    if isinstance(deployed, list):
        known = {item["path"]: item["contents"] for item in deployed}
    elif info.get("deployed_name"):
        known = {}
    files = [_file(item) for item in fetched] if isinstance(fetched, list) else None
    failed = [*(info.get("remote_errors") or ())]
    if info.get("remote_error"):
        failed.append({"path": info.get("remote_path") or "", "contents": info["remote_error"]})
    return Running(
        deployed=known,
        fetched=None if files is None else tuple(files),
        unreadable=tuple((str(item.get("path", "")), plain(str(item.get("contents", "")))) for item in failed),
        missing=tuple(info.get("missing_files") or ()),
        deployed_hash=(info.get(lifecycle.done_hash) or (listed.hash if listed else "")) if lifecycle.done_hash else "",
        latest_hash=info.get(lifecycle.latest_hash) or "" if lifecycle.latest_hash else "",
        done_at=int(info.get(lifecycle.done_at) or 0) if lifecycle.done_at else 0,
    )


def _file(item: Mapping[str, Any]) -> FetchedFile:
    return FetchedFile(
        item["path"], item["contents"], tuple(item.get("services") or ()), item.get("requires") or "None"
    )


def read_records(answer: Any) -> tuple[list[Record], int | None]:
    """The records of a page of ListUpdates, newest first, and the number of the next page. Raises NotKomodoError."""
    try:
        return [_record(item) for item in answer["updates"]], answer["next_page"]
    except (AttributeError, KeyError, TypeError) as error:
        raise NotKomodoError(
            "the answer to ListUpdates is not a page of updates", detail=f"{type(error).__name__} while reading it"
        ) from None


def _record(item: Mapping[str, Any]) -> Record:
    return Record(
        item["id"],
        item["target"].get("id", ""),
        item["operation"],
        int(item["start_ts"]),
        item.get("operator") or "",
        bool(item["success"]),
        item["status"] == "Complete",
        item.get("username") or "",
    )


def was_refused_as_busy(update: Mapping[str, Any]) -> bool:
    """Whether it failed because another action ran on the resource, so that nothing was done."""
    failed = [log for log in update.get("logs") or () if not log.get("success", True)]
    return any(log.get("stage") == "Task Error" and _BUSY in plain(log.get("stderr") or "").lower() for log in failed)


def failed_stage(update: Mapping[str, Any]) -> str:
    """The stage at which it failed; empty where none says so."""
    return next((str(log["stage"]) for log in update.get("logs") or () if not log.get("success", True)), "")


def commit_of(update: Mapping[str, Any]) -> str:
    """The commit that a deploy, build, clone or pull took, as it says; empty where it does not."""
    if update.get("commit_hash"):
        return str(update["commit_hash"])
    for log in update.get("logs") or ():
        if log.get("stage") == "Latest Commit" and (found := _HASH.search(plain(log.get("stdout") or ""))):
            return found[1]
    return ""


def variable_of(update: Mapping[str, Any]) -> str:
    """The variable that an Update is about; empty where it does not say. Its value is not looked at."""
    for log in update.get("logs") or ():
        if found := _VARIABLE.search(plain(log.get("stdout") or "")):
            return found[1]
    return ""


def former_name(update: Mapping[str, Any]) -> str:
    """What it was called before a rename; empty where that does not say."""
    logs = update.get("logs") or ()
    return next((found[1] for log in logs if (found := _RENAMED.search(plain(log.get("stdout") or "")))), "")


def changed_fields(
    spec: KindSpec, first: Mapping[str, Any], last: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]] | None:
    """The fields of the config that differ between what was before the Update `first` and what was after `last`, by
    Core's own name for them; None where they do not tell."""
    before, after = _config(spec, first.get("prev_toml")), _config(spec, last.get("current_toml"))
    if before is None or after is None:
        return None
    return {
        name: (before.get(name), after.get(name))
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    }


def _config(spec: KindSpec, text: Any) -> dict[str, Any] | None:
    try:
        tables = tomllib.loads(text or "")
    except (TypeError, tomllib.TOMLDecodeError):
        return None
    entries = next((tables[word] for word in spec.toml if tables.get(word)), None)
    if not isinstance(entries, list) or not entries:
        return None
    names = {word: item.name for item in spec.fields().values() for word in item.spellings}
    return {names.get(word, word): value for word, value in (entries[0].get("config") or {}).items()}


def plain(text: str) -> str:
    """A text of Core's without its markup."""
    return _MARKUP.sub("", text)


def operations_of(spec: KindSpec) -> Iterable[str]:
    """The operations whose records say what became of what is declared. Who made it matters to what is run after a
    change alone: a page holds a hundred records."""
    lifecycle = spec.lifecycle
    if lifecycle is None:
        return ()
    starts = filter(None, (lifecycle.start, lifecycle.resume))
    return (
        *lifecycle.deploys,
        *lifecycle.partly,
        *lifecycle.stops,
        *starts,
        spec.update,
        *((spec.rename,) if spec.folder or spec.images else ()),
        *((spec.create,) if spec.runs else ()),
    )
