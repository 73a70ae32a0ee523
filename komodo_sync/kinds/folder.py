"""The folders of a host in which Komodo keeps the files of a resource, or checks out what others are deployed from."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


AGENT = "/etc/komodo"
"""The folder of the agent in which all of these are, where nobody gave it another."""


class Checkout(Data, frozen=True):
    """A checkout of git that others can be deployed from. It is in `root`, in a folder of the resource's name, and
    there in what the field `path` says: an absolute one stands for itself. `repository`: the fields that say of what it
    is a checkout: of another one it is cloned, which removes what was there; of the same it can be pulled."""

    root: str
    path: str
    repository: tuple[str, ...]

    def folder(self, name: str, config: Mapping[str, Any]) -> str:
        """Where it is; empty: that is not known."""
        path = config.get(self.path) or ""
        return posixpath.normpath(posixpath.join(self.root, name, path)) if isinstance(path, str) else ""

    def deleted(self, name: str, config: Mapping[str, Any]) -> str:
        """The folder that Core removes with the resource; empty: that is not known. It takes a relative path from the
        root, and not from the folder of the name."""
        path = config.get(self.path) or name
        return posixpath.normpath(posixpath.join(self.root, path)) if isinstance(path, str) else ""


class FolderOnHost(Data, frozen=True):
    """In `root`, a folder of the resource's name, and there `below` what these fields say, by the source that is used:
    one that is not among them has its files elsewhere. An absolute path stands for itself. `linked`: the source that
    names a checkout of another resource: that is then the folder. `cloned`: the source that is a checkout of its own,
    and the number of the fields of `below` that lead to it. `repository`: the fields that say of what. `anew`: the flag
    with which each deploy removes a checkout, of its own or linked, and clones it anew. `found`: the source whose files
    are there already. `listed`: the field that lists its compose files; `usual`: the only one, where it lists none.
    `chosen_by`: the fields beside the sources that say which files they are."""

    root: str
    below: Mapping[str, tuple[str, ...]]
    linked: str
    cloned: tuple[str, int]
    repository: tuple[str, ...]
    anew: str
    found: str
    listed: str
    usual: str
    chosen_by: tuple[str, ...]

    def files(self, config: Mapping[str, Any]) -> tuple[str, ...]:
        """The paths of its compose files; empty: one of them is not known."""
        listed = config.get(self.listed) or (self.usual,)
        known = isinstance(listed, (list, tuple)) and all(isinstance(path, str) for path in listed)
        return tuple(listed) if known else ()
