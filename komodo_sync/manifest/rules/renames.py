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
        if not field or not old or f"config.{field}" in item.resource.ignore:
            continue
        project = item.resource.config.get(field)
        if project in ("", address.name):
            word = f"{field} {project}" if project else f"an empty {field}"
            yield finding(
                item,
                "renamed_from",
                Code.RENAME_LEAVES_VOLUMES,
                f"with {word}, the next deploy of {address} starts with new and empty volumes: "
                f"those that are there are called after {old}",
                f"take {field} out to keep {old}; else take renamed_from out once it is renamed",
            )
