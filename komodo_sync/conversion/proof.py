"""Whether two declared worlds are the same one, wherever it was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from komodo_sync.model.desired import DesiredResource
from komodo_sync.model.sealed import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.desired import Desired

_PLACES = frozenset({"span", "origin", "files", "through", "item"})


def differences(before: Desired, after: Desired) -> Iterator[str]:
    """Each declared resource that is not the same in both, with the first part of it that differs; each that is in one
    alone. What is named, never a value: that may be a secret."""
    for address in sorted({*before.resources, *after.resources}):
        old, new = before.resources.get(address), after.resources.get(address)
        if old is None or new is None:
            yield f"{address} is {'gone' if new is None else 'new'}"
            continue
        parts = (name for name in DesiredResource.__struct_fields__ if name not in _PLACES)
        part = next((name for name in parts if _said(name, getattr(old, name)) != _said(name, getattr(new, name))), "")
        if part:
            yield f"{address} {part}"


def _said(part: str, value: Any) -> Any:
    """A part without the places of what is in it, and with something to compare where a value is not known."""
    if part == "references":
        return {(each.target, each.pointer) for each in value}
    if part == "interpolated":
        return {(each.pointer, each.names, each.secret, each.missing) for each in value}
    return _known(value)


def _known(value: Any) -> Any:
    """Every Unknown, which equals anything or nothing, as what is known of it."""
    if isinstance(value, Unknown):
        return Unknown, _known(value.pairs)
    if isinstance(value, Mapping):
        return {key: _known(each) for key, each in value.items()}
    return [_known(each) for each in value] if isinstance(value, list) else value
