"""`KEY=value` texts that Core will read otherwise than they look."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.pairs import has_easy_pairs, read_pairs
from komodo_sync.kinds.shapes import PairsShape
from komodo_sync.manifest.findings import quoted
from komodo_sync.manifest.rules.place import finding
from komodo_sync.model.diagnostic import Severity
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.diagnostic import Diagnostic


@cache
def _fields(kind: str) -> tuple[tuple[str, PairsShape], ...]:
    found = KINDS[kind].fields().items()
    return tuple((name, item.shape) for name, item in found if isinstance(item.shape, PairsShape))


def check_lines(declared: Mapping[Address, Declared]) -> Iterator[Diagnostic]:
    """Lines that Core cannot read (an error where it refuses them at once), keys that no reader would expect, and keys
    that stand there twice."""
    for address, item in declared.items():
        for name, shape in _fields(address.kind):
            text = item.resource.config.get(name)
            if isinstance(text, str) and text and not has_easy_pairs(text):
                yield from _lines(item, name, shape, text)


def _lines(item: Declared, name: str, shape: PairsShape, text: str) -> Iterator[Diagnostic]:
    pairs, unreadable = read_pairs(text)
    pointer = f"config/{name}"
    for number in unreadable:
        message = f"line {number + 1} of {name} has neither = nor :, and the Core cannot read it"
        severity = Severity.ERROR if shape.validated else Severity.WARNING
        way_out = f"write KEY{shape.written}value, or # before it"
        yield finding(
            item, pointer, Code.PAIR_UNREADABLE, message, way_out, severity=severity, line=number, secret=True
        )
    if shape.key != "variable":  # one port may be published twice
        return
    first: dict[str, int] = {}
    for pair in pairs:
        if not pair.key or (shape.written == "=" and any(map(str.isspace, pair.key))):
            message = f"line {pair.line + 1} of {name}: the Core takes {quoted(pair.key)} as the key"
            yield finding(item, pointer, Code.PAIR_UNREADABLE, message, "write KEY=value alone", line=pair.line)
        elif first.setdefault(pair.key, pair.line) != pair.line:
            message = f"{quoted(pair.key)} stands in {name} twice, first in its line {first[pair.key] + 1}"
            yield finding(item, pointer, Code.PAIR_TWICE, message, "keep one of them", line=pair.line)
