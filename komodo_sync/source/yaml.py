"""YAML text to nodes: from the C parser's events, so that every value keeps its place and no value gets a type.

An alias is the node that it names, shared; what a document expands to is counted, never built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from komodo_sync.source.codes import Code
from komodo_sync.source.collecting import undisturbed
from komodo_sync.source.nodes import Form, Mapping, Node, Scalar, Sequence
from komodo_sync.source.yaml_events import yaml_events
from komodo_sync.source.yaml_syntax import syntax_error

if TYPE_CHECKING:
    from komodo_sync.model.diagnostic import Diagnostic
    from komodo_sync.source.text import Source

MAX_DEPTH = 64
"""Levels of nesting that a text may have; what Komodo has needs ten."""
MAX_SHARED = 500_000
"""Nodes that the aliases of a document may add up to."""

_STRING = "tag:yaml.org,2002:str"
_MERGE = "<<"


def parse_yaml(source: Source) -> tuple[list[Node], list[Diagnostic]]:
    """The documents of a file (an empty one is left out), and what is wrong with it short of its syntax.

    Raises SourceError for broken syntax, nesting beyond MAX_DEPTH and aliases beyond MAX_SHARED.
    """
    reader = _Reader(source)
    with undisturbed():
        try:
            reader.read()
        except RecursionError:
            raise source.error(Code.TOO_DEEP, TOO_DEEP, 1, 1, help=FLATTEN) from None
        except YAMLError as cause:
            if isinstance(cause, MarkedYAMLError) and _DEEP in str(cause.problem) and cause.problem_mark:
                line, column = cause.problem_mark.line + 1, cause.problem_mark.column + 1
                raise source.error(Code.TOO_DEEP, TOO_DEEP, line, column, help=FLATTEN) from None
            raise syntax_error(source, cause) from None
    return reader.documents, reader.diagnostics


TOO_DEEP = "values are nested too deep"
_DEEP = "maximum nesting depth"
"""What the parser says where it gives up, far beyond ours."""
FLATTEN = f"a manifest needs ten levels; more than {MAX_DEPTH} are refused"


class _Reader:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.documents: list[Node] = []
        self.diagnostics: list[Diagnostic] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._open_anchors: set[str] = set()
        self._shared = 0

    def read(self) -> None:
        """Every event in turn. `stack` holds the collections that are open, each as (node, pending key, anchor, nodes
        so far); `key` and `node` speak of the innermost."""
        source, untyped, text_form = self.source, Form.UNTYPED, Form.TEXT
        next_event = yaml_events(source.text)
        stack: list[tuple[Mapping | Sequence, Scalar | None, str | None, int]] = []
        node: Mapping | Sequence = Sequence(source, 1, 1)  # the document itself: its first item is the root
        key: Scalar | None = None
        in_mapping = False
        count = 0
        value: Node
        while (kind := type(event := next_event())) is not StreamEndEvent:
            if kind is ScalarEvent:
                mark = event.start_mark
                count += 1
                value = Scalar(
                    source,
                    mark.line + 1,
                    mark.column + 1,
                    event.value,
                    text_form if event.style else untyped,
                )
                if event.tag is not None:
                    self._tag(value, event.tag)
                if event.anchor is not None:
                    self._open_anchors.discard(event.anchor)
                    self._anchors[event.anchor] = (value, 1)
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                mark = event.start_mark
                if len(stack) >= MAX_DEPTH:
                    raise source.error(Code.TOO_DEEP, TOO_DEEP, mark.line + 1, mark.column + 1, help=FLATTEN)
                stack.append((node, key, event.anchor, count))
                if event.anchor is not None:
                    self._open_anchors.add(event.anchor)
                in_mapping = kind is MappingStartEvent
                node = (Mapping if in_mapping else Sequence)(source, mark.line + 1, mark.column + 1)
                key = None
                count += 1
                if event.tag is not None:
                    self._collection_tag(node, event.tag)
                continue
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                if in_mapping:
                    self._finish(node)
                value = node
                node, key, anchor, before = stack.pop()
                in_mapping = type(node) is Mapping
                if anchor in self._open_anchors:  # nothing inside of it has taken its name
                    self._open_anchors.discard(anchor)
                    self._anchors[anchor] = (value, count - before)
            elif kind is AliasEvent:
                mark = event.start_mark
                value, size = self._alias(event.anchor, mark.line + 1, mark.column + 1)
                count += size
            elif kind is DocumentStartEvent:
                self._anchors, self._shared, count = {}, 0, 0
                continue
            elif kind is DocumentEndEvent:
                root = node.items.pop()
                if not (isinstance(root, Scalar) and root.is_null):
                    self.documents.append(root)  # type: ignore[arg-type]
                continue
            else:
                continue
            if not in_mapping:
                node.items.append(value)  # type: ignore[arg-type]
            elif key is None:
                key = value if type(value) is Scalar and not value.tag else self._bad_key(value)
            else:
                node.items.append((key, value))  # type: ignore[arg-type]
                key = None

    def _tag(self, value: Scalar, tag: str) -> None:
        if tag == "!file":
            value.tag = tag
            value.form = Form.TEXT
        elif tag == _STRING:
            value.form = Form.TEXT
        else:
            self._unknown_tag(tag, value)

    def _collection_tag(self, node: Node, tag: str) -> None:
        if tag == "!file":
            self._report(Code.FILE_MISPLACED, f"!file takes a path, not {node.what}", node, help="write !file PATH")
        elif tag not in ("tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            self._unknown_tag(tag, node)

    def _unknown_tag(self, tag: str, node: Node) -> None:
        # a password may begin with `!`
        told = f"the tag {_shown(tag)}" if self.source.tells(node.line, node.column) else "the tag that stands here"
        self._report(Code.UNKNOWN_TAG, f"{told} means nothing here", node, help=_TAGS)

    def _alias(self, anchor: str, line: int, column: int) -> tuple[Node, int]:
        if anchor in self._open_anchors:
            told = f"*{anchor}" if self.source.tells(line, column) else "an alias"
            raise self.source.error(
                Code.ALIAS_BOMB, f"{told} stands inside the value that it names", line, column, help=_NO_CIRCLE
            )
        if anchor not in self._anchors:
            # a password may begin with `*`
            told = f"&{anchor} stands before this *{anchor}"
            meant = f"&{anchor}"
            if not self.source.tells(line, column):
                told, meant = "anchor stands before this alias of it", "its anchor"
            self.diagnostics.append(
                self.source.diagnostic(
                    Code.UNKNOWN_ALIAS,
                    f"no {told}",
                    line,
                    column,
                    length=len(anchor) + 1,
                    help=f"quote a text that begins with *; else put {meant} before the value that is meant",
                )
            )
            return _Unknown(self.source, line, column, "*" + anchor), 1
        value, size = self._anchors[anchor]
        self._shared += size
        if self._shared > MAX_SHARED:
            raise self.source.error(
                Code.ALIAS_BOMB, f"the aliases expand to more than {MAX_SHARED} values", line, column, help=_WRITE_OUT
            )
        return value, size

    def _bad_key(self, value: Node) -> Scalar:
        self._report(Code.BAD_KEY, f"a key must be a text, this is {value.what}", value, help="write key: value")
        return Scalar(self.source, value.line, value.column, "?")

    def _finish(self, node: Mapping | Sequence) -> None:
        """Merge keys are merged and second keys left out."""
        assert isinstance(node, Mapping)
        items = node.items
        words = {key.text for key, _ in items}
        if len(words) != len(items):
            node.items = items = self._without_duplicates(items)
        if _MERGE in words:
            merged = [(key, value) for key, value in items if key.text != _MERGE or key.form != Form.UNTYPED]
            seen = {key.text for key, _ in merged}
            for key, value in items:
                if key.text == _MERGE and key.form == Form.UNTYPED:
                    for given in value.items if isinstance(value, Sequence) else [value]:
                        node.torn = not self._merge(given, key, merged, seen) or node.torn
            node.items = merged

    def _merge(self, given: Node, key: Scalar, merged: list[tuple[Scalar, Node]], seen: set[str]) -> bool:
        """Whether all of `given` is there now."""
        if type(given) is _Unknown:
            return False
        if not isinstance(given, Mapping):
            self._report(
                Code.BAD_MERGE, f"<< takes a mapping or a list of them, not {given.what}", key, help="write <<: *name"
            )
            return False
        self._shared += len(given.items)
        for word, value in given.items:
            if word.text not in seen:
                seen.add(word.text)
                merged.append((word, value))
        return not given.torn

    def _without_duplicates(self, items: list[tuple[Scalar, Node]]) -> list[tuple[Scalar, Node]]:
        first: dict[str, Scalar] = {}
        kept = []
        for key, value in items:
            if key.text in first:
                told = _shown(key.text) if self.source.tells(key.line, key.column) else "a key"
                self._report(
                    Code.DUPLICATE_KEY,
                    f"{told} stands here twice, first in line {first[key.text].line}",
                    key,
                    help="keep one of them",
                )
            else:
                first[key.text] = key
                kept.append((key, value))
        return kept

    def _report(self, code: Code, message: str, node: Node, *, help: str) -> None:  # noqa: A002
        span = node.span()
        self.diagnostics.append(
            self.source.diagnostic(code, message, node.line, node.column, help=help, length=span.length)
        )


class _Unknown(Scalar, eq=False):
    """What an alias names that nothing has."""

    reported: ClassVar[bool] = True


def _shown(word: str) -> str:
    word = word.replace("tag:yaml.org,2002:", "!!", 1) if word.startswith("tag:yaml.org,2002:") else word
    return word if len(word) <= 60 else word[:60] + "…"


_TAGS = "the one tag is !file PATH; quote a text that begins with !"
_NO_CIRCLE = "a value cannot hold itself"
_WRITE_OUT = "write the values out, or use fewer aliases"
