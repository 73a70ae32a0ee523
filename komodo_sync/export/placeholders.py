"""What stands in a manifest where a Core holds a secret: `${env:NAME}`, and the list of what to set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Iterable

    from komodo_sync.model.address import Address

_INTERPOLATED = re.compile(r"(?=\$\{(?:env|file|var|each):)")
_SECRET = re.compile(r"(?<!\$)\$\{(?:env|file):")
_NAMED = re.compile(r"\$\{env:([A-Za-z_][A-Za-z0-9_]*)")


class Wanted(Data, frozen=True):
    """A secret that was not written: the environment variable `name` is to hold `field` of the resource."""

    name: str
    address: Address
    field: str


class Placeholders:
    """Gives every secret a name of its own, and the same one whenever it is asked for again."""

    def __init__(self) -> None:
        self._wanted: dict[tuple[Address, tuple[str, ...]], Wanted] = {}
        self._taken: set[str] = set()

    def placeholder(self, address: Address, place: tuple[str, ...], word: str = "") -> str:
        """The text to write in place of the secret at `place` (a field, what is in it) of a resource; `word` names it
        where that says enough."""
        wanted = self._wanted.get((address, place))
        if wanted is None:
            words = (address.kind, address.name, *((word,) if word else place))
            base = re.sub(r"[^A-Za-z0-9]+", "_", "_".join(words)).strip("_").upper()
            name, number = base, 1
            while name in self._taken:
                number += 1
                name = f"{base}_{number}"
            self._taken.add(name)
            wanted = self._wanted[address, place] = Wanted(name, address, "/".join(place))
        return f"${{env:{wanted.name}}}"

    def wanted(self, texts: Iterable[str]) -> tuple[Wanted, ...]:
        """What is to be set for these texts."""
        named = {name for text in texts for name in _NAMED.findall(text)}
        return tuple(item for item in self._wanted.values() if item.name in named)


def is_placeholder(text: str) -> bool:
    """Whether a text asks for a secret."""
    return _SECRET.search(text) is not None


def literal(text: str) -> str:
    """`text` as a manifest writes it so that nothing in it is interpolated."""
    return _INTERPOLATED.sub("$", text) if "${" in text else text
