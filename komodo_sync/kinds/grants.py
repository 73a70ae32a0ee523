"""Permissions in normal form: what is worth nothing is not there, and each thing that it is about is named once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.shapes import GrantsShape, TargetGrantsShape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from komodo_sync.kinds.struct import Field

Grant = dict[str, Any]
"""`{level, specific}`, the specific permissions sorted."""
TargetGrant = dict[str, Any]
"""`{target: {type, id}, level, specific}`."""

NOTHING: Grant = {"level": "None", "specific": []}
"""What Core keeps in place of a permission that was taken away."""


def grant(value: Any) -> Grant:
    """A permission as Core stores it, from the level alone or the whole of it."""
    if isinstance(value, str):
        return {"level": value, "specific": []}
    return {"level": value.get("level", "None"), "specific": sorted(set(value.get("specific") or ()))}


def target_grant(value: Mapping[str, Any]) -> TargetGrant:
    """A permission on one resource; in answers its target is called `resource_target`."""
    target = value["target"] if "target" in value else value["resource_target"]
    return {"target": {"type": target["type"], "id": target["id"]}, **grant(value)}


def settled(grants: Iterable[TargetGrant]) -> list[TargetGrant]:
    """Each target once, in order; where several speak of one, the last counts. Those that grant nothing are left
    out."""
    last = {(each["target"]["type"], each["target"]["id"]): each for each in grants}
    return [each for _, each in sorted(last.items()) if grant(each) != NOTHING]


def by_key(field: Field, value: Any) -> dict[str, Grant]:
    """The permissions of a value by what they are about: `Stack`, or `Stack/web`."""
    if isinstance(field.shape, GrantsShape):
        return {core: grant(each) for core, each in (value or {}).items()}
    return {f"{each['target']['type']}/{each['target']['id']}": grant(each) for each in value or ()}


def to_write(field: Field, have: Any, want: Any) -> Any:
    """What has to be written so that `have` becomes `want`: the permissions that differ, and NOTHING for those that
    go. Any other field is written whole."""
    if isinstance(field.shape, GrantsShape):
        gone = {core: NOTHING for core in have if core not in want}
        return {core: each for core, each in want.items() if have.get(core) != each} | gone
    if isinstance(field.shape, TargetGrantsShape):
        told = {(each["target"]["type"], each["target"]["id"]) for each in want}
        left = [each | NOTHING for each in have if (each["target"]["type"], each["target"]["id"]) not in told]
        return [each for each in want if each not in have] + left
    return want


def is_kept(field: Field, sent: Any, held: Any) -> bool:
    """Whether what `to_write` gave is there now."""
    if not isinstance(field.shape, GrantsShape | TargetGrantsShape):
        return bool(sent == held)
    there = by_key(field, held)
    return all(there.get(key, NOTHING) == each for key, each in by_key(field, sent).items())
