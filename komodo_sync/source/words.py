"""The words of manifests: which of them hold secrets, and which words come near to one that does."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from komodo_sync.kinds import BY_PLURAL, KINDS
from komodo_sync.kinds.shapes import ListShape, StructShape, Tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from komodo_sync.kinds.struct import Field, Struct

NEAR = 0.6
"""From here on a word is taken for another one that is misspelt."""


@lru_cache(4096)
def is_near_secret(word: str) -> bool:
    """Whether a word that is none of a manifest's may be meant to be one that holds a secret."""
    secret, plain = _fields()
    return word not in plain and bool(get_close_matches(word.lower(), secret, 1, NEAR))


@cache
def secret_tables() -> frozenset[str]:
    """The kinds whose entries are mostly a secret: by their names in YAML and in TOML."""
    named = [spec for spec in KINDS.values() if any(each.secret or each.secret_when for each in _beside(spec.name))]
    return frozenset(word for spec in named for word in (spec.plural, spec.name))


@cache
def words_of_manifests() -> frozenset[str]:
    """The names of all fields and kinds, which everybody knows."""
    secret, plain = _fields()
    return plain.union(secret, *(spec.meta for spec in KINDS.values()))


def _beside(kind: str) -> list[Field]:
    return list(KINDS[kind].fields().values()) if KINDS[kind].flat else []


@cache
def _fields() -> tuple[tuple[str, ...], frozenset[str]]:
    secret: set[str] = set()
    plain = {*BY_PLURAL, *KINDS, "url"}  # whose value is told without what makes it secret
    for spec in KINDS.values():
        for item in _all(spec.config):
            (secret if item.secret or item.secret_when else plain).update(item.spellings)
    return tuple(sorted(secret - plain)), frozenset(plain)


def _all(config: type[Struct] | Tagged) -> Iterator[Field]:
    for struct in config.all_variants().values() if isinstance(config, Tagged) else (config,):
        for item in struct.fields().values():
            yield item
            if isinstance(item.shape, StructShape | ListShape):
                yield from _all(item.shape.struct)
            elif isinstance(item.shape, Tagged):
                yield from _all(item.shape)
