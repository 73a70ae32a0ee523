"""`KEY=value` texts as a manifest writes them: a mapping where that gives the same text again, else the text itself;
in both without the values of keys that look secret."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.export.placeholders import literal
from komodo_sync.kinds.pairs import read_pair
from komodo_sync.masking.lines import shown_lines
from komodo_sync.masking.suspects import named, suspicious
from komodo_sync.model.data import Data, replace
from komodo_sync.model.hiding import known_in
from komodo_sync.model.known import SHORTEST
from komodo_sync.model.secrecy import holds_secret, is_mounted, is_public, is_reference, looks_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from komodo_sync.kinds.shapes import PairsShape

_QUOTES = ("'", '"')
_LINK = re.compile(r"//[^\s@=:?]+[^@=:]*")
"""What follows the colon of a link that somebody can open: nothing in it or behind it could be a value of its own."""


class Lines(dict[str, Any]):
    """A mapping that is written as lines: their order counts."""


class Told(Data, frozen=True):
    """What a manifest says already of a field: `secret` are the keys in it whose values it takes from outside, `lines`
    those that stand in it as they are, where it is a text of lines. `mounts`: its values are places in a container."""

    secret: Collection[str] = ()
    lines: Collection[str] = ()
    mounts: bool = False

    def shows(self, line: str) -> bool:
        """Whether a line stands there to its end, with no quote open behind it, or is no secret whatever its key is."""
        pair = read_pair(line)
        opened = pair[1][:1] if pair else ""
        closed = opened not in _QUOTES or (pair is not None and len(pair[1]) > 1 and pair[1].endswith(opened))
        mounted = self.mounts and pair is not None and pair[0] not in self.secret and is_mounted(pair[1])
        return (line in self.lines and closed) or (mounted and "#" not in line)


NOTHING = Told()


def pairs_tree(shape: PairsShape, text: str, placeholder: Callable[[str], str], told: Told) -> Lines | str:
    """`text` (in normal form) for a manifest; `placeholder` gives what stands for the secret of a key."""
    lines = without_secrets(text, placeholder, replace(told, mounts=shape.mounts))
    mapping = pairs_mapping(shape, lines) if text.endswith("\n") else None
    return "\n".join(lines) if mapping is None else mapping


def pairs_mapping(shape: PairsShape, lines: list[str]) -> Lines | None:
    """The pairs of `lines`, the last of which is empty; None where a manifest's mapping would not be written as just
    these lines."""
    mapping = Lines()
    for line in lines[:-1]:
        pair = read_pair(line)
        if pair is None:
            return None
        key, value = pair
        if not key or key in mapping or "\r" in value or key + shape.written + value != line:
            return None
        mapping[key] = int(value) if is_number(value) else value
    return mapping


def is_number(value: str) -> bool:
    """Whether a text reads the same without quotes, as a whole number."""
    return value.isascii() and value.isdecimal() and len(value) < 16 and str(int(value)) == value


def without_secrets(text: str, placeholder: Callable[[str], str], told: Told = NOTHING) -> list[str]:
    """The lines of `text` with a placeholder for every secret value, also in comments and where the value goes on over
    further lines until its quote is closed; what else could be interpolated is made literal. What is `told` in clear
    already is kept."""
    lines = text.split("\n")
    result: list[str] = []
    while lines:
        line = lines.pop(0)
        hidden = None if told.shows(line) else _secret_part(line, told.secret)
        if hidden is None:
            result.append(literal(line) if told.shows(line) else _without_parts(line, placeholder))
            continue
        key, value = hidden
        at = line.index(value, line.index(key) + len(key))
        before, after = line[:at], line[at + len(value) :]
        quote = value[0] if value.startswith(_QUOTES) else ""
        if quote and len(value) > 1 and value.endswith(quote):
            after = quote + after
        elif quote:
            last = next((number for number, each in enumerate(lines) if quote in each), None)
            if last is None:
                quote = ""
            else:
                after = lines[last][lines[last].index(quote) :]
                del lines[: last + 1]
        result.append(literal(before) + quote + placeholder(key) + literal(after))
    return result


def _without_parts(line: str, placeholder: Callable[[str], str]) -> str:
    """A line whose key promises no secret, without what looks like one in it: `OPTIONS=--password X`, also behind some
    words of a comment."""
    [shown] = shown_lines([line])
    pair = _pair(line)
    written, rest = "", line
    for lead, value in suspicious(line, shown):
        bare = value.strip("\"'\\")
        before, _, after = value.partition(bare)
        written += literal(lead + before)
        # of a key over several lines the first is no more than any other; what is shorter is found everywhere
        secret = len(bare) >= SHORTEST and not bare.startswith("-----BEGIN")
        written += placeholder(named(lead) or (pair[0] if pair else "")) if secret else literal(bare)
        rest = rest[len(lead) + len(value) :]
        written += literal(after)
    return written + literal(rest)


def _pair(line: str) -> tuple[str, str] | None:
    """The key and the value of a line. Where what is known to be secret begins in its key it is none, but a text."""
    pair = read_pair(line)
    if pair is None:
        return None
    value = line.index(pair[0]) + len(pair[0])
    return None if any(start < value for start, _ in known_in(line)) else pair


def _secret_part(line: str, secret: Collection[str]) -> tuple[str, str] | None:
    """The key and the value to be hidden in a line, None where there is nothing to hide."""
    kept = line.strip()
    comment = kept.startswith(("#", "//"))
    pair = _pair(kept.lstrip("#/") if comment else kept)
    if pair is None or not pair[1] or is_reference(pair[1]):
        return None
    if holds_secret(kept if comment else pair[1]) or (pair[0] in secret and not comment):
        return pair
    if not looks_secret(pair[0]) or (is_public(*pair) and not comment):
        return None
    if comment and pair[0].endswith(("http", "https")) and _LINK.fullmatch(pair[1]):
        return None  # a sentence with a link
    return pair
