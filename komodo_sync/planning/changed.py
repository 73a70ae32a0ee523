"""One changed field as it may be shown: its values, how they differ, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.masking.mask import secret_name, shown
from komodo_sync.model.data import replace
from komodo_sync.model.plan import FieldChange, Shown
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning.diff import diff
from komodo_sync.planning.opaque import veiled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.kinds.struct import Field
    from komodo_sync.model.desired import DesiredResource


def changed(
    item: Field, pointer: str, have: Any, want: Any, desired: DesiredResource, held: Mapping[str, Any]
) -> FieldChange:
    """The change of `item` at `pointer`; `held`: the live fields beside it, one of which may say that it is secret."""
    sides = (desired.config, held)
    name = secret_name(item, desired.address.name, [side.get(item.name) for side in sides])
    secret = _is_shut(want, secret=item.secret or bool(name)) or any(side.get(item.secret_when) for side in sides)
    have, clear = veiled(have, want), desired.clear_keys.get(item.name, frozenset())
    difference = diff(item, have, want, clear_keys=clear, secret=secret or bool(name))
    # a long text is told by its diff; telling it whole as well would only hide the difference
    told = difference.kind in ("scalar", "items")
    return FieldChange(
        pointer,
        shown(item, have, secret=secret, name=name) if told else Shown(None),
        shown(item, want, secret=secret, name=name) if told else Shown(None),
        difference,
        origin_of(desired, pointer),
        reset=item.name not in desired.config.get("params", desired.config),
        deploys=item.deploys,
    )


def with_ways(fields: list[FieldChange], desired: DesiredResource) -> list[FieldChange]:
    """The changes, each with what its value came through."""
    return [replace(item, through=ways) if (ways := ways_to(desired, item.pointer)) else item for item in fields]


def ways_to(desired: DesiredResource, pointer: str) -> tuple[str, ...]:
    """What the value at a pointer came through: a default or an overlay, the item of a `for_each`, `${...}` by name."""
    inside = f"{pointer}/"
    read = [item for item in desired.interpolated if item.pointer == pointer or item.pointer.startswith(inside)]
    names = dict.fromkeys(name for item in read for name in item.names)
    each = [f"for_each {desired.item}"] if desired.item and any(name.startswith("each:") for name in names) else []
    asked = [f"${{{name}}}" for name in names if not (desired.item and name.startswith("each:"))]
    return tuple(filter(None, (desired.through(pointer), *each, *asked)))


def _is_shut(want: Any, *, secret: bool) -> bool:
    """Whether nothing may be told of a value that may be `secret`, because what is declared comes from outside."""
    if isinstance(want, Unknown):
        return secret
    return isinstance(want, Sealed) and want.pairs is None and want.told is None


def origin_of(desired: DesiredResource, pointer: str) -> str:
    """`file:line:col` of a pointer; empty where no manifest says it."""
    span = desired.origin(pointer)
    return str(span) if span else ""
