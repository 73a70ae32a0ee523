"""Names with wildcards -> what lives in the Core, each with its id."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from komodo_sync.calling.values import nearest
from komodo_sync.client.snapshot import list_params
from komodo_sync.errors import NotFoundError
from komodo_sync.model.data import Data
from komodo_sync.operations import operations
from komodo_sync.wire.answers import object_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from komodo_sync.client.reader import Reader
    from komodo_sync.kinds.spec import KindSpec

_WILD = frozenset("*?[")


class Living(Data, frozen=True):
    """One resource that lives in the Core; `id` is empty for kinds without ids."""

    name: str
    id: str


def has_wildcards(name: str) -> bool:
    """Whether `name` stands for several."""
    return not _WILD.isdisjoint(name)


def living(reader: Reader, spec: KindSpec) -> list[Living]:
    """Everything of a kind that the key can see, by name. What is ours to keep is left out."""
    brief = f"List{spec.core}s"
    answer = reader.read(*_listing(brief if brief in operations("read") else spec.lists))
    found = [Living(spec.name_of(item), str(item.get("id") or object_id(item.get("_id")))) for item in answer]
    kept = [item for item in found if not (spec.reserved and item.name.startswith(spec.reserved))]
    return sorted(kept, key=lambda item: item.name)


def _listing(operation: str) -> tuple[str, dict[str, object]]:
    return operation, list_params(operation)


def chosen(spec: KindSpec, names: Sequence[str], alive: Sequence[Living]) -> list[Living]:
    """Of what is alive, what `names` mean: each by its name, its id, or wildcards; each once, in the names' order.
    Raises NotFoundError, before anything is done, for a name that means nothing."""
    found: dict[str, Living] = {}
    for name in names:
        meant = [item for item in alive if name in (item.name, item.id)]
        if not meant and has_wildcards(name):
            meant = [item for item in alive if fnmatchcase(item.name, name)]
        if not meant:
            raise missing(spec, name, alive)
        found |= {item.name: item for item in meant}
    return list(found.values())


def missing(spec: KindSpec, name: str, alive: Sequence[Living]) -> NotFoundError:
    """The error for a name that means nothing, with the nearest one that does."""
    kind = spec.name.replace("_", " ")
    known = [item.name for item in alive]
    what = (
        f"no {kind} matches {name}" if has_wildcards(name) else f"there is no {kind} {name}, or this key cannot see it"
    )
    if len(known) > 20:
        hint = nearest(name, known)
        hint = hint if hint.startswith("did") else f"there are {len(known)}: komodo-sync call read List{spec.core}s"
    else:
        hint = nearest(name, known) if known else f"there is no {kind} that this key can see"
    return NotFoundError(what, hint=hint)
