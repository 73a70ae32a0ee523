"""The Core's JSON of a list -> ObservedResource: sparse normal configs, names instead of ids, secrets sealed.

Two passes, because a name may stand in a list that has not arrived yet: `read_items` makes each list small at once,
`resolve` turns ids into names when all of them are there.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from komodo_sync.errors import NotKomodoError
from komodo_sync.kinds import KINDS
from komodo_sync.kinds.normal import normal_tagged, sparse
from komodo_sync.kinds.rewriting import Rewriting
from komodo_sync.kinds.shapes import Tagged
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data
from komodo_sync.model.hosts import told_address
from komodo_sync.model.observed import ObservedResource
from komodo_sync.model.sealed import Sealed
from komodo_sync.wire.references import arranged, translate, unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from komodo_sync.kinds.spec import KindSpec, Lookup
    from komodo_sync.kinds.struct import Field

_SECRETS = Rewriting(lambda field: field.secret)


class Item(Data, frozen=True):
    """One resource of a list: its config is sparse and normal, references and tags are ids still."""

    address: Address
    id: str
    config: dict[str, Any]
    description: str
    tags: tuple[str, ...]
    template: bool
    services: tuple[str, ...]
    project: str


class World(Data, frozen=True):
    """Everything that was listed. `references`: for each address, the addresses that refer to it."""

    resources: dict[Address, ObservedResource]
    references: dict[Address, frozenset[Address]]


def read_items(spec: KindSpec, answer: Any) -> list[Item]:
    """The items of `spec.lists`'s answer, in its order, without reserved ones. Raises NotKomodoError when it is
    none."""
    try:
        items = [_item(spec, each) for each in _list(answer)]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise NotKomodoError(
            f"the answer to {spec.lists} is not a list of {spec.plural}",
            detail=f"{type(error).__name__} while reading it",
            hint="check that the URL is a Komodo Core's, and that its version is supported (komodo-sync doctor)",
        ) from None
    return [item for item in items if not item.address.name.startswith(spec.reserved)] if spec.reserved else items


def read_names(lookup: Lookup, answer: Any) -> dict[Address, str]:
    """The id of everything in `lookup.lists`'s answer, by address. Raises NotKomodoError."""
    try:
        return {Address(lookup.name, each[lookup.identity]): object_id(each["_id"]) for each in _list(answer)}
    except (KeyError, TypeError) as error:
        raise NotKomodoError(
            f"the answer to {lookup.lists} is not a list of {lookup.name}s",
            detail=f"{type(error).__name__} while reading it",
        ) from None


def resolve(
    listed: Mapping[str, Sequence[Item]],
    *,
    admin: bool,
    states: Mapping[str, str] | None = None,
    named: Mapping[Address, str] | None = None,
) -> World:
    """The resources of every list, by address. `listed` is by kind and must hold the tags; `states` is by id; `named`
    are the ids of what is no resource.

    An id in none of the lists reads `(unknown id ...)`; a tag that is not known is left out. A secret that the key may
    not see is in `masked` instead of the config.
    """
    by_id = {item.id: item.address for items in listed.values() for item in items if item.id}
    by_id |= {identity: address for address, identity in (named or {}).items()}
    tags = {item.id: item.address.name for item in listed["tag"]}
    names = _Names(by_id)
    state_of = states or {}
    resources: dict[Address, ObservedResource] = {}
    references: dict[Address, set[Address]] = {}
    tag_sets: dict[tuple[str, ...], frozenset[str]] = {}
    for kind, items in listed.items():
        spec = KINDS[kind]
        for item in items:
            config = translate(spec, item.config, names.name, names.name, names.quietly)
            for target in names.taken():
                references.setdefault(target, set()).add(item.address)
            config, masked = seal(spec, arranged(spec, config), admin=admin)
            if item.tags not in tag_sets:
                tag_sets[item.tags] = frozenset(tags[tag] for tag in item.tags if tag in tags)
            resources[item.address] = ObservedResource(
                item.address, item.id, config, item.description, tag_sets[item.tags], item.template,
                state_of.get(item.id, ""), item.services, item.project, masked,
            )  # fmt: skip
    return World(resources, {target: frozenset(sources) for target, sources in references.items()})


def read_states(answer: Any, operation: str) -> dict[str, str]:
    """`state` by id of a List* answer. Raises NotKomodoError."""
    try:
        return {item["id"]: item["info"].get("state") or "" for item in _list(answer)}
    except (AttributeError, KeyError, TypeError) as error:
        raise NotKomodoError(
            f"the answer to {operation} is not a list of resources", detail=f"{type(error).__name__} while reading it"
        ) from None


def object_id(value: Any) -> str:
    """The text of `{"$oid": "65f..."}`; empty when there is none."""
    return str(value.get("$oid", "")) if isinstance(value, dict) else str(value or "")


def seal(spec: KindSpec, config: dict[str, Any], *, admin: bool) -> tuple[dict[str, Any], frozenset[str]]:
    """`config` with its secret texts sealed, and the fields that a key that is not an admin's sees as `####`."""
    config = _SECRETS.rewrite(spec.config, config, _sealed)
    masked = set()
    for item in _switched(spec.name):
        value = config.get(item.name)
        if not (value and config.get(item.secret_when)):
            continue
        if admin:
            config = {**config, item.name: Sealed(value)}
        else:
            config = {name: kept for name, kept in config.items() if name != item.name}
            masked.add(item.name)
    return config, frozenset(masked)


def _list(answer: Any) -> list[Any]:
    if not isinstance(answer, list):
        raise TypeError(type(answer).__name__)
    return answer


def _item(spec: KindSpec, raw: Mapping[str, Any]) -> Item:
    given = raw if spec.flat else raw["config"]
    config = normal_tagged(spec.config, given) if isinstance(spec.config, Tagged) else sparse(spec.config, given)
    info = raw.get("info")
    deployed = info.get("deployed_services") if info else None
    return Item(
        Address(spec.name, spec.name_of(raw)),
        object_id(raw.get("_id")),
        config,
        raw.get("description") or "",
        tuple(raw.get("tags") or ()),
        bool(raw.get("template")),
        tuple(service["service_name"] for service in deployed) if deployed else (),
        (info.get("deployed_project_name") or info.get("deployed_name") or "") if info else "",
    )


@cache
def _switched(kind: str) -> tuple[Field, ...]:
    return tuple(item for item in KINDS[kind].fields().values() if item.secret_when)


class _Names:
    """Ids to names; remembers which addresses were named since `taken` was last asked."""

    def __init__(self, by_id: Mapping[str, Address]) -> None:
        self._by_id = by_id
        self._found: list[Address] = []

    def name(self, _kind: str, identity: str) -> str:
        address = self._by_id.get(identity)
        if address is None:
            return unknown_name(identity)
        self._found.append(address)
        return address.name

    def quietly(self, _kind: str, identity: str) -> str:
        """The name of what is only spoken about: Core takes a permission back by itself when its target goes."""
        address = self._by_id.get(identity)
        return unknown_name(identity) if address is None else address.name

    def taken(self) -> Iterable[Address]:
        found = self._found
        if found:
            self._found = []
        return found


def _sealed(field: Field, value: Any) -> Any:
    if not isinstance(value, str) or not value:
        return value
    return Sealed(value, told=told_address(value) if field.address else None)
