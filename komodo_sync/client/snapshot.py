"""Everything that a plan needs to know of a Core, asked at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from komodo_sync.client.threads import all_of
from komodo_sync.client.traces import with_traces
from komodo_sync.kinds import KINDS
from komodo_sync.model.observed import Observed
from komodo_sync.operations import find
from komodo_sync.wire.answers import object_id, read_items, read_names, read_states, resolve
from komodo_sync.wire.live import read_running
from komodo_sync.wire.references import closed_kinds, lookups_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from komodo_sync.client.live import Look, Question
    from komodo_sync.client.reader import Reader
    from komodo_sync.client.refresher import Refresher
    from komodo_sync.kinds.spec import KindSpec, Lookup
    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource
    from komodo_sync.model.running import Running
    from komodo_sync.wire.answers import Item

_TAGS = "tag"
DETAILS_AT_ONCE = 8
"""Requests for details that are under way at the same time."""


def observe(
    reader: Reader,
    kinds: Collection[str],
    *,
    states: bool,
    detailed: Collection[Address] | None = None,
    question: Question | None = None,
    refresher: Refresher | None = None,
    doubtful: Callable[[Mapping[Address, ObservedResource]], Iterable[ObservedResource]] | None = None,
) -> Observed:
    """A snapshot of `kinds` and of all kinds that they refer to.

    One request for each kind, one for the tags, one for version and user each, and with `states` one for each kind
    that has a state: their number does not depend on how much the Core holds. They are sent side by side. Raises an
    error of the tree when any of them fails: a list that failed is never an empty one. Kinds that are
    listed for admins alone are left out for anybody else.

    Where a list does not tell everything (the permissions of user groups), there is one request more for each of
    `detailed`, or for all of them where that is None.

    With a `question` about what runs, the states are listed first, `refresher` has the Core fetch files anew, and
    afterwards the Updates of what is asked for are read, a hundred a request.

    `doubtful` says which may leave where they run, or be in the way there: where there are such, their states are
    listed too, and what is known of those of which nothing seems to run there is read at last.
    """
    # first: a wrong key is told after one try, where all requests at once would lock the address out
    greetings: list[Callable[[], Any]] = [reader.version, reader.user]
    version, user = all_of(greetings, 2)
    admin = bool(user.get("admin"))
    wanted = {name for name in kinds if admin or not KINDS[name].admin_only}
    listed = [spec for name, spec in KINDS.items() if name in closed_kinds({*wanted, _TAGS})]
    look: Look | None = None
    if question is not None:
        from komodo_sync.client.live import Look

        look = Look(reader, question)
        look.states(lambda operation: reader.read(operation, list_params(operation)))
        look.fresh(refresher)
    asked = question.kinds if question is not None else frozenset()
    stated = [spec for spec in listed if spec.states and spec.name not in asked] if states else []
    lookups = lookups_of([spec.name for spec in listed])
    calls: list[Callable[[], Any]] = [
        *(partial(_list, reader, spec.name, detailed, look) for spec in listed),
        *(partial(_names, reader, lookup) for lookup in lookups),
        *(partial(_states, reader, spec.states) for spec in stated),
    ]
    rest = all_of(calls, len(calls))
    lists = rest[: len(listed)]
    items: dict[str, list[Item]] = {spec.name: found for spec, (found, _) in zip(listed, lists, strict=True)}
    running = {address: facts for _, found in lists for address, facts in found.items()}
    state_by_id = {item.id: item.state for item in look.listed.values()} if look is not None else {}
    named: dict[Address, str] = {}
    for found in rest[len(listed) : len(listed) + len(lookups)]:
        named.update(found)
    for found in rest[len(listed) + len(lookups) :]:
        state_by_id.update(found)
    world = resolve(items, admin=admin, states=state_by_id, named=named)
    in_doubt = [each for each in doubtful(world.resources) if _runs(each)] if doubtful else []
    unstated = {each.address.kind for each in in_doubt if not each.state}
    if unstated:
        asking = [partial(_states, reader, KINDS[kind].states) for kind in sorted(unstated)]
        for found in all_of(asking, len(asking)):
            state_by_id.update(found)
        world = resolve(items, admin=admin, states=state_by_id, named=named)
        in_doubt = [world.resources[each.address] for each in in_doubt]
    live = look.histories(running, world.resources, admin=admin) if look is not None else None
    live = with_traces(reader, in_doubt, live)
    return Observed(
        resources=world.resources,
        kinds=frozenset(items),
        version=version,
        user=str(user.get("username", "")),
        admin=admin,
        host=reader.host,
        user_id=object_id(user.get("_id")),
        references=world.references,
        named=named,
        live=live,
    )


def _runs(item: ObservedResource) -> bool:
    lifecycle = KINDS[item.address.kind].lifecycle
    return lifecycle is not None and bool(lifecycle.destroy)


def list_params(operation: str, **query: Any) -> dict[str, Any]:
    """Parameters that make a list operation answer everything (or what `query` picks) in one answer: without `limit`
    a Core since 2.3 answers its first page alone."""
    [found] = find(operation)
    if "limit" in found.params:
        return {"query": query, "page": 0, "limit": 0}
    return {"query": None} if "query" in found.params else {}


def read_detail(reader: Reader, spec: KindSpec, raw: dict[str, Any]) -> dict[str, Any]:
    """An item of a list with what the list does not tell."""
    detail = spec.detail
    if detail is None:
        return raw
    return {
        **raw,
        detail.field: reader.read(
            detail.operation, {detail.param: {"type": spec.core, "id": object_id(raw.get("_id"))}}
        ),
    }


def _items_and_running(spec: KindSpec, look: Look | None, answer: Any) -> tuple[list[Item], dict[Address, Running]]:
    items = read_items(spec, answer)
    if look is None or spec.lifecycle is None:
        return items, {}
    asked, rests = look.question.asked, bool(spec.lifecycle.done_at)
    return items, {
        item.address: read_running(spec.lifecycle, raw, look.listed.get(item.address))
        for item, raw in zip(items, answer, strict=True)
        if rests or item.address in asked
    }


def _list(
    reader: Reader, kind: str, detailed: Collection[Address] | None, look: Look | None
) -> tuple[list[Item], dict[Address, Running]]:
    """The items, and what is known of what runs of those that are asked for, and of what they may rest on."""
    spec = KINDS[kind]
    params = list_params(spec.lists)
    if spec.detail is None:
        listed: tuple[list[Item], dict[Address, Running]] = reader.read(
            spec.lists, params, partial(_items_and_running, spec, look)
        )
        return listed
    answer = reader.read(spec.lists, params)
    named = [item.address for item in read_items(spec, answer)]
    wanted = [
        partial(read_detail, reader, spec, raw)
        for raw, address in zip(answer, named, strict=True)
        if detailed is None or address in detailed
    ]
    rest = [raw for raw, address in zip(answer, named, strict=True) if not (detailed is None or address in detailed)]
    return read_items(spec, [*rest, *all_of(wanted, DETAILS_AT_ONCE)]), {}


def _names(reader: Reader, lookup: Lookup) -> dict[Address, str]:
    names: dict[Address, str] = reader.read(lookup.lists, {}, partial(read_names, lookup))
    return names


def _states(reader: Reader, operation: str) -> dict[str, str]:
    params = list_params(operation)
    states: dict[str, str] = reader.read(operation, params, lambda answer: read_states(answer, operation))
    return states
