"""Automatic updates that do not say that they poll."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.manifest.rules.place import finding
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.desired import Omitted
    from komodo_sync.model.diagnostic import Diagnostic


@cache
def _implied(kind: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, item.implied_by) for name, item in KINDS[kind].fields().items() if item.implied_by)


def check_polling(declared: Mapping[Address, Declared], omitted: Omitted) -> Iterator[Diagnostic]:
    """Flags that count as on because another one is on, while the manifest says that they are off."""
    for address, item in declared.items():
        for name, switch in _implied(address.kind):
            config = item.resource.config
            # a flag from outside is not looked into
            if config.get(switch) is not True or config.get(name, False) is not False:
                continue
            way_out = f"write {name}: true, which changes nothing and says so, or {switch}: false"
            if name in config:
                message = f"{name}: false has no effect while {switch} is on: newer images are looked for all the same"
                yield finding(item, f"config/{name}", Code.POLLING_UNSAID, message, way_out)
            elif not _is_left_alone(item, name, omitted):
                message = f"{switch} is on without {name}: it looks for newer images all the same"
                yield finding(item, f"config/{switch}", Code.POLLING_UNSAID, message, way_out)


def _is_left_alone(item: Declared, name: str, omitted: Omitted) -> bool:
    resource = item.resource
    return (resource.omitted_fields or omitted) == "keep" or f"config.{name}" in resource.ignore
