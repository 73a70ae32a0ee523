"""What containers have of their host that no others can have too: published ports, names and volumes."""

from __future__ import annotations

import re
from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.pairs import read_pairs
from komodo_sync.model.data import Data
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.texts.compose import compose_of
from komodo_sync.planning.deploys.texts.filled import filling, is_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from komodo_sync.kinds.spec import KindSpec

_PORT = re.compile(
    r"(?:(?P<ip>\[[\da-f:.]+\]|[\d.]+):)?(?P<low>\d{1,5})(?:-(?P<high>\d{1,5}))?"
    r":(?P<inside>\d+(?P<range>-\d+)?)(?:/(?P<protocol>\w+))?"
)
_ANY_IPV4 = "0.0.0.0"  # noqa: S104 # nothing listens here

_NO_DATA = re.compile(r"/(?:dev|proc|sys|run|var/run)(?:/.*)?|/etc/(?:localtime|timezone)|.*\.sock")
"""What many mount, and none of them for its data."""

_PORTS = re.compile(r"(?P<head>(?:port )?)(?P<port>\d+)(?P<tail>(?:/\w+)?)")

_VERSION = re.compile(r"(?<=[^/:])(?::[\w.-]+)?(?:@sha256:\w+)?\Z")
"""The tag and digest of an image."""


_HAS_SOME = re.compile("ports|container_name")
"""To look for is quicker than to read."""


class What(Enum):
    """PORT as `8080` or `53/udp`; VOLUME by its source; CONTAINER what it is called."""

    PORT = "port"
    VOLUME = "volume"
    CONTAINER = "container_name"


class Held(Data, frozen=True):
    """One of these. `ip`: where a port is published (empty is everywhere); `program`: what uses a volume."""

    what: What
    name: str
    ip: str = ""
    program: Any = None
    read_only: bool = False

    def clashes(self, other: Held) -> bool:
        """Whether both cannot have it, of two of one name."""
        if self.what is What.VOLUME:
            return self.program == other.program and not (self.read_only and other.read_only)
        return self.ip == other.ip or _is_all(self.ip, other.ip) or _is_all(other.ip, self.ip)


def held_of(spec: KindSpec, config: Mapping[str, Any]) -> Iterator[Held]:
    """What it has, as far as that is known."""
    if spec.compose:
        for held in held_by_service(spec, config).values():
            yield from held
    ports = spec.publishes
    network = config.get(ports.network, spec.fields()[ports.network].default) if ports else None
    if ports and isinstance(network, str) and network not in ports.idle:
        for key, value in _pairs(config.get(ports.field)):
            yield from _ports("".join(f"{key}:{value}".split()))
    program = [_program(config.get(name)) for name in spec.sources]
    for source, value in _pairs(config.get(spec.mounts)):
        if not _NO_DATA.fullmatch(source):
            options = value.partition(":")[2].split(",")
            yield Held(What.VOLUME, source.rstrip("/") or source, program=program, read_only="ro" in options)


def called(spec: KindSpec, config: Mapping[str, Any], name: str) -> Iterator[Held]:
    """What a single container is called on its host, of a resource called `name`."""
    host, own = host_of(spec, config), config.get(spec.runs_as) or name
    if spec.publishes and host is not None and not KINDS[host.kind].all_or_nothing and isinstance(own, str):
        yield Held(What.CONTAINER, own)


def held_by_service(spec: KindSpec, config: Mapping[str, Any]) -> dict[str, list[Held]]:
    """What each service of a compose text has that is started: ports and names."""
    text = config.get(spec.compose)
    if not isinstance(text, str) or not _HAS_SOME.search(text) or (said := compose_of(spec, config)) is None:
        return {}
    fill, host = filling(spec, config), host_of(spec, config)
    # a swarm calls its containers itself
    named = host is not None and not KINDS[host.kind].all_or_nothing
    found = {}
    for key, service in said.services.items():
        if service.starts and not service.none:
            found[key] = [each for port in service.ports for each in _ports(fill(port))]
            name = fill(service.container)
            if name and named and not is_open(name):
                found[key].append(Held(What.CONTAINER, name))
    return found


def clashing(mine: Iterable[Held], theirs: Iterable[Held]) -> Iterator[Held]:
    """What of `mine` cannot be had beside `theirs`. Ranges of ports are long, so that none is held against each."""
    by_name: dict[tuple[What, str], list[Held]] = {}
    for each in theirs:
        by_name.setdefault((each.what, each.name), []).append(each)
    return (each for each in mine if any(each.clashes(other) for other in by_name.get((each.what, each.name), ())))


def in_ranges(names: Iterable[str]) -> list[str]:
    """What ports and others are called, each once, in order: ports that follow one another as `5060-5065/udp`."""
    others, ports = set(), set()
    for name in names:
        if found := _PORTS.fullmatch(name):
            ports.add((found["head"], found["tail"], int(found["port"])))
        else:
            others.add(name)
    told = sorted(others)
    for _, members in groupby(enumerate(sorted(ports)), key=lambda each: (*each[1][:2], each[1][2] - each[0])):
        (_, (head, tail, first)), *rest = members
        told.append(f"{head}{first}{f'-{rest[-1][1][2]}' if rest else ''}{tail}")
    return told


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
            yield Held(What.PORT, f"{port}" if protocol == "tcp" else f"{port}/{protocol}", found["ip"] or "")


def _is_all(ip: str, other: str) -> bool:
    """Whether `ip` stands for `other` too."""
    return not ip or (ip == _ANY_IPV4 and ":" not in other) or (ip == "[::]" and ":" in other)


def _program(value: Any) -> Any:
    """What an image is called, of whatever version."""
    if isinstance(value, dict):
        return {key: _program(each) for key, each in value.items()}
    return _VERSION.sub("", value) if isinstance(value, str) else value
