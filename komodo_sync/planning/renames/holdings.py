"""What a single container has of its host: published ports and volumes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.pairs import read_pairs
from komodo_sync.model.data import Data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec

_PORT = re.compile(
    r"(?:(?P<ip>\[[\da-f:.]+\]|[\d.]+):)?(?P<low>\d{1,5})(?:-(?P<high>\d{1,5}))?"
    r":(?P<inside>\d+(?P<range>-\d+)?)(?:/(?P<protocol>\w+))?"
)
_ANY_IPV4 = "0.0.0.0"  # noqa: S104 # nothing listens here

_NO_DATA = re.compile(r"/(?:dev|proc|sys|run|var/run)(?:/.*)?|/etc/(?:localtime|timezone)|.*\.sock")
"""What many mount, and none of them for its data."""

_VERSION = re.compile(r"(?<=[^/:])(?::[\w.-]+)?(?:@sha256:\w+)?\Z")
"""The tag and digest of an image."""


class Held(Data, frozen=True):
    """A port, as `8080` or `53/udp`, published at `ip` (empty is everywhere); or a `volume`, by its source, `program`
    being what uses it."""

    volume: bool
    name: str
    ip: str = ""
    program: Any = None
    read_only: bool = False

    def clashes(self, other: Held) -> bool:
        """Whether both cannot have it, of two of one name."""
        if self.volume:
            return self.program == other.program and not (self.read_only and other.read_only)
        return self.ip == other.ip or _is_all(self.ip, other.ip) or _is_all(other.ip, self.ip)


def held_of(spec: KindSpec, config: Mapping[str, Any]) -> Iterator[Held]:
    """What it has, as far as that is known."""
    ports = spec.publishes
    network = config.get(ports.network, spec.fields()[ports.network].default) if ports else None
    if ports and isinstance(network, str) and network not in ports.idle:
        for key, value in _pairs(config.get(ports.field)):
            yield from _ports("".join(f"{key}:{value}".split()))
    program = [_program(config.get(name)) for name in spec.sources]
    for source, value in _pairs(config.get(spec.mounts)):
        if not _NO_DATA.fullmatch(source):
            options = value.partition(":")[2].split(",")
            yield Held(True, source.rstrip("/") or source, program=program, read_only="ro" in options)


def _pairs(value: Any) -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(pair.key, pair.value) for pair in read_pairs(value)[0]]
    pairs = getattr(value, "pairs", None) or {}
    return [(key, each) for key, each in pairs.items() if isinstance(each, str)]


def _ports(text: str) -> Iterator[Held]:
    found = _PORT.fullmatch(text)
    # of several ports for one inside docker takes any that is free, as it does for 0
    if found is None or bool(found["high"]) != bool(found["range"]):
        return
    protocol = found["protocol"] or "tcp"
    for port in range(int(found["low"]), int(found["high"] or found["low"]) + 1):
        if 0 < port < 1 << 16:
            yield Held(False, f"{port}" if protocol == "tcp" else f"{port}/{protocol}", found["ip"] or "")


def _is_all(ip: str, other: str) -> bool:
    """Whether `ip` stands for `other` too."""
    return not ip or (ip == _ANY_IPV4 and ":" not in other) or (ip == "[::]" and ":" in other)


def _program(value: Any) -> Any:
    """What an image is called, of whatever version."""
    if isinstance(value, dict):
        return {key: _program(each) for key, each in value.items()}
    return _VERSION.sub("", value) if isinstance(value, str) else value
