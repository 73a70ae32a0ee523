"""What a container mounts, and where the data of it lies: docker's own, files of the host, a share on the network."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMED = re.compile(r"[A-Za-z0-9][\w.-]*\Z")
"""What is mounted is a volume of that name, and no path."""

_PART = re.compile(r"(?:\$\{(?:[^{}]|\{[^{}]*\})*\}|\[\[.*?\]\]|[^:])+")
"""A part of `SOURCE:TARGET:OPTIONS`: what stands for a variable may hold colons itself."""

_TRUE = re.compile(r"true|yes|on|y", re.IGNORECASE)

_ANY_HOST = re.compile(
    r"/(?:dev|proc|sys|run|var/run|lib/modules|tmp/\.X11-unix|etc/(?:localtime|timezone))(?:/|\Z)|.*\.sock\Z"
)
"""Paths that hold no data: every host has them of its own."""

_SHARES = re.compile(r"nfs|cifs|smb|ceph|gluster|sshfs|9p|davfs|fuse\.(?:sshfs|rclone|s3fs)")
"""File systems that are on the network, as `type` begins."""


class Place(Enum):
    """Where the data of a volume lies.

    DOCKER docker's own folder on the host; HOST a path or a device of it that the volume names; SHARE on the network;
    NOWHERE in memory; DRIVER where its driver keeps it, which is not known here.
    """

    DOCKER = "docker"
    HOST = "host"
    SHARE = "share"
    NOWHERE = "nowhere"
    DRIVER = "driver"


class Volume(Data, frozen=True):
    """A named one. `called`: the name that is given to it, whatever the project; `external`: made and kept by somebody
    else; `device`: what of the host it is made from, where its data lies in a place of HOST; `made`: by what driver,
    options and labels."""

    called: str = ""
    external: bool = False
    place: Place = Place.DOCKER
    device: str = ""
    made: tuple[str, ...] = ()
    has_options: bool = False

    @property
    def is_pruned(self) -> bool:
        """Whether docker's prune takes it where nothing uses it: of those made with options, or by another driver, it
        takes none."""
        return self.place is Place.DOCKER and not self.has_options

    @property
    def begins_empty(self) -> bool:
        """Whether nothing is in it once it is made."""
        return not self.external and self.place is Place.DOCKER

    @property
    def of_project(self) -> bool:
        """Whether it is another one in another project, and may be without its data."""
        if self.external or self.place not in (Place.DOCKER, Place.DRIVER):
            return False
        return not self.called or "COMPOSE_PROJECT_NAME" in self.called


class Mount(Data, frozen=True):
    """`source`: what is mounted, at `target`: a named volume, or else a path; empty: neither, but a volume without a
    name, or what is `in_memory` or an image. A `target` that is empty is not known."""

    source: str = ""
    target: str = ""
    read_only: bool = False
    in_memory: bool = False

    @property
    def volume(self) -> str:
        """The name of the volume; empty: it is none that has a name."""
        return self.source if _NAMED.match(self.source) else ""

    @property
    def holds_files(self) -> bool:
        """Whether it is a path of the host that is not the same on all hosts, read only or not."""
        return bool(self.source) and not self.volume and not _ANY_HOST.match(self.source)

    @property
    def files(self) -> str:
        """The path of the host that may hold data of it; empty: there is none."""
        held = self.source and not self.read_only and not self.volume
        return self.source if held and not _ANY_HOST.match(self.source) else ""


def mount_of(text: str) -> Mount:
    """What `SOURCE:TARGET:OPTIONS` says."""
    parts = _PART.findall(text)
    if len(parts) < 2:
        return Mount("", text)  # a volume without a name
    return Mount(parts[0], parts[1], read_only="ro" in ",".join(parts[2:]).split(","))


def long_mount(told: Mapping[str, str]) -> Mount:
    """The same of a mapping."""
    source = told.get("source") or told.get("src", "")
    target = told.get("target") or told.get("dst") or told.get("destination", "")
    kind = told.get("type", "")
    # what is called as a volume is, and is none, is a path from here
    path = f"./{source}" if kind == "bind" and _NAMED.match(source) else source
    where = path if kind in ("bind", "volume") else ""
    return Mount(where, target, is_true(told.get("read_only", "")), kind not in ("bind", "volume"))


def volume_of(
    told: Mapping[str, str], options: Mapping[str, str], labels: Mapping[str, str], *, external: bool
) -> Volume:
    """A volume by its fields, by its `driver_opts` and `labels`."""
    called, driver, place = told.get("name", ""), told.get("driver") or "local", Place.DOCKER
    kind, device = options.get("type", "").lower(), options.get("device", "")
    made = [f"{key}={value}" for each in (options, labels) for key, value in sorted(each.items())]
    if driver != "local":
        made.insert(0, driver)
        place = Place.DRIVER
    elif _SHARES.match(kind) or "addr=" in options.get("o", "") or device.startswith(("//", ":")):
        place = Place.SHARE
    elif kind == "tmpfs":
        place = Place.NOWHERE
    elif device:
        place = Place.HOST
    return Volume(called, external, place, device if place is Place.HOST else "", tuple(made), bool(options))


def is_true(text: str) -> bool:
    """Whether YAML reads a text as true."""
    return bool(_TRUE.fullmatch(text))
