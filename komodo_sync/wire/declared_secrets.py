"""Which texts of the declared world are secret, and which are declared in clear."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.pairs import read_pairs
from komodo_sync.kinds.shapes import PairsShape
from komodo_sync.model.data import Unshown
from komodo_sync.model.sealed import Sealed
from komodo_sync.model.secrecy import looks_secret
from komodo_sync.wire.update_text import sealed_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.model.desired import Desired, DesiredResource


class Texts(Unshown, frozen=True):
    """`secret` may be told in no report; `clear` may, though the Core keeps it among an environment's values."""

    secret: frozenset[str] = frozenset()
    clear: frozenset[str] = frozenset()


def declared_texts(desired: Desired) -> Texts:
    """Those of everything that is declared: it takes a while for thousands of resources, and only failures need it."""
    secret = frozenset(
        text for item in desired.resources.values() for text in sealed_texts([dict(item.config), item.description])
    )
    return Texts(secret, frozenset(text for item in desired.resources.values() for text in _clear(item)) - secret)


def _clear(item: DesiredResource) -> Iterator[str]:
    table = KINDS[item.address.kind].fields()
    for name, value in item.config.items():
        if name in table and isinstance(table[name].shape, PairsShape):
            yield from (text for key, text in _pairs(value) if text and not looks_secret(key))


def _pairs(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Sealed):
        yield from ((key, text) for key, text in (value.pairs or {}).items() if isinstance(text, str))
    elif isinstance(value, str):
        yield from ((pair.key, pair.value.strip("\"'")) for pair in read_pairs(value)[0])
