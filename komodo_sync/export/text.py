"""Trees -> YAML, each value in the form in which people read it best and our reader gives it back to the letter."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import CommentMark
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tokens import CommentToken

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from komodo_sync.export.tree import Tree

_TAG = "tag:yaml.org,2002:"
_TEXT, _MAPPING, _SEQUENCE = f"{_TAG}str", f"{_TAG}map", f"{_TAG}seq"
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that only double quotes keep, or that nobody sees without them."""
_WIDE = 1_000_000


class Include(Data, frozen=True):
    """`!file PATH`."""

    path: str


class Noted(Data, frozen=True):
    """A flag, a number or a word with a comment at the end of its line, where a line is its own."""

    value: Any
    words: str


class Tall(list[Any]):
    """A list that is written one item a line, however short it is."""


def block(tree: Tree) -> str:
    """`tree` over several lines, each value on its own, with a newline at the end."""
    return _written(_node(tree, flow=False))


def items(trees: list[Tree]) -> str:
    """A list over several lines, its dashes at the begin of their lines, with a newline at the end."""
    written = _written(SequenceNode(_SEQUENCE, [_node(each, flow=False) for each in trees], flow_style=False))
    return re.sub("^  ", "", written, flags=re.MULTILINE)


def inline(tree: Tree) -> str:
    """`tree` on one line, as it may stand anywhere, also inside of brackets."""
    # a scalar alone would be written as a document, and a pair alone without its brackets
    return _written(_node({"": tree}, flow=True)).removeprefix("{'': ").removesuffix("}\n")


def _written(node: Node) -> str:
    yaml = YAML()
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.width = _WIDE
    stream = StringIO()
    yaml.serialize(node, stream)
    return stream.getvalue()


def _node(tree: Tree, *, flow: bool) -> Node:
    if isinstance(tree, dict):
        pairs = [(_scalar(key, block=False), _node(value, flow=flow)) for key, value in tree.items()]
        return MappingNode(_MAPPING, pairs, flow_style=flow or not tree)
    if isinstance(tree, list):
        return SequenceNode(
            _SEQUENCE,
            [_node(each, flow=flow) for each in tree],
            flow_style=flow or (not isinstance(tree, Tall) and _is_short(tree)),
        )
    if isinstance(tree, Include):
        return ScalarNode("!file", tree.path)
    if isinstance(tree, Noted):
        node = _node(tree.value, flow=flow)
        if not flow:
            node.comment = [CommentToken(f" # {tree.words}\n", CommentMark(0)), None]
        return node
    if isinstance(tree, str):
        return _scalar(tree, block=not flow)
    if tree is None:
        return ScalarNode(f"{_TAG}null", "null")
    if isinstance(tree, bool):
        return ScalarNode(f"{_TAG}bool", "true" if tree else "false")
    return ScalarNode(f"{_TAG}int" if isinstance(tree, int) else f"{_TAG}float", repr(tree))


def _scalar(text: str, *, block: bool) -> Node:
    style = None
    if _ODD.search(text):
        style = '"'
    elif "\n" in text:
        style = "|" if block and _fits_block(text) else '"'
    elif text != text.strip():
        style = '"'
    return ScalarNode(_TEXT, text, style=style)


def _fits_block(text: str) -> bool:
    """Whether a block scalar holds the text so that one sees it: it ends with a line, or with its newline, has no
    spaces alone on its first line, and no tab where the indentation ends. Empty lines at its begin are held by an
    indicator (`|2`), and far better read so than within one line of quotes."""
    lines = text.removesuffix("\n").split("\n")
    if not lines[-1].strip() or (lines[0] and not lines[0].strip()):
        return False
    return not next(line for line in lines if line).lstrip(" ").startswith("\t")


def _is_short(items: list[Tree]) -> bool:
    """Whether a list is read best in brackets: a few words."""
    words = all(isinstance(each, str) and re.fullmatch(r"[A-Za-z0-9_./@*-]{1,40}", each) for each in items)
    return words and sum(len(each) + 2 for each in items) <= _SHORT


_SHORT = 80
