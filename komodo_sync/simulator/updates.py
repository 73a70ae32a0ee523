"""Update records: what was done, by whom, and how it ended."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import id_error, looks_like_id, new_id
from komodo_sync.simulator.jsontext import write
from komodo_sync.simulator.markup import error_text
from komodo_sync.simulator.matching import read_query, select
from komodo_sync.simulator.permissions import permitted, require
from komodo_sync.simulator.users import BUILT_IN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from komodo_sync.simulator.requests import Call, Handler, State

Update = dict[str, Any]
PAGE = 100
SYSTEM = {"type": "System", "id": "system"}


def log(
    state: State, stage: str, stdout: str = "", *, command: str = "", stderr: str = "", success: bool = True
) -> dict[str, Any]:
    """One stage of what was done."""
    now = state.clock()
    return {
        "stage": stage,
        "command": command,
        "stdout": stdout,
        "stderr": stderr,
        "success": success,
        "start_ts": now,
        "end_ts": now,
    }


def error_log(state: State, stage: str, error: str, *trace: str) -> dict[str, Any]:
    """A failed stage, with Core's colouring of errors."""
    return log(state, stage, stderr=error_text(error, *trace), success=False)


def begin(state: State, operator: str, operation: str, target: Mapping[str, str], **more: Any) -> Update:
    """A new record of something that is under way. `success` is true until the end, as Core has it."""
    update: Update = {
        "_id": {"$oid": new_id()},
        "operation": operation,
        "start_ts": state.clock(),
        "success": True,
        "operator": operator,
        "target": dict(target),
        "logs": [],
        "end_ts": None,
        "status": "InProgress",
        **more,
    }
    save(state, update)
    return update


def finish(state: State, update: Update, logs: Sequence[dict[str, Any]], **more: Any) -> Update:
    """The same record, complete; it is a success when all its stages are."""
    update |= {
        "logs": list(logs),
        "success": all(stage["success"] for stage in logs),
        "end_ts": state.clock(),
        "status": "Complete",
        **more,
    }
    save(state, update)
    return update


def record(
    call: Call, operation: str, target: Mapping[str, str], logs: Sequence[dict[str, Any]] = (), **more: Any
) -> Update:
    """A record of something that is already over."""
    return finish(call.state, begin(call.state, call.user.id, operation, target), logs, **more)


def save(state: State, update: Update) -> None:
    """Stores a record, new or changed."""
    target = update["target"]
    state.storage.query(
        "INSERT INTO updates(id, target_type, target_id, operation, complete, success, body) VALUES(?,?,?,?,?,?,?) "
        "ON CONFLICT(id) DO UPDATE SET complete=excluded.complete, success=excluded.success, body=excluded.body",
        update["_id"]["$oid"],
        target["type"],
        target["id"],
        update["operation"],
        update["status"] == "Complete",
        update["success"],
        write(update),
    )


def find(state: State, key: str) -> Update:
    """A record by id. 500 when there is none."""
    if not looks_like_id(key):
        raise RefusalError("failed to query to db", "id is not ObjectId", id_error(key))
    rows = state.storage.query("SELECT body FROM updates WHERE id=?", key.lower())
    if not rows:
        raise RefusalError("no update exists with given id")
    found: Update = json.loads(rows[0][0])
    return found


def newest(state: State, target_id: str, operations: Sequence[str]) -> tuple[bool, bool] | None:
    """Whether the newest record of these operations on a resource is complete, and whether it is a success."""
    rows = state.storage.query(
        "SELECT complete, success FROM updates WHERE target_id=? AND operation IN (SELECT value FROM json_each(?)) "
        "ORDER BY number DESC LIMIT 1",
        target_id,
        write(list(operations)),
    )
    return (bool(rows[0][0]), bool(rows[0][1])) if rows else None


def username(state: State, key: str) -> str:
    """The name of who did it. A user of Core's own is shown by id, one who is no more as unknown."""
    return key if key in BUILT_IN else state.storage.names("User").get(key, "unknown")


def _get(call: Call) -> Update:
    update = find(call.state, call.params["id"])
    target = update["target"]
    if target["type"] == "System":
        if not call.user.admin:
            raise RefusalError("user must be admin to view system updates")
    else:
        require(call, target["type"], target["id"], "Read")
    return update


def _list(call: Call) -> dict[str, Any]:
    query, page = read_query(call.params["query"]), max(call.params["page"], 0)
    rows = call.storage.rows(
        "SELECT body FROM updates WHERE (?1 IS NULL OR target_id IN (SELECT value FROM json_each(?1))) "
        "AND (?2 IS NULL OR operation IN (SELECT value FROM json_each(?2))) ORDER BY number DESC",
        _named(query.get("target.id")),
        _named(query.get("operation")),
    )
    visible = visibility(call)
    found: list[Update] = []
    for update in select(query, (json.loads(text) for (text,) in rows), "failed to pull updates from db"):
        if visible(update):
            found.append(update)
            if len(found) == (page + 1) * PAGE:
                break
    shown = found[page * PAGE : (page + 1) * PAGE]
    return {
        "updates": [_item(call.state, update) for update in shown],
        # a page that is exactly full has a next one, which may be empty
        "next_page": page + 1 if len(shown) == PAGE else None,
    }


def _named(wanted: Any) -> str | None:
    """The names that a part of a query asks for, as a JSON array; None where it is not by names."""
    names = wanted.get("$in") if isinstance(wanted, dict) else [wanted]
    return write(names) if isinstance(names, list) and all(isinstance(name, str) for name in names) else None


def visibility(call: Call) -> Callable[[Mapping[str, Any]], bool]:
    """Whether the user may see a record or an alert, by what it is about."""
    ids: dict[str, frozenset[str] | None] = {}

    def visible(update: Mapping[str, Any]) -> bool:
        if call.user.admin:
            return True
        core = update["target"]["type"]
        if core == "System":
            return False
        if core not in ids:
            ids[core] = permitted(call, core)
        allowed = ids[core]
        return allowed is None or update["target"]["id"] in allowed

    return visible


def _item(state: State, update: Update) -> dict[str, Any]:
    item = {
        "id": update["_id"]["$oid"],
        "operation": update["operation"],
        "start_ts": update["start_ts"],
        "success": update["success"],
        "username": username(state, update["operator"]),
        "operator": update["operator"],
        "target": update["target"],
        "status": update["status"],
    }
    return item | {key: update[key] for key in ("version", "other_data") if key in update}


HANDLERS: Mapping[str, Handler] = {"GetUpdate": _get, "ListUpdates": _list}
