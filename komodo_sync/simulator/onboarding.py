"""Keys with which a new server makes itself known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import new_key
from komodo_sync.simulator.permissions import require_admin
from komodo_sync.simulator.users import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

Document = dict[str, Any]
COLLECTION = "OnboardingKey"
ADMIN_ONLY = "This call is admin only"
_FIELDS = ("enabled", "name", "expires", "tags", "privileged", "copy_server", "create_builder")


def _list(call: Call) -> list[Document]:
    """Those that never end come first, then those that end last."""
    require_admin(call, ADMIN_ONLY)
    return sorted(call.storage.all(COLLECTION), key=lambda key: (key["expires"] != 0, -key["expires"]))


def _create(call: Call) -> Document:
    require_admin(call, ADMIN_ONLY)
    private = call.params["private_key"] or new_key("O")
    public = f"MCowBQYDK2VuAyEA{digest(private)[:43]}="
    given = {name: call.params[name] for name in _FIELDS if name in call.params}
    created = {"public_key": public, "enabled": True, "onboarded": [], "created_at": call.now(), **given}
    created["tags"] = _tags(call, created["tags"])
    call.storage.put(COLLECTION, public, None, created)
    return {"private_key": private, "created": created}


def _tags(call: Call, tags: list[str]) -> list[str]:
    """Names of the tags that there are; others are left out."""
    known = {one["_id"]["$oid"]: one["name"] for one in call.storage.all("Tag")}
    return [known.get(tag, tag) for tag in tags if tag in known or tag in known.values()]


def _find(call: Call, missing: str) -> Document:
    require_admin(call, ADMIN_ONLY)
    found: Document | None = call.storage.get(COLLECTION, call.params["public_key"])
    if found is None:
        raise RefusalError(missing, status=404)
    return found


def _update(call: Call) -> Document:
    key = _find(call, "No matching onboarding key found")
    given = {name: call.params[name] for name in _FIELDS if call.params.get(name) is not None}
    if "tags" in given:
        given["tags"] = _tags(call, given["tags"])
    changed = key | given
    call.storage.put(COLLECTION, key["public_key"], None, changed)
    return changed


def _delete(call: Call) -> Document:
    key = _find(call, "Server onboarding key matching provided public key not found")
    call.storage.remove(COLLECTION, key["public_key"])
    return key


HANDLERS: Mapping[str, Handler] = {
    "ListOnboardingKeys": _list,
    "CreateOnboardingKey": _create,
    "UpdateOnboardingKey": _update,
    "DeleteOnboardingKey": _delete,
}
