"""Where a resource's files come from: once, and from somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.manifest.rules.place import finding
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Omitted
    from komodo_sync.model.diagnostic import Diagnostic

_KINDS = {spec.name: spec for spec in KINDS.values() if spec.sources}


def check_sources(declared: Mapping[Address, Declared], omitted: Omitted) -> Iterator[Diagnostic]:
    """Sources that another one shadows, and resources that have a place to run (or to be built) and no source."""
    for address, item in declared.items():
        spec = _KINDS.get(address.kind)
        if spec is None:
            continue
        config = item.resource.config
        given = [name for name in spec.sources if config.get(name)]
        for name in given[1:]:
            # that one is told of by the field it is shadowed by
            if spec.fields()[name].shadowed_by not in given:
                yield finding(
                    item,
                    f"config/{name}",
                    Code.SOURCE_SHADOWED,
                    f"{name} means nothing here: {given[0]} is given too, and wins",
                    f"take {name} or {given[0]} out",
                )
        if not given and _is_missing(item, spec.hosts, omitted) and not _is_unread(item, spec.sources):
            host = next(name for name in spec.hosts if config.get(name))
            *others, last = spec.sources
            sources = f"{', '.join(others)} or {last}" if others else f"an {last}"
            yield finding(
                item,
                f"config/{host}",
                Code.SOURCE_MISSING,
                f"{address} has a {host.removesuffix('_id')}, and nothing to {_noun(spec)} there",
                f"give it {sources}",
            )


def _noun(spec: KindSpec) -> str:
    return spec.lifecycle.noun if spec.lifecycle else "run"


def _is_unread(item: Declared, sources: tuple[str, ...]) -> bool:
    """Whether one of the sources is written, and could not be read."""
    resource = item.resource
    return any(resource.origin(f"config/{name}") for name in sources if name not in resource.config)


def _is_missing(item: Declared, hosts: tuple[str, ...], omitted: Omitted) -> bool:
    resource = item.resource
    kept = (resource.omitted_fields or omitted) == "keep"
    return not kept and not resource.template and any(resource.config.get(name) for name in hosts)
