"""What a config says that is to run: the services and volumes of a compose text, or of a single container."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds.mentions import UNREAD, held_open, named_again
from komodo_sync.model.data import Data, replace
from komodo_sync.planning.deploys.texts.mounts import Mount, Volume, is_true, long_mount, mount_of, volume_of
from komodo_sync.planning.deploys.texts.profiles import active_profiles
from komodo_sync.planning.pairs import pairs_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from yaml import MappingNode, ScalarNode, SequenceNode

    from komodo_sync.kinds.spec import KindSpec

    Node = ScalarNode | MappingNode | SequenceNode


_COPY = re.compile(r"-\d+\Z")
"""What Core puts behind the name of a service that runs several times."""


_VERSION = re.compile(r"(?:@.*|:[^/]*)\Z")
"""The tag or digest of an image."""

_OWN_ADDRESS = ("macvlan", "ipvlan")
"""Drivers of networks in which a container has an address of its own, and publishes nothing."""

_NO_PORTS = re.compile(r"host|none|service:|container:")
"""How a `network_mode` begins in which nothing is published."""


class Service(Data, frozen=True):
    """`starts`: with a deploy of the whole; `sleeps`: it does not, as none of its `profiles` is active; neither where
    that is not known; `none`: it is scaled to 0; `more`: it mounts what
    another service does, too; `ports`: those that it publishes, as in `127.0.0.1:80:8080/tcp`; `container`: what its
    container is called, where the text says so; `image`: without what comes behind its name."""

    starts: bool = True
    none: bool = False
    mounts: tuple[Mount, ...] = ()
    more: bool = False
    ports: tuple[str, ...] = ()
    container: str = ""
    profiles: tuple[str, ...] = ()
    sleeps: bool = False
    image: str = ""

    @property
    def unnamed(self) -> set[str]:
        """Where a volume is mounted that has no name."""
        return {each.target for each in self.mounts if each.target and not each.source and not each.in_memory}


class Compose(Data, frozen=True):
    """What is to run, by name. `volumes` is None where they, and what is mounted, cannot be told."""

    services: Mapping[str, Service]
    volumes: Mapping[str, Volume] | None

    def service_of(self, name: str) -> str:
        """The service that is called so where it is deployed."""
        return name if name in self.services else _COPY.sub("", name)

    @property
    def unnamed(self) -> set[str]:
        """Where a container mounts a volume that has no name."""
        return {path for each in self.services.values() for path in each.unnamed}

    @property
    def files(self) -> set[str]:
        """The paths of the host on which it keeps data."""
        mounted = {path for each in self.services.values() for mount in each.mounts if (path := mount.files)}
        return mounted | {each.device for each in (self.volumes or {}).values() if each.device and not each.external}


def compose_of(spec: KindSpec, config: Mapping[str, Any]) -> Compose | None:
    """What `config` says. None where that is not known: files in git or on a host, a text that includes others, or
    that is not shown. A single container is a service without a name."""
    if spec.mounts:
        value = config.get(spec.mounts, "")
        pairs = pairs_of(value).values if isinstance(value, str) else getattr(value, "pairs", None)
        return None if pairs is None else _container(pairs)
    text = config.get(spec.compose) if spec.compose else None
    used = next((name for name in spec.sources if config.get(name)), "")
    # further compose files may stand beside the text, on the host
    if used != spec.compose or not isinstance(text, str) or _has_more(spec, config):
        return None
    said = compose_in(text, plain=bool(config.get(UNREAD)))
    if said is None or not any(each.profiles for each in said.services.values()):
        return said
    active, sure = active_profiles(spec, config)
    return replace(said, services={name: _woken(each, active, sure=sure) for name, each in said.services.items()})


def _has_more(spec: KindSpec, config: Mapping[str, Any]) -> bool:
    return spec.folder is not None and len(spec.folder.files(config)) != 1


def _woken(service: Service, active: frozenset[str], *, sure: bool) -> Service:
    starts = not service.profiles or "*" in active or not active.isdisjoint(service.profiles)
    return replace(service, starts=starts, sleeps=sure and not starts)


def _container(pairs: Mapping[str, Any]) -> Compose:
    mounts = tuple(
        mount_of(f"{source}:{target}") if isinstance(target, str) else Mount(source) for source, target in pairs.items()
    )
    return Compose({"": Service(mounts=mounts)}, {name: Volume(name) for each in mounts if (name := each.volume)})


def compose_in(text: str, *, plain: bool = False) -> Compose | None:
    """What a compose text says; `plain`: docker reads it as it is written, `[[NAME]]` and all. None where that cannot
    be told: it is no YAML, takes others in, or has names that are not known here."""
    # reading compose texts is a matter of those few plans that deploy anew what runs
    import yaml
    from yaml.cyaml import CBaseLoader

    try:
        root: Any = yaml.compose(text if plain else held_open(text), Loader=CBaseLoader)
        return _read(root) if root is not None else None
    except (yaml.YAMLError, RecursionError, UnicodeEncodeError, ValueError):
        return None


def _read(root: Node) -> Compose | None:
    tables = _table(root)
    if tables is None or tables.keys() & {"include", "<<"} or "services" not in tables:
        return None
    services, volumes = _table(tables["services"]), _volumes(tables.get("volumes"))
    if services is None or not _plain(services):
        return None
    if any("file" in _merged(_merged(body).get("extends")) for body in services.values()):
        volumes = None  # it mounts what another file says
    aside = {name for name, body in _networks(tables).items() if _text(_merged(body).get("driver")) in _OWN_ADDRESS}
    return Compose({name: _service(body, aside) for name, body in services.items()}, volumes)


def _networks(body: Mapping[str, Node]) -> dict[str, Node]:
    """The networks of a text, or those that a service is in."""
    node = body.get("networks")
    return {_text(each): each for each in node.value} if node is not None and node.id == "sequence" else _merged(node)


def _plain(names: Mapping[str, Node]) -> bool:
    return "<<" not in names and not any("[[" in name for name in names)


def _table(node: Node | None) -> dict[str, Node] | None:
    """The nodes of a mapping by key; None: it is none."""
    if node is None or node.id != "mapping" or any(key.id != "scalar" for key, _ in node.value):
        return None
    return {_text(key): value for key, value in node.value}


def _merged(node: Node | None) -> dict[str, Node]:
    """The same with what `<<` takes in; empty where it is no mapping."""
    own = _table(node) or {}
    taken = own.pop("<<", None)
    for each in () if taken is None else reversed(taken.value) if taken.id == "sequence" else (taken,):
        own = {**_merged(each), **own}
    return own


def _volumes(node: Node | None) -> dict[str, Volume] | None:
    if node is None or not node.value:
        return {}
    table = _table(node)
    return {name: _volume(body) for name, body in table.items()} if table is not None and _plain(table) else None


def _volume(node: Node) -> Volume:
    body = _merged(node)
    external = body.get("external")
    theirs = external is not None and (external.id == "mapping" or is_true(_text(external)))
    labels = body.get("labels")
    listed = {_text(each): "" for each in labels.value} if labels is not None and labels.id == "sequence" else {}
    return volume_of(
        _texts(body), _texts(_merged(body.get("driver_opts"))), listed or _texts(_merged(labels)), external=theirs
    )


def _service(node: Node, aside: Set[str]) -> Service:
    """`aside`: networks in which nothing is published."""
    body = _merged(node)
    copies = (body.get("scale"), _merged(body.get("deploy")).get("replicas"))
    mounts = (*map(_mount, _list(body.get("volumes"))), *map(_memory, _list(body.get("tmpfs"))))
    more = bool(body.keys() & {"extends", "volumes_from"})
    networks = _networks(body).keys() or {"default"}
    bridged = not _NO_PORTS.match(_text(body.get("network_mode"))) and not networks <= aside
    profiles = tuple(map(_text, _list(body.get("profiles"))))
    return Service(
        not profiles,
        any(_text(each) == "0" for each in copies),
        mounts,
        more,
        tuple(map(_port, _list(body.get("ports")))) if bridged else (),
        _text(body.get("container_name")),
        profiles,
        image=_VERSION.sub("", _text(body.get("image"))),
    )


def _port(node: Node) -> str:
    if node.id == "scalar":
        return _text(node)
    told = _texts(_merged(node))
    at = told.get("host_ip", "")
    at = f"[{at}]" if ":" in at else at
    text = f"{told.get('published', '')}:{told.get('target', '')}/{told.get('protocol') or 'tcp'}"
    return f"{at}:{text}" if at else text


def _list(node: Node | None) -> list[Node]:
    """The items of a sequence; of a scalar, that alone."""
    if node is None or node.id == "mapping" or not node.value:
        return []
    return [node] if node.id == "scalar" else node.value


def _memory(node: Node) -> Mount:
    return Mount("", _text(node).partition(":")[0], in_memory=True)


def _mount(node: Node) -> Mount:
    return mount_of(_text(node)) if node.id == "scalar" else long_mount(_texts(_merged(node)))


def _texts(body: Mapping[str, Node]) -> dict[str, str]:
    return {key: _text(value) for key, value in body.items()}


def _text(node: Node | None) -> str:
    return named_again(node.value) if node is not None and node.id == "scalar" else ""
