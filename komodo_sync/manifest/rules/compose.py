"""Compose texts that stand in a manifest: YAML, with services."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]
from ruamel.yaml.error import YAMLError

from komodo_sync.kinds import KINDS
from komodo_sync.manifest.rules.place import finding
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Mapping as MappingNode
from komodo_sync.source.text import Source, SourceError
from komodo_sync.source.yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.diagnostic import Diagnostic

_KINDS = {spec.name: spec for spec in KINDS.values() if spec.compose}
_PLENTY = re.compile(r"^(?:services|include)[ \t]*:", re.MULTILINE)
_VARIABLE = re.compile(r"\[\[[A-Za-z_][A-Za-z0-9_]*\]\]")


def check_compose(declared: Mapping[Address, Declared]) -> Iterator[Diagnostic]:
    """Every compose text that a deploy will read and cannot."""
    for address, item in declared.items():
        spec = _KINDS.get(address.kind)
        if spec is None:
            continue
        config, field = item.resource.config, spec.compose
        text = config.get(field)
        # of another source's files nothing is known here
        if not isinstance(text, str) or not text or next(name for name in spec.sources if config.get(name)) != field:
            continue
        pointer = f"config/{field}"
        if not _parses(text):
            line, message = _mistake(text)
            where = f" (its line {line + 1})"
            yield finding(
                item,
                pointer,
                Code.COMPOSE_SYNTAX,
                f"{field} is not well-formed YAML: {message}{where}",
                "compare the line with those around it",
                line=line,
            )
        elif not _PLENTY.search(text) and not _has_services(text):
            message = f"{field} has no services"
            yield finding(item, pointer, Code.COMPOSE_EMPTY, message, "begin it with services:")


def _parses(text: str) -> bool:
    """Whether it is YAML, as written or with something in place of each `[[NAME]]`."""
    try:
        CParser(text).raw_parse()  # builds nothing, so that ten thousand texts cost next to nothing
    except YAMLError:
        return _readable(text) or ("[[" in text and _readable(_VARIABLE.sub("x", text)))
    return True


def _readable(text: str) -> bool:
    try:
        parse_yaml(Source("compose", text))
    except SourceError:
        return False
    return True


def _mistake(text: str) -> tuple[int, str]:
    """The line, from 0, and what is wrong there."""
    try:
        parse_yaml(Source("compose", _VARIABLE.sub("x", text)))
    except SourceError as cause:
        diagnostic = cause.diagnostic
        return (diagnostic.span.line - 1 if diagnostic.span else 0), diagnostic.message
    return 0, "it cannot be read"  # pragma: no cover


def _has_services(text: str) -> bool:
    try:
        roots = parse_yaml(Source("compose", text))[0] or parse_yaml(Source("compose", _VARIABLE.sub("x", text)))[0]
    except SourceError:
        return True
    return any(
        isinstance(root, MappingNode) and any(key.text in ("services", "include") for key, _ in root.items)
        for root in roots
    )
