"""The folders of hosts from which something is deployed, before and after a plan: Komodo's own, or a checkout of git
from which others may be deployed, too."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from komodo_sync.kinds import KINDS
from komodo_sync.kinds.folder import AGENT
from komodo_sync.model.address import Address
from komodo_sync.model.data import Data
from komodo_sync.model.plan import Action, Step
from komodo_sync.model.sealed import Sealed, Unknown
from komodo_sync.planning.deploys.losses.moved import last_host
from komodo_sync.planning.deploys.losses.volumes import as_deployed, deployed
from komodo_sync.planning.deploys.subject import host_of
from komodo_sync.planning.deploys.texts.compose import compose_of
from komodo_sync.planning.deploys.texts.filled import filling
from komodo_sync.planning.deploys.texts.interpolated import deployed_interpolated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from komodo_sync.kinds.folder import Checkout
    from komodo_sync.kinds.spec import KindSpec
    from komodo_sync.model.observed import Observed, ObservedResource
    from komodo_sync.model.running import History
    from komodo_sync.planning.deploys.subject import Subject, World

    Config = Mapping[str, Any]
    Links = Callable[[Address], "Cloned | None"]


_NOT_KNOWN = ("~", "$", "[[")
"""How a path begins of which it is not known where it leads to."""


class Cloned(Data, frozen=True):
    """A checkout of git: its folder, and of which repository it is; empty: nobody knows. `hidden`: a manifest takes its
    path from outside."""

    folder: str
    repository: tuple[str, ...]
    hidden: bool = False


class Folder(Data, frozen=True):
    """`root`: Komodo's own folder for it, or the checkout that it links; `base`: the one in or below it where relative
    paths begin; `checkout`: what of it is a checkout of git; `hidden`: nothing of it may be shown."""

    root: str
    base: str
    checkout: Cloned | None = None
    hidden: bool = False


class There(Data, frozen=True):
    """What was deployed on a host, with the config that it had, from the folder `at`. `mounted`: the files of the host
    that it mounts, as in `mounted`."""

    live: ObservedResource
    config: Config
    at: Folder | None
    mounted: Mapping[str, str] | None


def folder_of(spec: KindSpec, name: str, config: Config, links: Links | None = None) -> Folder | None:
    """Where the files of what is called `name` are; `links` finds the checkout that a config names. None: in no folder
    that is known."""
    used = source_of(spec, config)
    if spec.folder is None or used not in spec.folder.below:
        return None
    below = [config.get(field) or "" for field in spec.folder.below[used]]
    files = spec.folder.files(config)
    if not files or not all(isinstance(part, str) for part in (*below, *files)):
        return None
    root = f"{spec.folder.root}/{name}"
    source, fields = spec.folder.cloned
    linked: Cloned | None = None
    if used == spec.folder.linked:
        named = linked_by(spec, config)
        linked = links(named) if links and named else None
        if linked is None:
            return None
        root = linked.folder
    elif used == source:
        checkout = posixpath.normpath(posixpath.join(root, *below[:fields]))
        linked = Cloned(checkout, repository_of(spec, spec.folder.repository, config))
    base = posixpath.normpath(posixpath.join(root, *below, posixpath.dirname(files[0])))
    return Folder(root, base, linked, linked is not None and linked.hidden)


def source_of(spec: KindSpec, config: Config) -> str:
    """The field that says where the files come from; empty: none does."""
    return next((source for source in spec.sources if config.get(source)), "")


def linked_by(spec: KindSpec, config: Config) -> Address | None:
    """What a config names whose checkout its files are from; None: it uses none, or which is not known."""
    field = spec.folder.linked if spec.folder else ""
    name = config.get(field) if field and source_of(spec, config) == field else None
    return Address(spec.fields()[field].ref, name) if isinstance(name, str) else None


def repository_of(spec: KindSpec, names: Iterable[str], config: Config) -> tuple[str, ...]:
    """What these fields say of a repository; empty: that is not known."""
    table = spec.fields()
    said = tuple(config.get(name) or table[name].default for name in names)
    return said if all(part and isinstance(part, str) for part in said) else ()


def name_when_deployed(live: ObservedResource, history: History | None) -> str:
    """The name under which it was deployed (or built) last, or else is known."""
    return (history.called if history else "") or live.address.name


def deployed_folder(live: ObservedResource, history: History | None, world: World | None) -> Folder | None:
    """Where the files are from which `live` was deployed last, as far as that is known; what it links is known with a
    `world` alone."""
    spec = KINDS[live.address.kind]
    links = _as_it_was(last_host(live, history)[0], world) if world else None
    return folder_of(spec, name_when_deployed(live, history), as_deployed(live, history), links)


def current_folder(live: ObservedResource, world: World) -> Folder | None:
    """Where its files would be if it were deployed as it is in the Core, and called what it will be."""
    spec = KINDS[live.address.kind]
    links = _as_it_was(host_of(spec, live.config), world)
    return folder_of(spec, world.new(live.address).name, live.config, links)


def planned_folder(spec: KindSpec, name: str, config: Config, world: World | None) -> Folder | None:
    """Where the files will be of what is called `name` and has that config, once everything is written."""
    return folder_of(spec, name, config, _as_planned(world) if world else None)


def deployed_on(host: Address, world: World) -> Sequence[There]:
    """What was deployed on a host last, and has files there."""
    if host not in world.there:
        world.there[host] = list(_deployed_on(host, world))
    return world.there[host]


def _deployed_on(host: Address, world: World) -> Iterator[There]:
    for address, live in sorted(world.observed.resources.items()):
        spec = KINDS[address.kind]
        if spec.folder is None or not (live.project or live.state in spec.up):
            continue
        history = world.history(live)
        if last_host(live, history)[0] == host:
            config = deployed_interpolated(live, world)
            yield There(live, config, deployed_folder(live, history, world), mounted(spec, config))


def mounted(spec: KindSpec, config: Config) -> dict[str, str] | None:
    """The paths of the host that hold what is mounted, each as the text says it; None where that is not known. A path
    that is not known, or another one for each user, is left out."""
    said = compose_of(spec, config)
    if said is None or said.volumes is None:
        return None
    fill = filling(spec, config)
    sources = [mount.source for service in said.services.values() for mount in service.mounts if mount.holds_files]
    sources += [each.device for each in said.volumes.values() if each.device.startswith("/") and not each.external]
    filled = ((fill(source), source) for source in sources)
    return {posixpath.normpath(path): told for path, told in filled if path and not path.startswith(_NOT_KNOWN)}


def deployed_from(live: ObservedResource, new: Address, observed: Observed) -> list[Address]:
    """What is deployed from the checkout of `live`, and is without it once that is called `new`: its folder goes with
    the name, unless it has a path of its own."""
    spec = KINDS[live.address.kind]
    checkout, host = spec.lifecycle.checkout if spec.lifecycle else None, host_of(spec, live.config)
    if checkout is None or host is None or live.config.get(checkout.path):
        return []
    return sorted(
        address
        for address, each in observed.resources.items()
        # whoever refers to it does so by its new name already
        if linked_by(KINDS[address.kind], each.config) == new
        and host_of(KINDS[address.kind], each.config) == host
        and deployed(each)
    )


def is_from_outside(spec: KindSpec, declared: Config) -> bool:
    """Whether a part of where its files are is taken from outside, so that neither that nor what was there is shown."""
    if spec.folder is None:
        return False
    said = [declared.get(field) for each in spec.folder.below.values() for field in each]
    listed = declared.get(spec.folder.listed)
    said += listed if isinstance(listed, (list, tuple)) else [listed]
    return any(isinstance(each, Sealed | Unknown) for each in said)


def is_there(subject: Subject, world: World) -> bool:
    """Whether the checkout of `subject` is there, of the same repository, because something is deployed from it."""
    checkout = subject.lifecycle.checkout
    if checkout is None or subject.host is None:
        return False
    folder = checkout.folder(subject.address.name, subject.config)
    repository = repository_of(subject.spec, checkout.repository, subject.config)
    return bool(folder and repository) and any(
        at.checkout and is_one(at.checkout.folder, folder) and at.checkout.repository == repository
        for each in deployed_on(subject.host, world)
        if (at := each.at) is not None
    )


def is_cloned_anew(spec: KindSpec, config: Config, world: World) -> bool:
    """Whether this plan makes the checkout anew that a config names."""
    named = linked_by(spec, config)
    lifecycle = KINDS[named.kind].lifecycle if named else None
    if named is None or lifecycle is None:
        return False
    sent = world.payloads.get(Step(named, Action.DEPLOY))
    planned = sent.execution.operation if sent and sent.execution else ""
    return bool(lifecycle.first) and lifecycle.first in (world.redone.get(named), planned)


def is_one(path: str, other: str) -> bool:
    """Whether two paths of a host are the same, where the folder of the agent is the usual one."""
    return _place(path) == _place(other)


def is_in(path: str, folder: str) -> bool:
    """Whether a path of a host is a folder of it, or in that."""
    return _place(path) == _place(folder) or _place(path).startswith(f"{_place(folder)}/")


def _place(path: str) -> str:
    return posixpath.normpath(path).removeprefix(f"{AGENT}/")


def _as_it_was(host: Address | None, world: World) -> Links:
    def found(address: Address) -> Cloned | None:
        spec = KINDS[address.kind]
        checkout = spec.lifecycle.checkout if spec.lifecycle else None
        if checkout is None:
            return None
        live = world.observed.resources.get(world.old(address))
        if live is None:
            return Cloned(checkout.folder(address.name, {}), ())
        # Core moves it with a rename, and does so on the host of the resource itself alone
        new = world.new(live.address)
        along = host_of(spec, live.config) == host
        return _cloned(checkout, spec, new if along else live.address, live.config, world.declared(new))

    return found


def _as_planned(world: World) -> Links:
    def found(address: Address) -> Cloned | None:
        spec, config = KINDS[address.kind], world.config_of(address)
        checkout = spec.lifecycle.checkout if spec.lifecycle else None
        return _cloned(checkout, spec, address, config, world.declared(address)) if checkout else None

    return found


def _cloned(checkout: Checkout, spec: KindSpec, address: Address, config: Config, declared: Config) -> Cloned | None:
    folder, hidden = checkout.folder(address.name, config), isinstance(declared.get(checkout.path), Sealed | Unknown)
    return Cloned(folder, repository_of(spec, checkout.repository, config), hidden) if folder else None
