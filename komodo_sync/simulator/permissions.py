"""Who may do what with which resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from komodo_sync.simulator.requests import Call

LEVELS = ("None", "Read", "Execute", "Write")
SPECIFICS = ("Terminal", "Attach", "Inspect", "Logs", "Processes")
COLLECTION = "Permission"
_HAVE_HOSTS = frozenset({"Stack", "Deployment"})
_HOSTS = (("swarm_id", "Swarm"), ("server_id", "Server"))


def require(call: Call, core: str, key: str, level: str, *specific: str) -> None:
    """500 unless the user has that level on the resource, and the specific permissions too."""
    if call.user.admin:
        return
    has, also = _granted(call, core, key)
    if LEVELS.index(has) >= LEVELS.index(level) and set(also) >= set(specific):
        return
    text = f"User does not have required permissions on this {core}. Must have at least {level} permissions"
    if specific:
        text += f", as well as these specific permissions: [{', '.join(specific)}]"
    raise RefusalError(text)


def require_admin(call: Call, error: str, status: int = 403) -> None:
    """Refuses everybody but admins."""
    if not call.user.admin:
        raise RefusalError(error, status=status)


def permitted(call: Call, core: str, level: str = "Read") -> frozenset[str] | None:
    """The ids of the resources for which the user has that level; None for all of them."""
    if call.user.admin or LEVELS.index(_for_all_of(call, core)[0]) >= LEVELS.index(level):
        return None
    return frozenset(
        row["resource_target"]["id"]
        for row in _rows(call)
        if row["resource_target"]["type"] == core and LEVELS.index(row["level"]) >= LEVELS.index(level)
    )


def grant(call: Call, user_target: dict[str, str], core: str, key: str, level: str, specific: Iterable[str]) -> None:
    """Sets what a user or group may do with one resource."""
    row_key = f"{user_target['type']}/{user_target['id']}/{core}/{key}"
    row = call.storage.get(COLLECTION, row_key) or {"_id": {"$oid": new_id()}}
    row |= {"user_target": user_target, "resource_target": {"type": core, "id": key}}
    row |= {"level": level, "specific": list(specific)}
    call.storage.put(COLLECTION, row_key, None, row)


def forget_resource(call: Call, core: str, key: str) -> None:
    """Removes what anybody may do with a resource that is no more."""
    call.storage.query("DELETE FROM documents WHERE collection=? AND id LIKE ?", COLLECTION, f"%/{core}/{key}")


def forget_holder(call: Call, holder: str, key: str) -> None:
    """Removes what a user or group that is no more may do."""
    call.storage.query("DELETE FROM documents WHERE collection=? AND id LIKE ?", COLLECTION, f"{holder}/{key}/%")


def as_answered(level: str, specific: list[str]) -> Any:
    """A permission in Core's short form: the level alone when nothing specific goes with it."""
    return {"level": level, "specific": specific} if specific else level


def level_and_specifics(answered: Any) -> tuple[str, list[str]]:
    """A permission from its short form."""
    if isinstance(answered, str):
        return answered, []
    return answered["level"], answered["specific"]


def granted(call: Call, core: str, key: str, reference: str) -> Any:
    """What the user may do with one resource, in the short form. Asked for by its name, what is granted on the one
    resource does not count."""
    if call.user.admin:
        return {"level": "Write", "specific": list(SPECIFICS)}
    return as_answered(*_granted(call, core, key, reference))


def _granted(call: Call, core: str, key: str, reference: str = "") -> tuple[str, list[str]]:
    """The highest level, and the specific permissions in the order in which they were come across."""
    best, also = _for_all_of(call, core)
    for row in _rows(call):
        if row["resource_target"] == {"type": core, "id": reference or key}:
            best = max(best, row["level"], key=LEVELS.index)
            also += row["specific"]
    return best, list(dict.fromkeys([*_of_host(call, core, key), *also]))


def _of_host(call: Call, core: str, key: str) -> list[str]:
    """The specific permissions on what a stack or deployment is on count for it too."""
    if core not in _HAVE_HOSTS:
        return []
    config = (call.storage.get(core, key) or {"config": {}})["config"]
    for field, host in _HOSTS:
        if config.get(field):
            return _granted(call, host, config[field])[1]
    return []


def _for_all_of(call: Call, core: str) -> tuple[str, list[str]]:
    best, specific = "None", list[str]()
    for holder in (call.user.document, *_groups(call)):
        level, also = level_and_specifics(holder.get("all", {}).get(core, "None"))
        best = max(best, level, key=LEVELS.index)
        specific += also
    return best, specific


def _rows(call: Call) -> list[dict[str, Any]]:
    holders = [{"type": "User", "id": call.user.id}]
    holders += [{"type": "UserGroup", "id": group["_id"]["$oid"]} for group in _groups(call)]
    return [row for row in call.storage.all(COLLECTION) if row["user_target"] in holders]


def _groups(call: Call) -> list[dict[str, Any]]:
    return [group for group in call.storage.all("UserGroup") if group["everyone"] or call.user.id in group["users"]]
