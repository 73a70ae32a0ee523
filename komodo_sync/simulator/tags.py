"""Tags, and what stands beside the config of a resource: description, tags, template."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from komodo_sync.simulator.failures import RefusalError
from komodo_sync.simulator.identity import id_error, looks_like_id, new_id
from komodo_sync.simulator.matching import read_query, select
from komodo_sync.simulator.permissions import require_admin
from komodo_sync.simulator.resources import RESOURCES, get, save
from komodo_sync.simulator.storage import TakenError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.simulator.requests import Call, Handler

Tag = dict[str, Any]
DEFAULT_COLOR = "Slate"
# Core forgets to take a deleted tag off these
_KEEPS_DELETED_TAGS = frozenset({"Swarm"})


def _find(call: Call, reference: str) -> Tag | None:
    by_id = looks_like_id(reference)
    found: Tag | None = call.storage.get("Tag", reference.lower() if by_id else reference, by="id" if by_id else "name")
    return found


def _get(call: Call) -> Tag:
    tag = _find(call, call.params["tag"])
    if tag is None:
        raise RefusalError(f"no tag found matching {call.params['tag']}")
    return tag


def _list(call: Call) -> list[Tag]:
    query = read_query(call.params["query"])
    return list(select(query, call.storage.all("Tag"), "failed to get tags from db"))


def _create(call: Call) -> Tag:
    name = call.params["name"]
    if looks_like_id(name):
        raise RefusalError("Tag name cannot be ObjectId", status=400)
    try:
        return _make(call, name, call.params["color"] or DEFAULT_COLOR)
    except TakenError:
        raise RefusalError("failed to create tag on db", _duplicate(name)) from None


def _make(call: Call, name: str, color: str) -> Tag:
    tag: Tag = {"_id": {"$oid": new_id()}, "name": name, "owner": call.user.id, "color": color}
    call.storage.put("Tag", tag["_id"]["$oid"], name, tag)
    return tag


def _own(call: Call, reference: str) -> Tag:
    """A tag that the user may change."""
    tag = _find(call, reference)
    if tag is None:
        raise RefusalError(f"no tag found matching {reference}")
    if tag["owner"] != call.user.id:
        require_admin(call, "user must be tag owner or admin", 500)
    return tag


def _require_id(reference: str, *errors: str) -> None:
    """Core finds the tag by its name too, and then fails to use the name as an id."""
    if not looks_like_id(reference):
        raise RefusalError(*errors, id_error(reference))


def _rename(call: Call) -> Tag:
    error = "failed to rename tag on db"
    if looks_like_id(call.params["name"]):
        raise RefusalError("tag name cannot be ObjectId")
    tag = _own(call, call.params["id"])
    _require_id(call.params["id"], error, "id is not valid ObjectId")
    tag["name"] = call.params["name"]
    try:
        call.storage.put("Tag", tag["_id"]["$oid"], tag["name"], tag)
    except TakenError:
        raise RefusalError(error, _duplicate(tag["name"])) from None
    return tag


def _color(call: Call) -> Tag:
    tag = _own(call, call.params["tag"])
    tag["color"] = call.params["color"]
    call.storage.put("Tag", tag["_id"]["$oid"], tag["name"], tag)
    return tag


def _delete(call: Call) -> Tag:
    tag = _own(call, call.params["id"])
    _require_id(call.params["id"], "id is not valid ObjectId")
    key = tag["_id"]["$oid"]
    for core in RESOURCES.keys() - _KEEPS_DELETED_TAGS:
        for text in call.storage.texts(core):
            if key in text:
                resource = json.loads(text)
                resource["tags"] = [found for found in resource["tags"] if found != key]
                save(call.state, core, resource)
    call.storage.remove("Tag", key)
    return tag


def update_meta(call: Call) -> dict[str, Any]:
    """Changes description, template and tags: those that are given. A tag that there is none of is made."""
    target = call.params["target"]
    core = target["type"]
    if core == "System":
        raise RefusalError("cannot update meta of System resource target", status=400)
    resource = get(call, core, target["id"], "Write")
    for field in ("description", "template"):
        if call.params[field] is not None:
            resource[field] = call.params[field]
    if call.params["tags"] is not None:
        # a tag that cannot be made is left out without a word
        resource["tags"] = [key for name in call.params["tags"] if (key := _tag_id(call, name))]
    save(call.state, core, resource)
    return {}


def _tag_id(call: Call, name: str) -> str:
    tag = _find(call, name)
    if tag is None:
        if looks_like_id(name):
            return ""
        tag = _make(call, name, DEFAULT_COLOR)
    key: str = tag["_id"]["$oid"]
    return key


def _duplicate(name: str) -> str:
    return f"E11000 duplicate key error on Tag: name {name!r}"


HANDLERS: Mapping[str, Handler] = {
    "GetTag": _get,
    "ListTags": _list,
    "CreateTag": _create,
    "RenameTag": _rename,
    "UpdateTagColor": _color,
    "DeleteTag": _delete,
    "UpdateResourceMeta": update_meta,
}
