"""Everything that a plan needs to know of a Core, asked at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from komodo_sync.client.threads import side_by_side
from komodo_sync.errors import CoreConnectionError, CredentialsError, LockedOutError, TooOldError
from komodo_sync.kinds import KINDS
from komodo_sync.model.observed import Observed
from komodo_sync.operations import find
from komodo_sync.wire.answers import object_id, read_items, read_states, resolve
from komodo_sync.wire.references import closed_kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from komodo_sync.client.reader import Reader
    from komodo_sync.wire.answers import Item

_TAGS = "tag"


def observe(reader: Reader, kinds: Collection[str], *, states: bool, as_seen: bool = False) -> Observed:
    """A snapshot of `kinds` and of all kinds that they refer to.

    One request for each kind, one for the tags, one for version and user each, and with `states` one for each kind
    that has a state: their number does not depend on how much the Core holds. They are sent side by side. Raises an
    error of the tree when any of them fails: a list that failed is never an empty one. With `as_seen`, kinds that are
    listed for admins alone are left out for anybody else.
    """
    # first: a wrong key is told after one try, where all requests at once would lock the address out
    version, user = _all([reader.version, reader.user])
    admin = bool(user.get("admin"))
    wanted = {name for name in kinds if admin or not (as_seen and KINDS[name].admin_only)}
    listed = [spec for name, spec in KINDS.items() if name in closed_kinds({*wanted, _TAGS})]
    stated = [spec for spec in listed if spec.states] if states else []
    calls: list[Callable[[], Any]] = [
        *(partial(_list, reader, spec.name) for spec in listed),
        *(partial(_states, reader, spec.states) for spec in stated),
    ]
    rest = _all(calls)
    items: dict[str, list[Item]] = {spec.name: found for spec, found in zip(listed, rest, strict=False)}
    state_by_id: dict[str, str] = {}
    for found in rest[len(listed) :]:
        state_by_id.update(found)
    world = resolve(items, admin=admin, states=state_by_id)
    return Observed(
        resources=world.resources,
        kinds=frozenset(items),
        version=version,
        user=str(user.get("username", "")),
        admin=admin,
        host=reader.host,
        user_id=object_id(user.get("_id")),
        references=world.references,
    )


def list_params(operation: str, **query: Any) -> dict[str, Any]:
    """Parameters that make a list operation answer everything (or what `query` picks) in one answer: without `limit`
    a Core since 2.3 answers its first page alone."""
    [found] = find(operation)
    if "limit" in found.params:
        return {"query": query, "page": 0, "limit": 0}
    return {"query": None} if "query" in found.params else {}


def _list(reader: Reader, kind: str) -> list[Item]:
    spec = KINDS[kind]
    return read_items(spec, reader.read(spec.lists, list_params(spec.lists)))


def _states(reader: Reader, operation: str) -> dict[str, str]:
    return read_states(reader.read(operation, list_params(operation)), operation)


def _all(calls: list[Callable[[], Any]]) -> list[Any]:
    """Every call's result, in order. When some fail, the error that says best what is wrong is raised, after all
    have ended: a wrong key is refused by some and locked out by the rest."""
    results: list[Any] = [None] * len(calls)
    errors: dict[int, BaseException] = {}
    for done in side_by_side(calls, len(calls)):
        if done.error is None:
            results[done.index] = done.value
        else:
            errors[done.index] = done.error
    if errors:
        raise _telling(errors[index] for index in sorted(errors))
    return results


def _telling(errors: Iterable[BaseException]) -> BaseException:
    def rank(error: BaseException) -> int:
        if isinstance(error, LockedOutError):
            return 2
        order = (TooOldError, CredentialsError, LockedOutError, CoreConnectionError)
        return next((place for place, kind in enumerate(order) if isinstance(error, kind)), len(order))

    found = list(errors)
    defects = [error for error in found if not isinstance(error, Exception)]
    return min(defects or found, key=rank)
