"""Profiles of a compose text: which are active where it is deployed, as far as that is known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.texts.filled import filling, is_open

if TYPE_CHECKING:
    from collections.abc import Mapping

    from komodo_sync.kinds.spec import KindSpec

_OPTION = re.compile(r"--profile[= ]\s*(\S+)")


def active_profiles(spec: KindSpec, config: Mapping[str, Any]) -> tuple[frozenset[str], bool]:
    """Those that are active, and whether there are no others."""
    said = filling(spec, config)("${COMPOSE_PROFILES:-}")
    places = spec.lifecycle.swept_by if spec.lifecycle else ()
    words = [_words(config.get(name)) for name in places if name != spec.fills]
    given = " ".join(each or "" for each in words)
    host = host_of(spec, config)
    # a swarm reads them otherwise
    sure = None not in words and not is_open(f"{said}{given}") and host is not None
    sure = sure and not (host is not None and KINDS[host.kind].all_or_nothing)
    listed = [] if is_open(said) else [name.strip() for name in said.split(",")]
    return frozenset({*filter(None, listed), *_OPTION.findall(given)}), sure


def _words(value: Any) -> str | None:
    """The words of an argument or a list of them; None: they are not known."""
    if isinstance(value, list | tuple):
        found = [_words(each) for each in value]
        return None if None in found else " ".join(filter(None, found))
    return value or "" if value is None or isinstance(value, str) else None
