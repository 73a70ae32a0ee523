"""Texts that have to hold a word of Core's, and do not."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.manifest.rules.place import finding
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.diagnostic import Diagnostic


@cache
def _holders(kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, item.holds) for name, item in KINDS[kind].fields().items() if item.holds)


def check_wrappers(declared: Mapping[Address, Declared]) -> Iterator[Diagnostic]:
    """Every wrapper of a command that leaves the command out, so that a deploy fails."""
    for address, item in declared.items():
        for name, part in _holders(address.kind):
            text = item.resource.config.get(name)
            if isinstance(text, str) and text and part not in text:
                message = f"{name} has no {part}, and a deploy fails: that is where the command goes"
                yield finding(item, f"config/{name}", Code.WRAPS_NOTHING, message, f"write `... {part}`")
