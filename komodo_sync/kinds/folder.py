"""The folder of a host in which Komodo keeps the files of a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Mapping


class FolderOnHost(Data, frozen=True):
    """In `root`, a folder of the resource's name, and there `below` what these fields say, by the source that is used:
    one that is not among them has its files elsewhere. An absolute path stands for itself. `found`: the source whose
    files are there already."""

    root: str
    below: Mapping[str, tuple[str, ...]]
    found: str
