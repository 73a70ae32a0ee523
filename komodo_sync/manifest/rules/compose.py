"""Compose texts that stand in a manifest: YAML, with services."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.compose_text import flaw_of
from komodo_sync.kinds.flat import VARIABLE
from komodo_sync.kinds.mentions import UNREAD, held_open, named_again, put_in, variables_in
from komodo_sync.manifest.rules.place import finding
from komodo_sync.source.codes import Code
from komodo_sync.source.nodes import Mapping as MappingNode
from komodo_sync.source.nodes import Scalar
from komodo_sync.source.text import Source, SourceError
from komodo_sync.source.yaml import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.diagnostic import Diagnostic

_KINDS = {spec.name: spec for spec in KINDS.values() if spec.compose}
_PLENTY = re.compile(
    r"^(?:include[ \t]*:|services[ \t]*:[ \t]*(?:\{\s*[^\s}]|(?:#.*)?\n(?:[ \t]*(?:#.*)?\n)*[ \t]+[^\s#\[-]))",
    re.MULTILINE,
)
"""What has services for sure, and needs no closer look."""


def check_compose(declared: Mapping[Address, Declared]) -> Iterator[Diagnostic]:
    """Every compose text that a deploy will read and cannot."""
    values = _values(declared)
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
        plain = bool(config.get(UNREAD))
        read = text if plain else held_open(put_in(text, values))
        if flaw_of(read) is not None and not _readable(read):
            line, message = _mistake(read)
            where = f" (its line {line + 1})"
            # a value may have lines of its own, so that those behind it are others
            filled = not plain and _readable(held_open(text))
            if filled:
                where = " (with the values of its variables in it)"
            yield finding(
                item,
                pointer,
                Code.COMPOSE_SYNTAX,
                f"{field} is not well-formed YAML: {message}{where}",
                "compare the line with those around it",
                line=None if filled else line,
            )
        elif not _PLENTY.search(text) and (problem := _without_services(read)):
            message, way_out = problem
            yield finding(item, pointer, Code.COMPOSE_EMPTY, f"{field} has {message}", way_out)


def _values(declared: Mapping[Address, Declared]) -> dict[str, str]:
    """The values of variables that are declared, and no secret."""
    variables = {
        address.name: item.resource.config for address, item in declared.items() if address.kind == VARIABLE.name
    }
    public = {name: config.get("value") for name, config in variables.items() if not config.get("is_secret")}
    return {name: value for name, value in public.items() if isinstance(value, str) and value}


def _readable(text: str) -> bool:
    try:
        parse_yaml(Source("compose", text))
    except SourceError:
        return False
    return True


def _mistake(text: str) -> tuple[int, str]:
    """The line, from 0, and what is wrong there."""
    try:
        parse_yaml(Source("compose", text))
    except SourceError as cause:
        diagnostic = cause.diagnostic
        return (diagnostic.span.line - 1 if diagnostic.span else 0), named_again(diagnostic.message)
    return 0, "it cannot be read"  # pragma: no cover


def _without_services(text: str) -> tuple[str, str] | None:
    """What is there instead of services, and the way out; None where they are there, or cannot be looked for."""
    try:
        roots = parse_yaml(Source("compose", text))[0]
    except SourceError:
        return None
    mappings = [root for root in roots if isinstance(root, MappingNode)]
    if any(root.get("include") is not None for root in mappings):
        return None
    given = [node for root in mappings if (node := root.get("services")) is not None]
    if any(isinstance(node, Scalar) and variables_in(named_again(node.text)) for node in (*roots, *given)):
        return None  # what stands for the name may be all of it
    if not given:
        return "no services", "begin it with services:"
    odd = next((node for node in given if not isinstance(node, MappingNode)), None)
    if odd is not None and not (isinstance(odd, Scalar) and odd.is_null):
        return f"{odd.what} for its services", "write each service by its name: {web: {image: nginx}}"
    if any(isinstance(node, MappingNode) and node.items for node in given):
        return None
    return "services:, and none below it", "declare one, as in web: {image: nginx}"
