"""Two embedded Cores: what one holds is exported, and applied to the other."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from komodo_sync.client.snapshot import observe
from komodo_sync.execution.stop import StopFlag
from komodo_sync.export import Exported, export
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.pairs import read_pairs
from komodo_sync.manifest import load
from komodo_sync.manifest.lookup import Lookup
from komodo_sync.model.diagnostic import Severity
from komodo_sync.model.sealed import reveal_sealed
from komodo_sync.planning import Options
from komodo_sync.session import Session, apply, connect, plan
from komodo_sync.settings import find_connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from komodo_sync.export import Split, Wanted
    from komodo_sync.manifest import Loaded
    from komodo_sync.model.observed import Observed
    from komodo_sync.model.outcome import StepOutcome, Wait
    from komodo_sync.model.plan import Plan, Step

VOLATILE = frozenset({"_id", "updated_at", "info", "last_updated", "owner", "base_permission", "unused"})
"""Ids, times, what was deployed, and who made it."""


USERS = ("alice", "bob")
"""Who is known to every Core: users are declared nowhere."""


class Silent:
    """A Listener that is told."""

    def started(self, step: Step) -> None: ...
    def waiting(self, step: Step, wait: Wait) -> None: ...
    def finished(self, outcome: StepOutcome) -> None: ...
    def note(self, text: str) -> None: ...


@dataclass
class Bench:
    """Cores in memory, each new and empty, and folders that are gone in the end."""

    _stack: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def core(self) -> Session:
        session = self._stack.enter_context(connect(find_connection(url="sim:", environment={})))
        for name in USERS:
            session.writer.write("CreateServiceUser", {"username": name, "description": ""})
        return session

    def folder(self) -> Path:
        return Path(self._stack.enter_context(tempfile.TemporaryDirectory()))


def everything(session: Session) -> Observed:
    return observe(session.reader, frozenset(KINDS), states=False)


def exported(session: Session, split: Split = "kind") -> Exported:
    """All that a Core holds, as files by path."""
    observed = everything(session)
    return export(observed, observed.resources, split=split)


def put(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text.encode())


def loaded(folder: Path, environment: Mapping[str, str] | None = None) -> Loaded:
    """The folder's manifests, in which nothing is wrong."""
    lookup = Lookup(env=(environment or {}).get)
    found = load([folder], settings=None, root=folder, lookup=lookup)
    errors = [item for item in found.diagnostics if item.severity is Severity.ERROR]
    assert not errors, errors
    return found


def planned(session: Session, folder: Path, environment: Mapping[str, str] | None = None) -> Plan:
    return plan(session, loaded(folder, environment), Options()).plan


def applied(session: Session, folder: Path, environment: Mapping[str, str] | None = None) -> None:
    """The folder's manifests become what the Core holds, to the last."""
    declared, options = loaded(folder, environment), Options(deploy=False)
    made = plan(session, declared, options)
    outcome = apply(session, made, declared, options, parallelism=1, verify=True, listener=Silent(), stop=StopFlag())
    assert outcome.complete, [(str(item.step), item.message) for item in outcome.results if item.message]


def held(session: Session) -> dict[str, Any]:
    """The raw answers of every list, without what differs between any two Cores: ids become names, tags are a set."""
    found = {spec.name: _list(session, spec.lists) for spec in KINDS.values()}
    names = {
        item["_id"]["$oid"]: KINDS[kind].name_of(item)
        for kind, items in found.items()
        for item in items
        if "_id" in item
    }
    users: Any = session.reader.read("ListUsers", {})
    names |= {user["_id"]["$oid"]: user["username"] for user in users}
    for group in found["user_group"]:
        target = {"user_target": {"type": "UserGroup", "id": group["_id"]["$oid"]}}
        rows: Any = session.reader.read("ListUserTargetPermissions", target)
        about = {(row["resource_target"]["type"], names[row["resource_target"]["id"]]): _allowed(row) for row in rows}
        group["permissions"] = {key: each for key, each in about.items() if any(each)}
        group["all"] = {core: _allowed(each) for core, each in group["all"].items() if any(_allowed(each))}
    return {
        kind: {
            KINDS[kind].name_of(item): _named({key: value for key, value in item.items() if key not in VOLATILE}, names)
            for item in items
        }
        for kind, items in found.items()
    }


def _allowed(grant: Any) -> tuple[str, list[str]]:
    """A permission; what was taken away is kept at the level None."""
    whole = {"level": grant, "specific": []} if isinstance(grant, str) else grant
    return whole["level"].replace("None", ""), sorted(set(whole["specific"]))


def _list(session: Session, operation: str) -> list[dict[str, Any]]:
    paged = operation.startswith("ListFull")
    answer = session.reader.read(operation, {"query": {}, "page": 0, "limit": 0} if paged else {})
    assert isinstance(answer, list)
    return answer


def _named(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: sorted(_named(each, names)) if key == "tags" and all(isinstance(tag, str) for tag in each)
                else sorted(set(_named(each, names))) if key == "users"
                else _named(each, names) for key, each in value.items()}  # fmt: skip
    if isinstance(value, list):
        return [_named(each, names) for each in value]
    return names.get(value, value) if isinstance(value, str) else value


def assert_round_trip(bench: Bench, source: Session, split: Split = "kind") -> dict[str, str]:
    """Exported and applied to an empty Core, everything is there again; and a plan right after is empty."""
    made = exported(source, split)
    assert not made.omissions, made.omissions
    folder, other = bench.folder(), bench.core()
    put(folder, made.files)
    environment = secrets(everything(source), made.wanted)
    assert not planned(source, folder, environment).has_changes
    assert not planned(source, folder).has_changes, "what is not set is no change"
    applied(other, folder, environment)
    assert held(other) == held(source)
    return dict(made.files)


def secrets(observed: Observed, wanted: Iterable[Wanted]) -> dict[str, str]:
    """The environment that the placeholders ask for."""
    return {item.name: _secret(observed.resources[item.address].config, item.field.split("/")) for item in wanted}


def _secret(value: Any, path: list[str]) -> str:
    if isinstance(value, str) and path:
        lines = "\n".join(line.strip().lstrip("#/ ") for line in value.split("\n"))
        found = [pair.value for pair in read_pairs(lines)[0] if pair.key == path[0]]
        text = found[int(path[1]) - 1 if path[1:] else 0]
        return text[1:-1] if text[0] in "'\"" and text[0] == text[-1] and len(text) > 1 else text
    if not path:
        revealed = reveal_sealed(value)
        assert isinstance(revealed, str)
        return revealed
    if isinstance(value, list):
        return _secret(value[int(path[0]) - 1], path[1:])
    inner = value if path[0] in value else value["params"]
    return _secret(inner[path[0]], path[1:])
