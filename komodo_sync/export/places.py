"""Which file says what. Paths are relative to the folder of the manifests, with `/`."""

from __future__ import annotations

import re
from posixpath import dirname, relpath
from typing import TYPE_CHECKING, Literal

from komodo_sync.kinds import KINDS
from komodo_sync.model.marks import is_mark

if TYPE_CHECKING:
    from komodo_sync.model.address import Address
    from komodo_sync.model.observed import ObservedResource

Split = Literal["kind", "tag", "server", "resource"]

_TAKEN = frozenset({"komodo-sync", "overlays"})
"""Names that mean something else to whoever reads the folder."""


def manifest_of(split: Split, live: ObservedResource) -> str:
    """The file in which a resource is declared that is in none yet. What has no tag or no server is with its kind."""
    spec = KINDS[live.address.kind]
    if split == "resource":
        return f"{spec.plural}/{slug(live.address.name)}.yaml"
    group = ""
    if split == "tag":
        group = min((tag for tag in live.tags if not is_mark(tag)), default="")
    elif split == "server":
        group = _server(live)
    return f"{slug(group) if group else spec.plural}.yaml"


def attached_to(address: Address, name: str, taken: set[str], folder: str = "") -> str:
    """The file for a text of a resource that people call `name`, in `folder` (empty, or with a `/` at its end); one
    that is not taken, also where case counts for nothing. It is taken afterwards."""
    base, number = f"{folder}{KINDS[address.kind].plural}/{slug(address.name)}", 1
    path = f"{base}/{name}"
    while path.casefold() in taken:
        number += 1
        path = f"{base}-{number}/{name}"
    taken.add(path.casefold())
    return path


def from_manifest(path: str, manifest: str) -> str:
    """`path` as a `!file` of `manifest` names it."""
    return relpath(path, dirname(manifest) or ".")


def slug(name: str) -> str:
    """A file's name made of a resource's, without an ending: several resources may share it."""
    kept = re.sub(r"[^A-Za-z0-9_@+-]+", "-", name).strip("-")[:100] or "unnamed"
    return f"{kept}_" if kept.casefold() in _TAKEN else kept


def _server(live: ObservedResource) -> str:
    """The server that a resource is on; itself for a server. A server is what has a `reach`: others are on it."""
    spec = KINDS[live.address.kind]
    if spec.reach:
        return live.address.name
    hosts = {kind for kind, each in KINDS.items() if each.reach}
    named = (live.config.get(name) for name, item in spec.fields().items() if item.ref in hosts)
    return next((name for name in named if isinstance(name, str) and name), "")
