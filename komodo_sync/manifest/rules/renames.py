"""Renames that leave something behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.kinds import KINDS
from komodo_sync.manifest.rules.place import finding
from komodo_sync.source.codes import Code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.manifest.resources import Declared
    from komodo_sync.model.address import Address
    from komodo_sync.model.diagnostic import Diagnostic

_KINDS = {spec.name: spec.volumes_as for spec in KINDS.values() if spec.volumes_as}


def check_renames(declared: Mapping[Address, Declared]) -> Iterator[Diagnostic]:
    """What is renamed and told to be called after its new name: its volumes are called after the old one. Where nothing
    is told, a rename keeps the project."""
    for address, item in declared.items():
        field, old = _KINDS.get(address.kind), item.resource.renamed_from
        if field and old and f"config.{field}" not in item.resource.ignore and item.resource.config.get(field) == "":
            yield finding(
                item,
                "renamed_from",
                Code.RENAME_LEAVES_VOLUMES,
                f"with an empty {field}, the next deploy of {address} starts with new and empty volumes: "
                f"those that are there are called after {old}",
                f"take {field} out to keep {old}; else take renamed_from out once it is renamed",
            )
