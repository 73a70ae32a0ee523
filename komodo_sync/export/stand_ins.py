"""What stands in a live value for what its manifest takes from outside, until the value is written: a text that no
manifest can hold, so that it is taken for nothing else on its way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.outside import veiled
from komodo_sync.kinds.shapes import PairsShape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from komodo_sync.export.tree import Trees
    from komodo_sync.kinds.struct import Field

_FORM = re.compile("(\0[0-9]+\0)")


class StandIns:
    """Those of one resource, each with the placeholder that is written in its place."""

    def __init__(self) -> None:
        self._placeholders: list[str] = []

    def put(self, value: Any, want: Any, place: tuple[str, ...], trees: Trees, item: Field | None = None) -> Any:
        """A live value with a stand-in for each part that the declared one takes from outside. `place`: the field."""
        named = trees.naming(place) if item is not None and isinstance(item.shape, PairsShape) else None
        return veiled(value, want, self._hide(trees, named), place)

    def _hide(self, trees: Trees, named: Callable[[str], str] | None) -> Callable[[Any, tuple[str, ...]], str]:
        def hide(_part: Any, place: tuple[str, ...]) -> str:
            of_key = named is not None and len(place) == _KEYED
            found = named(place[-1]) if named and of_key else trees.placeholders.placeholder(trees.address, place)
            self._placeholders.append(found)
            return f"\0{len(self._placeholders) - 1}\0"

        return hide

    def pieces(self, text: str) -> Iterator[tuple[str, bool]]:
        """`text` in pieces, each with whether it is a placeholder."""
        for number, piece in enumerate(_FORM.split(text) if "\0" in text else [text]):
            if number % 2:
                yield self._placeholders[int(piece[1:-1])], True
            elif piece:
                yield piece, False


_KEYED = 2
"""How long the place of a key of `KEY=value` lines is."""


def is_stand_in(value: Any) -> bool:
    """Whether it is one and nothing else, whatever sort of value it stands for."""
    return isinstance(value, str) and _FORM.fullmatch(value) is not None
