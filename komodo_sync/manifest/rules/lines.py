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

    from komodo_sync.kinds.pairs import Pair
    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.diagnostic import Diagnostic


@cache
def _fields(kind: str) -> tuple[tuple[str, PairsShape], ...]:
    found = KINDS[kind].fields().items()
    return tuple((name, item.shape) for name, item in found if isinstance(item.shape, PairsShape))


def check_lines(declared: Mapping[Address, Declared]) -> Iterator[Diagnostic]:
    """Lines that Core cannot read (an error where it refuses them at once), values that it cuts, keys that no reader
    would expect, and keys that stand there twice."""
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
    lines = text.split("\n")
    for pair in pairs:
        if _is_cut(pair, lines[pair.line]):
            message = f"the Core cuts line {pair.line + 1} of {name} at ` #`, inside of its quotes"
            way_out = "write it without the space, or keep such a value out of this field"
            yield finding(item, pointer, Code.PAIR_UNREADABLE, message, way_out, line=pair.line, secret=True)
    if shape.key != "variable":  # one port may be published twice
        return
    first: dict[str, int] = {}
    for pair in pairs:
        if not pair.key or (shape.written == "=" and any(map(str.isspace, pair.key))):
            told = "" if _is_mapping(item, pointer, pair) else f"line {pair.line + 1} of {name}: "
            message = f"{told}the Core takes {quoted(pair.key)} as the key"
            place = pointer if told else f"{pointer}/{pair.key}"
            yield finding(item, place, Code.PAIR_UNREADABLE, message, "write KEY=value alone", line=pair.line)
        elif first.setdefault(pair.key, pair.line) != pair.line:
            message = f"{quoted(pair.key)} stands in {name} twice, first in its line {first[pair.key] + 1}"
            yield finding(item, pointer, Code.PAIR_TWICE, message, "keep one of them", line=pair.line)


def _is_cut(pair: Pair, line: str) -> bool:
    """Whether the value is in quotes, and ends at a ` #` before they are closed."""
    quote = pair.value[:1]
    return quote in ("'", '"') and quote not in pair.value[1:] and quote in line.partition(" #")[2]


def _is_mapping(item: Declared, pointer: str, pair: Pair) -> bool:
    """Whether the pair is a key of a mapping in the manifest, with a place of its own."""
    return item.resource.origin(f"{pointer}/{pair.key}") not in (None, item.resource.origin(pointer))
