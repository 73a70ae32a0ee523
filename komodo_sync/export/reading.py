"""What a written value says, and whether that is a tree already: in whatever form somebody chose to say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.export.pairs import Lines
from komodo_sync.export.placeholders import is_placeholder
from komodo_sync.export.text import Include, Noted
from komodo_sync.export.tree import Sparse, default_tree, spelling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from komodo_sync.export.layout import Part
    from komodo_sync.export.tree import Tree

_FLAGS = {True: frozenset({"true", "yes", "on"}), False: frozenset({"false", "no", "off"})}
_NULLS = ("", "~", "null", "Null", "NULL")


def says(part: Part, tree: Tree) -> bool:
    """Whether what is written there is `tree` already."""
    if part.form == "alias" or part.tag not in ("", "!file"):
        return False
    if isinstance(tree, Noted):
        return says(part, tree.value)
    if isinstance(tree, dict):
        return part.form == "mapping" and _says_mapping(part, tree)
    if isinstance(tree, list):
        same = part.form == "sequence" and len(part.items) == len(tree)
        return same and all(map(says, part.items, tree))
    if part.form != "scalar":
        return False
    if isinstance(tree, Include) or part.tag:
        return isinstance(tree, Include) and bool(part.tag) and part.text == tree.path
    if isinstance(tree, str):
        # a secret has the name that people gave it
        asked = is_placeholder(tree) and is_placeholder(part.text) and "\n" not in tree
        return asked or (part.text == tree and not (part.plain and tree in _NULLS))
    if isinstance(tree, bool):
        return part.plain and part.text.lower() in _FLAGS[tree]
    return part.plain and part.text == ("null" if tree is None else repr(tree))


def key_of(tree: dict[str, Tree], word: str) -> str:
    """The key of `tree` that a written key is another spelling of; the written one where it is none."""
    item = tree.struct.spellings().get(word) if isinstance(tree, Sparse) else None
    return word if item is None else spelling(item)


def in_order(words: Iterable[str], tree: dict[str, Tree]) -> bool:
    """Whether those of `words` that are keys of `tree` stand in its order."""
    kept = [word for word in words if word in tree]
    return kept == [word for word in tree if word in kept]


def left_out(tree: dict[str, Tree], key: str) -> Tree:
    """What `tree` says by leaving a key out; None where it must not be written."""
    item = tree.struct.spellings().get(key) if isinstance(tree, Sparse) else None
    return None if item is None else default_tree(item)


def _says_mapping(part: Part, tree: dict[str, Tree]) -> bool:
    written = {key_of(tree, key.text): value for key, value in part.pairs}
    if not isinstance(tree, Sparse):
        same = written.keys() == tree.keys() and (not isinstance(tree, Lines) or in_order(written, tree))
        return same and all(says(written[key], value) for key, value in tree.items())
    defaults = {key: left_out(tree, key) for key in written.keys() - tree.keys()}
    wanted = {**tree, **defaults}
    return tree.keys() <= written.keys() and all(
        wanted[key] is not None and says(value, wanted[key]) for key, value in written.items()
    )
