"""Declared values that are secret or not known here, beside live ones that are plain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.outside import sealed
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning.pairs import pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def differ(have: Any, want: Any) -> bool:
    """Whether a live value differs from the declared one as far as that is known."""
    if isinstance(want, Unknown) and want.pairs is not None:
        if isinstance(have, Sealed):
            return False  # none of its lines is known
        return any(changed_keys(pairs_of(have or "").values, want.pairs))
    return bool(want != have)


def changed_keys(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    """The keys of either that are added, changed or removed: new ones first. A value that is not known is no change
    where the key is there already."""
    for key in [*new, *(key for key in old if key not in new)]:
        if key not in old or key not in new or old[key] != new[key]:
            yield key


def is_said(value: Any, default: Any) -> bool:
    """Whether a create has to say `value`."""
    return isinstance(value, Unknown) or value != default


def veiled(have: Any, want: Any) -> Any:
    """A live value with Sealed inside of it wherever the declared one is secret or not known."""
    return sealed(have, want) if isinstance(want, dict | list) else have
