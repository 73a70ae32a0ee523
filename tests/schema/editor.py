"""What an editor makes of YAML: plain scalars by YAML 1.2's core schema, `!file` as a text."""

from __future__ import annotations

import re
from typing import Any

from komodo_sync.source.nodes import NULL_WORDS, Form, Mapping, Node, Scalar, Sequence
from komodo_sync.source.text import Source
from komodo_sync.source.yaml import parse_yaml

_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def documents(text: str) -> list[Any]:
    """The documents of a file as plain JSON values."""
    roots, diagnostics = parse_yaml(Source("m.yaml", text))
    assert diagnostics == []
    return [plain(root) for root in roots]


def plain(node: Node) -> Any:
    """One node."""
    if isinstance(node, Mapping):
        return {key.text: plain(value) for key, value in node.items}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    text = node.text
    if node.tag or node.form is Form.TEXT:
        return text
    if text in NULL_WORDS:
        return None
    if text in _FLAGS:
        return _FLAGS[text]
    if _INT.fullmatch(text):
        return int(text, 0) if text.startswith(("0o", "0x")) else int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
