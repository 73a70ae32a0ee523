"""The folder of a host in which Komodo keeps the files of a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class FolderOnHost(Data, frozen=True):
    """In `root`, a folder of the resource's name, and there `below` what these fields say, by the source that is used:
    one that is not among them has its files elsewhere. An absolute path stands for itself. `found`: the source whose
    files are there already. `listed`: the field that lists its compose files; `usual`: the only one, where it lists
    none. `chosen_by`: the fields beside the sources that say which files they are."""

    root: str
    below: Mapping[str, tuple[str, ...]]
    found: str
    listed: str
    usual: str
    chosen_by: tuple[str, ...]

    def files(self, config: Mapping[str, Any]) -> tuple[str, ...]:
        """The paths of its compose files; empty: one of them is not known."""
        listed = config.get(self.listed) or (self.usual,)
        known = isinstance(listed, (list, tuple)) and all(isinstance(path, str) for path in listed)
        return tuple(listed) if known else ()
