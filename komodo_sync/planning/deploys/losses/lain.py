"""What lies at the paths of a container, and when two of that are one."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data
from komodo_sync.planning.deploys.texts.filled import is_open
from komodo_sync.planning.deploys.texts.mounts import Mount, Place, Volume

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from komodo_sync.planning.deploys.texts.compose import Compose, Service

_WRITTEN_BY_PEOPLE = re.compile(
    r".*\.(?:conf|cnf|cfg|ini|ya?ml|toml|env|xml|properties|tmpl|rules|sh|crt|pem|key|html|css|js|lua)\Z", re.IGNORECASE
)
"""Files that hold no data of a program, mounted to be read."""


class Lain(Data, frozen=True):
    """`told`: what lies at `target`, as the text says it; `name`, `path`: what docker takes it for, a volume or a path
    of the host. All are empty for a volume without a name, and for what is in memory. `base`: the folder of the host in
    which relative paths begin; empty: which one is not known."""

    mount: Mount
    target: str
    told: str = ""
    name: str = ""
    path: str = ""
    volume: Volume | None = None
    base: str = ""

    @property
    def holds_data(self) -> bool:
        """Whether something may be in it that is missed where it is not."""
        if self.mount.in_memory or self.mount.read_only or not self.told:
            return False
        if self.volume is not None:
            return self.volume.place is not Place.NOWHERE
        return bool(self.mount.files) and not _WRITTEN_BY_PEOPLE.match(self.path)

    @property
    def is_unnamed(self) -> bool:
        """Whether it is a volume without a name."""
        return bool(self.mount.target) and not (self.told or self.mount.in_memory or self.is_open)

    @property
    def is_open(self) -> bool:
        """Whether it is not known what it is."""
        return is_open(f"{self.name}{self.path}{self.target}")

    def is_as(self, other: Lain) -> bool:
        """Whether the text says the same of it, and that means the same as far as is known."""
        return (self.mount, self.target, self.name, self.path) == (other.mount, other.target, other.name, other.path)

    def is_alike(self, other: Lain) -> bool:
        """Whether both are one volume, or one path of the host."""
        return self.name == other.name if self.name else bool(self.path) and self.path == other.path

    def is_in(self, other: Lain) -> bool:
        """Whether that is, or holds, the same."""
        if self.name and self.name == other.name:
            return True
        mine, theirs = self.volume, other.volume
        if mine and theirs and mine.place in (Place.SHARE, Place.HOST) and mine.made == theirs.made:
            return True
        return bool(self.path and other.path) and (_within(self.path, other.path) or _is_told_otherwise(self, other))


def lain(service: Service, said: Compose, project: str, fill: Callable[[str], str], base: str = "") -> Iterator[Lain]:
    """What lies where in one service of a text whose variables `fill` fills in."""
    for mount in service.mounts:
        source, target = fill(mount.source), _clean(fill(mount.target))
        name = Mount(source).volume
        if not name:
            yield Lain(mount, target, mount.source, path=_clean(source), base=base)
            continue
        volume = (said.volumes or {}).get(name, Volume())
        real = fill(volume.called) or (name if volume.external else f"{project}_{name}")
        told = volume.called or mount.source
        yield Lain(mount, target, told, real, _clean(fill(volume.device)), volume)


def _clean(path: str) -> str:
    return posixpath.normpath(path) if path else ""


def _within(path: str, folder: str) -> bool:
    """Whether a path is a folder, or in it."""
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def _is_told_otherwise(one: Lain, other: Lain) -> bool:
    """Whether one path is relative and the other one is not, and both may well be the same: where the agent has its
    folders is not known, and of some resources not even what is in them."""
    if one.path.startswith("/") == other.path.startswith("/"):
        return False
    relative, whole = (other, one.path) if one.path.startswith("/") else (one, other.path)
    path = posixpath.normpath(posixpath.join(relative.base, relative.path))
    return whole == path or whole.endswith(f"/{path.lstrip('./')}")
