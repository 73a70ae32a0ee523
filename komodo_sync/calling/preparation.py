"""Requests that are ready to be sent: one for each subject, wildcards looked up, lists whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.calling.targets import Living, chosen, has_wildcards, living
from komodo_sync.client.updates import Target
from komodo_sync.kinds import KINDS
from komodo_sync.model.data import Unshown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.calling.parameters import Given
    from komodo_sync.client.reader import Reader
    from komodo_sync.operations import Operation


class Prepared(Unshown, frozen=True):
    """One request. `target`: the resource that it is about, where that was looked up."""

    subject: str
    params: dict[str, Any]
    target: Target | None = None


class Census:
    """What lives in the Core, a kind at a time, asked for once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[str, list[Living]] = {}

    def of(self, kind: str) -> list[Living]:
        """Everything of a kind that the key can see."""
        if kind not in self._known:
            self._known[kind] = living(self._reader, KINDS[kind])
        return self._known[kind]


def prepare(operation: Operation, given: Given, census: Census) -> list[Prepared]:
    """A request for each subject, with what wildcards mean now. Raises NotFoundError before anything is done."""
    subject, names = given.subject, given.names
    if subject is None or not names:
        return [Prepared("", _whole(operation, given.params))]
    if subject.kind is None:
        # the names of a batch are one pattern
        words = ["\n".join(names)] if subject.param == "pattern" else names
        return [Prepared(name.replace("\n", ", "), _params(operation, given, name)) for name in words]
    looks = operation.group == "execute" or subject.by_id
    if not looks and len(names) == 1 and not has_wildcards(names[0]):
        return [Prepared(names[0], _params(operation, given, names[0]))]
    spec = subject.kind
    return [
        Prepared(
            item.name,
            _params(operation, given, item.id if subject.by_id else item.name),
            Target(spec.core, item.id),
        )
        for item in chosen(spec, names, census.of(spec.name))
    ]


def _whole(operation: Operation, params: Mapping[str, Any]) -> dict[str, Any]:
    """With these a list is answered as a whole: otherwise a Core since 2.3 answers its first 50 alone."""
    paged = operation.params.keys() >= {"page", "limit"} and params.keys().isdisjoint(("page", "limit"))
    return {**params, "page": 0, "limit": 0} if paged else dict(params)


def _params(operation: Operation, given: Given, name: str) -> dict[str, Any]:
    """All parameters, in the order of the catalogue."""
    assert given.subject is not None
    found = {**given.params, given.subject.param: name}
    return {each: found[each] for each in operation.params if each in found}
