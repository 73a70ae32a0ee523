"""Live values where manifests take theirs from outside: whatever stood there before is no less secret than what is to
stand there now. Also where nothing is set here, so that what is to stand there is not known."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.pairs import read_pair
from komodo_sync.model.hosts import holds_nothing, told_address
from komodo_sync.model.sealed import HIDDEN, Sealed, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import DesiredResource
    from komodo_sync.model.observed import ObservedResource

    Hide = Callable[[Any, tuple[str, ...]], Any]
    Opaque = Sealed | Unknown
    Leaf = Callable[[Any, Opaque, tuple[str, ...]], Any]

Path = tuple[str, ...]
_QUOTES = ("'", '"')
_MARK = "\0"
"""Stands for a secret in the lines of what is written around it: no text of a manifest holds one."""


def live_of(declared: DesiredResource, resources: Mapping[Address, ObservedResource]) -> ObservedResource | None:
    """The live resource that is declared, also where it has its old name still."""
    old = declared.address._replace(name=declared.renamed_from) if declared.renamed_from else None
    return resources.get(declared.address) or (resources.get(old) if old else None)


def is_taking(declared: DesiredResource) -> bool:
    """Whether anything that it declares is secret, or not known here."""
    found = _leaves({"description": declared.description, "config": dict(declared.config)}, ())
    return any(isinstance(leaf, Sealed | Unknown) for _, leaf in found)


def veiled(have: Any, want: Any, hide: Hide, place: Path = ()) -> Any:
    """A live value with `hide(part, place)` for each part that is secret in the declared one or not known of it; the
    very same where nothing is. Of a text it is what the manifest does not write around it, of `KEY=value` lines the
    value of such a key. Places in lists may have moved, so it is everything at such a place of any item, but for what
    the manifest says in clear at that place of some item. `place` leads to the value; items of lists count from 1."""

    def leaf(value: Any, want: Opaque, place: Path) -> Any:
        return _opaque(value, want, hide, place)

    return _each(have, want, place, leaf)


def sealed(have: Any, want: Any) -> Any:
    """The same with a whole Sealed in place of each value of which a part is."""
    return _each(have, want, (), lambda value, want, _place: value if _is_told(want) else Sealed(value))


def _each(have: Any, want: Any, place: Path, leaf: Leaf) -> Any:
    if isinstance(want, Sealed | Unknown):
        return leaf(have, want, place)
    if not isinstance(want, dict | list):
        return have
    hidden: dict[Path, list[Opaque]] = {}
    clear: dict[Path, list[Any]] = {}
    for path, each in _leaves(want, ()):
        if isinstance(each, Sealed | Unknown):
            hidden.setdefault(path, []).append(each)
        else:
            clear.setdefault(path, []).append(each)
    return _inside(have, (), place, hidden, clear, leaf) if hidden else have


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, path)
    else:
        yield path, value


def _inside(
    value: Any,
    path: Path,
    place: Path,
    hidden: Mapping[Path, list[Opaque]],
    clear: Mapping[Path, list[Any]],
    leaf: Leaf,
) -> Any:
    """`path` leads to a value without the places of items, `place` with them."""
    if isinstance(value, list):
        return [_inside(item, path, (*place, str(at)), hidden, clear, leaf) for at, item in enumerate(value, 1)]
    if path in hidden:
        wanted = hidden[path]
        if value in clear.get(path, ()):
            return value
        fitting = next((want for want in wanted if isinstance(value, str) and fitted(value, want.around)), wanted[0])
        return leaf(value, fitting, place)
    if isinstance(value, dict):
        return {key: _inside(item, (*path, key), (*place, key), hidden, clear, leaf) for key, item in value.items()}
    return value


def _is_told(want: Opaque) -> bool:
    """Whether a manifest itself writes a secret address, or the host of it: then the live one is told as far."""
    return isinstance(want, Sealed) and want.told is not None


def _opaque(have: Any, want: Opaque, hide: Hide, place: Path) -> Any:
    if (not have and have != 0) or (_is_told(want) and holds_nothing(have)):
        return have  # there is nothing to hide
    if not isinstance(have, str):
        return hide(have, place)
    if want.pairs is not None:
        keys = {key: value for key, value in want.pairs.items() if isinstance(value, Sealed | Unknown)}
        return _lines(have, keys, _comments(want.around), hide, place)
    if not any(text.strip() for text in want.around):
        hidden = hide(have, place)
        return told_address(have) if hidden == HIDDEN and _is_told(want) else hidden
    return _told(pieces(have, want.around), hide, place)


def _told(parts: list[tuple[str, bool]], hide: Hide, place: Path) -> str:
    number, told = 0, []
    for piece, secret in parts:
        number += secret
        told.append(hide(piece, (*place, "secret", str(number))) if secret else piece)
    return "".join(map(str, told))


def _comments(around: tuple[str, ...]) -> list[tuple[str, ...]]:
    """What stands around the secrets of each comment that has any."""
    comments = [line[_comment_of(line) :] for line in _MARK.join(around).split("\n") if _comment_of(line) >= 0]
    return [tuple(text.split(_MARK)) for text in comments if _MARK in text]


def _comment_of(line: str) -> int:
    """Where the comment of a line begins; -1 where it has none."""
    return 0 if line.lstrip().startswith(("#", "//")) else line.find(" #")


def _lines(have: str, keys: Mapping[str, Opaque], comments: list[tuple[str, ...]], hide: Hide, place: Path) -> str:
    """A text of lines with the values of `keys` hidden, also one in quotes that goes on over further lines, and what
    stands in the place of the secrets of `comments`."""

    def commented(text: str) -> str:
        start = _comment_of(text) if comments else -1
        parts = next(filter(None, (fitted(text[start:], each) for each in comments)), None) if start >= 0 else None
        return text[:start] + _told(parts, hide, (*place, "comment", str(len(result) + 1))) if parts else text

    lines = have.split("\n")
    result: list[str] = []
    while lines:
        line = lines.pop(0)
        key, value = read_pair(line) or ("", "")
        if key not in keys or not value:
            result.append(commented(line))
            continue
        at = line.index(value, line.index(key) + len(key))
        behind = line[at + len(value) :]
        quote = value[0] if value.startswith(_QUOTES) else ""
        if quote and len(value) > 1 and value.endswith(quote):
            value, behind = value[1:-1], quote + commented(behind)
        elif quote and (last := next((number for number, each in enumerate(lines) if quote in each), None)) is not None:
            end = lines[last].index(quote)
            value, behind = "\n".join([line[at + 1 :], *lines[:last], lines[last][:end]]), lines[last][end:]
            del lines[: last + 1]
        else:
            quote, behind = "", commented(behind)
        result.append(f"{line[:at]}{quote}{_opaque(value, keys[key], hide, (*place, key))}{behind}")
    return "\n".join(result)


def pieces(have: str, around: tuple[str, ...]) -> list[tuple[str, bool]]:
    """A live text in pieces, each with whether it stands where the declared one has something from outside, where the
    texts before, between and behind that are `around`. Where it is another text altogether that is all of it; of one of
    several lines, each that may stand in the place of such a line."""
    whole = fitted(have, around)
    if whole or "\n" not in have or not any("\n" in text for text in around):
        return whole or [(have, True)]
    wanted, lines = _MARK.join(around).split("\n"), have.split("\n")
    asking = [tuple(line.split(_MARK)) for line in wanted if _MARK in line and line.replace(_MARK, "").strip()]
    found: list[list[tuple[str, bool]]] = []
    for action, first, last, begin, end in SequenceMatcher(None, wanted, lines, autojunk=False).get_opcodes():
        if action == "equal":
            found += [[(line, False)] for line in lines[begin:end]]
            continue
        fits = [next(filter(None, (fitted(line, each) for each in asking)), None) for line in lines[begin:end]]
        # which of the others stands for one that asks, nobody knows
        left = sum(_MARK in line for line in wanted[first:last]) > sum(map(bool, fits))
        found += [parts or [(line, left)] for line, parts in zip(lines[begin:end], fits, strict=True)]
    parts = [part for number, line in enumerate(found) for part in ([("\n", False)] if number else []) + line]
    return [part for part in parts if part[0]]


def fitted(text: str, around: tuple[str, ...]) -> list[tuple[str, bool]]:
    """The pieces of a text that says what is `around` and something between; empty for any other. Space at its ends
    counts for nothing."""
    if len(around) < 2:
        return []
    body = text.strip()
    first, *middle, last = around[0].lstrip(), *around[1:-1], around[-1].rstrip()
    if not body.startswith(first) or not body.endswith(last) or len(body) < len(first) + len(last):
        return []
    found, at, end = [(first, False)], len(first), len(body) - len(last)
    for words in middle:
        begin = body.find(words, at, end)
        if begin < 0:
            return []
        found += [(body[at:begin], True), (words, False)]
        at = begin + len(words)
    found += [(body[at:end], True), (last, False)]
    lead = text[: len(text) - len(text.lstrip())]
    space = text[len(lead) + len(body) :]
    return [part for part in [(lead, False), *found, (space, False)] if part[0]]
