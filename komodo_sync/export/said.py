"""What is declared beside what is live: which values are the same, in whatever way somebody chose to say them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.export.pairs import Lines, Told, without_secrets
from komodo_sync.export.reading import left_out
from komodo_sync.export.tree import OTHER, Sparse, UnwritableError, alike
from komodo_sync.kinds.pairs import read_pair, read_pairs
from komodo_sync.kinds.shapes import PairsShape
from komodo_sync.model.sealed import Sealed, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from komodo_sync.export.layout import Part
    from komodo_sync.export.tree import Tree, Trees
    from komodo_sync.kinds.struct import Field

UNSAID = object()
"""In place of a tree: what is written there is known by its text alone."""
_NOWHERE = "\0"
"""A text that no Core has."""
_ASKS = re.compile(r"(?<!\$)\$\{(?:env|file|var|each):")
_ASKED = re.compile(r"(?<!\$)\$\{(?:env|file|var|each):[^{}]*\}")


def said_tree(trees: Trees, item: Field, wanted: Any, live: Any, tree: Tree) -> Tree:
    """The tree of a declared value, to be compared with `tree`, that of the live one. What is not known here counts as
    the same."""
    if item.secret:
        return tree if wanted == live else OTHER
    if isinstance(item.shape, PairsShape):
        return _said_pairs(wanted, live, tree)
    try:
        return trees.value(item, _alike(wanted, live, trees.told.secret), (item.name,))
    except UnwritableError:
        return UNSAID


def _alike(wanted: Any, live: Any, secret: Collection[str], key: str = "") -> Any:
    """`wanted` with what `live` has at the same place where that is the same or nothing is known of it, and OTHER for
    another secret, also for what stands under a `secret` key."""
    if isinstance(wanted, dict):
        have = live if isinstance(live, dict) else {}
        return {key: _alike(value, have.get(key, _NOWHERE), secret, key) for key, value in wanted.items()}
    if isinstance(wanted, list):
        items = live if isinstance(live, list) else []
        return [_alike(value, items[at] if at < len(items) else _NOWHERE, secret) for at, value in enumerate(wanted)]
    if isinstance(wanted, Unknown):
        return live
    if isinstance(wanted, Sealed):
        return live if wanted == live else OTHER
    return OTHER if key in secret and isinstance(wanted, str) and wanted != live else wanted


def _said_pairs(wanted: Any, live: str, tree: Tree) -> Tree:
    same = _same_keys(wanted, live)
    if not isinstance(tree, dict) or not same:
        return UNSAID
    return Lines({key: tree[key] if equal and key in tree else OTHER for key, equal in same.items()})


def _same_keys(wanted: Any, live: str) -> dict[str, bool]:
    """For each key of declared lines whether its value is the live one, as far as that is known here."""
    if isinstance(wanted, Sealed | Unknown):
        pairs = dict(wanted.pairs or {})
    else:
        pairs = {pair.key: pair.value for pair in read_pairs(wanted)[0]}
    have = {pair.key: pair.value for pair in read_pairs(live)[0]}
    return {
        key: key in have and (isinstance(value, Unknown) or bool(value == have[key])) for key, value in pairs.items()
    }


def over(tree: Tree, said: Tree) -> Tree:
    """What is to be laid over `said`, which stands elsewhere, to get `tree`: what differs, where keys alone are added
    or changed, else all of it."""
    if not isinstance(tree, dict) or not isinstance(said, dict):
        return tree
    if isinstance(tree, Sparse):
        defaults = {key: default for key in said if key not in tree and (default := left_out(tree, key)) is not None}
        changed = {key: value for key, value in {**tree, **defaults}.items() if key not in said or said[key] != value}
        return Sparse(tree.struct, changed)
    if any(key not in tree for key in said):
        return tree
    return {key: value for key, value in tree.items() if key not in said or said[key] != value}


def told_of(wanted: Any, lines: Collection[str]) -> Told:
    """What is told of a field: declared is `wanted`, and written are `lines`."""
    return Told(frozenset(_secret_keys(wanted)), lines)


def _secret_keys(wanted: Any) -> Iterator[str]:
    """The keys, at any depth, whose values come from outside."""
    pairs = wanted.pairs or {} if isinstance(wanted, Sealed | Unknown) else wanted
    if isinstance(pairs, list):
        for each in pairs:
            yield from _secret_keys(each)
    elif isinstance(pairs, dict):
        for key, value in pairs.items():
            if isinstance(value, Sealed | Unknown):
                yield key
            else:
                yield from _secret_keys(value)


def written_pairs(part: Part, shape: PairsShape) -> dict[str, str]:
    """The pairs of a field of lines that is written as a mapping, or as a list of objects; empty for any other."""
    objects = [(item.get(shape.key), item.get(shape.value)) for item in part.items]
    pairs = [*((key, value) for key, value in part.pairs), *objects]
    return {key.text: value.text for key, value in pairs if key and value and value.form == "scalar"}


def as_written(tree: Tree, said: Tree, pairs: Mapping[str, str]) -> tuple[Tree, Tree]:
    """`tree` and `said` with what the written `pairs` ask for, where that is the same in both."""
    if not isinstance(said, dict):
        return tree, said
    asked = {key: text for key, text in pairs.items() if _ASKS.search(text) and key in said and key in tree}
    same = {key: text for key, text in asked.items() if said[key] == tree[key]}
    return alike(tree, {key: same.get(key, value) for key, value in tree.items()}), alike(said, {**said, **same})


def as_objects(tree: Tree, shape: PairsShape) -> Tree:
    """Pairs as a list of objects."""
    return [{shape.key: key, shape.value: value} for key, value in tree.items()] if isinstance(tree, dict) else tree


def asking_items(live: list[str], wanted: list[Any], written: list[str]) -> tuple[dict[int, str], list[int]]:
    """Which `live` text, by its place, is what a `written` item takes from outside; and where others stand that could
    be as well, because one takes all of its text. `wanted` are the values of what is written."""
    asking = [text for text, value in zip(written, wanted, strict=True) if isinstance(value, Sealed | Unknown)]
    free = [place for place, text in enumerate(live) if text not in written]
    found: dict[int, str] = {}
    for text in sorted(asking, key=lambda text: -len(_ASKED.sub("", text))):
        pattern = re.compile(".*".join(map(re.escape, _ASKED.split(text))), re.DOTALL)
        place = next((place for place in free if pattern.fullmatch(live[place])), None)
        if place is not None:
            found[place] = text
            free.remove(place)
    return found, free if any(_ASKED.fullmatch(text) for text in asking) else []


def said_lines(wanted: Any, live: str, told: Told, placeholder: Callable[[str], str]) -> str:
    """The `live` lines for those that somebody wrote: what asks for a value that is the same stays in its place.
    `placeholder` gives what stands for the secret of a key."""
    same = _same_keys(wanted, live)
    asking = _asking(told.lines)
    result = []
    for line in without_secrets(live, placeholder, told):
        pair = read_pair(line)
        kept = asking.get(pair[0], ()) if pair and same.get(pair[0]) else ()
        result.append(_asking_in(line, kept[0]) if len(kept) == 1 else line)
    return "\n".join(result)


def _asking_in(line: str, written: str) -> str:
    """A live line with the value of the `written` one: spaces and comments are the Core's."""
    (key, value), (_, asked) = read_pair(line) or ("", ""), read_pair(written) or ("", "")
    at = line.find(value, line.find(key) + len(key))
    return line[:at] + asked + line[at + len(value) :] if value and asked and at >= 0 else written


def _asking(lines: Iterable[str]) -> Mapping[str, list[str]]:
    """The lines in which something from outside stands, by key."""
    found: dict[str, list[str]] = {}
    for line in lines:
        pair = read_pair(line)
        if pair and _ASKS.search(line):
            found.setdefault(pair[0], []).append(line)
    return found
