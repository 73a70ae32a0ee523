"""Declared values that are secret or not known here, beside live ones that are plain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning.pairs import pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Path = tuple[str, ...]


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
    """A live value with Sealed wherever the declared one is secret or not known: what stood there before is no less
    secret. Places in lists may have moved, so it is everything at such a place of any item, but for what the manifest
    says in clear at that place of some item."""
    if not isinstance(want, dict | list):
        return have
    hidden: set[Path] = set()
    clear: dict[Path, list[Any]] = {}
    for path, leaf in _leaves(want, ()):
        if isinstance(leaf, Sealed | Unknown):
            hidden.add(path)
        else:
            clear.setdefault(path, []).append(leaf)
    return _veil(have, (), hidden, clear) if hidden else have


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, path)
    else:
        yield path, value


def _veil(value: Any, path: Path, hidden: set[Path], clear: Mapping[Path, list[Any]]) -> Any:
    if isinstance(value, dict):
        return {key: _veil(item, (*path, key), hidden, clear) for key, item in value.items()}
    if isinstance(value, list):
        return [_veil(item, path, hidden, clear) for item in value]
    return Sealed(value) if path in hidden and value not in clear.get(path, ()) else value
