"""What became of a live resource since the plan saw it: a step that would undo somebody's change is not done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.shapes import Tagged
from komodo_sync.model.plan import Action
from komodo_sync.wire.answers import read_items
from komodo_sync.wire.references import arranged, translate, unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.plan import Payload


def needs_a_look(payload: Payload) -> bool:
    """Whether the resource is to be read again before `payload` is written: a delete cannot be undone, and tags are
    written as a whole, so that one that was given meanwhile (another owner's, `protected`) would be lost."""
    return payload.seen is not None and (payload.action is Action.DELETE or payload.tags is not None)


def changed_since(payload: Payload, raw: Mapping[str, Any], names: Mapping[str, Address], state: str) -> list[str]:
    """What is otherwise than the plan saw it, in words and without values; empty where the step may be done.

    `raw` is the full resource as Core answers it now; `names` are addresses by id; `state` is empty where it is not
    known. For a delete everything counts, for other steps the tags alone. A tag that went is no reason, unless it is
    an owner's: the run itself deletes tags.
    """
    seen = payload.seen
    assert seen is not None
    spec = KINDS[payload.address.kind]
    [now] = read_items(spec, [raw])
    tags = frozenset(names[tag].name for tag in now.tags if tag in names)
    found = list(_tags(seen.tags, tags))
    if payload.action is not Action.DELETE:
        return found
    if now.address.name != seen.address.name:
        found.append("it was renamed")
    if now.template and not seen.template:
        found.append("it is a template")
    if now.description != seen.description:
        found.append("description was changed")
    if state in spec.up and seen.state and seen.state not in spec.up:
        found.append(f"it is {state}, and was {seen.state}")
    elif set(now.services) - set(seen.services):
        found.append("more services of it are deployed")
    found += [f"config/{name} was changed" for name in _fields(spec, seen, now.config, names)]
    return found


def _tags(before: frozenset[str], after: frozenset[str]) -> Iterator[str]:
    yield from (f"it was given the tag {tag}" for tag in sorted(after - before))
    yield from (f"it lost the tag {tag}" for tag in sorted(before - after) if tag.startswith("owner:"))


def _fields(
    spec: KindSpec, seen: ObservedResource, config: dict[str, Any], names: Mapping[str, Address]
) -> Iterator[str]:
    def name_of(_kind: str, identity: str) -> str:
        found = names.get(identity)
        return found.name if found else unknown_name(identity)

    now = arranged(spec, translate(spec, config, name_of, name_of))
    if isinstance(spec.config, Tagged):
        yield from ("type" for _ in (0,) if now["type"] != seen.config["type"])
        if now["type"] == seen.config["type"] and now != seen.config:
            yield "params"
        return
    for name, field in spec.fields().items():
        if name in seen.masked or field.counted_while:
            continue
        if now.get(name, field.default) != seen.config.get(name, field.default):
            yield name
